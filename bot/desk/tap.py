"""What editors tap: every button is checked again, carries the version it was shown with, and never hangs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, EphemeralMessageParameters, Message, Update

from bot.delivery.calls import METHODS
from bot.desk import (
    care_taps,
    channel_taps,
    correct_taps,
    doubt_taps,
    draft_taps,
    flag_page,
    flag_taps,
    flagged,
    guard,
    late_taps,
    lease_taps,
    log_taps,
    paint,
    source_taps,
    standing,
    story_taps,
    update_taps,
    weights_taps,
)
from bot.desk.acts import ACTS as ACTED
from bot.desk.acts import Acting
from bot.desk.asks import Ask
from bot.desk.care import CARES
from bot.desk.content import call
from bot.desk.hear import Desk, finish, may_not
from bot.desk.roles import NEEDED
from bot.toast import toast
from bot.wording import Wording
from storage import channels, posts, updates
from storage.instants import instant
from storage.model import Post

Tap = Callable[[Desk, CallbackQuery, Update, datetime, Wording], Awaitable[None]]
ACTS = ACTED | CARES
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
    chat = await posts.chat_of(desk.db.screens, int(post_id))
    if not await desk.roles.may(callback.from_user.id, act, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(act, chat)), alert=True)
        return
    if act == "view":
        await _preview(desk, callback, event_update, int(post_id), now, wording)
        return
    if act == "edit":
        await lease_taps.turn(desk, callback, event_update, Ask("begin", int(post_id), int(version)), now, wording)
        return
    words, chief = await preliminary(desk, chat), await desk.roles.may(callback.from_user.id, "settings", chat)
    acting = Acting(callback.from_user.id, now, desk.grace, int(argument) if argument else None, words, chief)
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
        after, said, told = post, "", None
        at, stop = _at(act, acting), None
        if post.row_version != version:
            said = await _stale(desk, post, acting.now, wording)
        elif (
            act in guard.ASKED
            and (stop := await flagged.stops(tx, desk.easel.house, post, at or acting.now)) is not None
        ):
            said = flag_page.reason(stop, wording, acting.now)
        elif act in guard.ASKED and (told := await guard.asks(tx, desk.easel, post, acting.now)) is not None:
            said = wording.text("guard.toast.asked")
        elif act in ACTS:
            done = await ACTS[act](tx, post, acting)
            after = done.post or post
            moments = {name: wording.moment(at, acting.now) for name, at in done.moments.items() if at is not None}
            said = wording.text(done.toast, **moments)
        await finish(tx, desk, after, callback.from_user, event_update.update_id, acting.now)
        if told is not None:
            await guard.ask(tx, desk.easel, after, told, at, acting.now)
        if stop is not None:
            await flagged.ask(tx, after, stop, at, desk.easel.wording, acting.now)
        if act == "times" and not said:
            await paint.show_times(tx, desk.easel, after, acting.now)
            said = wording.text("toast.times")
        return said or wording.text("toast.board")


def _at(act: str, acting: Acting) -> datetime | None:
    """The time that the button carried, None for «Зараз»."""
    return instant(acting.argument) if act == "slot" and acting.argument is not None else None


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


async def preliminary(desk: Desk, chat: str) -> str:
    """The words of the mark, in the channel's language."""
    channel = await channels.at(desk.db.screens, chat)
    return desk.easel.house.wordings.of(channel.language if channel else None).text("post.preliminary")


OTHERS: dict[str, Tap] = {  # by the first letter of what a button carries; cards have "q"
    "b": _refresh,
    "c": correct_taps.turn,
    "l": late_taps.tap_late,
    "d": doubt_taps.decide,
    "e": draft_taps.tap,
    "h": channel_taps.turn,
    "o": log_taps.turn,
    "p": flag_taps.turn,
    "r": standing.again,
    "s": source_taps.turn,
    "t": story_taps.turn,
    "u": update_taps.turn,
    "w": weights_taps.turn,
    "x": care_taps.tap,
}
