"""Drafts: editions that editors see and change before they go out."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from storage.database import Reading, Transaction
from storage.editorial import Draft, DraftLine
from storage.instants import instant, instant_or_none, seconds


async def get(db: Reading, edition_id: int) -> Draft | None:
    """The edition with this number as a draft, None when there is none."""
    row = await db.one("SELECT * FROM edition WHERE id = ?", (edition_id,))
    return await _draft(db, row) if row is not None else None


async def of_slot(db: Reading, channel_id: int, rubric: str, local_date: str, wall_time: str) -> Draft | None:
    """The draft that waits for this slot, None when there is none."""
    row = await db.one(
        """SELECT * FROM edition WHERE channel_id = ? AND rubric = ? AND local_date = ? AND wall_time = ?
              AND state = 'drafted'""",
        (channel_id, rubric, local_date, wall_time),
    )
    return await _draft(db, row) if row is not None else None


async def standing(db: Reading, channel_id: int | None = None) -> list[Draft]:
    """The drafts that wait, of this channel or of all, earliest first."""
    rows = await db.all(
        "SELECT * FROM edition WHERE state = 'drafted' AND (? IS NULL OR channel_id = ?) ORDER BY slot_at, id",
        (channel_id, channel_id),
    )
    return [await _draft(db, row) for row in rows]


async def put_lines(tx: Transaction, edition_id: int, lines: Sequence[DraftLine]) -> None:
    """The draft has these lines from now on, in this order."""
    await tx.run("DELETE FROM draft_line WHERE edition_id = ?", (edition_id,))
    await tx.run_each(
        """INSERT INTO draft_line (edition_id, story_id, place, chosen, touched, version, own_text, own_version)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                edition_id,
                line.story_id,
                place,
                line.chosen,
                line.touched,
                line.version,
                line.own_text,
                line.own_version,
            )
            for place, line in enumerate(lines, start=1)
        ],
    )


async def change(tx: Transaction, seen: Draft, after: Draft, now: datetime, *, touched: bool) -> bool:
    """Writes the draft as `after` has it; False, and nothing, when it is not as it was `seen` any more. `touched`: an
    editor did it."""
    changed = await tx.run(
        """UPDATE edition SET version = version + 1, fragment_a = :a, fragment_b = :b, approved_at = :approved,
               held_at = :held, settled_by = :by, state = :state,
               touched_at = CASE WHEN :touched THEN :now ELSE touched_at END
            WHERE id = :id AND version = :version AND state = :was""",
        {
            "a": after.fragment_a,
            "b": after.fragment_b,
            "approved": _seconds(after.approved_at),
            "held": _seconds(after.held_at),
            "by": after.settled_by,
            "state": after.state,
            "touched": touched,
            "now": seconds(now),
            "id": seen.id,
            "version": seen.version,
            "was": seen.state,
        },
    )
    if not changed:
        return False
    if after.lines != seen.lines:
        await put_lines(tx, seen.id, after.lines)
    return True


async def mark(tx: Transaction, edition_id: int, what: str, now: datetime) -> None:
    """Remembers that it was 'checked', 'reminded' of or 'alarmed' about."""
    columns = {
        "checked": "UPDATE edition SET checked_at = ? WHERE id = ?",
        "reminded": "UPDATE edition SET reminded_at = ? WHERE id = ?",
        "alarmed": "UPDATE edition SET alarmed_at = ? WHERE id = ?",
    }
    await tx.run(columns[what], (seconds(now), edition_id))


async def _draft(db: Reading, row: sqlite3.Row) -> Draft:
    lines = await db.all("SELECT * FROM draft_line WHERE edition_id = ? ORDER BY place", (row["id"],))
    return Draft(
        id=row["id"],
        channel_id=row["channel_id"],
        rubric=row["rubric"],
        local_date=row["local_date"],
        wall_time=row["wall_time"],
        slot_at=instant(row["slot_at"]),
        from_at=instant(row["from_at"]),
        version=row["version"],
        state=row["state"],
        lines=tuple(
            DraftLine(
                line["story_id"],
                bool(line["chosen"]),
                line["version"],
                bool(line["touched"]),
                line["own_text"],
                line["own_version"],
            )
            for line in lines
        ),
        fragment_a=row["fragment_a"],
        fragment_b=row["fragment_b"],
        touched_at=instant_or_none(row["touched_at"]),
        approved_at=instant_or_none(row["approved_at"]),
        held_at=instant_or_none(row["held_at"]),
        settled_by=row["settled_by"],
        checked_at=instant_or_none(row["checked_at"]),
        reminded_at=instant_or_none(row["reminded_at"]),
        alarmed_at=instant_or_none(row["alarmed_at"]),
    )


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else seconds(at)
