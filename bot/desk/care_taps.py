"""Buttons whose data begins with «x»: pauses, order, leases, and what becomes of a post once it is out."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Update
from markupsafe import escape

from bot.desk import (
    acts,
    approve_taps,
    asks,
    board_taps,
    by_hand_taps,
    calendar_taps,
    care,
    lease_taps,
    pause_taps,
    shift_taps,
)
from bot.desk.hear import Desk, Heard, finish, may_not, react, tell
from bot.toast import toast
from bot.wording import Wording
from storage import posts

TAPS = (
    pause_taps.TAPS | board_taps.TAPS | approve_taps.TAPS | lease_taps.TAPS | shift_taps.TAPS | calendar_taps.TAPS
    | by_hand_taps.TAPS
)  # fmt: skip


async def tap(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not."""
    ask = asks.read(callback.data or "")
    if ask is None or ask.act not in TAPS:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    await TAPS[ask.act](desk, callback, event_update, ask, now, wording)


async def hear(desk: Desk, heard: Heard, post_id: int) -> bool:
    """Whether the words in reply to a card are an embargo, which is set or lifted, or new words, which are checked."""
    words = heard.message.text or ""
    said = care.asked(words, heard.now, desk.easel.newsroom.zone)
    if said is None:
        return await lease_taps.hear(desk, heard, post_id)
    if said == "":
        await tell(desk, heard, heard.wording.html("care.when"))
        return True
    chat = await posts.chat_of(desk.db.screens, post_id)
    if not await desk.roles.may(heard.editor.id, "free", chat):
        await tell(desk, heard, escape(may_not(heard.wording, await desk.roles.who_may("free", chat))))
        return True
    acting = acts.Acting(heard.editor.id, heard.now, desk.grace)
    async with desk.db.transaction() as tx:
        post = await posts.get(tx, post_id)
        assert post is not None  # posts are never deleted
        done = (
            await care.free(tx, post, acting) if isinstance(said, str) else await care.embargo(tx, post, acting, said)
        )
        await finish(tx, desk, done.post or post, heard.editor, heard.update_id, heard.now)
    desk.stir()
    await react(desk, heard.message, "👌")
    return True
