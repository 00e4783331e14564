"""Merges: reports moved by an editor's word from story to story, with all that was told of them; and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage import stories
from storage.database import Reading, Transaction
from storage.instants import seconds
from storage.links import Act, Place, Question

# Whose word stands between the stories :one and :other, whoever of their reports it was given on.
_BETWEEN = """
SELECT l.item_id, l.other_id, l.together, l.editor, l.at
  FROM story_link AS l JOIN item AS a ON a.id = l.item_id JOIN item AS b ON b.id = l.other_id
 WHERE a.story_id IN (:one, :other) AND b.story_id IN (:one, :other) AND a.story_id <> b.story_id
"""


async def merge(tx: Transaction, kept: int, gone: int, editor: int, now: datetime) -> None:
    """The reports of one story become a part of the older one, with what was told of them. An editor's earlier word
    that they are two is taken back. The caller tells the state."""
    moved, held = await _places(tx, gone), await _places(tx, kept)
    before = await _before(tx, moved, kept, gone)
    await tx.run_each(
        "DELETE FROM story_link WHERE item_id = ? AND other_id = ?", [(one, two) for one, two, *_ in before["links"]]
    )
    if moved and held:
        await _say(tx, held[0].item_id, moved[0].item_id, together=True, editor=editor, now=now)
    before["new_links"] = [sorted((held[0].item_id, moved[0].item_id))] if moved and held else []
    before["states"] = await stories.carry(tx, gone, kept, [place.item_id for place in moved])
    await tx.run("UPDATE item SET part_id = coalesce(part_id, story_id), story_id = ? WHERE story_id = ?", (kept, gone))
    await tx.run("UPDATE post SET story_id = ? WHERE story_id = ?", (kept, gone))
    await tx.run("UPDATE story SET merged_into = ? WHERE id = ?", (kept, gone))
    await _note(tx, "merge", kept, gone, before, editor, now)


async def split(tx: Transaction, story_id: int, item_id: int, editor: int, now: datetime) -> int:
    """The id of the story that the report begins for itself, with what was told by it. It is never put together
    again with those that it leaves, unless an editor says so. The caller tells both states."""
    members = await _places(tx, story_id)
    place = next(each for each in members if each.item_id == item_id)
    left = [each for each in members if each.item_id != item_id]
    begun = await stories.begin(tx, now)
    pairs = [sorted((item_id, each.item_id)) for each in left]
    links = await _links(tx, pairs)
    for each in left:
        await _say(tx, item_id, each.item_id, together=False, editor=editor, now=now)
    posts = await tx.all("SELECT id, story_id FROM post WHERE item_id = ? ORDER BY id", (item_id,))
    before: dict[str, Any] = {
        "items": [[place.item_id, place.story_id, place.part_id]],
        "links": links,
        "new_links": pairs,
        "posts": [[row["id"], row["story_id"]] for row in posts],
        "states": await stories.carry(tx, place.story_id, begun, [item_id]),
    }
    await tx.run("UPDATE item SET part_id = NULL, story_id = ? WHERE id = ?", (begun, item_id))
    await tx.run("UPDATE post SET story_id = ? WHERE item_id = ?", (begun, item_id))
    await _note(tx, "split", story_id, begun, before, editor, now)
    return begun


async def set_apart(tx: Transaction, question: Question, story_id: int, editor: int, now: datetime) -> None:
    """The two reports of a question are two events, for ever."""
    pair = sorted((question.item_id, question.other_id))
    before = {"items": [], "links": await _links(tx, [pair]), "new_links": [pair], "posts": [], "states": []}
    await _say(tx, *pair, together=False, editor=editor, now=now)
    await _note(tx, "apart", story_id, question.other_story, before, editor, now)


async def undo(tx: Transaction, act: Act, editor: int, now: datetime) -> None:
    """All is as before the act: reports, posts, links, and what was told of either. The caller tells both states."""
    row = await tx.one("SELECT before_json FROM story_act WHERE id = ?", (act.id,))
    assert row is not None  # the caller has just read it
    before = json.loads(row["before_json"])
    await tx.run_each(
        "UPDATE item SET story_id = ?, part_id = ? WHERE id = ?",
        [(story, part, item_id) for item_id, story, part in before["items"]],
    )
    await tx.run_each("UPDATE post SET story_id = ? WHERE id = ?", [(story, post) for post, story in before["posts"]])
    await tx.run_each("DELETE FROM story_link WHERE item_id = ? AND other_id = ?", before["new_links"])
    await tx.run_each(
        "INSERT INTO story_link (item_id, other_id, together, editor, at) VALUES (?, ?, ?, ?, ?)", before["links"]
    )
    await stories.carry_back(tx, before["states"])
    if act.act == "merge":
        await tx.run("UPDATE story SET merged_into = NULL WHERE id = ?", (act.other_id,))
    if act.act == "split":
        await tx.run(
            """UPDATE story SET merged_into = ? WHERE id = ? AND NOT EXISTS (
                 SELECT 1 FROM item WHERE story_id = story.id)""",
            (act.story_id, act.other_id),
        )
        # Cards made while it stood alone go with its reports, and with the cards the votes on them.
        await tx.run(
            """UPDATE post SET story_id = ?
                WHERE story_id = (SELECT id FROM story WHERE id = ? AND merged_into IS NOT NULL)""",
            (act.story_id, act.other_id),
        )
    await tx.run("UPDATE story_act SET undone_at = ? WHERE id = ?", (seconds(now), act.id))
    await _note(tx, "undo", act.story_id, act.other_id, {"items": before["items"]}, editor, now)


async def _before(tx: Transaction, moved: Sequence[Place], kept: int, gone: int) -> dict[str, Any]:
    links = await tx.all(_BETWEEN + " AND l.together = 0 ORDER BY l.item_id, l.other_id", {"one": kept, "other": gone})
    posts = await tx.all("SELECT id, story_id FROM post WHERE story_id = ? ORDER BY id", (gone,))
    return {
        "items": [[place.item_id, place.story_id, place.part_id] for place in moved],
        "links": [list(row) for row in links],
        "posts": [[row["id"], row["story_id"]] for row in posts],
    }


async def _links(tx: Transaction, pairs: Sequence[Sequence[int]]) -> list[list[int]]:
    rows = await tx.all(
        """SELECT item_id, other_id, together, editor, at FROM story_link WHERE (item_id, other_id) IN (
             SELECT pair.value ->> 0, pair.value ->> 1 FROM json_each(?) AS pair) ORDER BY item_id, other_id""",
        (json.dumps(pairs),),
    )
    return [list(row) for row in rows]


async def _say(tx: Transaction, one: int, other: int, *, together: bool, editor: int, now: datetime) -> None:
    await tx.run(
        """INSERT INTO story_link (item_id, other_id, together, editor, at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (item_id, other_id) DO UPDATE
              SET together = excluded.together, editor = excluded.editor, at = excluded.at""",
        (min(one, other), max(one, other), int(together), editor, seconds(now)),
    )


async def _places(db: Reading, story_id: int) -> list[Place]:
    rows = await db.all("SELECT id, story_id, part_id FROM item WHERE story_id = ? ORDER BY id", (story_id,))
    return [Place(row["id"], row["story_id"], row["part_id"]) for row in rows]


async def _note(
    tx: Transaction, act: str, story_id: int, other_id: int, before: Mapping[str, Any], editor: int, now: datetime
) -> None:
    await tx.add(
        "INSERT INTO story_act (act, story_id, other_id, before_json, editor, at) VALUES (?, ?, ?, ?, ?, ?)",
        (act, story_id, other_id, json.dumps(before), editor, seconds(now)),
    )
