"""What editors tap when a thing was told before, or has become another since: rights and the version are checked
again at each tap, and act, cards, wishes and the update's mark are one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiogram.types import CallbackQuery, Update

from bot.desk import breaking_taps, follow_taps, guard_page, guard_taps, paint
from bot.desk.acts import Acting, Done
from bot.desk.glance import glance
from bot.desk.guard_page import Ask
from bot.desk.hear import Desk, may_not
from bot.toast import toast
from bot.wording import Wording
from storage import posts, updates
from storage.database import Transaction
from storage.model import Post


@dataclass(frozen=True, slots=True)
class Act:
    """What a button does, and the act of the roles' table that it needs."""

    do: Callable[[Transaction, Desk, Post, Acting], Awaitable[Done]]
    right: str


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the card shows what is so in either case."""
    ask = guard_page.read(callback.data or "")
    act = ACTS.get(ask.act) if ask is not None else None
    if ask is None or act is None:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    chat = await posts.chat_of(desk.db.screens, ask.post_id)
    if not await desk.roles.may(callback.from_user.id, act.right, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(act.right, chat)), alert=True)
        return
    chief = await desk.roles.may(callback.from_user.id, "settings", chat)
    if ask.act in GLANCED:
        await glance(desk, ask.argument if ask.act == "instead" else ask.post_id, now)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        acting = Acting(callback.from_user.id, now, desk.grace, ask.argument, chief=chief)
        said = await _act(tx, desk, ask, act, acting, wording)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, said)


async def _act(tx: Transaction, desk: Desk, ask: Ask, act: Act, acting: Acting, wording: Wording) -> str:
    """What is said about it."""
    post = await posts.get(tx, ask.post_id)
    if post is None:
        return wording.text("toast.gone")
    if post.row_version != ask.version:
        await paint.repaint(tx, desk.easel, post, acting.now)
        name = await posts.name_of(tx, post.changed_by)
        return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    done = await act.do(tx, desk, post, acting)
    moments = {name: wording.moment(at, acting.now) for name, at in done.moments.items() if at is not None}
    return wording.text(done.toast, **moments)


GLANCED: Final = frozenset({"fresh", "instead", "mend"})  # what leads to an edit of a post in its channel
ACTS: dict[str, Act] = {
    "anyway": Act(guard_taps.anyway, "slot"),
    "below": Act(guard_taps.below, "slot"),
    "instead": Act(guard_taps.instead, "correct"),
    "not": Act(guard_taps.leave, "reject"),
    "back": Act(guard_taps.back, "view"),
    "keep": Act(guard_taps.keep, "correct"),
    "ours": Act(guard_taps.ours, "correct"),
    "alarm": Act(breaking_taps.look, "breaking"),
    "send": Act(breaking_taps.send, "breaking"),
    "fresh": Act(follow_taps.fresh, "correct"),
    "reply": Act(follow_taps.reply, "slot"),
    "pass": Act(follow_taps.leave, "slot"),
    "stop": Act(follow_taps.stop, "slot"),
    "resume": Act(follow_taps.resume, "slot"),
    "settle": Act(follow_taps.settle, "correct"),
    "mend": Act(follow_taps.mend, "correct"),
}
