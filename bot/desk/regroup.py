"""What editors do to stories: two become one, a report begins its own, and the way back. States are told anew."""

from __future__ import annotations

from datetime import datetime

from bot.desk.story_page import Ask, Done, Thread
from bot.judgement import states
from storage import items, journal, links, merges, posts, stories
from storage.database import Reading, Transaction
from storage.links import Question


async def thread(db: Reading, story_id: int) -> Thread | None:
    """The story, or the one that it was merged into, as its page shows it; None when no report of it stands."""
    story_id = await links.standing(db, story_id)
    state, members = await stories.standing(db, story_id), await stories.items_of(db, story_id)
    if state is None or not members:
        return None
    asked = await links.questions(db, story_id)
    others = await items.several(db, [question.other_id for question in asked])
    likely = [others[question.other_id] for question in asked if question.other_id in others]
    last = await links.last_act(db, story_id)
    done = Done(last.id, last.act, await posts.name_of(db, last.editor), last.at) if last else None
    return Thread(story_id, await links.stamp(db, story_id), state, members, likely, done)


async def do(tx: Transaction, ask: Ask, shown: Thread, editor: int, now: datetime) -> tuple[str, tuple[int, ...]]:
    """What came of it (a key of `thread.toast.*`), and the stories that are told otherwise now."""
    if ask.kind == "split":
        touched = await _split(tx, ask.number, shown, editor, now)
    elif ask.kind == "undo":
        touched = await _undo(tx, ask.number, shown, editor, now)
    else:
        touched = await _answer(tx, ask, shown, editor, now)
    for story_id in touched:
        await _tell(tx, story_id, now)
    if touched:
        became = " ".join(map(str, touched))
        await journal.write(tx, f"story:{ask.kind}", f"story:{shown.story_id}", now, actor=editor, became=became)
    return ask.kind if touched else "stale", touched


async def _split(tx: Transaction, item_id: int, shown: Thread, editor: int, now: datetime) -> tuple[int, ...]:
    if len(shown.items) < 2 or item_id not in {item.id for item in shown.items}:
        return ()
    return shown.story_id, await merges.split(tx, shown.story_id, item_id, editor, now)


async def _answer(tx: Transaction, ask: Ask, shown: Thread, editor: int, now: datetime) -> tuple[int, ...]:
    question = await _question(tx, shown.story_id, ask.number)
    if question is None:
        return ()
    kept, gone = sorted((shown.story_id, question.other_story))
    if ask.kind == "same":
        await merges.merge(tx, kept, gone, editor, now)
        return (kept,)
    await merges.set_apart(tx, question, shown.story_id, editor, now)
    return kept, gone


async def _undo(tx: Transaction, act_id: int, shown: Thread, editor: int, now: datetime) -> tuple[int, ...]:
    last = await links.last_act(tx, shown.story_id)
    if last is None or last.id != act_id:
        return ()
    await merges.undo(tx, last, editor, now)
    return last.story_id, last.other_id


async def _question(db: Reading, story_id: int, other_story: int) -> Question | None:
    return next((each for each in await links.questions(db, story_id) if each.other_story == other_story), None)


async def _tell(tx: Transaction, story_id: int, now: datetime) -> None:
    """The story in the state that its reports put it into, told in their order."""
    members, stands = await stories.items_of(tx, story_id), await stories.standing(tx, story_id)
    if not members:
        return
    state = states.of(story_id, members)
    if stands is None or (state.item_id, state.item_version, state.toll) != (
        stands.item_id, stands.item_version, stands.toll,
    ):  # fmt: skip
        await stories.tell(tx, state, now)
