"""What editors are asked about because its time passed: one row a message, with what each of its lines became."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds

Gap = tuple[datetime, datetime]  # [the last beat, the next one)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or an edition whose time passed at `due_at`; one of the two ids is None.

    `outcome` is '' until an editor chose; `became_at` is its new time, None when it has none. While `mark` is what
    it was after the choice, the choice can be taken back; None: there is nothing to take back.
    """

    place: int
    post_id: int | None
    edition_id: int | None
    due_at: datetime
    outcome: str = ""
    became_at: datetime | None = None
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """One message. `gap` is the outage that it tells of, None when there was none; `act` is '' until one chose."""

    id: int
    state: str
    version: int
    act: str
    gap: Gap | None
    changed_at: datetime
    changed_by: int
    entries: tuple[Entry, ...]

    @property
    def intent(self) -> str:
        """The event that this was asked."""
        return f"late:{self.id}"


async def ask(
    tx: Transaction, channel_id: int, overdue: Sequence[tuple[int | None, int | None, datetime]], gap: Gap | None,
    now: datetime,
) -> Late:  # fmt: skip
    """A new question about these (post id, edition id, the time that passed), in this order."""
    since, until = (seconds(gap[0]), seconds(gap[1])) if gap else (None, None)
    late_id = await tx.add(
        """INSERT INTO late (channel_id, state, gap_from, gap_until, asked_at, changed_at, changed_by)
           VALUES (:channel, 'open', :since, :until, :now, :now, 0)""",
        {"channel": channel_id, "since": since, "until": until, "now": seconds(now)},
    )
    await tx.run_each(
        "INSERT INTO late_entry (late_id, place, post_id, edition_id, due_at) VALUES (?, ?, ?, ?, ?)",
        [
            (late_id, place, post_id, edition_id, seconds(due_at))
            for place, (post_id, edition_id, due_at) in enumerate(overdue, start=1)
        ],
    )
    asked = await get(tx, late_id)
    assert asked is not None  # it was just added
    return asked


async def get(db: Reading, late_id: int) -> Late | None:
    """The question with this number, None when there is none."""
    row = await db.one("SELECT * FROM late WHERE id = ?", (late_id,))
    return await _late(db, row) if row else None


async def live(db: Reading, channel_id: int) -> list[Late]:
    """Questions that are open, and answers that might be taken back, oldest first."""
    rows = await db.all(
        "SELECT * FROM late WHERE channel_id = ? AND state IN ('open', 'answered') ORDER BY id", (channel_id,)
    )
    return [await _late(db, row) for row in rows]


async def chats(db: Reading, late_id: int) -> list[str]:
    """The chats of the channels that it asks for, the first channel's first; none when there is no such question."""
    rows = await db.all(
        """SELECT DISTINCT channel.id, channel.chat
             FROM late_entry
             LEFT JOIN post ON post.id = late_entry.post_id
             LEFT JOIN edition ON edition.id = late_entry.edition_id
             JOIN channel ON channel.id = coalesce(post.channel_id, edition.channel_id)
            WHERE late_id = ? ORDER BY channel.id""",
        (late_id,),
    )
    return [row["chat"] for row in rows]


async def choose(
    tx: Transaction, late: Late, *, act: str, entries: Sequence[Entry], editor: int, now: datetime
) -> Late:
    """The question once an editor chose; the entries say what became of each. An `act` of '' opens it again."""
    await tx.run(
        """UPDATE late SET state = ?, act = ?, version = version + 1, changed_at = ?, changed_by = ? WHERE id = ?""",
        ("answered" if act else "open", act or None, seconds(now), editor, late.id),
    )
    await tx.run_each(
        "UPDATE late_entry SET outcome = ?, became_at = ?, mark = ? WHERE late_id = ? AND place = ?",
        [
            (each.outcome, None if each.became_at is None else seconds(each.became_at), each.mark, late.id, each.place)
            for each in entries
        ],
    )
    after = await get(tx, late.id)
    assert after is not None  # rows of this table are never deleted
    return after


async def settle(tx: Transaction, late: Late) -> None:
    """There is nothing to choose any more, and nothing to take back."""
    await tx.run("UPDATE late SET state = 'settled' WHERE id = ?", (late.id,))


async def replace(tx: Transaction, late: Late) -> None:
    """A newer question stands instead."""
    await tx.run("UPDATE late SET state = 'replaced' WHERE id = ?", (late.id,))


async def unasked_posts(db: Reading, channel_id: int) -> list[tuple[int, datetime]]:
    """Missed posts that nobody was asked about, with the time that passed."""
    rows = await db.all(
        """SELECT id, due_at FROM post
            WHERE channel_id = ? AND state = 'missed' AND due_at IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM late_entry AS e WHERE e.post_id = post.id AND e.due_at = post.due_at)
            ORDER BY due_at, id""",
        (channel_id,),
    )
    return [(row["id"], instant(row["due_at"])) for row in rows]


async def unasked_slots(db: Reading, channel_id: int, after: datetime) -> list[tuple[int, datetime]]:
    """Editions missed at a slot later than `after` that nobody was asked about, with their slots."""
    rows = await db.all(
        """SELECT id, slot_at FROM edition
            WHERE channel_id = ? AND state = 'missed' AND slot_at > ? AND NOT EXISTS (
              SELECT 1 FROM late_entry AS e WHERE e.edition_id = edition.id)
            ORDER BY slot_at, id""",
        (channel_id, seconds(after)),
    )
    return [(row["id"], instant(row["slot_at"])) for row in rows]


async def shown(db: Reading, late: Late) -> Mapping[str, Any]:
    """What its message shows or will show, {} when it was never sent."""
    found = await db.value("SELECT coalesce(wanted_json, payload_json) FROM outbox WHERE intent = ?", (late.intent,))
    return json.loads(found) if found else {}


async def _late(db: Reading, row: sqlite3.Row) -> Late:
    rows = await db.all("SELECT * FROM late_entry WHERE late_id = ? ORDER BY place", (row["id"],))
    since, until = instant_or_none(row["gap_from"]), instant_or_none(row["gap_until"])
    return Late(
        id=row["id"],
        state=row["state"],
        version=row["version"],
        act=row["act"] or "",
        gap=(since, until) if since and until else None,
        changed_at=instant(row["changed_at"]),
        changed_by=row["changed_by"],
        entries=tuple(
            Entry(
                place=each["place"],
                post_id=each["post_id"],
                edition_id=each["edition_id"],
                due_at=instant(each["due_at"]),
                outcome=each["outcome"],
                became_at=instant_or_none(each["became_at"]),
                mark=each["mark"],
            )
            for each in rows
        ),
    )
