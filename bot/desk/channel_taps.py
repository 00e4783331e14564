"""/settings: the editors' hand on the newsroom's channels and their schedules. The first page is an answer, the next
ones edit it; a button that somebody was faster than shows what is so now, and who made it so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, Message, Update

from bot import answer
from bot.desk import (
    channel_acts,
    channel_page,
    place_taps,
    schedule_acts,
    schedule_page,
    section_page,
    welcome,
)
from bot.desk.acts import Acting
from bot.desk.channel_acts import STALE, Said
from bot.desk.channel_page import Ask, Found
from bot.desk.hear import Desk, Heard, may_not
from bot.desk.source_rows import below
from bot.screen import Page
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import channels, posts, updates, welcomes, wishes
from storage.database import Reading, Transaction
from storage.model import Channel

SET: Final = "settings"  # the right
LOOKS: Final = frozenset({"list", "open", "ask", "pick", "times", "rub", "back", "hello"})
ANSWERED: Final = frozenset({"times", "signature", "quiet"})  # what a reply gives


async def settings(desk: Desk, heard: Heard, command: str) -> None:
    """/settings: the channels, or the only one there is."""
    for each in await channels.known(desk.db.screens):
        if not each.title:
            await _look(desk, each)
    page = await _overview(desk, heard.wording, heard.now)
    await answer.once(desk.db, heard.message, below(heard, page), heard.update_id, heard.now, desk.stir)


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says and shows in the same message what came of it. Anyone here may look."""
    ask, message = channel_page.read(callback.data or ""), callback.message
    if ask is None or not isinstance(message, Message):
        await toast(callback, wording.text("desk.toast.stale"))
    elif ask.act in ("to", "also"):
        await place_taps.place(desk, callback, event_update, ask, now, wording)
    elif ask.act in LOOKS:
        waits = ask.act == "ask" and ask.what in ANSWERED
        await toast(callback, wording.text("channel.toast.reply" if waits else "source.toast.shown"))
        await turn_page(desk.bot, message, await _shown(desk, ask, wording, now))
    else:
        await _act(desk, callback, message, event_update, ask, now, wording)


async def _act(
    desk: Desk, callback: CallbackQuery, message: Message, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    editor = callback.from_user
    known = None if ask.act in welcome.QUESTIONS else await channels.get(desk.db.screens, ask.number)
    if not await may(desk, editor.id, known):
        await toast(callback, may_not(wording, await desk.roles.who_may(SET)), alert=True)
        return
    after = ask
    if ask.act == "rights":
        done = await welcome.look_again(desk, ask.number, now)
    elif ask.act == "look":
        done = await _look(desk, known)
    else:
        async with desk.db.transaction() as tx:
            await posts.remember_name(tx, editor.id, editor.first_name, now)
            done, after = await _done(tx, desk, ask, Acting(editor.id, now, desk.grace), wording)
            await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text(done.key, **done.values))
    await turn_page(desk.bot, message, await _shown(desk, after, wording, now))


async def _done(tx: Transaction, desk: Desk, ask: Ask, acting: Acting, wording: Wording) -> tuple[Said, Ask]:
    """What is said of the act, and what is shown after it."""
    if ask.act in welcome.QUESTIONS:
        done, number = await welcome.answer(tx, desk, ask, acting.editor, acting.now)
        return done, Ask("hello", ask.number, 0) if number is None else Ask("wstart", number, 0)
    if ask.act in welcome.STEPS:
        return await welcome.step(tx, desk, ask, acting.editor, acting.now), ask
    found = await channel_acts.look(tx, desk.easel.house, ask.number, acting.now)
    if found is None:
        return STALE, Ask("list", 0, 0)
    if found.channel.version != ask.version:
        return await _stale(tx, found.channel, wording), _following(ask)
    return await _change(tx, desk, found, ask, acting), _following(ask)


async def _change(tx: Transaction, desk: Desk, found: Found, ask: Ask, acting: Acting) -> Said:
    house, editor, now = desk.easel.house, acting.editor, acting.now
    if ask.act in schedule_acts.TIMES:
        return await schedule_acts.plan(tx, house, found, ask, editor, now)
    if ask.act == "set":
        return await channel_acts.choose(tx, found, ask.what, ask.more, editor, now)
    if ask.act == "reset":
        return await channel_acts.reset(tx, house, found, ask.what, editor, now)
    if ask.act == "sec":
        return await channel_acts.toggle(tx, found, ask.what, editor, now)
    switch = {"off": channel_acts.off, "on": channel_acts.on, "carry": channel_acts.carry}.get(ask.act)
    return STALE if switch is None else await switch(tx, desk.easel, found, acting)


async def _look(desk: Desk, channel: Channel | None) -> Said:
    """What Telegram says of the channel now: its title and the group that is linked."""
    if channel is None:
        return STALE
    try:
        chat = await desk.bot.get_chat(channel.chat)
    except (TelegramAPIError, ClientDecodeError):
        return Said("alarm.toast.unknown", moved=False)
    async with desk.db.transaction() as tx:
        await wishes.entitle(tx, channel.id, chat.title or channel.title, chat.linked_chat_id)
    return Said("channel.toast.looked")


async def may(desk: Desk, editor: int, channel: Channel | None) -> bool:
    """Who is in charge of the newsroom's first channel sets up all; who is of another, that one."""
    if await desk.roles.may(editor, SET):
        return True
    return channel is not None and channel.state == "active" and await desk.roles.may(editor, SET, channel.chat)


async def _stale(db: Reading, channel: Channel, wording: Wording) -> Said:
    """E20: who changed it meanwhile, and when."""
    name = await posts.name_of(db, channel.changed_by or 0)
    at = wording.at(channel.changed_at) if channel.changed_at is not None else ""
    return Said("channel.toast.stale", {"at": at, "editor": name}, moved=False)


def _following(ask: Ask) -> Ask:
    """What is shown after an act: the page that the button stood on, or where it leads."""
    if ask.act in ("sec", "rsec", "wsec"):
        return Ask("pick", ask.number, 0, ask.act, ask.more or "0")
    if ask.act == "new":
        return Ask("rub", ask.number, 0, f"s{ask.what}")
    if ask.act in schedule_acts.TIMES:
        wall = schedule_page.wall_of(ask.more)
        if wall is not None and ask.act in ("later", "sooner"):
            wall = schedule_page.moved(wall, ask.act)
        return Ask("rub", ask.number, 0, ask.what, f"{wall:%H%M}" if wall is not None else "")
    return Ask("open", ask.number, 0)


async def _shown(desk: Desk, ask: Ask, wording: Wording, now: datetime) -> Page:
    """The page that is asked for; the list where there is none such."""
    db = desk.db.slow  # it goes through the reports of two months for their sections
    if ask.act in ("hello", "yes", "no", "rights"):
        page = await welcome.question(db, ask.number, wording)
        return page or await _overview(desk, wording, now)
    if ask.act in welcome.STEPS or ask.act == "wstart":
        if ask.act == "wsec":
            ask = Ask("pick", ask.number, 0, "wsec", ask.more or "0")
        elif (step := await welcome.page_after(db, desk, ask, wording, now)) is not None:
            return step
    found = None if ask.act == "list" else await channel_acts.look(db, desk.easel.house, ask.number, now)
    return await _overview(desk, wording, now) if found is None else page_of(found, ask, wording, now)


def page_of(found: Found, ask: Ask, wording: Wording, now: datetime) -> Page:
    if ask.act in ("times", "wown") or (ask.act == "back" and ask.what == "times"):
        return schedule_page.overview(found, wording, now)
    if ask.act == "ask" and ask.what in ("language", "quiet", "signature", "picture"):
        return channel_page.choices(found, ask.what, wording)
    if ask.act == "pick" and ask.what in section_page.PURPOSES:
        chosen = found.channel.sections
        if ask.what in ("rsec", "new"):
            chosen = next((tuple(sorted(each.sections)) for each in found.rubrics if each.name == "reads"), ())
            chosen = chosen if ask.what == "rsec" else ()
        return section_page.pick(found, ask.what, chosen, int(ask.more) if ask.more.isdigit() else 0, wording)
    if ask.act == "rub" and (name := schedule_page.named(ask.what, found)) is not None:
        standing = next((each for each in found.rubrics if each.name == name), None)
        shown = schedule_page.Shown(name, standing, schedule_page.wall_of(ask.more))
        return schedule_page.one(found, shown, wording, now)
    return channel_page.show(found, wording)


async def _overview(desk: Desk, wording: Wording, now: datetime) -> Page:
    db, house = desk.db.slow, desk.easel.house
    known = [await channel_acts.look(db, house, each.id, now) for each in await channels.known(db)]
    new = await welcomes.open_ones(db)
    found = [each for each in known if each is not None]
    if len(found) == 1 and not new:
        return channel_page.show(found[0], wording)
    return channel_page.overview(found, new, wording, now)
