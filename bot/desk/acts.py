"""What an editor does to a post, one function an act: the post before in, the post after and what to say out.

Each runs inside the transaction of its update. First writer wins: an act on a post that somebody changed meanwhile
does nothing and says who did.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.desk.content import is_marked, marked
from storage import approvals, breaking, channels, journal, posts
from storage.database import Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Content, Post

OPEN = frozenset(
    {"candidate", "draft", "pending", "queued", "rejected", "missed", "held"}
)  # from which a post may be queued
CONFIRMATION = timedelta(minutes=20)  # screens, E22: so long a second source is waited for before asking again


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when, and with what in hand. `argument` is what the button carried, None when it carried nothing."""

    editor: int
    now: datetime
    grace: timedelta
    argument: int | None = None
    words: str = ""  # that say «за попередніми даними» in the channel's language
    chief: bool = False  # who may approve an own post


@dataclass(frozen=True, slots=True)
class Done:
    """The post after the act, None when somebody else was first; and the key of what to say, with its instants."""

    post: Post | None
    toast: str
    moments: Mapping[str, datetime | None] = field(default_factory=dict)


Act = Callable[[Transaction, Post, Acting], Awaitable[Done]]


async def queue(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Into the queue at the time that the button carried, or to another time when it stands there already."""
    if post.state not in OPEN or acting.argument is None:
        return Done(post, "toast.not_now")
    at = instant(acting.argument)
    if at <= acting.now:
        return Done(post, "toast.past")
    return await put(tx, post, acting, at)


async def put(tx: Transaction, post: Post, acting: Acting, at: datetime) -> Done:
    """Into the queue at this instant."""
    if await channels.is_off(tx, post.channel_id):
        return Done(post, "toast.channel.off")
    if embargoed(post, at):
        return Done(post, "toast.embargo", {"slot": post.embargo_at})
    act = "queue"
    if await approvals.needed(tx, post, acting.editor):
        if not acting.chief:
            return await _ask(tx, post, acting, at)
        act = "approve:own"
    after = await _change(tx, post, acting, act, state="queued", due_at=at)
    if post.state == "queued":
        return Done(after, "toast.moved", {"slot": at, "was": post.due_at})
    return Done(after, "toast.queued", {"slot": at})


async def _ask(tx: Transaction, post: Post, acting: Acting, at: datetime) -> Done:
    """It waits for a second editor (screens, E18)."""
    after = await _change(tx, post, acting, "ask", state="pending", due_at=at)
    if after is not None:
        await approvals.ask(tx, post.id, acting.editor, acting.now)
    return Done(after, "approve.toast.asked", {"slot": at})


async def now(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Out in a moment, with a way back until then (screens, E4)."""
    if post.state not in OPEN:
        return Done(post, "toast.not_now")
    if await channels.is_off(tx, post.channel_id):
        return Done(post, "toast.channel.off")
    if embargoed(post, acting.now):
        return Done(post, "toast.embargo", {"slot": post.embargo_at})
    after = await _change(tx, post, acting, "now", state="publishing", due_at=acting.now + acting.grace)
    return Done(after, "toast.leaving")


async def go(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Out at once: the rest of the grace is not waited for."""
    if not _leaving(post, acting.now):
        return Done(post, "toast.too_late")
    after = await _change(tx, post, acting, "go", state="publishing", due_at=acting.now, undo=None)
    return Done(after, "toast.sent")


async def cancel(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Back to where it stood before «Зараз», as long as it has not left."""
    if not _leaving(post, acting.now):
        return Done(post, "toast.too_late")
    return await undo(tx, post, acting)


async def undo(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Back to what the last act changed; a time that has passed meanwhile is not brought back."""
    if not post.undo:
        return Done(post, "toast.not_now")
    if post.undo["due_at"] is not None and await channels.is_off(tx, post.channel_id):
        return Done(post, "toast.channel.off")
    state, due_at = str(post.undo["state"]), instant_or_none(post.undo["due_at"])
    if due_at is not None and (due_at <= acting.now or embargoed(post, due_at)):
        state, due_at = "draft", None
    post = await breaking.take_back(tx, post)
    after = await _change(tx, post, acting, "undo", state=state, due_at=due_at, undo=None)
    return Done(after, "toast.undone")


async def shelve(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Out of the queue of a channel that was turned off; it goes back to its time when the channel is on again."""
    return Done(await _change(tx, post, acting, "shelve", state="draft", due_at=None), "toast.removed")


async def remove(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Out of the queue; it stays a draft."""
    if post.state != "queued":
        return Done(post, "toast.not_now")
    return Done(await _change(tx, post, acting, "remove", state="draft", due_at=None), "toast.removed")


async def reject(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Not for the channel."""
    if post.state not in OPEN | {"failed"} or post.state == "rejected":
        return Done(post, "toast.not_now")
    return Done(await _change(tx, post, acting, "reject", state="rejected", due_at=None), "toast.rejected")


async def wait(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Waits for a second source; the card asks again when none came."""
    if post.state not in OPEN:
        return Done(post, "toast.not_now")
    until = acting.now + CONFIRMATION
    return Done(await _change(tx, post, acting, "wait", state="held", due_at=until), "toast.waiting", {"slot": until})


async def mark(tx: Transaction, post: Post, acting: Acting) -> Done:
    """It may go without a second source, but says that these are preliminary data."""
    if post.state not in OPEN:
        return Done(post, "toast.not_now")
    after = await _change(tx, post, acting, "mark", state="draft", due_at=None)
    if after is not None and not is_marked(post.content, acting.words):
        await posts.put_version(tx, post.id, marked(post.content, acting.words), acting.editor, acting.now)
        after = await posts.get(tx, post.id)
    return Done(after, "toast.marked")


async def sound(tx: Transaction, post: Post, acting: Acting) -> Done:
    """With a sound for subscribers, or without."""
    if post.state != "queued":
        return Done(post, "toast.not_now")
    after = await posts.change(
        tx, post, state=post.state, due_at=post.due_at, editor=acting.editor, now=acting.now, silent=not post.silent
    )
    await _write(tx, post, after, acting, "sound")
    return Done(after, "toast.sound.on" if post.silent else "toast.sound.off")


async def roundup(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Whether its story may stand in «Головне за день»."""
    if post.state not in ("published", "corrected", "updated"):
        return Done(post, "toast.not_now")
    after = await posts.change(
        tx,
        post,
        state=post.state,
        due_at=post.due_at,
        editor=acting.editor,
        now=acting.now,
        in_roundup=not post.in_roundup,
    )
    await _write(tx, post, after, acting, "roundup")
    return Done(after, "toast.roundup.out" if post.in_roundup else "toast.roundup.in")


async def rewrite(tx: Transaction, post: Post, acting: Acting, content: Content) -> Done:
    """Another text or picture; where it stands in the queue stays."""
    if post.state not in OPEN | {"failed"}:
        return Done(post, "toast.not_now")
    state, undo = "draft" if post.state == "failed" else post.state, post.undo
    if await approvals.are_on(tx):
        undo = None  # what was approved were other words
        if post.state in ("queued", "pending") and not acting.chief:
            state = "pending"
            await approvals.ask(tx, post.id, acting.editor, acting.now)
    after = await posts.change(
        tx, post, state=state, due_at=post.due_at, editor=acting.editor, now=acting.now, undo=undo
    )
    if after is not None:
        await posts.put_version(tx, post.id, content, acting.editor, acting.now)
        after = await posts.get(tx, post.id)
        await _write(tx, post, after, acting, "edit")
    return Done(after, "toast.edited")


ACTS: dict[str, Act] = {
    "slot": queue,
    "now": now,
    "go": go,
    "cancel": cancel,
    "undo": undo,
    "remove": remove,
    "reject": reject,
    "wait": wait,
    "mark": mark,
    "sound": sound,
    "roundup": roundup,
}

_KEEP: dict[str, Any] = {}


async def _change(
    tx: Transaction,
    post: Post,
    acting: Acting,
    act: str,
    *,
    state: str,
    due_at: datetime | None,
    undo: Mapping[str, Any] | None = _KEEP,
) -> Post | None:
    before = {"state": post.state, "due_at": None if post.due_at is None else seconds(post.due_at)}
    after = await posts.change(
        tx,
        post,
        state=state,
        due_at=due_at,
        editor=acting.editor,
        now=acting.now,
        undo=before if undo is _KEEP else undo,
    )
    await _write(tx, post, after, acting, act)
    return after


async def _write(tx: Transaction, before: Post, after: Post | None, acting: Acting, act: str) -> None:
    if after is not None:
        await journal.write(
            tx, act, f"post:{before.id}", acting.now, actor=acting.editor, was=_said(before), became=_said(after)
        )


def _said(post: Post) -> str:
    return post.state if post.due_at is None else f"{post.state} {post.due_at:%Y-%m-%dT%H:%M:%SZ}"


def embargoed(post: Post, at: datetime) -> bool:
    """Whether it may not go out yet at this instant."""
    return post.embargo_at is not None and at < post.embargo_at


def _leaving(post: Post, at: datetime) -> bool:
    return post.state == "publishing" and post.due_at is not None and post.due_at > at
