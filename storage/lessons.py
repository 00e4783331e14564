"""Lessons: what the editors' decisions taught, night by night, and whether editors want it used."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Lesson, Will

_FROM = "learn.from"  # decisions before it teach nothing: editors had it forgotten
_OFF = "learn.off"
_BEFORE = "learn.from.before"


async def put(tx: Transaction, channel_id: int, local_date: str, lesson: Lesson) -> None:
    """The lesson of this night; one that was learned the same night before it is forgotten."""
    await tx.run(
        """INSERT INTO lesson (channel_id, local_date, at, since_at, decisions, days, leanings_json, agreed,
                               agreed_plain, used)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (channel_id, local_date) DO UPDATE SET at = excluded.at, since_at = excluded.since_at,
             decisions = excluded.decisions, days = excluded.days, leanings_json = excluded.leanings_json,
             agreed = excluded.agreed, agreed_plain = excluded.agreed_plain, used = excluded.used""",
        (
            channel_id,
            local_date,
            seconds(lesson.at),
            None if lesson.since is None else seconds(lesson.since),
            lesson.decisions,
            lesson.days,
            json.dumps(dict(lesson.leanings), ensure_ascii=False, sort_keys=True),
            lesson.agreed,
            lesson.agreed_plain,
            int(lesson.used),
        ),
    )


async def learned_on(db: Reading, channel_id: int, local_date: str) -> bool:
    """Whether this day of the newsroom's calendar has its lesson."""
    sql = "SELECT 1 FROM lesson WHERE channel_id = ? AND local_date = ?"
    return await db.value(sql, (channel_id, local_date)) is not None


async def last(db: Reading, channel_id: int) -> Lesson | None:
    """The newest lesson of what editors did not have forgotten; None before the first."""
    row = await db.one(
        """SELECT * FROM lesson WHERE channel_id = :channel AND at > coalesce(
             (SELECT CAST(value AS INTEGER) FROM setting WHERE channel_id = :channel AND name = :from), 0)
            ORDER BY at DESC, id DESC LIMIT 1""",
        {"channel": channel_id, "from": _FROM},
    )
    return None if row is None else _lesson(row)


async def used_since(db: Reading, channel_id: int) -> datetime | None:
    """Since which night lessons were used without a break; None when the last is not."""
    return instant_or_none(
        await db.value(
            """SELECT min(at) FROM lesson WHERE channel_id = :channel AND used = 1 AND at > coalesce(
                 (SELECT max(at) FROM lesson WHERE channel_id = :channel AND used = 0), 0)
                 AND at > coalesce(
                   (SELECT CAST(value AS INTEGER) FROM setting WHERE channel_id = :channel AND name = :from), 0)""",
            {"channel": channel_id, "from": _FROM},
        )
    )


async def leanings(db: Reading, channel_id: int) -> Mapping[str, float]:
    """What corrects the newsroom's taste in this channel now: nothing unless the last lesson is used and wanted."""
    if (await will(db, channel_id)).off:
        return {}
    lesson = await last(db, channel_id)
    return lesson.leanings if lesson is not None and lesson.used else {}


async def will(db: Reading, channel_id: int) -> Will:
    """What editors want of learning in this channel."""
    rows = await db.all(
        "SELECT name, value FROM setting WHERE channel_id = ? AND name IN (?, ?, ?)",
        (channel_id, _FROM, _OFF, _BEFORE),
    )
    said = {row["name"]: row["value"] for row in rows}
    before = said.get(_BEFORE, "")
    return Will(instant(int(said.get(_FROM, 0))), said.get(_OFF) == "1", instant(int(before)) if before else None)


async def want(tx: Transaction, channel_id: int, wanted: Will, editor: int, now: datetime) -> None:
    """Editors want this of learning from now on."""
    await tx.run_each(
        """INSERT INTO setting (channel_id, name, value, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (channel_id, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
             changed_by = excluded.changed_by""",
        [
            (channel_id, name, value, seconds(now), editor)
            for name, value in (
                (_FROM, str(seconds(wanted.since))),
                (_OFF, str(int(wanted.off))),
                (_BEFORE, "" if wanted.before is None else str(seconds(wanted.before))),
            )
        ],
    )


def _lesson(row: sqlite3.Row) -> Lesson:
    return Lesson(
        instant(row["at"]),
        instant_or_none(row["since_at"]),
        row["decisions"],
        row["days"],
        json.loads(row["leanings_json"]),
        row["agreed"],
        row["agreed_plain"],
        bool(row["used"]),
    )
