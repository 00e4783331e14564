"""The outbox: everything that goes out unasked. An intent is an event and cannot happen twice.

waiting → claimed → sent, or back to waiting (Telegram said: later), or refused (Telegram said: never),
or doubt (the answer was lost). A claim found at start is doubt: its process died before it could say. Doubt ends
by looking, or by an editor's word. What is dropped certainly never arrived, so the same event may be put again.
A row with `asked_at` waits for an editor and for nobody else.
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
SELECT o.id, o.chat FROM outbox AS o INDEXED BY outbox_waiting
 WHERE o.state = 'waiting' AND o.due_at <= :now AND o.asked_at IS NULL AND o.priority BETWEEN :from AND :to
   AND (o.stale_at IS NULL OR o.stale_at >= :now) AND o.chat NOT IN (SELECT value FROM json_each(:held))
   AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.edition_id = o.edition_id
                      AND earlier.part < o.part AND earlier.state <> 'sent')
   AND NOT (o.priority = 1 AND o.part = 1 AND (o.post_id IS NOT NULL OR o.edition_id IS NOT NULL)
         AND EXISTS (  -- what waited when the channel was paused waits on; what comes later is an editor's own word
         SELECT 1 FROM channel AS c WHERE c.chat = o.chat AND c.paused_at >= o.created_at))
   AND NOT (o.priority = 1 AND EXISTS (  -- the channel reads in order; breaking news may pass
         SELECT 1 FROM outbox AS d WHERE d.state = 'doubt' AND d.chat = o.chat AND d.priority <= 1
            AND d.asked_at IS NULL AND d.done_at IS NULL))
 ORDER BY o.priority, o.due_at, o.id
 LIMIT 1
"""
# A name may have moved to another chat; a reader's chat goes by its number.
_KNOWN = {
    True: "SELECT last_message_id FROM chat WHERE name = ? COLLATE NOCASE ORDER BY heard_at DESC, id LIMIT 1",
    False: "SELECT last_message_id FROM chat WHERE id = CAST(? AS INTEGER)",
}


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
        stale_at=instant_or_none(row["stale_at"]),
        asked_at=instant_or_none(row["asked_at"]),
        update_id=row["update_id"],
    )


async def put(tx: Transaction, what: Parcel, now: datetime) -> bool:
    """Takes the parcel; False when its intent was taken before, whatever became of it but being dropped."""
    touched = await tx.run(
        """INSERT INTO outbox
             (intent, chat, method, payload_json, priority, due_at, created_at, part, edition_id, post_id,
              story_id, story_version, reader_id, stale_at, update_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (intent) DO UPDATE SET
             state = 'waiting', chat = excluded.chat, method = excluded.method, payload_json = excluded.payload_json,
             priority = excluded.priority, due_at = excluded.due_at, stale_at = excluded.stale_at, asked_at = NULL,
             done_at = NULL, reason = NULL
           WHERE state = 'dropped'""",
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
            None if what.stale_at is None else seconds(what.stale_at),
            what.update_id,
        ),
    )
    return touched == 1


async def claim(
    tx: Transaction, now: datetime, held_chats: Iterable[str] = (), priorities: tuple[int, int] = (0, 9)
) -> Parcel | None:
    """The most urgent due parcel of these priorities (first to last), now ours to send; None when none may go.

    Chats held back are passed over, a part of an edition waits until every earlier part was sent, posts and editions
    wait while it is looked whether one before them arrived, and what is later than its patience or asked about waits
    for an editor.
    """
    row = await _next(tx, now, held_chats, priorities)
    if row is None:
        return None
    known = await tx.value(_KNOWN[row["chat"].startswith("@")], (row["chat"],))
    await tx.run(
        "UPDATE outbox SET state = 'claimed', claimed_at = ?, tries = tries + 1, after_message_id = ? WHERE id = ?",
        (seconds(now), known or 0, row["id"]),
    )
    claimed = await tx.one("SELECT * FROM outbox WHERE id = ?", (row["id"],))
    assert claimed is not None  # we hold the transaction
    return parcel(claimed)


async def claimable(db: Reading, now: datetime, held_chats: Iterable[str], priorities: tuple[int, int]) -> bool:
    """Whether `claim` would find something: a look that makes no writer wait."""
    return await _next(db, now, held_chats, priorities) is not None


async def sent(tx: Transaction, parcel_id: int, now: datetime) -> None:
    """It stands in the chat. What was said to a reader, or in answer to anybody, is not kept."""
    await _end(tx, parcel_id, "sent", None, now)
    await _forget_words(tx, parcel_id)


async def refused(tx: Transaction, parcel_id: int, reason: str, now: datetime) -> None:
    """Telegram will never take it; what would have followed it in its edition is dropped."""
    await _end(tx, parcel_id, "refused", reason, now)
    await _forget_words(tx, parcel_id)
    await drop_following(tx, parcel_id, reason, now)


async def doubted(tx: Transaction, parcel_id: int, reason: str) -> None:
    """Nobody knows whether it arrived. It is never sent again on a guess."""
    await tx.run("UPDATE outbox SET state = 'doubt', reason = ? WHERE id = ?", (reason, parcel_id))


async def let_be(tx: Transaction, parcel_id: int, now: datetime) -> None:
    """The doubt stays for ever: a personal alert is sent at most once, and nobody looks into a reader's chat."""
    await tx.run("UPDATE outbox SET done_at = ? WHERE id = ? AND state = 'doubt'", (seconds(now), parcel_id))
    await _forget_words(tx, parcel_id)


async def postponed(tx: Transaction, parcel_id: int, reason: str | None) -> None:
    """It certainly did not arrive and may be tried again."""
    await tx.run("UPDATE outbox SET state = 'waiting', reason = ? WHERE id = ?", (reason, parcel_id))


async def dropped(tx: Transaction, parcel_id: int, reason: str, now: datetime) -> None:
    """It certainly did not arrive and shall not; should the same event be put again, it may go."""
    await _end(tx, parcel_id, "dropped", reason, now)


async def drop_following(tx: Transaction, parcel_id: int, reason: str, now: datetime) -> None:
    """Drops what still waits of the same edition: a part without the one before it tells half a story."""
    await tx.run(
        """UPDATE outbox SET state = 'dropped', done_at = ?, reason = ?, asked_at = NULL
           WHERE state = 'waiting' AND edition_id = (SELECT edition_id FROM outbox WHERE id = ?)""",
        (seconds(now), reason, parcel_id),
    )


async def asked(tx: Transaction, parcel_id: int, now: datetime) -> None:
    """Only an editor's word moves it from now on."""
    await tx.run("UPDATE outbox SET asked_at = ? WHERE id = ?", (seconds(now), parcel_id))


async def answered(tx: Transaction, parcel_id: int) -> None:
    """An editor wants it out, however late: it waits for its turn again."""
    await tx.run(
        "UPDATE outbox SET state = 'waiting', asked_at = NULL, stale_at = NULL, reason = NULL WHERE id = ?",
        (parcel_id,),
    )


async def in_doubt(db: Reading) -> list[Parcel]:
    """What may or may not have arrived, and that nobody was asked about, oldest first."""
    rows = await db.all(
        "SELECT * FROM outbox WHERE state = 'doubt' AND done_at IS NULL AND asked_at IS NULL ORDER BY id"
    )
    return [parcel(row) for row in rows]


async def stale(db: Reading, now: datetime) -> list[Parcel]:
    """What waited longer than its patience, but not for the end of a pause, and that nobody was asked about, oldest
    first."""
    rows = await db.all(
        """SELECT * FROM outbox WHERE state = 'waiting' AND stale_at < ? AND asked_at IS NULL AND NOT EXISTS (
              SELECT 1 FROM channel WHERE channel.chat = outbox.chat AND paused_at >= outbox.created_at)
            ORDER BY due_at, id""",
        (seconds(now),),
    )
    return [parcel(row) for row in rows]


async def get(db: Reading, parcel_id: int) -> Parcel | None:
    """The parcel with this number, None when there is none."""
    row = await db.one("SELECT * FROM outbox WHERE id = ?", (parcel_id,))
    return parcel(row) if row else None


async def claimed(db: Reading) -> list[Parcel]:
    """What is on its way, or was when its process died, oldest first."""
    rows = await db.all("SELECT * FROM outbox WHERE state = 'claimed' ORDER BY id")
    return [parcel(row) for row in rows]


async def clock_went_back(tx: Transaction, now: datetime) -> None:
    """What was put by a clock that was ahead is due as soon after now as it was to be after then."""
    await tx.run(
        """UPDATE outbox SET due_at = due_at - (created_at - :now), stale_at = stale_at - (created_at - :now),
             created_at = :now
           WHERE state = 'waiting' AND created_at > :now""",
        {"now": seconds(now)},
    )


async def next_due_at(db: Reading, after: datetime) -> datetime | None:
    """When the next waiting parcel falls due after that instant, None when none does.

    What is due already is in the deliverer's hands: it may wait there for a right, a flood or an earlier part,
    and a clock that rang for it would ring without end.
    """
    return instant_or_none(
        await db.value(
            """SELECT min(at) FROM (
                 SELECT min(due_at) AS at FROM outbox WHERE state = 'waiting' AND due_at > :after
                 UNION ALL SELECT min(stale_at) + 1 FROM outbox
                            WHERE state = 'waiting' AND asked_at IS NULL AND stale_at >= :after)""",
            {"after": seconds(after)},
        )
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


async def _next(
    db: Reading, now: datetime, held_chats: Iterable[str], priorities: tuple[int, int]
) -> sqlite3.Row | None:
    held = json.dumps(list(held_chats))
    return await db.one(_NEXT, {"now": seconds(now), "held": held, "from": priorities[0], "to": priorities[1]})


async def _end(tx: Transaction, parcel_id: int, state: str, reason: str | None, now: datetime) -> None:
    await tx.run(
        "UPDATE outbox SET state = ?, reason = ?, done_at = ?, asked_at = NULL WHERE id = ?",
        (state, reason, seconds(now), parcel_id),
    )


async def forget_answers(tx: Transaction, at: datetime) -> None:
    """Drops answers that were over before `at`, with what is known of their messages and of the chats of people not
    heard of since: nothing of them is needed."""
    await tx.run("DELETE FROM chat WHERE id > 0 AND heard_at < ?", (seconds(at),))
    await tx.run(
        """DELETE FROM message WHERE outbox_id IN (
             SELECT id FROM outbox WHERE update_id IS NOT NULL AND done_at < ?)""",
        (seconds(at),),
    )
    await tx.run("DELETE FROM outbox WHERE update_id IS NOT NULL AND done_at < ?", (seconds(at),))


async def _forget_words(tx: Transaction, parcel_id: int) -> None:
    await tx.run(
        "UPDATE outbox SET payload_json = '{}' WHERE id = ? AND (reader_id IS NOT NULL OR update_id IS NOT NULL)",
        (parcel_id,),
    )
