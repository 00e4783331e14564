"""An editor's word on what the bot cannot know: whether something whose answer was lost stands in the chat."""

from __future__ import annotations

import re
from datetime import datetime

from aiogram.types import CallbackQuery, Update

from bot.delivery.endings import Landed
from bot.desk import doubts
from bot.desk.hear import Desk, may_not
from bot.screen import parameters
from bot.toast import toast
from bot.wording import Wording
from storage import channels, journal, messages, outbox, posts, updates
from storage.database import Transaction
from storage.model import Parcel

_DATA = re.compile(r"d:(there|again|drop):(\d{1,12}):(\d{1,6})(?::(\d{1,12}))?")
RIGHT = "now"  # who may send at once may say that it was sent


async def decide(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the editor says, once; a second editor is told that it is settled."""
    found = _DATA.fullmatch(callback.data or "")
    if not found:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    if not await desk.roles.may(callback.from_user.id, RIGHT):
        await toast(callback, may_not(wording, await desk.roles.who_may(RIGHT)), alert=True)
        return
    act, parcel_id, tries, message_id = found.groups()
    async with desk.db.transaction() as tx:
        what = await outbox.get(tx, int(parcel_id))
        open_still = what is not None and what.state == "doubt" and what.tries == int(tries)
        if what is not None and open_still and what.asked_at is not None:
            await _carry_out(tx, desk, what, act, int(message_id) if message_id else None, now)
            await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
            page = doubts.answered(desk.easel.wording, what, act, callback.from_user.first_name, now)
            await messages.want(tx, doubts.intent(what), parameters(page))
            await journal.write(tx, f"doubt:{act}", what.intent, now, actor=callback.from_user.id, was="doubt")
        else:
            act = "over"
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, wording.text(f"toast.doubt.{act}"))


async def _carry_out(
    tx: Transaction, desk: Desk, what: Parcel, act: str, message_id: int | None, now: datetime
) -> None:
    match act:
        case "there":
            await desk.endings.sent(tx, what, await _landed(tx, what, message_id), now)
        case "again":
            await desk.endings.again(tx, what, now)
        case _:
            await desk.endings.dropped(tx, what, now)


async def _landed(tx: Transaction, what: Parcel, message_id: int | None) -> list[Landed]:
    """The message that the editor means, when the bot had found one that may be it."""
    if message_id is None:
        return []
    chat_id = await channels.number_of(tx, what.chat)
    if chat_id is None:
        return []
    name = what.chat[1:] if what.chat.startswith("@") else None
    kind = what.method.removeprefix("send").lower()
    return [Landed(chat_id, name, message_id, "text" if kind == "message" else kind)]
