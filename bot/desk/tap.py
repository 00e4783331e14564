"""What editors tap: every button is checked again, carries the version it was shown with, and never hangs."""

from __future__ import annotations

import re
from datetime import datetime

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, EphemeralMessageParameters, Message, Update

from bot.delivery.deliver import METHODS
from bot.desk import paint
from bot.desk.acts import ACTS, Acting
from bot.desk.content import call
from bot.desk.hear import Desk, finish, may_not
from bot.desk.roles import NEEDED
from bot.wording import Wording
from storage import posts, updates
from storage.model import Post

_DATA = re.compile(r"q:([a-z]{2,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")
TOAST_LETTERS = 200  # https://core.telegram.org/bots/api#answercallbackquery
_LATE = "query is too old"


async def tap(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the card is repainted in either case."""
    found = _DATA.fullmatch(callback.data or "")
    if callback.data == "b:refresh":
        await _refresh(desk, callback, event_update, now, wording)
        return
    if not found or found[1] not in NEEDED:
        await _toast(callback, wording.text("desk.toast.stale"))
        return
    act, post_id, version, argument = found.groups()
    if not await desk.roles.may(callback.from_user.id, act):
        await _toast(callback, may_not(wording, await desk.roles.who_may(act)), alert=True)
        return
    if act == "view":
        await _preview(desk, callback, int(post_id), wording)
        return
    acting = Acting(callback.from_user.id, now, desk.grace, int(argument) if argument else None, preliminary(desk))
    toast = await _act(desk, callback, event_update, act, int(post_id), int(version), acting, wording)
    desk.stir()
    await _toast(callback, toast)


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
        after, toast = post, ""
        if post.row_version != version:
            toast = await _stale(desk, post, acting.now, wording)
        elif act in ACTS:
            done = await ACTS[act](tx, post, acting)
            after = done.post or post
            moments = {name: wording.moment(at, acting.now) for name, at in done.moments.items() if at is not None}
            toast = wording.text(done.toast, **moments)
        await finish(tx, desk, after, callback.from_user, event_update.update_id, acting.now)
        if act == "times" and not toast:
            await paint.show_times(tx, desk.easel, after, acting.now)
        return toast or wording.text("toast.editing" if act == "edit" else "toast.board")


async def _stale(desk: Desk, post: Post, now: datetime, wording: Wording) -> str:
    """E20: who changed the card meanwhile, and when."""
    name = await posts.name_of(desk.db.screens, post.changed_by)
    return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)


async def _refresh(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    async with desk.db.transaction() as tx:
        await paint.repaint_board(tx, desk.easel, now)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await _toast(callback, wording.text("toast.board"))


async def _preview(desk: Desk, callback: CallbackQuery, post_id: int, wording: Wording) -> None:
    """Exactly the post: same method, same parameters but for the chat and the sound; only the editor sees it."""
    post = await posts.get(desk.db.screens, post_id)
    if post is None:
        await _toast(callback, wording.text("toast.gone"))
        return
    whisper = EphemeralMessageParameters(receiver_user_id=callback.from_user.id, callback_query_id=callback.id)
    places: tuple[tuple[int | None, dict[str, EphemeralMessageParameters], str], ...] = (
        (desk.easel.newsroom.admin_chat, {"ephemeral_message_parameters": whisper}, "toast.preview"),
        (callback.from_user.id, {}, "toast.preview.private"),
    )
    wanted = call(post.content, silent=True)
    for chat, more, toast in places:
        method: TelegramMethod[Message] = METHODS[wanted.method](chat_id=chat, **wanted.parameters, **more)
        try:
            await desk.bot(method)
        except TelegramAPIError:
            continue
        await _toast(callback, wording.text(toast))
        return
    await _toast(callback, wording.text("toast.preview.failed"), alert=True)


async def _toast(callback: CallbackQuery, text: str, *, alert: bool = False) -> None:
    try:
        await callback.answer(text[:TOAST_LETTERS], show_alert=alert)
    except TelegramBadRequest as error:
        if _LATE not in error.message:  # the tap waited for a restart: nobody sees its spinner
            raise


def preliminary(desk: Desk) -> str:
    """The words of the mark, in the channel's language."""
    return desk.easel.wording.text("post.preliminary")
