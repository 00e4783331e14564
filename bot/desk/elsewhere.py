"""Several channels: a post goes to another one, or its story into another one beside."""

from __future__ import annotations

from datetime import datetime

from bot.desk import paint
from bot.desk.content import from_report
from bot.desk.paint import Easel
from bot.desk.places import twin_in, why
from bot.editions.righted import righted
from storage import channels, items, journal, posts
from storage.database import Transaction
from storage.model import Content, Post

MOVABLE = frozenset({"candidate", "draft", "queued", "rejected", "missed", "held", "failed"})


async def move(tx: Transaction, post: Post, channel_id: int, editor: int, now: datetime) -> tuple[Post, str]:
    """The post, and what to say: it goes to this channel from now on, at the time that it had."""
    there = await channels.get(tx, channel_id)
    if there is None or there.state == "off" or post.state not in MOVABLE:
        return post, "toast.not_now"
    if post.item_id is not None and await posts.of_item(tx, channel_id, post.item_id) is not None:
        return post, "toast.channel.there"
    after = await posts.carry(tx, post, channel_id, editor, now)
    if after is None:
        return post, "toast.not_now"
    was = str(post.channel_id)
    await journal.write(tx, "channel", f"post:{post.id}", now, actor=editor, was=was, became=str(channel_id))
    return after, "toast.channel.queued" if post.state == "queued" else "toast.channel.moved"


async def also(
    tx: Transaction, easel: Easel, post: Post, channel_id: int, editor: int, now: datetime
) -> tuple[Post, str]:
    """A second post of the story for another channel, with a card of its own: in that channel's language when the
    report has a twin in it. Machines translate nothing."""
    here, there = await channels.get(tx, post.channel_id), await channels.get(tx, channel_id)
    item = await items.get(tx, post.item_id) if post.item_id is not None else None
    assert here is not None  # channels are never deleted
    if there is None or there.state == "off":
        return post, "toast.not_now"
    reason = await why(tx, post, item, here, there)
    if reason not in ("same", "twin"):
        return post, f"toast.channel.{reason}"
    twin = await twin_in(tx, item, there) if reason == "twin" else None
    [twin] = await righted(tx, [twin]) if twin is not None else [None]
    content: Content = post.content if twin is None else from_report(twin.title, twin.lead, twin.url)
    told = twin or item
    made = await posts.add(
        tx, channel_id=channel_id, state="candidate" if told else "draft", content=content, editor=editor, now=now,
        story_id=post.story_id, item_id=told.id if told is not None else None,
    )  # fmt: skip
    await journal.write(tx, "also", f"post:{made.id}", now, actor=editor, was=f"post:{post.id}", became=str(channel_id))
    await paint.offer(tx, easel, made, now)
    return post, "toast.channel.also"
