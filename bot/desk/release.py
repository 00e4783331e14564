"""Lets posts go at their time, and tells their cards what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import content, paint
from bot.desk.paint import Easel
from storage import items, journal, outbox, posts, stories
from storage.database import Database, Transaction
from storage.model import Parcel, Post

PRIORITY = 1
ACTS = {"missed": "miss", "withdrawn": "withdraw", "publishing": "release"}  # what the journal calls it


async def release_due(db: Database, easel: Easel, now: datetime, patience: timedelta) -> int:
    """Puts every due post into the outbox, earliest first; how many. One that is later than the newsroom's patience
    waits for an editor: nothing leaves by itself after a gap."""
    for waited in await posts.waited_for(db.screens, easel.channel.id, now):
        async with db.transaction() as tx:
            await _ask_again(tx, easel, waited, now)
    went = 0
    for post in await posts.due(db.screens, easel.channel.id, now):
        async with db.transaction() as tx:
            went += await _release(tx, easel, post, now, patience)
    return went


async def ended(tx: Transaction, easel: Easel, what: Parcel, state: str, reason: str, now: datetime) -> None:
    """The post's parcel came to an end: sent, refused or in doubt. Its card says so."""
    if what.post_id is None or not what.intent.startswith("post:"):
        return
    post = await posts.get(tx, what.post_id)
    assert post is not None  # posts are never deleted
    became = {"sent": "published", "refused": "failed"}.get(state, post.state)
    after = await posts.change(tx, post, state=became, due_at=post.due_at, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    await journal.write(tx, state, f"post:{post.id}", now, was=post.state, became=became, reason=reason)
    await paint.repaint(tx, easel, after, now)


async def _ask_again(tx: Transaction, easel: Easel, seen: Post, now: datetime) -> None:
    """The wait for a second source is over: the card says whether one came."""
    after = await posts.change(tx, seen, state="held", due_at=None, editor=seen.changed_by, now=now)
    if after is not None:  # None: an editor was faster
        await paint.repaint(tx, easel, after, now)


def intent(post: Post) -> str:
    """The event that this post goes out as it reads now: one that Telegram refused may go when it was rewritten."""
    return f"post:{post.id}:{post.version}"


async def _release(tx: Transaction, easel: Easel, seen: Post, now: datetime, patience: timedelta) -> bool:
    post = await posts.get(tx, seen.id)
    if post is None or post.row_version != seen.row_version or post.due_at is None:
        return False  # an editor was faster; the next ring looks again
    state = "missed" if now - post.due_at > patience else "publishing"
    item = await items.get(tx, post.item_id) if post.item_id is not None else None
    if item is not None and item.withdrawn:
        state = "withdrawn"  # its source took it back while it stood in the queue
    after = await posts.change(tx, post, state=state, due_at=post.due_at, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    if state == "publishing":
        call = content.call(post.content, silent=post.silent)
        parcel = Parcel(intent(post), easel.channel.chat, call.method, call.parameters, PRIORITY, now, post_id=post.id)
        told = await stories.standing(tx, post.story_id) if post.story_id is not None else None
        if told is not None:  # it counts as told for digests (screens, C3)
            parcel = replace(parcel, story_id=told.story_id, story_version=told.version)
        await outbox.put(tx, parcel, now)
    await journal.write(tx, ACTS[state], f"post:{post.id}", now, was=post.state, became=state)
    await paint.repaint(tx, easel, after, now)
    return state == "publishing"
