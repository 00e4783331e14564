"""What editors tap: every button is checked again, carries the version it was shown with, and never hangs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, EphemeralMessageParameters, Message, Update

from bot.delivery.calls import METHODS
from bot.desk import doubt_taps, late_taps, log_taps, paint, source_taps, standing
from bot.desk.acts import ACTS, Acting
from bot.desk.content import call
from bot.desk.hear import Desk, finish, may_not
from bot.desk.roles import NEEDED
from bot.toast import toast
from bot.wording import Wording
from storage import posts, updates
from storage.model import Post

Tap = Callable[[Desk, CallbackQuery, Update, datetime, Wording], Awaitable[None]]
_DATA = re.compile(r"q:([a-z]{2,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")


async def tap(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the card is repainted in either case."""
    other = OTHERS.get((callback.data or "").partition(":")[0])
    if other is not None:
        await other(desk, callback, event_update, now, wording)
        return
    found = _DATA.fullmatch(callback.data or "")
    if not found or found[1] not in NEEDED:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    act, post_id, version, argument = found.groups()
    if not await desk.roles.may(callback.from_user.id, act):
        await toast(callback, may_not(wording, await desk.roles.who_may(act)), alert=True)
        return
    if act == "view":
        await _preview(desk, callback, event_update, int(post_id), now, wording)
        return
    acting = Acting(callback.from_user.id, now, desk.grace, int(argument) if argument else None, preliminary(desk))
    said = await _act(desk, callback, event_update, act, int(post_id), int(version), acting, wording)
    desk.stir()
    await toast(callback, said)


async def _act(
    desk: Desk,
    callback: CallbackQuery,
    event_update: Update,
    act: str,
    post_id: int,
    version: int,
    acting: Acting,
    wording: Wording,
) -> str:
    """What is said about it. Act, card, journal and the update's mark are one transaction."""
    async with desk.db.transaction() as tx:
        post = await posts.get(tx, post_id)
        if post is None:
            await updates.done(tx, event_update.update_id, acting.now)
            return wording.text("toast.gone")
        after, said = post, ""
        if post.row_version != version:
            said = await _stale(desk, post, acting.now, wording)
        elif act in ACTS:
            done = await ACTS[act](tx, post, acting)
            after = done.post or post
            moments = {name: wording.moment(at, acting.now) for name, at in done.moments.items() if at is not None}
            said = wording.text(done.toast, **moments)
        await finish(tx, desk, after, callback.from_user, event_update.update_id, acting.now)
        if act == "times" and not said:
            await paint.show_times(tx, desk.easel, after, acting.now)
        return said or wording.text("toast.editing" if act == "edit" else "toast.board")


async def _stale(desk: Desk, post: Post, now: datetime, wording: Wording) -> str:
    """E20: who changed the card meanwhile, and when."""
    name = await posts.name_of(desk.db.screens, post.changed_by)
    return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)


async def _refresh(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    async with desk.db.transaction() as tx:
        await paint.repaint_board(tx, desk.easel, now)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, wording.text("toast.board"))


async def _preview(
    desk: Desk, callback: CallbackQuery, event_update: Update, post_id: int, now: datetime, wording: Wording
) -> None:
    """Exactly the post: same method, same parameters but for the chat and the sound; only the editor sees it.

    At most once: the mark goes before, for one that a restart has lost is tapped for again.
    """
    async with desk.db.transaction() as tx:
        await updates.done(tx, event_update.update_id, now)
    post = await posts.get(desk.db.screens, post_id)
    if post is None:
        await toast(callback, wording.text("toast.gone"))
        return
    whisper = EphemeralMessageParameters(receiver_user_id=callback.from_user.id, callback_query_id=callback.id)
    places: tuple[tuple[int | None, dict[str, EphemeralMessageParameters], str], ...] = (
        (desk.easel.newsroom.admin_chat, {"ephemeral_message_parameters": whisper}, "toast.preview"),
        (callback.from_user.id, {}, "toast.preview.private"),
    )
    wanted = call(post.content, silent=True)
    for chat, more, key in places:
        method: TelegramMethod[Message] = METHODS[wanted.method](chat_id=chat, **wanted.parameters, **more)
        try:
            await desk.bot(method)
        except TelegramAPIError:
            continue
        await toast(callback, wording.text(key))
        return
    await toast(callback, wording.text("toast.preview.failed"), alert=True)


def preliminary(desk: Desk) -> str:
    """The words of the mark, in the channel's language."""
    return desk.easel.wording.text("post.preliminary")


OTHERS: dict[str, Tap] = {  # by the first letter of what a button carries; cards have "q"
    "b": _refresh,
    "l": late_taps.tap_late,
    "d": doubt_taps.decide,
    "o": log_taps.turn,
    "r": standing.again,
    "s": source_taps.turn,
}
