"""What editors answer about a name, a street or the place of a strike: take it out, there is consent, it may be told.

Rights and the version are checked again at each tap; act, card, journal and the update's mark are one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from aiogram.types import CallbackQuery, Update

from bot.desk import acts, flag_page, flagged, guard, paint
from bot.desk.acts import Acting
from bot.desk.content import excess
from bot.desk.flag_cut import cut
from bot.desk.flag_page import AT_ONCE, Ask
from bot.desk.hear import Desk, may_not
from bot.judgement import amends, clearing, flags
from bot.screen import parameters
from bot.toast import toast
from bot.wording import Wording
from storage import flags as answers
from storage import messages, posts, updates
from storage.database import Transaction
from storage.instants import instant
from storage.model import Post


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the card shows what is so in either case."""
    ask = flag_page.read(callback.data or "")
    if ask is None or ask.act not in ACTS:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    chat = await posts.chat_of(desk.db.screens, ask.post_id)
    right = RIGHTS.get(ask.act, "slot")
    if not await desk.roles.may(callback.from_user.id, right, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(right, chat)), alert=True)
        return
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        acting = Acting(callback.from_user.id, now, desk.grace)
        said = await _act(tx, desk, ask, acting, wording)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, said)


async def _act(tx: Transaction, desk: Desk, ask: Ask, acting: Acting, wording: Wording) -> str:
    """What is said about it."""
    post = await posts.get(tx, ask.post_id)
    if post is None:
        return wording.text("toast.gone")
    if post.row_version != ask.version or post.state not in flag_page.OPEN:
        await paint.repaint(tx, desk.easel, post, acting.now)
        if post.row_version == ask.version:
            return wording.text("toast.not_now")
        name = await posts.name_of(tx, post.changed_by)
        return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    return await ACTS[ask.act](tx, desk, post, ask, acting, wording)


async def _answer(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    """The answer is kept, and what the editor was about to do is done."""
    asked = await flagged.question(tx, desk.easel.house, post)
    keys = [flag.key for flag in asked.open]
    await answers.answer(tx, keys, ask.act, acting.editor, acting.now, post_id=post.id, story_id=post.story_id)
    touched = await _touched(tx, post, acting)
    if ask.then:
        return await _follow(tx, desk, touched, ask, acting, wording)
    await paint.repaint(tx, desk.easel, touched, acting.now)
    return wording.text(f"flag.toast.{ask.act}")


async def _follow(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    """Into the queue or out, unless something else speaks against it."""
    at = None if ask.then == AT_ONCE else instant(ask.then)
    stop = await flagged.stops(tx, desk.easel.house, post, at or acting.now)
    if stop is not None:
        await flagged.ask(tx, post, stop, at, desk.easel.wording, acting.now)
        return flag_page.reason(stop, wording, acting.now)
    told = await guard.asks(tx, desk.easel, post, acting.now)
    if told is not None:
        await guard.ask(tx, desk.easel, post, told, at, acting.now)
        return wording.text("guard.toast.asked")
    if at is None:
        done = await acts.now(tx, post, acting)
    else:
        done = await acts.queue(tx, post, Acting(acting.editor, acting.now, acting.grace, ask.then))
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    moments = {name: wording.moment(when, acting.now) for name, when in done.moments.items() if when is not None}
    return wording.text(done.toast, **moments)


async def _cut(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    """The card shows what would stand there instead."""
    asked = await flagged.question(tx, desk.easel.house, post)
    text = post.content.text
    after = clearing.without(text, clearing.cuts(text, asked.open))
    if after == text:
        return wording.text("flag.toast.by_hand")
    kept = {flag.words for flag in flags.found(after, desk.easel.house.caution)}
    left = [flag for flag in asked.open if flag.words in kept]
    page = flag_page.clearing(post, amends.differences(text, after), left, desk.easel.wording)
    await messages.want(tx, f"card:{post.id}", parameters(page))
    return wording.text("flag.toast.cut")


async def _save(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    """The post says this from now on; its versions keep what it said."""
    asked = await flagged.question(tx, desk.easel.house, post)
    content = cut(post.content, clearing.cuts(post.content.text, asked.open))
    if excess(content) or not content.text.strip():
        return wording.text("flag.toast.by_hand")
    done = await acts.rewrite(tx, post, acting, content)
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    return wording.text(done.toast)


async def _undo(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    """It is asked about again."""
    asked = await flagged.question(tx, desk.easel.house, post)
    keys = [flag.key for flag, _, _ in asked.answered]
    await answers.undo(tx, keys, f"post:{post.id}", acting.editor, acting.now)
    await paint.repaint(tx, desk.easel, await _touched(tx, post, acting), acting.now)
    return wording.text("flag.toast.undone")


async def _back(tx: Transaction, desk: Desk, post: Post, ask: Ask, acting: Acting, wording: Wording) -> str:
    await paint.repaint(tx, desk.easel, post, acting.now)
    return wording.text("flag.toast.back")


async def _touched(tx: Transaction, post: Post, acting: Acting) -> Post:
    """The post as somebody changed it: a second editor's older button is stale."""
    after = await posts.change(
        tx, post, state=post.state, due_at=post.due_at, editor=acting.editor, now=acting.now, undo=post.undo
    )
    assert after is not None  # read in this transaction
    return after


Act = Callable[[Transaction, Desk, Post, Ask, Acting, Wording], Awaitable[str]]
ACTS: Final[Mapping[str, Act]] = {
    "consent": _answer,
    "allowed": _answer,
    "cut": _cut,
    "save": _save,
    "undo": _undo,
    "back": _back,
}
RIGHTS: Final = {"cut": "view", "back": "view"}
