"""The outbox: everything that goes out unasked. An intent is an event and cannot happen twice.

waiting → claimed → sent, or back to waiting (Telegram said: later), or refused (Telegram said: never),
or doubt (the answer was lost). A claim found at start is doubt: its process died before it could say.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Parcel

_NEXT = """
SELECT o.*, coalesce((SELECT last_message_id FROM chat
                        WHERE name = o.chat COLLATE NOCASE OR CAST(id AS TEXT) = o.chat
                        ORDER BY heard_at DESC, id LIMIT 1), 0) AS known_id  -- a name may have moved to another chat
  FROM outbox AS o
 WHERE o.state = 'waiting' AND o.due_at <= :now AND o.chat NOT IN (SELECT value FROM json_each(:held))
   AND '*' NOT IN (SELECT value FROM json_each(:held))
   AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.edition_id = o.edition_id
                      AND earlier.part < o.part AND earlier.state <> 'sent')
 ORDER BY o.priority, o.due_at, o.id
 LIMIT 1
"""


def parcel(row: sqlite3.Row) -> Parcel:
    """A row of the outbox as a Parcel."""
    return Parcel(
        intent=row["intent"],
        chat=row["chat"],
        method=row["method"],
        payload=json.loads(row["payload_json"]),
        priority=row["priority"],
        due_at=instant(row["due_at"]),
        id=row["id"],
        state=row["state"],
        tries=row["tries"],
        reason=row["reason"],
        after_message_id=row["after_message_id"],
        part=row["part"],
        edition_id=row["edition_id"],
        post_id=row["post_id"],
        story_id=row["story_id"],
        story_version=row["story_version"],
        reader_id=row["reader_id"],
    )


async def put(tx: Transaction, what: Parcel, now: datetime) -> bool:
    """Takes the parcel; False when its intent was taken before, whatever became of it."""
    touched = await tx.run(
        """INSERT INTO outbox
             (intent, chat, method, payload_json, priority, due_at, created_at, part, edition_id, post_id,
              story_id, story_version, reader_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (intent) DO NOTHING""",
        (
            what.intent,
            what.chat,
            what.method,
            json.dumps(what.payload, ensure_ascii=False),
            what.priority,
            seconds(what.due_at),
            seconds(now),
            what.part,
            what.edition_id,
            what.post_id,
            what.story_id,
            what.story_version,
            what.reader_id,
        ),
    )
    return touched == 1


async def claim(tx: Transaction, now: datetime, held_chats: Iterable[str] = ()) -> Parcel | None:
    """The most urgent due parcel, now ours to send; None when nothing may go. Chats held back are passed over
    ('*' holds them all), and a part of an edition waits until every earlier part was sent."""
    row = await tx.one(_NEXT, {"now": seconds(now), "held": json.dumps(list(held_chats))})
    if row is None:
        return None
    await tx.run(
        "UPDATE outbox SET state = 'claimed', claimed_at = ?, tries = tries + 1, after_message_id = ? WHERE id = ?",
        (seconds(now), row["known_id"], row["id"]),
    )
    claimed = await tx.one("SELECT * FROM outbox WHERE id = ?", (row["id"],))
    assert claimed is not None  # we hold the transaction
    return parcel(claimed)


async def sent(tx: Transaction, parcel_id: int, now: datetime) -> None:
    """It stands in the chat."""
    await _end(tx, parcel_id, "sent", None, now)


async def refused(tx: Transaction, parcel_id: int, reason: str, now: datetime) -> None:
    """Telegram will never take it; what would have followed it in its edition is dropped."""
    await _end(tx, parcel_id, "refused", reason, now)
    await tx.run(
        """UPDATE outbox SET state = 'dropped', done_at = ?, reason = ?
           WHERE state = 'waiting' AND edition_id = (SELECT edition_id FROM outbox WHERE id = ?)""",
        (seconds(now), reason, parcel_id),
    )


async def doubted(tx: Transaction, parcel_id: int, reason: str) -> None:
    """Nobody knows whether it arrived. It is never sent again on a guess."""
    await tx.run("UPDATE outbox SET state = 'doubt', reason = ? WHERE id = ?", (reason, parcel_id))


async def postponed(tx: Transaction, parcel_id: int, reason: str) -> None:
    """It certainly did not arrive and may be tried again."""
    await tx.run("UPDATE outbox SET state = 'waiting', reason = ? WHERE id = ?", (reason, parcel_id))


async def doubt_orphans(tx: Transaction, reason: str) -> list[Parcel]:
    """Claims that a dead process left behind, now in doubt. Called at start, before anything is sent."""
    rows = await tx.all("SELECT * FROM outbox WHERE state = 'claimed' ORDER BY id")
    for row in rows:
        await doubted(tx, row["id"], reason)
    return [parcel(row) for row in rows]


async def next_due_at(db: Reading, after: datetime) -> datetime | None:
    """When the next waiting parcel falls due after that instant, None when none does.

    What is due already is in the deliverer's hands: it may wait there for a right, a flood or an earlier part,
    and a clock that rang for it would ring without end.
    """
    return instant_or_none(
        await db.value("SELECT min(due_at) FROM outbox WHERE state = 'waiting' AND due_at > ?", (seconds(after),))
    )


async def find(db: Reading, intent: str) -> Parcel | None:
    """The parcel of this event, None when it was never put."""
    row = await db.one("SELECT * FROM outbox WHERE intent = ?", (intent,))
    return parcel(row) if row else None


async def record(
    tx: Transaction, parcel_id: int, chat_id: int, message_id: int, kind: str, place: int, now: datetime
) -> None:
    """A message stands because of this parcel."""
    await tx.run(
        """INSERT INTO message (chat_id, message_id, outbox_id, place, kind, sent_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (chat_id, message_id) DO UPDATE SET outbox_id = excluded.outbox_id""",
        (chat_id, message_id, parcel_id, place, kind, seconds(now)),
    )


async def _end(tx: Transaction, parcel_id: int, state: str, reason: str | None, now: datetime) -> None:
    await tx.run(
        "UPDATE outbox SET state = ?, reason = ?, done_at = ? WHERE id = ?",
        (state, reason, seconds(now), parcel_id),
    )
