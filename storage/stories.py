"""Stories: reports of one event, and every state that the story was in."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from storage import reactions, votes
from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.items import item
from storage.model import Item, State, Story

_STATE = """
SELECT sv.story_id, sv.version, sv.item_id, sv.item_version, sv.toll_json, sv.as_of, iv.title
  FROM story_version AS sv
  JOIN item_version AS iv ON iv.item_id = sv.item_id AND iv.version = sv.item_version
"""


def state(row: sqlite3.Row) -> State:
    """A row of story_version with the title of its item_version as a State."""
    return State(
        story_id=row["story_id"],
        version=row["version"],
        item_id=row["item_id"],
        item_version=row["item_version"],
        title=row["title"],
        toll=json.loads(row["toll_json"]),
        at=instant(row["as_of"]),
    )


async def begin(tx: Transaction, now: datetime) -> int:
    """The id of a new story, still without a state."""
    return await tx.add(
        "INSERT INTO story (version, created_at, changed_at) VALUES (0, ?, ?)", (seconds(now), seconds(now))
    )


async def tell(tx: Transaction, state: State, now: datetime) -> int:
    """The number of the state that the story is in from `now` on, whatever number it came with."""
    await tx.run("UPDATE story SET version = version + 1, changed_at = ? WHERE id = ?", (seconds(now), state.story_id))
    await tx.run(
        """INSERT INTO story_version (story_id, version, item_id, item_version, toll_json, as_of, at)
           SELECT id, version, ?, ?, ?, ?, ? FROM story WHERE id = ?""",
        (
            state.item_id,
            state.item_version,
            json.dumps(dict(state.toll), sort_keys=True),
            seconds(state.at),
            seconds(now),
            state.story_id,
        ),
    )
    return int(await tx.value("SELECT version FROM story WHERE id = ?", (state.story_id,)))


async def carry(tx: Transaction, from_id: int, into_id: int, item_ids: Sequence[int]) -> list[list[int]]:
    """The states that these reports gave to one story become the newest of the other, and so does what was told in
    them: [story and version before, story and version now] of each, for `carry_back`."""
    rows = await tx.all(
        """SELECT version FROM story_version WHERE story_id = ? AND item_id IN (SELECT value FROM json_each(?))
            ORDER BY version""",
        (from_id, json.dumps(list(item_ids))),
    )
    moves = []
    for row in rows:
        await tx.run("UPDATE story SET version = version + 1 WHERE id = ?", (into_id,))
        version = int(await tx.value("SELECT version FROM story WHERE id = ?", (into_id,)))
        await tx.run(
            """INSERT INTO story_version (story_id, version, item_id, item_version, toll_json, as_of, at)
               SELECT ?, ?, item_id, item_version, toll_json, as_of, at FROM story_version
                WHERE story_id = ? AND version = ?""",
            (into_id, version, from_id, row["version"]),
        )
        moves.append([from_id, row["version"], into_id, version])
    await _retell(tx, [(into, new, story, old) for story, old, into, new in moves])
    return moves


async def carry_back(tx: Transaction, moves: Sequence[Sequence[int]]) -> None:
    """What was told in those states is told of the story again that they were carried from."""
    await _retell(tx, [tuple(move) for move in moves])


async def _retell(tx: Transaction, moves: Sequence[tuple[int, ...]]) -> None:
    """(story, version) that is told instead of (story, version), for each."""
    await tx.run_each(
        "UPDATE edition_line SET story_id = ?, story_version = ? WHERE story_id = ? AND story_version = ?", moves
    )
    await tx.run_each(
        "UPDATE outbox SET story_id = ?, story_version = ? WHERE story_id = ? AND story_version = ?", moves
    )


async def standing(db: Reading, story_id: int) -> State | None:
    """The state the story is in, None before its first."""
    row = await db.one(_STATE + "WHERE sv.story_id = ? ORDER BY sv.version DESC LIMIT 1", (story_id,))
    return state(row) if row else None


async def in_state(db: Reading, story_id: int, version: int) -> State | None:
    """The story's state of that number, None when it never was in one."""
    row = await db.one(_STATE + "WHERE sv.story_id = ? AND sv.version = ?", (story_id, version))
    return state(row) if row else None


async def items_of(db: Reading, story_id: int) -> list[Item]:
    """The story's reports that stand, oldest publication first."""
    rows = await db.all(
        "SELECT * FROM item_now WHERE story_id = ? AND withdrawn_at IS NULL ORDER BY published_at, id",
        (story_id,),
    )
    return [item(row) for row in rows]


async def between(db: Reading, from_at: datetime, until_at: datetime) -> list[Story]:
    """Stories with news first seen in [from_at, until_at) that is no history, in the state that stood just
    before `until_at`, each with all its standing reports seen before then, by story id."""
    return await several(db, await ids_between(db, from_at, until_at), until_at)


async def ids_between(db: Reading, from_at: datetime, until_at: datetime) -> list[int]:
    """The ids of the stories that `between` gives, and of those among them that had no state yet, in order."""
    rows = await db.all(
        """SELECT story_id FROM item WHERE seen_at >= :from AND seen_at < :until AND history = 0
              AND kind = 'news' AND withdrawn_at IS NULL AND story_id IS NOT NULL
           UNION
           SELECT story_id FROM story_version WHERE at >= :from AND at < :until AND story_id IN (
              SELECT story_id FROM item WHERE history = 0 AND withdrawn_at IS NULL)
           ORDER BY story_id""",
        {"from": seconds(from_at), "until": seconds(until_at)},
    )
    return [row["story_id"] for row in rows]


async def several(db: Reading, story_ids: Sequence[int], until_at: datetime) -> list[Story]:
    """Those of the stories that had a state just before `until_at`, in it, each with its standing reports seen
    before then, by story id."""
    rows = await db.all(
        """SELECT * FROM item_now
           WHERE withdrawn_at IS NULL AND seen_at < ? AND story_id IN (SELECT value FROM json_each(?))
           ORDER BY story_id, published_at, id""",
        (seconds(until_at), json.dumps(list(story_ids))),
    )
    members: dict[int, list[Item]] = defaultdict(list)
    for row in rows:
        members[row["story_id"]].append(item(row))
    states = await _states(db, list(members), until_at)
    wanted = await votes.of_stories(db, list(states), until_at)
    heard = await reactions.echoes(db, list(states), until_at)
    return [
        Story(story_id, states[story_id], tuple(items), wanted.get(story_id, 0), heard.get(story_id))
        for story_id, items in members.items()
        if story_id in states
    ]


async def _states(db: Reading, story_ids: Sequence[int], before: datetime) -> dict[int, State]:
    rows = await db.all(
        _STATE
        + """WHERE sv.story_id IN (SELECT value FROM json_each(?)) AND sv.version = (
               SELECT max(version) FROM story_version WHERE story_id = sv.story_id AND at < ?)""",
        (json.dumps(list(story_ids)), seconds(before)),
    )
    return {row["story_id"]: state(row) for row in rows}
