"""What editors want each channel to publish: a row for each rubric that they changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, time

from storage import journal
from storage.database import Reading, Transaction
from storage.editorial import Changed, Wish
from storage.instants import instant, seconds


async def wishes(db: Reading, channel_id: int) -> list[Wish]:
    """What editors set for this channel, by name."""
    rows = await db.all("SELECT * FROM rubric WHERE channel_id = ? ORDER BY name", (channel_id,))
    return [_wish(row) for row in rows]


async def changes(db: Reading, channel_id: int) -> dict[str, Changed]:
    """Who set each rubric that is not as the environment says, by its name."""
    rows = await db.all(
        """SELECT rubric.name, changed_at, coalesce(editor.name, '') AS editor
             FROM rubric LEFT JOIN editor ON editor.id = changed_by WHERE channel_id = ? AND own = 1""",
        (channel_id,),
    )
    return {row["name"]: Changed(instant(row["changed_at"]), row["editor"]) for row in rows}


async def wish(tx: Transaction, channel_id: int, wanted: Wish, editor: int, now: datetime, was: Wish | None) -> None:
    """From `now` on the channel has this rubric so. `was` is how it stood (None: not at all): when its walls and days
    stay, so do the slots that it owes."""
    stays = was is not None and was.walls == wanted.walls and was.days == wanted.days
    since_at = was.since_at or datetime.fromtimestamp(0, now.tzinfo) if was is not None and stays else now
    await tx.run(
        """INSERT OR REPLACE INTO rubric
             (channel_id, name, walls_json, days_json, size, sections_json, since_at, changed_at, changed_by, own)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            channel_id,
            wanted.name,
            _walls(wanted.walls),
            json.dumps(sorted(wanted.days)),
            wanted.size,
            json.dumps(list(wanted.sections), ensure_ascii=False),
            seconds(since_at),
            seconds(now),
            editor,
            wanted.own,
        ),
    )
    subject = f"rubric:{channel_id}:{wanted.name}"
    await journal.write(tx, "schedule", subject, now, actor=editor, was=_told(was), became=_told(wanted))


def _wish(row: sqlite3.Row) -> Wish:
    return Wish(
        row["name"],
        tuple(time.fromisoformat(wall) for wall in json.loads(row["walls_json"])),
        frozenset(json.loads(row["days_json"])),
        row["size"],
        tuple(json.loads(row["sections_json"])),
        instant(row["since_at"]),
        bool(row["own"]),
    )


def _walls(walls: Sequence[time]) -> str:
    return json.dumps([f"{wall:%H:%M}" for wall in sorted(walls)])


def _told(wanted: Wish | None) -> str:
    if wanted is None:
        return ""
    walls, days = " ".join(f"{wall:%H:%M}" for wall in wanted.walls), "".join(map(str, sorted(wanted.days)))
    return f"{walls}; {days}; {wanted.size}"
