"""Subscriptions at hubs, one a source at most: when to ask again, until when a hub rings, and what its pushes did."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds

State = Literal["wanted", "asked", "confirmed", "refused"]
LATELY = timedelta(days=1)  # a hub that was silent for a day may have forgotten us, or its source may be quiet
APART = timedelta(hours=1)  # between two requests for one source, whatever its feed says of its hub meanwhile


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we asked of a hub. `token` is the unguessable part of our address, `secret` what the hub signs with.

    `tries` counts the requests since it last confirmed; `ends_at` is None while it does not ring; `told_at` is the
    last push that brought anything new, `missed_at` the last poll that found what no push had brought; `forged`
    counts pushes with a wrong signature; `reason` says why the last request came to nothing.
    """

    source_id: int
    hub: str
    topic: str
    token: str
    secret: str
    state: State
    tries: int
    due_at: datetime
    asked_at: datetime | None
    confirmed_at: datetime | None
    ends_at: datetime | None
    pushed_at: datetime | None
    told_at: datetime | None
    missed_at: datetime | None
    forged: int
    reason: str | None


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(
        source_id=row["source_id"],
        hub=row["hub"],
        topic=row["topic"],
        token=row["token"],
        secret=row["secret"],
        state=row["state"],
        tries=row["tries"],
        due_at=instant(row["due_at"]),
        asked_at=instant_or_none(row["asked_at"]),
        confirmed_at=instant_or_none(row["confirmed_at"]),
        ends_at=instant_or_none(row["ends_at"]),
        pushed_at=instant_or_none(row["pushed_at"]),
        told_at=instant_or_none(row["told_at"]),
        missed_at=instant_or_none(row["missed_at"]),
        forged=row["forged"],
        reason=row["reason"],
    )


async def of(db: Reading, source_id: int) -> Subscription | None:
    """The source's subscription, None when it names no hub."""
    row = await db.one("SELECT * FROM hub_subscription WHERE source_id = ?", (source_id,))
    return _subscription(row) if row else None


async def by_token(db: Reading, token: str) -> Subscription | None:
    """The subscription whose hub knows this token, None when there is none."""
    row = await db.one("SELECT * FROM hub_subscription WHERE token = ?", (token,))
    return _subscription(row) if row else None


async def wish(
    tx: Transaction, source_id: int, *, hub: str, topic: str, token: str, secret: str, now: datetime
) -> None:
    """Begins a subscription, or begins anew when the hub or the topic is another: at once, but APART from the last
    request. What was agreed with the hub before is forgotten; an unchanged one stays as it is."""
    await tx.run(
        """INSERT INTO hub_subscription (source_id, hub, topic, token, secret, due_at)
           VALUES (:source, :hub, :topic, :token, :secret, :now)
           ON CONFLICT (source_id) DO UPDATE SET hub = :hub, topic = :topic, token = :token, secret = :secret,
             state = 'wanted', tries = 0, due_at = max(:now, coalesce(asked_at, 0) + :apart), confirmed_at = NULL,
             ends_at = NULL, pushed_at = NULL, told_at = NULL, missed_at = NULL, reason = NULL
           WHERE hub <> :hub OR topic <> :topic""",
        {
            "source": source_id,
            "hub": hub,
            "topic": topic,
            "token": token,
            "secret": secret,
            "now": seconds(now),
            "apart": int(APART.total_seconds()),
        },
    )


async def leave(tx: Transaction, source_id: int) -> None:
    """The source names no hub any more: what the old one still pushes is nobody's."""
    await tx.run("DELETE FROM hub_subscription WHERE source_id = ?", (source_id,))


async def due(db: Reading, now: datetime, most: int) -> list[Subscription]:
    """Subscriptions of active sources whose hub has to be asked, the longest waiting first, `most` at most."""
    rows = await db.all(
        """SELECT hub_subscription.* FROM hub_subscription JOIN source ON source.id = source_id
           WHERE source.state = 'active' AND hub_subscription.due_at <= ?
           ORDER BY hub_subscription.due_at, source_id LIMIT ?""",
        (seconds(now), most),
    )
    return [_subscription(row) for row in rows]


async def next_due_at(db: Reading) -> datetime | None:
    """When a hub has to be asked next, None when none has."""
    return instant_or_none(
        await db.value(
            """SELECT min(hub_subscription.due_at) FROM hub_subscription JOIN source ON source.id = source_id
               WHERE source.state = 'active'"""
        )
    )


async def asked(tx: Transaction, token: str, now: datetime, due_at: datetime) -> None:
    """A request is about to leave; unless the hub confirms, it is repeated at `due_at`. What it promised stays."""
    await tx.run(
        """UPDATE hub_subscription SET asked_at = ?, due_at = ?, tries = tries + 1,
             state = CASE state WHEN 'confirmed' THEN state ELSE 'asked' END
           WHERE token = ?""",
        (seconds(now), seconds(due_at), token),
    )


async def failed(tx: Transaction, token: str, reason: str) -> None:
    """The request was not accepted, and why; nothing when the hub confirmed it meanwhile."""
    await tx.run("UPDATE hub_subscription SET reason = ? WHERE token = ? AND tries > 0", (reason, token))


async def confirmed(tx: Transaction, token: str, now: datetime, *, ends_at: datetime, due_at: datetime) -> None:
    """The hub rings until `ends_at`; at `due_at` it is asked to go on."""
    await tx.run(
        """UPDATE hub_subscription SET state = 'confirmed', tries = 0, confirmed_at = ?, ends_at = ?, due_at = ?,
             reason = NULL
           WHERE token = ?""",
        (seconds(now), seconds(ends_at), seconds(due_at), token),
    )


async def refused(tx: Transaction, token: str, reason: str, due_at: datetime) -> None:
    """The hub said no, or rings no longer; it is asked again at `due_at`."""
    await tx.run(
        "UPDATE hub_subscription SET state = 'refused', ends_at = NULL, due_at = ?, reason = ? WHERE token = ?",
        (seconds(due_at), reason, token),
    )


async def forged(tx: Transaction, token: str) -> None:
    """Somebody pushed who does not know the secret."""
    await tx.run("UPDATE hub_subscription SET forged = forged + 1 WHERE token = ?", (token,))


async def pushed(tx: Transaction, source_id: int, now: datetime, *, fresh: bool) -> None:
    """The hub rang; `fresh` says whether it brought anything new: then the source is not silent either."""
    await tx.run(
        """UPDATE hub_subscription SET pushed_at = :now, told_at = CASE WHEN :fresh THEN :now ELSE told_at END
           WHERE source_id = :id""",
        {"id": source_id, "now": seconds(now), "fresh": int(fresh)},
    )
    if fresh:
        await tx.run("UPDATE source SET fresh_at = ? WHERE id = ?", (seconds(now), source_id))


async def missed(tx: Transaction, source_id: int, now: datetime) -> None:
    """A poll found what no push had brought."""
    await tx.run("UPDATE hub_subscription SET missed_at = ? WHERE source_id = ?", (seconds(now), source_id))


async def pushed_lately(db: Reading, source_id: int, now: datetime) -> bool:
    """Whether the hub can be relied on: it promised to ring, it brought news within LATELY, and since then no poll
    found any that it had not."""
    found = await db.value(
        """SELECT 1 FROM hub_subscription
           WHERE source_id = ? AND state = 'confirmed' AND ends_at > ? AND told_at > ?
             AND (missed_at IS NULL OR missed_at < told_at)""",
        (source_id, seconds(now), seconds(now - LATELY)),
    )
    return found is not None
