"""Traces: everywhere a story went, and how what stands there is made to say something else, or nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from storage import guard, messages
from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds

# https://core.telegram.org/bots/api#deletemessage: a message can only be deleted if it was sent less than 48 hours ago.
DELETABLE: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Trace:
    """A message that tells the story, or will. `sent_at` is None while nobody knows that it stands."""

    outbox_id: int
    intent: str
    state: str
    sent_at: datetime | None
    post_id: int | None = None
    channel_id: int | None = None
    reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class Alerted:
    """A reader who was told of the story in private, when first, and the hours in which nothing may be sent."""

    reader_id: int
    language: str
    at: datetime
    quiet_from: str
    quiet_until: str


_TRACE = """
SELECT o.id, o.intent, o.state, o.post_id, o.reader_id, p.channel_id,
       (SELECT min(sent_at) FROM message WHERE outbox_id = o.id) AS sent_at
  FROM outbox AS o LEFT JOIN post AS p ON p.id = o.post_id
"""


async def posts(db: Reading, post_id: int | None, story_id: int | None) -> list[Trace]:
    """The post in its channel, and every other post about its story that went out or is on its way."""
    rows = await db.all(
        _TRACE
        + """WHERE o.intent LIKE 'post:%' AND o.state IN ('waiting', 'claimed', 'sent', 'doubt')
               AND o.post_id IN (SELECT id FROM post WHERE (id = :post OR story_id = :story)
                                    AND state IN ('publishing', 'published', 'corrected', 'updated'))
             ORDER BY o.id""",
        {"post": post_id, "story": story_id},
    )
    return [_trace(row) for row in rows]


async def alerts(db: Reading, story_id: int) -> list[Trace]:
    """Every message to a reader about the story, corrections too."""
    rows = await db.all(
        _TRACE
        + """WHERE o.story_id = ? AND o.reader_id IS NOT NULL
                      AND o.state IN ('waiting', 'claimed', 'sent', 'doubt') ORDER BY o.id""",
        (story_id,),
    )
    return [_trace(row) for row in rows]


async def alerted(db: Reading, story_id: int) -> list[Alerted]:
    """Readers who were told of it, or will be, and may be written to: not those who left, who asked to be forgotten,
    or who are in careful mode."""
    rows = await db.all(
        """SELECT r.id, r.language, r.quiet_from, r.quiet_until, min(coalesce(o.done_at, o.created_at)) AS at
             FROM outbox AS o JOIN reader AS r ON r.id = o.reader_id
            WHERE o.story_id = ? AND o.state IN ('waiting', 'claimed', 'sent') AND o.intent NOT LIKE 'fix:%'
              AND r.state = 'active' AND r.careful = 0
            GROUP BY r.id ORDER BY r.id""",
        (story_id,),
    )
    return [
        Alerted(row["id"], row["language"], instant(row["at"]), row["quiet_from"], row["quiet_until"]) for row in rows
    ]


async def language_of(db: Reading, reader_id: int | None) -> str | None:
    """The reader's language, None for one that is not known (any more)."""
    found = await db.value("SELECT language FROM reader WHERE id = ?", (reader_id,))
    return None if found is None else str(found)


async def part(db: Reading, edition_id: int, number: int) -> Trace | None:
    """The message with this part of the edition, None when it never went and will not."""
    row = await db.one(
        _TRACE
        + """WHERE o.edition_id = ? AND o.part = ?
                      AND o.state IN ('waiting', 'claimed', 'sent', 'doubt') ORDER BY o.id DESC""",
        (edition_id, number),
    )
    return _trace(row) if row else None


async def said(db: Reading, outbox_id: int) -> dict[str, Any]:
    """The parameters of the message as it should stand now."""
    found = await db.value("SELECT coalesce(wanted_json, payload_json) FROM outbox WHERE id = ?", (outbox_id,))
    return dict(json.loads(found))


async def say(tx: Transaction, what: Trace, parameters: Mapping[str, Any]) -> None:
    """The message says this: it is sent so when it still waits, else it is edited."""
    if what.state == "waiting":
        await tx.run(
            "UPDATE outbox SET payload_json = ? WHERE id = ?",
            (json.dumps(parameters, ensure_ascii=False), what.outbox_id),
        )
    else:
        await messages.want(tx, what.intent, parameters)


async def take_down(tx: Transaction, what: Trace, instead: Mapping[str, Any], now: datetime) -> None:
    """The message goes: what still waits is not sent, what is younger than 48 hours is deleted, and what is older, or
    is found to be when Telegram is asked, shows `instead`."""
    if what.state == "waiting":
        await tx.run(
            """UPDATE outbox SET state = 'dropped', reason = 'withdrawn', done_at = ?, asked_at = NULL,
                 payload_json = CASE WHEN reader_id IS NULL THEN payload_json ELSE '{}' END WHERE id = ?""",
            (seconds(now), what.outbox_id),
        )
    elif what.sent_at is not None and now - what.sent_at >= DELETABLE:
        await guard.forget_edits(tx, what.outbox_id)
        await messages.want(tx, what.intent, instead)
    else:
        await messages.unwant(tx, what.intent, now, instead)


async def untell(tx: Transaction, post_id: int) -> None:
    """The post told no story: what is told of it later is news."""
    await tx.run("UPDATE outbox SET story_id = NULL, story_version = NULL WHERE post_id = ?", (post_id,))


async def scrub(tx: Transaction, *, post_id: int = 0, edition_id: int = 0) -> None:
    """Of what was sent for the post nothing is remembered, of the edition only how it should stand now."""
    await tx.run(
        """UPDATE outbox SET payload_json = CASE WHEN post_id IS NOT NULL THEN '{}' WHEN unwanted_at IS NULL
                  THEN coalesce(wanted_json, payload_json) ELSE coalesce(instead_json, '{}') END
            WHERE (post_id = ? OR edition_id = ?) AND state IN ('sent', 'refused', 'dropped')""",
        (post_id, edition_id),
    )


async def waiting(db: Reading, story_id: int) -> list[int]:
    """Posts about the story that have not gone out and still could."""
    rows = await db.all(
        """SELECT id FROM post WHERE story_id = ?
              AND (state IN ('candidate', 'draft', 'pending', 'queued', 'held', 'missed', 'failed')
                   OR (state = 'publishing' AND NOT EXISTS (
                         SELECT 1 FROM outbox WHERE post_id = post.id AND intent LIKE 'post:%' AND state <> 'dropped')))
            ORDER BY id""",
        (story_id,),
    )
    return [row["id"] for row in rows]


async def reports(db: Reading, story_id: int) -> list[int]:
    """The reports of the story that stand."""
    rows = await db.all("SELECT id FROM item WHERE story_id = ? AND withdrawn_at IS NULL ORDER BY id", (story_id,))
    return [row["id"] for row in rows]


def _trace(row: sqlite3.Row) -> Trace:
    return Trace(
        row["id"],
        row["intent"],
        row["state"],
        instant_or_none(row["sent_at"]),
        row["post_id"],
        row["channel_id"],
        row["reader_id"],
    )
