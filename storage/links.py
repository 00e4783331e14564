"""Links: what editors are asked about stories that may be one, what they did to them, and where reports stand since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, seconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands: its story, and the part of it when an editor merged that in."""

    item_id: int
    story_id: int
    part_id: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A report of the story and one of another that may tell the same event."""

    item_id: int
    other_id: int
    other_story: int


@dataclass(frozen=True, slots=True)
class Act:
    """What an editor did to two stories: `other_id` was merged into `story_id`, split off it or set apart from it."""

    id: int
    act: str
    story_id: int
    other_id: int
    editor: int
    at: datetime


async def ask(tx: Transaction, item_id: int, others: Iterable[int], now: datetime) -> None:
    """The editors may say whether the report tells the same event as any of these."""
    await tx.run_each(
        "INSERT INTO likely (item_id, other_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(item_id, other_id, seconds(now)) for other_id in others],
    )


async def questions(db: Reading, story_id: int) -> list[Question]:
    """What is not answered about the story, newest first, one question for each other story. An editor's word on any
    two reports of both answers it."""
    rows = await db.all(
        """SELECT here.id AS item_id, there.id AS other_id, there.story_id AS other_story
             FROM item AS here
             JOIN likely AS l ON here.id IN (l.item_id, l.other_id)
             JOIN item AS there ON there.id = l.item_id + l.other_id - here.id
            WHERE here.story_id = :story AND there.story_id <> :story
              AND here.withdrawn_at IS NULL AND there.withdrawn_at IS NULL
              AND NOT EXISTS (
                SELECT 1 FROM story_link AS s JOIN item AS a ON a.id = s.item_id JOIN item AS b ON b.id = s.other_id
                 WHERE s.together = 0 AND ((a.story_id = :story AND b.story_id = there.story_id)
                                        OR (b.story_id = :story AND a.story_id = there.story_id)))
            ORDER BY l.at DESC, here.id DESC, there.id DESC""",
        {"story": story_id},
    )
    found: dict[int, Question] = {}
    for row in rows:
        found.setdefault(row["other_story"], Question(row["item_id"], row["other_id"], row["other_story"]))
    return list(found.values())


async def standing(db: Reading, story_id: int) -> int:
    """The story that this one was merged into, itself when it is one of its own."""
    while (into := await db.value("SELECT merged_into FROM story WHERE id = ?", (story_id,))) is not None:
        story_id = int(into)
    return story_id


async def stamp(db: Reading, story_id: int) -> int:
    """A number that grows with every state of the story and every act on it: a button carries it."""
    return int(
        await db.value(
            """SELECT coalesce((SELECT version FROM story WHERE id = :story), 0)
                    + (SELECT count(*) FROM story_act WHERE story_id = :story OR other_id = :story)""",
            {"story": story_id},
        )
    )


async def newest_act(db: Reading) -> int:
    """The id of what editors did last, 0 before anything."""
    return int(await db.value("SELECT coalesce(max(id), 0) FROM story_act"))


async def moved_since(db: Reading, act_id: int) -> list[Place]:
    """Where the reports stand now that any later act moved."""
    rows = await db.all(
        """SELECT id, story_id, part_id FROM item WHERE story_id IS NOT NULL AND id IN (
             SELECT moved.value ->> 0 FROM story_act, json_each(before_json, '$.items') AS moved WHERE story_act.id > ?)
           ORDER BY id""",
        (act_id,),
    )
    return [Place(row["id"], row["story_id"], row["part_id"]) for row in rows]


async def parts(db: Reading, since: datetime) -> dict[int, int]:
    """The part that each report first seen since then stands in, of those that stand in a merged one."""
    rows = await db.all(
        "SELECT id, part_id FROM item WHERE part_id IS NOT NULL AND seen_at >= ? ORDER BY id", (seconds(since),)
    )
    return {row["id"]: row["part_id"] for row in rows}


async def into_part(tx: Transaction, item_id: int, part_id: int) -> None:
    """The report is like this part of its story, which may be the story's own."""
    await tx.run("UPDATE item SET part_id = ? WHERE id = ? AND story_id <> ?", (part_id, item_id, part_id))


async def posts_about(db: Reading, story_ids: Sequence[int]) -> list[int]:
    """Posts about any of these stories, oldest first."""
    rows = await db.all(
        "SELECT id FROM post WHERE story_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(story_ids)),),
    )
    return [row["id"] for row in rows]


async def last_act(db: Reading, story_id: int) -> Act | None:
    """What was done last to the story, None when nothing was that stands, or when the other story changed since."""
    row = await db.one(
        """SELECT * FROM story_act WHERE story_id = :story OR other_id = :story ORDER BY id DESC LIMIT 1""",
        {"story": story_id},
    )
    if row is None or row["undone_at"] is not None or row["act"] == "undo":
        return None
    later = await db.value(
        "SELECT count(*) FROM story_act WHERE id > ? AND (story_id IN (?, ?) OR other_id IN (?, ?))",
        (row["id"], *(row["story_id"], row["other_id"]) * 2),
    )
    return None if later else _act(row)


def _act(row: sqlite3.Row) -> Act:
    return Act(row["id"], row["act"], row["story_id"], row["other_id"], row["editor"], instant(row["at"]))
