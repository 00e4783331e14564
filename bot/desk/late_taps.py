"""What editors tap below the list of what is overdue: rights and the version are checked again at each tap."""

from __future__ import annotations

import re
from datetime import datetime

from aiogram.types import CallbackQuery, Update

from bot.desk.acts import Acting
from bot.desk.hear import Desk, may_not
from bot.desk.relist import look, relist
from bot.desk.settle import SETTLES, Settled
from bot.toast import toast
from bot.wording import Wording
from storage import late as questions
from storage import posts, updates
from storage.database import Transaction
from storage.late import Late

_DATA = re.compile(r"l:(spread|top|each|drop|undo):(\d{1,12}):(\d{1,9})")
RIGHTS = {"spread": "slot", "top": "now", "each": "view", "drop": "remove", "undo": "undo"}  # as at a card


async def tap_late(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the message shows what is so in either case."""
    found = _DATA.fullmatch(callback.data or "")
    if not found:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    act, late_id, version = found[1], int(found[2]), int(found[3])
    right = RIGHTS[act]
    for chat in await questions.chats(desk.db.screens, late_id) or [""]:  # one message asks for all channels
        if not await desk.roles.may(callback.from_user.id, right, chat):
            await toast(callback, may_not(wording, await desk.roles.who_may(right, chat)), alert=True)
            return
    acting = Acting(callback.from_user.id, now, desk.grace)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        asked = await questions.get(tx, late_id)
        said = (
            wording.text("desk.toast.stale")
            if asked is None
            else await _act(tx, desk, asked, act, version, acting, wording)
        )
        await relist(tx, desk.easel.channel, desk.easel.wording, now)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, said)


async def _act(
    tx: Transaction, desk: Desk, asked: Late, act: str, version: int, acting: Acting, wording: Wording
) -> str:
    """What is said about it."""
    if asked.state == "replaced":
        return wording.text("late.toast.replaced")
    if asked.version != version:
        name = await posts.name_of(tx, asked.changed_by)
        return wording.text("late.toast.stale", at=wording.at(asked.changed_at), editor=name)
    question = await look(tx, asked, acting.now)
    if act != "undo" and not question.lines:
        return wording.text("late.toast.settled")
    if act == "each":
        linked = any(line.url for line in question.lines)
        return wording.text("late.toast.each" if linked else "late.toast.each.unlinked")
    if act == "undo" and not question.undo:
        return wording.text("late.toast.over")
    return _said(await SETTLES[act](tx, desk.easel, asked, acting), acting, wording)


def _said(settled: Settled, acting: Acting, wording: Wording) -> str:
    first = wording.moment(settled.first, acting.now) if settled.first else ""
    return wording.text(settled.toast, first=first, slot=first, back=settled.back, number=settled.number)
