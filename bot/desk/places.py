"""Finds where a post goes, and in which other channels its story stands or could stand."""

from __future__ import annotations

from bot.desk.card_channel import Other, Places, Why
from storage import channels, items, posts, twins
from storage.database import Reading
from storage.model import Channel, Item, Post


async def places(db: Reading, post: Post, item: Item | None) -> Places | None:
    """Where the post goes and could go; None when the newsroom has one channel, and it is this post's."""
    active = await channels.every(db)
    here = await channels.get(db, post.channel_id)
    assert here is not None  # channels are never deleted
    if len(active) < 2 and here.state == "active":
        return None
    others = [Other(each, await why(db, post, item, here, each)) for each in active if each.id != here.id]
    return Places(here, others, mixed=item is not None and item.language != here.language)


async def why(db: Reading, post: Post, item: Item | None, here: Channel, there: Channel) -> Why:
    """Whether and how the story of the post can stand in that channel too."""
    twin = await twin_in(db, item, there)
    if post.story_id is not None and await posts.of_story(db, there.id, post.story_id) is not None:
        return "there"
    if item is None:
        return "same" if here.language == there.language else "untranslated"
    if item.language == there.language:
        return "same"
    return "untranslated" if twin is None else "twin"


async def twin_in(db: Reading, item: Item | None, there: Channel) -> Item | None:
    """The same article in the language of that channel."""
    if item is None or item.language == there.language:
        return None
    twin_id = await twins.of(db, item.id)
    twin = await items.get(db, twin_id) if twin_id is not None else None
    return twin if twin is not None and twin.language == there.language else None
