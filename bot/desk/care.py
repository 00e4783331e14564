"""What editors arrange for a post beside its time (screens, E2), and what the bot does about it afterwards."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk import acts, card_care, paint
from bot.desk.acts import Act, Acting, Done
from bot.desk.paint import Easel
from bot.desk.times import read as read_time
from bot.screen import Page, parameters
from storage import approvals, boards, cares, channels, corrections, editions, journal, leases, messages, pins, posts
from storage.database import Database, Transaction
from storage.model import Parcel, Post

POSTS = "post"  # the place that pinned posts take turns in; editions take turns by rubric, the board by itself
_EMBARGO = re.compile(
    r"(?:ембарго|эмбарго|embargo)\s*(?:до|until|till|—|-|:)?\s+(?P<time>.+)", re.IGNORECASE | re.DOTALL
)
_FREE = re.compile(r"(?:без\s+ембарго|зняти\s+ембарго|без\s+эмбарго|снять\s+эмбарго|no\s+embargo)[.!]?", re.IGNORECASE)


async def pin(tx: Transaction, post: Post, acting: Acting) -> Done:
    """At the top of the channel once it is out, instead of the post there before; or not any more."""
    if post.state not in acts.OPEN | card_care.OUT | {"publishing"}:
        return Done(post, "toast.not_now")
    after = await _arrange(tx, post, replace(post, pinned=not post.pinned), acting, "pin")
    if after is not None and post.state in card_care.OUT:
        await _pinned(tx, after, acting.now)
    if post.pinned:
        return Done(after, "care.toast.unpinned")
    return Done(after, "care.toast.pinned" if post.state in card_care.OUT else "care.toast.pinned.then")


async def stay(tx: Transaction, post: Post, acting: Acting) -> Done:
    """It is taken away a day after it went out, or two, or never."""
    if post.state not in acts.OPEN | card_care.OUT | {"publishing"}:
        return Done(post, "toast.not_now")
    hours = card_care.following(post.stays_hours)
    after = await _arrange(tx, post, replace(post, stays_hours=hours), acting, "stay")
    return Done(after, "care.toast.stays" if hours is None else f"care.toast.stays.{hours}")


async def free(tx: Transaction, post: Post, acting: Acting) -> Done:
    """No embargo any more; its time stays."""
    if post.embargo_at is None:
        return Done(post, "toast.not_now")
    return Done(await _arrange(tx, post, replace(post, embargo_at=None), acting, "free"), "care.toast.free")


CARES: dict[str, Act] = {"pin": pin, "stay": stay, "free": free}


async def embargo(tx: Transaction, post: Post, acting: Acting, until: datetime) -> Done:
    """Nothing tells its story before then: what stands earlier in the queue moves to that instant."""
    if post.state not in acts.OPEN:
        return Done(post, "toast.not_now")
    after = await _arrange(tx, post, replace(post, embargo_at=until), acting, "embargo")
    if after is None or after.state != "queued" or after.due_at is None or after.due_at >= until:
        return Done(after, "care.toast.embargo", {"slot": until})
    moved = await acts.put(tx, after, acting, until)
    return Done(moved.post, "care.toast.embargo", {"slot": until})


def asked(words: str, now: datetime, zone: ZoneInfo) -> datetime | str | None:
    """What an editor's reply says of an embargo: its end, 'free' when there shall be none, '' when the time in it
    cannot be read, None when it speaks of something else."""
    if _FREE.fullmatch(words.strip()):
        return "free"
    found = _EMBARGO.fullmatch(words.strip())
    if found is None or len(found["time"]) > 40:  # an article may begin with that word
        return None
    return read_time(found["time"], now, zone) or ""


async def ended(tx: Transaction, what: Parcel, state: str, now: datetime) -> None:
    """A parcel stands in its chat: what is to be pinned of it is wanted so from now on."""
    if state != "sent" or what.part != 1:
        return
    if what.post_id is not None and what.intent.startswith("post:"):
        post = await posts.get(tx, what.post_id)
        if post is not None and post.pinned:
            await pins.want(tx, what.intent, what.chat, POSTS, now)
    elif what.edition_id is not None:
        made = await editions.get(tx, what.edition_id)
        channel = await channels.get(tx, made.channel_id) if made is not None else None
        if made is not None and channel is not None and channel.pins:
            await pins.want(tx, what.intent, what.chat, made.rubric, now)


async def follow(db: Database, easel: Easel, now: datetime) -> None:
    """Takes away what stood as long as it was meant to, and ends what editors began and left."""
    await give_back(db, easel, now)
    for post_id in await approvals.alone(db.screens, now):
        async with db.transaction() as tx:
            await approvals.offered(tx, post_id)
            if (post := await posts.get(tx, post_id)) is not None:
                await paint.repaint_card(tx, easel, post, now)
    if await boards.over(db.screens, now):
        async with db.transaction() as tx:
            await boards.put(tx, None)
            await paint.repaint_board(tx, easel, now)
    for seen in await cares.leaving(db.screens, now):
        async with db.transaction() as tx:
            after = await posts.change(tx, seen, state="withdrawn", due_at=seen.due_at, editor=seen.changed_by, now=now)
            if after is None:
                continue  # an editor was faster; the next ring looks again
            wording = easel.house.wordings.of(await _language(tx, seen))
            said = parameters(Page(wording.html("care.instead")))
            await messages.unwant(tx, await corrections.intent_of(tx, seen), now, said | {"caption": said["text"]})
            await journal.write(tx, "leave", f"post:{seen.id}", now, was=seen.state, became="withdrawn")
            await paint.repaint(tx, easel, after, now)


async def give_back(db: Database, easel: Easel, now: datetime) -> None:
    """An editor's turn to write that ended without a word gives its card back."""
    for post_id in await leases.over(db.screens, now):
        async with db.transaction() as tx:
            await leases.drop(tx, post_id)
            post = await posts.get(tx, post_id)
            assert post is not None  # posts are never deleted
            await paint.repaint_card(tx, easel, post, now)


async def _arrange(tx: Transaction, seen: Post, wanted: Post, acting: Acting, act: str) -> Post | None:
    after = await cares.arrange(
        tx,
        seen,
        pinned=wanted.pinned,
        embargo_at=wanted.embargo_at,
        stays_hours=wanted.stays_hours,
        editor=acting.editor,
        now=acting.now,
    )
    if after is not None:
        await journal.write(
            tx, act, f"post:{seen.id}", acting.now, actor=acting.editor, was=_said(seen), became=_said(after)
        )
    return after


async def _pinned(tx: Transaction, post: Post, now: datetime) -> None:
    intent = await corrections.intent_of(tx, post)
    if post.pinned:
        await pins.want(tx, intent, await channels.chat_of(tx, post.channel_id), POSTS, now)
    else:
        await pins.unwant(tx, intent)


async def _language(tx: Transaction, post: Post) -> str:
    channel = await channels.get(tx, post.channel_id)
    assert channel is not None  # channels are never deleted
    return channel.language


def _said(post: Post) -> str:
    until = "" if post.embargo_at is None else f" embargo {post.embargo_at:%Y-%m-%dT%H:%M:%SZ}"
    stays = "" if post.stays_hours is None else f" {post.stays_hours} h"
    return ("pinned" if post.pinned else "plain") + stays + until
