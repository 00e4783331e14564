"""Follows the stories of published posts: when one says something else, the post's card offers to tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk.content import from_report
from bot.desk.reach import OUT
from bot.desk.update_page import UNCHANGED, Offer, Since, aloud
from bot.editions.righted import righted
from bot.judgement import counts, states
from bot.judgement.changes import change
from bot.judgement.counts import Count, Saying
from bot.judgement.toll import toll_of
from storage import channels, following, guard, items, stories
from storage.database import Reading, Transaction
from storage.model import Content, Item, Post, State, Story

FOLLOWED: Final = timedelta(days=7)  # a longer story is told anew


async def since(db: Reading, post: Post) -> Since:
    """What the post's card has to tell."""
    if post.state not in OUT:
        return UNCHANGED
    known = await following.get(db, post.id)
    if known is not None and known.state == "over":
        return Since(await guard.edited(db, post.id), over=True)
    offer = None
    if known is not None and post.story_id is not None:
        offer = await _offer(db, post, post.story_id, known.settled, is_new=known.state == "offered")
    return Since(await guard.edited(db, post.id), offer)


async def words(db: Reading, post: Post) -> tuple[Item, Content] | None:
    """The report that speaks for the post's story now, and what a post of it says; None when none stands."""
    state = await stories.standing(db, post.story_id) if post.story_id is not None else None
    members = await stories.items_of(db, post.story_id) if post.story_id is not None else []
    channel = await channels.get(db, post.channel_id)
    assert channel is not None  # channels are never deleted
    if state is None or not members:
        return None
    [item] = await righted(db, [states.headline(state, members, channel.language)])
    return item, from_report(item.title, item.lead, item.url, post.content.section)


async def mend(tx: Transaction, post: Post, item: Item, now: datetime) -> None:
    """The story counts as few people as this report: an editor believes it."""
    assert post.story_id is not None
    state = await stories.standing(tx, post.story_id)
    assert state is not None  # it was contradicted
    toll = {**state.toll, **toll_of(item.title, item.lead)}
    mended = replace(
        state,
        item_id=item.id,
        item_version=item.version,
        title=item.title,
        toll=toll,
        at=max(state.at, item.published_at),
    )
    await stories.tell(tx, mended, now)
    await following.settle(tx, post.id, item.id)


async def news(db: Reading, post: Post) -> tuple[State, State] | None:
    """What the channel's posts told of the post's story, and the state that it is in, when that is worth telling and
    is not the edit of the post's own report, which its card offers anyway."""
    if post.story_id is None:
        return None
    told, state = await following.told(db, post.channel_id, post.story_id), await stories.standing(db, post.story_id)
    if told is None or state is None or change(told, state) is None:
        return None
    edited = state.item_id == post.item_id and told.item_id == post.item_id
    return None if edited else (told, state)


async def _offer(db: Reading, post: Post, story_id: int, settled: frozenset[int], *, is_new: bool) -> Offer | None:
    state, members = await stories.standing(db, story_id), await stories.items_of(db, story_id)
    if state is None or not members:
        return None
    found = await news(db, post) if is_new else None
    against = _against(members, settled)
    if found is None and against is None:
        return None
    story = Story(story_id, state, tuple(members))
    return Offer(story, found is not None, found is not None and aloud(*found), against)


def _against(members: Sequence[Item], settled: frozenset[int]) -> tuple[Count, Saying] | None:
    """The first count with a saying against it that nobody has answered."""
    found = ((count, each) for count in counts.told(members) for each in count.against if each.item_id not in settled)
    return next(found, None)


async def known(db: Reading, item_id: int) -> Item | None:
    """The report that a button names, while it stands."""
    item = await items.get(db, item_id)
    return item if item is not None and not item.withdrawn else None
