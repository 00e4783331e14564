"""/shift: the editor who leaves shows what waits, the one who comes takes it over (screens, E24)."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram.types import CallbackQuery, Message, Update

from bot import answer
from bot.desk import shift_page
from bot.desk.asks import Ask
from bot.desk.hear import Desk, Heard
from bot.desk.shift_page import Shift
from bot.desk.source_rows import below
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import channels, journal, posts, updates
from storage.database import Reading


async def shift(desk: Desk, heard: Heard, command: str) -> None:
    """/shift: what stands now, below the command."""
    page = shift_page.show(await look(desk.db.screens, heard.now), heard.wording, heard.now)
    await answer.once(desk.db, heard.message, below(heard, page), heard.update_id, heard.now, desk.stir)


async def take(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """It is this editor's shift; the page says what it was when it was handed over, and who took it."""
    at, editor = datetime.fromtimestamp(ask.number, UTC), callback.from_user
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        await journal.write(tx, "shift", f"shift:{ask.number}", now, actor=editor.id, was=f"{at:%Y-%m-%dT%H:%M:%SZ}")
        await updates.done(tx, update.update_id, now)
    await toast(callback, wording.text("shift.toast.taken"))
    if isinstance(callback.message, Message):
        page = shift_page.show(await look(desk.db.screens, now), wording, now, (now, editor.first_name))
        await turn_page(desk.bot, callback.message, page)


async def look(db: Reading, now: datetime) -> Shift:
    """What the next editor finds."""
    unqueued = await posts.unqueued(db)
    queue = await posts.queue(db)
    paused = [each for each in await channels.every(db) if each.paused_at is not None]
    return Shift(
        watched=[each for each in unqueued if each.state == "held"],
        queue=queue,
        embargoed=[each for each in [*queue, *unqueued] if each.embargo_at is not None and each.embargo_at > now],
        pending=await posts.pending(db),
        drafts=await posts.waiting(db),
        overdue=sum(each.state == "missed" for each in unqueued),
        paused=[each.title or each.chat for each in paused],
    )


TAPS = {"shift": take}
