"""What editors tap where a person changed an edition in the channel: that stays, or the bot's own words come back."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Update

from bot.desk import overwritten
from bot.desk.asks import Ask
from bot.desk.hear import Desk, may_not
from bot.toast import toast
from bot.wording import Wording
from storage import corrections, posts, updates

RIGHT = "correct"


async def settle(
    desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    """Does what the editor says, once; a second editor is told that it is settled."""
    editor = callback.from_user
    asked = await corrections.get(desk.db.screens, ask.number)
    part = await overwritten.about(desk.db.screens, asked) if asked is not None else None
    chat = part.chat if part is not None else ""
    if not await desk.roles.may(editor.id, RIGHT, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(RIGHT, chat)), alert=True)
        return
    which = ask.act.removeprefix("hand")
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        said = await overwritten.settle(tx, desk.easel, ask.number, ask.version, which, editor.id, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text(said))


TAPS = dict.fromkeys(("handkeep", "handours"), settle)
