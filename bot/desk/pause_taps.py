"""/pause, and what editors tap below the message about a pause (screens, E14)."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Message, Update
from markupsafe import escape

from bot import answer
from bot.desk import paint, pause, pause_page
from bot.desk.acts import Acting
from bot.desk.asks import Ask
from bot.desk.hear import Desk, Heard, may_not, tell
from bot.desk.notices import when
from bot.desk.source_rows import below
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import channels, pauses, posts, updates
from storage.database import Transaction
from storage.editorial import Pause


async def command(desk: Desk, heard: Heard, command: str) -> None:
    """/pause: at once where there is one channel, else a choice; while a pause lasts, its message."""
    active = await channels.every(desk.db.screens)
    if len(active) != 1:
        page = pause_page.choose(active, heard.wording)
        await answer.once(desk.db, heard.message, below(heard, page), heard.update_id, heard.now, desk.stir)
        return
    channel = active[0]
    if not await desk.roles.may(heard.editor.id, "pause", channel.chat):
        await tell(desk, heard, escape(may_not(heard.wording, await desk.roles.who_may("pause", channel.chat))))
        return
    acting = Acting(heard.editor.id, heard.now, desk.grace)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, heard.editor.id, heard.editor.first_name, heard.now)
        if (lasts := await pauses.lasting(tx, channel.id)) is not None:
            await pause.put(tx, desk.easel, lasts, heard.now)
        else:
            await pause.begin(tx, desk.easel, channel.id, acting)
        await updates.done(tx, heard.update_id, heard.now)
    desk.stir()


async def begin(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The button of one channel, or (0) of all: paused from now on. On the board the queue is shown again."""
    number, board = ask.number, ask.version == 1
    active = await channels.every(desk.db.screens)
    wanted = [each for each in active if number in (0, each.id)]
    for each in wanted:
        if not await desk.roles.may(callback.from_user.id, "pause", each.chat):
            await toast(callback, may_not(wording, await desk.roles.who_may("pause", each.chat)), alert=True)
            return
    acting = Acting(callback.from_user.id, now, desk.grace)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        begun = [await pause.begin(tx, desk.easel, each.id, acting) for each in wanted]
        lasts = await pauses.lasting(tx, wanted[0].id) if wanted else None
        said = wording.text("pause.toast.begun")
        if not any(begun):
            said = await _lasts(tx, lasts, now, wording) if lasts else wording.text("desk.toast.stale")
        if board:
            await paint.repaint_board(tx, desk.easel, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, said)
    if len(active) > 1 and isinstance(callback.message, Message) and not board:
        await turn_page(desk.bot, callback.message, pause_page.choose(await channels.every(desk.db.screens), wording))


async def which(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The board asks which of several channels; the queue stands there again after the choice."""
    await toast(callback)
    if isinstance(callback.message, Message):
        page = pause_page.choose(await channels.every(desk.db.screens), wording, board=True)
        await turn_page(desk.bot, callback.message, page)


async def shown(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The message about a pause comes to the end of the chat."""
    async with desk.db.transaction() as tx:
        lasts = await pauses.lasting(tx, ask.number)
        if lasts is not None:
            await pause.put(tx, desk.easel, lasts, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text("source.toast.shown" if lasts else "pause.toast.none"))


async def settle(
    desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    """A button of the message: go on, spread, look at each, or take it back."""
    act, number, version = ask.act, ask.number, ask.version
    seen = await pauses.get(desk.db.screens, number)
    if seen is None:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    chat = await channels.chat_of(desk.db.screens, seen.channel_id)
    right = "view" if act == "each" else "pause"
    if not await desk.roles.may(callback.from_user.id, right, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(right, chat)), alert=True)
        return
    acting = Acting(callback.from_user.id, now, desk.grace)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        fresh = await pauses.get(tx, number)
        assert fresh is not None  # pauses are never deleted
        said = await _settled(tx, desk, fresh, act, version, acting, wording)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, said)


async def _settled(
    tx: Transaction, desk: Desk, fresh: Pause, act: str, version: int, acting: Acting, wording: Wording
) -> str:
    """What is said of it."""
    if fresh.version != version:
        return await _lasts(tx, fresh, acting.now, wording)
    if act == "each":
        await pause.repaint(tx, desk.easel, fresh, acting.now)
        return wording.text("pause.toast.each")
    if act == "undo":
        done = await pause.undo(tx, desk.easel, fresh, acting)
        return wording.text("pause.toast.undone" if done else "late.toast.over")
    times = await pause.end(tx, desk.easel, fresh, "spread" if act == "spread" else "resume", acting)
    if times is None:
        return await _lasts(tx, fresh, acting.now, wording)
    if times:
        return wording.text("pause.toast.spread", first=wording.moment(times[0], acting.now))
    asked = len(await pauses.entries(tx, fresh))
    return wording.count("pause.toast.asked", asked) if asked else wording.text("pause.toast.resumed")


async def _lasts(tx: Transaction, seen: Pause, now: datetime, wording: Wording) -> str:
    """Who was faster: it lasts since then, or is over since then."""
    if seen.ended_at is None:
        name = await posts.name_of(tx, seen.since_by)
        return wording.text("pause.toast.lasts", at=when(seen.since_at, wording, now), editor=name)
    name = await posts.name_of(tx, seen.ended_by or 0)
    return wording.text("pause.toast.over", at=when(seen.ended_at, wording, now), editor=name)


TAPS = {"pause": begin, "which": which, "shown": shown} | dict.fromkeys(("resume", "spread", "each", "undo"), settle)
