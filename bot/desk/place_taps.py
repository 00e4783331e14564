"""A card's buttons where there are several channels: the post into another one, or its story into one beside."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiogram.types import CallbackQuery, Update

from bot.desk import elsewhere, paint
from bot.desk.card_channel import named
from bot.desk.channel_page import Ask
from bot.desk.hear import Desk, finish, may_not
from bot.toast import toast
from bot.wording import Wording
from storage import channels, posts, updates

MOVE: Final = "channel"  # the right, in both channels
NAME_UNITS: Final = 24  # of a toast


async def place(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """A card's buttons: the post into another channel, or its story beside."""
    editor = callback.from_user
    there = await channels.get(desk.db.screens, int(ask.what) if ask.what.isdigit() else 0)
    here = await posts.chat_of(desk.db.screens, ask.number)
    for chat in {here, there.chat if there is not None else here}:
        if not await desk.roles.may(editor.id, MOVE, chat):
            await toast(callback, may_not(wording, await desk.roles.who_may(MOVE, chat)), alert=True)
            return
    async with desk.db.transaction() as tx:
        post = await posts.get(tx, ask.number)
        if post is None or there is None:
            await updates.done(tx, update.update_id, now)
            key, values = "toast.gone", {}
        elif post.row_version != ask.version:
            name = await posts.name_of(tx, post.changed_by)
            key, values = "toast.stale", {"at": wording.at(post.changed_at), "editor": name}
            await finish(tx, desk, post, editor, update.update_id, now)
        else:
            if ask.act == "to":
                after, key = await elsewhere.move(tx, post, there.id, editor.id, now)
            else:
                after, key = await elsewhere.also(tx, desk.easel, post, there.id, editor.id, now)
            values = {
                "channel": named(there, NAME_UNITS),
                "language": wording.text(f"source.language.{there.language}"),
            }
            await finish(tx, desk, after, editor, update.update_id, now)
            await paint.repaint_board(tx, desk.easel, now)
    desk.stir()
    await toast(callback, wording.text(key, **values))
