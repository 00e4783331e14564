"""/log: the editors' look at everything that goes out. The first page is an answer, the next ones edit it."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Update

from bot import answer
from bot.desk import log_page
from bot.desk.hear import Desk, Heard
from bot.desk.log_page import COUNTED, SIZE, Ledger, View
from bot.screen import Page, parameters
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import ledger
from storage.ledger import NEWEST, Scope


async def log(desk: Desk, heard: Heard, command: str) -> None:
    """/log: the newest entries, as an answer that goes out once."""
    said = parameters(await _page(desk, View(), heard.wording, heard.now)) | {
        "disable_notification": True,
        "reply_parameters": {"message_id": heard.message.message_id, "allow_sending_without_reply": True},
    }
    await answer.once(desk.db, heard.message, said, heard.update_id, heard.now, desk.stir)


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Shows in the same message what the button asks for. Anyone in the editors' chat may look."""
    view, message = log_page.read(callback.data or ""), callback.message
    if view is None or message is None:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    await toast(callback, wording.text(f"log.toast.{view.kind}"))
    page = await _page(desk, view, wording, now)
    await turn_page(desk.bot, message, page)


async def _page(desk: Desk, view: View, wording: Wording, now: datetime) -> Page:
    newsroom = desk.easel.newsroom
    return log_page.show(await _read(desk, view, str(newsroom.admin_chat)), wording, newsroom, now)


async def _read(desk: Desk, view: View, chat: str) -> Ledger:
    """What the view shows. One entry more than a page tells whether there are others; a last page that is not full
    is the newest."""
    db = desk.db.slow  # a look for troubles may go through the whole table
    scope = Scope(chat, readers=view.kind == "all", troubles=view.kind == "troubles")
    own, readers = await ledger.counts(db, chat, COUNTED)
    if view.after is not None:
        newer = await ledger.after(db, scope, view.after, SIZE + 1)
        if len(newer) >= SIZE:
            return Ledger(view, newer[:SIZE][::-1], True, len(newer) > SIZE, own, readers)
    edge = NEWEST if view.before is None else view.before
    found = await ledger.before(db, scope, edge, SIZE + 1)
    return Ledger(view, found[:SIZE], len(found) > SIZE, view.before is not None, own, readers)
