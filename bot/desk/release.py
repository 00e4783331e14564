"""Lets posts go at their time, asks about those that are too late, and tells their cards what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import alarm, content, flagged, guard, paint
from bot.desk.hold_back import hold_back
from bot.desk.paint import Easel
from storage import breaking, channels, items, journal, outbox, posts, stories
from storage import guard as told
from storage.database import Database, Transaction
from storage.model import NEWS, URGENT, Parcel, Post

BREAKING = timedelta(minutes=30)  # as BOT_BREAKING_PATIENCE_MINUTES: an editor wanted it out at once, and looks on
ACTS = {"missed": "miss", "withdrawn": "withdraw", "publishing": "release"}  # what the journal calls it
BECAME = {"sent": "published", "refused": "failed", "dropped": "draft"}  # what its parcel's end makes of a post


async def release_due(
    db: Database, easel: Easel, now: datetime, patience: timedelta, breaking: timedelta = BREAKING
) -> int:
    """Puts every due post into the outbox, earliest first; how many. One that is later than the newsroom's patience
    waits for an editor: nothing leaves by itself after a gap. What an editor sent at once has a patience of its own,
    `breaking`."""
    for waited in await posts.waited_for(db.screens, now):
        async with db.transaction() as tx:
            await _ask_again(tx, easel, waited, now)
    went = 0
    for post in await posts.due(db.screens, now):
        async with db.transaction() as tx:
            went += await _release(tx, easel, post, now, breaking if _urgent(post) else patience)
    return went


async def miss_gap(tx: Transaction, easel: Easel, until: datetime, breaking: timedelta) -> None:
    """After an outage until `until` every queued post whose time came before then is missed, however little late it
    is; what an editor sent at once only when it is later than `breaking`."""
    for post in await posts.due(tx, until):
        if post.due_at is None or post.due_at == until:
            continue  # its time is now
        if not _urgent(post) or until - post.due_at > breaking:
            await _release(tx, easel, post, until, timedelta(0))


async def lapse(tx: Transaction, easel: Easel, what: Parcel, now: datetime) -> None:
    """The post's parcel waited longer than its patience and certainly did not arrive: the post is missed."""
    await outbox.dropped(tx, what.id, what.reason or "it waited longer than its patience", now)
    post = await posts.get(tx, what.post_id) if what.post_id is not None else None
    if post is None or post.state != "publishing":
        return
    after = await posts.change(tx, post, state="missed", due_at=post.due_at, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    await journal.write(
        tx, ACTS["missed"], f"post:{post.id}", now, was=post.state, became="missed", reason=what.reason or ""
    )
    await paint.repaint(tx, easel, after, now)


async def ended(tx: Transaction, easel: Easel, what: Parcel, state: str, reason: str, now: datetime) -> None:
    """The post's parcel came to an end: sent, refused, dropped by an editor, or in doubt. Its card says so."""
    if what.post_id is None or not what.intent.startswith("post:"):
        return
    post = await posts.get(tx, what.post_id)
    assert post is not None  # posts are never deleted
    if post.state == "withdrawn":
        return  # taken back while it was on its way: what arrived goes again
    became = BECAME.get(state, post.state)
    due_at = None if became == "draft" else post.due_at
    after = await posts.change(tx, post, state=became, due_at=due_at, editor=post.changed_by, now=now)
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


def _urgent(post: Post) -> bool:
    """An editor tapped «Зараз»: nothing was put into the outbox for it yet, and no slot promised it."""
    return post.state == "publishing"


async def _release(tx: Transaction, easel: Easel, seen: Post, now: datetime, patience: timedelta) -> bool:
    post = await posts.get(tx, seen.id)
    if post is None or post.row_version != seen.row_version or post.due_at is None:
        return False  # an editor was faster; the next ring looks again
    state, late_at = "missed" if now - post.due_at > patience else "publishing", max(post.due_at, now)
    item = await items.get(tx, post.item_id) if post.item_id is not None else None
    if item is not None and item.withdrawn:
        state = "withdrawn"  # its source took it back while it stood in the queue
    elif await channels.is_off(tx, post.channel_id):
        state = "missed"
    stop = await flagged.stops(tx, easel.house, await _leaving(tx, post), now) if state == "publishing" else None
    if stop is not None:
        await hold_back(tx, easel, await breaking.take_back(tx, post), stop, now)
        return False
    again = await guard.too_late(tx, easel, post, now) if state == "publishing" else None
    if again is not None:
        await guard.hold(tx, easel, await breaking.take_back(tx, post), again, now)
        return False
    if state != "publishing":
        post = await breaking.take_back(tx, post)
    after = await posts.change(tx, post, state=state, due_at=post.due_at, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    if state == "publishing":
        dressed = await alarm.dressed(tx, post, now)
        if dressed is not None:
            after = post = dressed
            await _clear_the_way(tx, easel, post, now)
        await _put(tx, post, now, late_at + patience)
    await journal.write(tx, ACTS[state], f"post:{post.id}", now, was=post.state, became=state)
    await paint.repaint(tx, easel, after, now)
    return state == "publishing"


async def _leaving(tx: Transaction, post: Post) -> Post:
    """The post in the words that it leaves with."""
    said = await breaking.words(tx, post.id)
    return post if said is None else replace(post, content=replace(post.content, text=said[0], entities=said[1]))


async def _clear_the_way(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The queue of the channel makes way for breaking news."""
    for moved in await alarm.make_way(tx, post, now):
        await paint.repaint_card(tx, easel, moved, now)


async def _put(tx: Transaction, post: Post, now: datetime, stale_at: datetime) -> None:
    call = content.call(post.content, silent=post.silent)
    priority = URGENT if _urgent(post) else NEWS
    channel = await channels.get(tx, post.channel_id)
    assert channel is not None  # channels are never deleted
    said = dict(call.parameters)
    if (below := await told.below(tx, post.id)) is not None:
        said["reply_parameters"] = {"message_id": below, "allow_sending_without_reply": True}
    parcel = Parcel(intent(post), channel.chat, call.method, said, priority, now, post_id=post.id)
    parcel = replace(parcel, stale_at=stale_at)
    state = await stories.standing(tx, post.story_id) if post.story_id is not None else None
    if state is not None:  # it counts as told for digests (screens, C3)
        parcel = replace(parcel, story_id=state.story_id, story_version=state.version)
    await outbox.put(tx, parcel, now)
