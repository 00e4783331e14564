"""What editors said of a story is said of the whole that it became a part of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import channels, decisions, links, merges, posts, votes
from storage.database import Database
from storage.decisions import Candidate
from storage.model import Content, Item
from tests.conftest import MINUTE, NOON, put

EDITOR = 1001
DAY = timedelta(days=1)


@pytest.fixture
async def told(db: Database) -> tuple[Item, Item]:
    """Two reports of one fire, in the stories 1 and 2."""
    async with db.transaction() as tx:
        await channels.seed(tx, "@nd", "uk", NOON - DAY)
    return await put(db, "У порту пожежа", NOON - 9 * MINUTE), await put(db, "Горить склад", NOON - 5 * MINUTE)


async def listed(db: Database, *stories: int) -> None:
    """An edition was chosen from these."""
    candidates = [Candidate(story, 1, 1.0, {"reason.base": 1.0}, chosen=False) for story in stories]
    async with db.transaction() as tx:
        await decisions.decide(
            tx, channel_id=1, rubric="digest", edition_id=None, size=5, candidates=candidates, now=NOON
        )


async def wanted(db: Database, story_id: int) -> None:
    """An editor's vote on a card of the story."""
    async with db.transaction() as tx:
        post = await posts.add(
            tx, channel_id=1, state="candidate", content=Content("Пожежа"), editor=EDITOR, now=NOON, story_id=story_id
        )
        await votes.put(tx, post.id, EDITOR, post.id, NOON)


async def merge(db: Database, kept: int, gone: int) -> None:
    async with db.transaction() as tx:
        await merges.merge(tx, kept, gone, EDITOR, NOON)


async def undo(db: Database, story_id: int) -> None:
    async with db.transaction() as tx:
        act = await links.last_act(tx, story_id)
        assert act is not None
        await merges.undo(tx, act, EDITOR, NOON)


async def counted(db: Database) -> dict[int, int]:
    return await votes.of_stories(db.screens, [1, 2, 3], NOON + MINUTE)


async def acts(db: Database) -> list[str | None]:
    return [each.act for each in await decisions.seen(db.screens, 1, NOON - DAY)]


async def test_votes_of_a_merged_story_are_found_by_its_new_number(db: Database, told: tuple[Item, Item]) -> None:
    await wanted(db, 2)
    await merge(db, 1, 2)
    whole = await counted(db)
    await undo(db, 1)

    assert whole == {1: 1}
    assert await counted(db) == {2: 1}


async def test_a_vote_on_what_was_split_off_for_a_while_is_not_lost(db: Database, told: tuple[Item, Item]) -> None:
    await merge(db, 1, 2)
    async with db.transaction() as tx:
        begun = await merges.split(tx, 1, told[1].id, EDITOR, NOON)
    await wanted(db, begun)
    apart = await counted(db)
    await undo(db, 1)

    assert apart == {begun: 1}
    assert await counted(db) == {1: 1}


async def test_a_list_that_held_a_merged_story_hears_a_later_word_on_the_whole(
    db: Database, told: tuple[Item, Item]
) -> None:
    third = await put(db, "Пожежу в порту погашено", NOON - 4 * MINUTE)
    await listed(db, 2)
    await merge(db, 2, third.story_id or 0)
    await merge(db, 1, 2)
    await listed(db, 3)
    await wanted(db, 1)
    whole = await acts(db)
    await undo(db, 1)

    assert whole == ["raised", "raised"]
    assert await acts(db) == []
