"""Sources: where reports come from, when each is due, and how it fares. The table is the schedule."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Source


def _source(row: sqlite3.Row) -> Source:
    return Source(
        id=row["id"],
        url=row["url"],
        name=row["name"],
        kind=row["kind"],
        family=row["family"],
        own=bool(row["own"]),
        weight=row["weight"],
        language=row["language"],
        section=row["section"],
        timezone=row["timezone"],
        state=row["state"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        first_contact_at=instant_or_none(row["first_contact_at"]),
        due_at=instant(row["due_at"]),
        fresh_at=instant_or_none(row["fresh_at"]),
        failures=row["failures"],
        trouble=row["trouble"],
        trouble_at=instant_or_none(row["trouble_at"]),
        selector=row["selector"],
        gap_seconds=row["gap_seconds"],
        moves_to=row["moves_to"],
        mislabelled_at=instant_or_none(row["mislabelled_at"]),
        empty_polls=row["empty_polls"],
        alarm=row["alarm"],
        alarm_at=instant_or_none(row["alarm_at"]),
    )


async def put(tx: Transaction, *, url: str, name: str, kind: str, family: str, own: bool, now: datetime) -> Source:
    """The source with this address, added when it is new; an existing one keeps what editors made of it."""
    await tx.run(
        """INSERT INTO source (url, name, kind, family, own, added_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (url) DO NOTHING""",
        (url, name, kind, family, int(own), seconds(now), seconds(now)),
    )
    found = await tx.one("SELECT * FROM source WHERE url = ?", (url,))
    assert found is not None  # it was just put
    return _source(found)


async def all_of(db: Reading) -> list[Source]:
    """Every source, in the order in which they were added."""
    return [_source(row) for row in await db.all("SELECT * FROM source ORDER BY id")]


async def get(db: Reading, source_id: int) -> Source | None:
    """The source, None when there is none."""
    row = await db.one("SELECT * FROM source WHERE id = ?", (source_id,))
    return _source(row) if row else None


async def due(db: Reading, now: datetime) -> list[Source]:
    """Active polled sources whose time has come, the longest waiting first."""
    rows = await db.all(
        """SELECT * FROM source WHERE state = 'active' AND kind NOT IN ('push', 'desk', 'channel') AND due_at <= ?
           ORDER BY due_at, id""",
        (seconds(now),),
    )
    return [_source(row) for row in rows]


async def next_due_at(db: Reading) -> datetime | None:
    """When the next poll is due, None when nothing is polled."""
    return instant_or_none(
        await db.value(
            "SELECT min(due_at) FROM source WHERE state = 'active' AND kind NOT IN ('push', 'desk', 'channel')"
        )
    )


async def went_well(
    tx: Transaction,
    source: Source,
    *,
    now: datetime,
    due_at: datetime,
    etag: str | None,
    last_modified: str | None,
    fresh: bool,
) -> None:
    """A poll was answered: the trouble is over, `fresh` says whether anything new came; the source's `gap_seconds`
    and `empty_polls` are kept."""
    await tx.run(
        """UPDATE source SET polled_at = :now, due_at = :due, etag = :etag, last_modified = :modified, failures = 0,
             trouble = NULL, trouble_at = NULL, first_contact_at = coalesce(first_contact_at, :now),
             fresh_at = CASE WHEN :fresh THEN :now ELSE fresh_at END, gap_seconds = :gap, empty_polls = :empty
           WHERE id = :id""",
        {
            "id": source.id,
            "now": seconds(now),
            "due": seconds(due_at),
            "etag": etag,
            "modified": last_modified,
            "fresh": int(fresh),
            "gap": source.gap_seconds,
            "empty": source.empty_polls,
        },
    )


async def went_wrong(tx: Transaction, source: Source, *, now: datetime, due_at: datetime, trouble: str) -> None:
    """A poll failed, and why; everything else about the source stays."""
    await tx.run(
        """UPDATE source SET polled_at = :now, due_at = :due, failures = failures + 1, trouble = :trouble,
             trouble_at = coalesce(trouble_at, :now)
           WHERE id = :id""",
        {"id": source.id, "now": seconds(now), "due": seconds(due_at), "trouble": trouble},
    )


async def hurry(tx: Transaction, reasons: Sequence[str], since: datetime, until: datetime, now: datetime) -> None:
    """Those that fell into a trouble with one of these reasons in [since, until] are asked within the next minute."""
    await tx.run(
        """UPDATE source SET due_at = min(due_at, :now + id % 60)
            WHERE state = 'active' AND failures > 0 AND trouble_at BETWEEN :since AND :until
              AND trouble ->> 'reason' IN (SELECT value FROM json_each(:reasons))""",
        {
            "now": seconds(now),
            "since": seconds(since),
            "until": seconds(until),
            "reasons": json.dumps(list(reasons)),
        },
    )


async def introduce(tx: Transaction, source_id: int, name: str, *, instead_of: str) -> None:
    """Gives the source the name that it calls itself by, while it has no other: one that an editor gave stays."""
    await tx.run("UPDATE source SET name = ? WHERE id = ? AND name = ?", (name, source_id, instead_of))


async def told(db: Reading, source_id: int, most: int) -> list[tuple[datetime, datetime]]:
    """(published, first seen here) of the newest items that it carries, also of those that another told before; the
    latest arrival first, at most `most`."""
    rows = await db.all(
        """SELECT item.published_at, s.seen_at FROM item_source AS s JOIN item ON item.id = s.item_id
            WHERE s.source_id = ? ORDER BY s.item_id DESC LIMIT ?""",
        (source_id, most),
    )
    return [(instant(row["published_at"]), instant(row["seen_at"])) for row in rows]


async def alarmed(tx: Transaction, source_id: int, kind: str | None, since: datetime | None) -> None:
    """The editors are alarmed of this, which began at `since`; None: of nothing any more."""
    await tx.run(
        "UPDATE source SET alarm = ?, alarm_at = ? WHERE id = ?",
        (kind, None if since is None else seconds(since), source_id),
    )


async def postpone(tx: Transaction, source_id: int, due_at: datetime) -> None:
    """It is asked at this instant, whatever was planned."""
    await tx.run("UPDATE source SET due_at = ? WHERE id = ?", (seconds(due_at), source_id))


async def sent_elsewhere(tx: Transaction, source: Source, url: str | None) -> bool:
    """Whether the source has a new address now: its server sent two polls in a row there for ever. It stays the same
    source with the same news; an address that another source has is not taken. None: it was not sent anywhere."""
    moves = url is not None and url == source.moves_to and not await _taken(tx, source.id, url)
    await tx.run(
        "UPDATE source SET url = CASE WHEN :moves THEN :url ELSE url END, moves_to = :seen WHERE id = :id",
        {"moves": int(moves), "url": url, "seen": None if moves else url, "id": source.id},
    )
    return moves


async def mislabels(tx: Transaction, source_id: int, zone: str, now: datetime) -> None:
    """From now on its «UTC» is known to be the time of this zone."""
    await tx.run(
        "UPDATE source SET timezone = ?, mislabelled_at = ?, clock_proofs = 0 WHERE id = ?",
        (zone, seconds(now), source_id),
    )


async def labels(tx: Transaction, source_id: int) -> None:
    """From now on its dates mean what they say."""
    await tx.run("UPDATE source SET mislabelled_at = NULL, clock_proofs = 0 WHERE id = ?", (source_id,))


async def clock_proofs(tx: Transaction, source_id: int, more: int | None) -> int:
    """How many entries in a row prove that its clock is right, with these `more`; None: one proved that it is not."""
    await tx.run(
        "UPDATE source SET clock_proofs = CASE WHEN :more IS NULL THEN 0 ELSE clock_proofs + :more END WHERE id = :id",
        {"id": source_id, "more": more},
    )
    return int(await tx.value("SELECT clock_proofs FROM source WHERE id = ?", (source_id,)))


async def oldest_met(db: Reading, source: Source) -> datetime | None:
    """The publication of the oldest item that it showed at its first contact, None when none came with it."""
    if source.first_contact_at is None:
        return None
    return instant_or_none(
        await db.value(
            """SELECT min(item.published_at) FROM item_source AS s JOIN item ON item.id = s.item_id
                WHERE s.source_id = ? AND s.seen_at = ?""",
            (source.id, seconds(source.first_contact_at)),
        )
    )


async def polled_at(db: Reading, source_id: int) -> datetime | None:
    """When it was last asked, None before the first time."""
    return instant_or_none(await db.value("SELECT polled_at FROM source WHERE id = ?", (source_id,)))


async def _taken(tx: Transaction, source_id: int, url: str) -> bool:
    return await tx.one("SELECT 1 FROM source WHERE url = ? AND id <> ?", (url, source_id)) is not None
