"""Breaking news: what it would do, and what is done when it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import breaking_page, flagged, guard
from bot.desk.breaking_page import Alarm
from bot.desk.paint import Easel
from bot.editions import programs
from storage import breaking, items, journal, posts, stories
from storage.database import Reading, Transaction
from storage.model import Content, Post


async def look(db: Reading, easel: Easel, post: Post, now: datetime) -> Alarm:
    """What the post would be as breaking news, and what it would do."""
    program = await programs.numbered(db, easel.house, post.channel_id)
    item = await items.get(db, post.item_id) if post.item_id is not None else None
    words = breaking_page.form(post, item, program.wording, now)
    moved = await breaking.in_the_way(db, post.channel_id, now, now + breaking.STEP, but=post.id)
    members = await stories.items_of(db, post.story_id) if post.story_id is not None else []
    voices = list({member.family: member.source for member in reversed(members)}.values())
    match = await guard.match(db, easel, post, now)
    question = await flagged.question(db, easel.house, replace(post, content=words))
    name = program.channel.title or program.channel.chat
    return Alarm(words, name, len(moved), program.silent(now), voices, match, question)


async def dressed(tx: Transaction, post: Post, now: datetime) -> Post | None:
    """The post as breaking news, in the words that it leaves with; None when it is none."""
    said = await breaking.words(tx, post.id)
    if said is None:
        return None
    words: Content = replace(post.content, text=said[0], entities=said[1])
    await posts.put_version(tx, post.id, words, post.changed_by, now)
    await breaking.left(tx, post.id)
    return await posts.get(tx, post.id)


async def make_way(tx: Transaction, post: Post, now: datetime) -> list[Post]:
    """What was to go out in the channel within ten minutes goes ten minutes later, each; the posts that moved."""
    moved = []
    for number in await breaking.in_the_way(tx, post.channel_id, now, now + breaking.STEP, but=post.id):
        other = await posts.get(tx, number)
        assert other is not None and other.due_at is not None  # it was just found in the queue
        at = other.due_at + breaking.STEP
        after = await posts.change(
            tx, other, state="queued", due_at=at, editor=post.changed_by, now=now, undo=other.undo
        )
        assert after is not None  # read in this transaction
        was, became = f"{other.due_at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%dT%H:%M:%SZ}"
        await journal.write(tx, "make_way", f"post:{number}", now, actor=post.changed_by, was=was, became=became)
        moved.append(after)
    return moved
