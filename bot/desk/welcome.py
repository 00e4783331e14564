"""The bot became administrator of a channel, and the editors say whether the newsroom publishes there: three taps,
nothing typed. Whoever else owns a channel can cause one quiet question by it, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aiogram.enums import ChatType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, ChatMemberUpdated, ResultChatMemberUnion

from bot.desk import channel_acts, welcome_page
from bot.desk.channel_acts import STALE, Said
from bot.desk.channel_page import Ask
from bot.desk.hear import Desk
from bot.editions import programs
from bot.editions.program import as_wish
from bot.editions.reschedule import copy
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import channels, journal, messages, outbox, posts, updates, welcomes, wishes
from storage.database import Reading, Transaction
from storage.editorial import Welcome
from storage.model import DESK, Parcel

SET = "settings"  # the right: who sets up channels
QUESTIONS = frozenset({"hello", "yes", "no", "rights"})  # these carry Telegram's number of the channel
STEPS = frozenset({"wlang", "wall", "wsec", "wnext", "wlike", "wown", "whand", "wstop"})


async def hear(desk: Desk, event: ChatMemberUpdated, update_id: int, now: datetime) -> None:
    """The bot's standing changed in a channel where the newsroom does not publish. The editors are asked once for a
    channel; of those that nobody in charge added, of few, and the rest stand in /settings."""
    chat, actor, newsroom = event.chat, event.from_user, desk.easel.newsroom
    wanted = chat.type == ChatType.CHANNEL and newsroom.admin_chat is not None
    chief = wanted and await desk.roles.may(actor.id, SET)
    async with desk.db.transaction() as tx:
        if wanted:
            if chief:
                await posts.remember_name(tx, actor.id, actor.first_name, now)
            name = f"@{chat.username}" if chat.username else ""
            member = event.new_chat_member
            met = Welcome(chat.id, name, chat.title or name, "quiet", rights(member), actor.id)
            await _meet(tx, desk, met, now, here=_in_office(member), ask=chief)
        await updates.done(tx, update_id, now)
    desk.stir()


async def _meet(tx: Transaction, desk: Desk, met: Welcome, now: datetime, *, here: bool, ask: bool) -> None:
    known = await welcomes.get(tx, met.chat_id)
    if not here:
        if known is not None:
            await welcomes.put(tx, replace(known, state="left", rights=()), now)
            await _repaint(tx, desk, met.chat_id)
        return
    state, asked = known.state if known else "quiet", known is not None and known.asked
    if asked:
        after = replace(met, state="asked" if state == "left" else state, asked=True, added_by=met.added_by)
    elif ask or await welcomes.may_ask(tx, met.added_by, now):
        after = replace(met, state="asked", asked=True)
    else:
        after = replace(met, state="quiet")
    await welcomes.put(tx, after, now)
    if asked:
        await _repaint(tx, desk, met.chat_id)
    elif after.asked:
        said = parameters(await _question(tx, after, desk.easel.wording)) | {"disable_notification": True}
        place = str(desk.easel.newsroom.admin_chat)
        await outbox.put(tx, Parcel(after.intent, place, "sendMessage", said, DESK, now), now)
        await journal.write(tx, "ask", f"chat:{met.chat_id}", now, actor=met.added_by)


async def _repaint(tx: Transaction, desk: Desk, chat_id: int) -> None:
    """The question, where it still stands as one, shows what is so now."""
    known = await welcomes.get(tx, chat_id)
    if known is not None and known.asked and known.state != "taken":
        await messages.want(tx, known.intent, parameters(await _question(tx, known, desk.easel.wording)))


async def question(db: Reading, chat_id: int, wording: Wording) -> Page | None:
    """The question about this channel of Telegram's, None when it is not known."""
    known = await welcomes.get(db, chat_id)
    return None if known is None else await _question(db, known, wording)


async def _question(db: Reading, known: Welcome, wording: Wording) -> Page:
    return welcome_page.question(known, await posts.name_of(db, known.added_by), wording)


def rights(member: ResultChatMemberUnion) -> tuple[str, ...]:
    """What of post, edit, delete the member may do in a channel."""
    if isinstance(member, ChatMemberOwner):
        return welcome_page.RIGHTS
    if not isinstance(member, ChatMemberAdministrator):
        return ()
    had = {"post": member.can_post_messages, "edit": member.can_edit_messages, "delete": member.can_delete_messages}
    return tuple(name for name in welcome_page.RIGHTS if had[name])


async def look_again(desk: Desk, chat_id: int, now: datetime) -> Said:
    """What Telegram says now that the bot may do there."""
    try:
        member = await desk.bot.get_chat_member(chat_id, desk.bot.id)
    except (TelegramAPIError, ClientDecodeError):
        return Said("alarm.toast.unknown", moved=False)
    async with desk.db.transaction() as tx:
        known = await welcomes.get(tx, chat_id)
        if known is None:
            return STALE
        state = known.state if _in_office(member) else "left"
        await welcomes.put(tx, replace(known, rights=rights(member), state=state), now)
    missing = [each for each in welcome_page.RIGHTS if each not in rights(member)]
    return Said("welcome.toast.missing" if missing else "welcome.toast.well")


async def answer(tx: Transaction, desk: Desk, ask: Ask, editor: int, now: datetime) -> tuple[Said, int | None]:
    """Yes or no to the question, and the number of our channel that yes sets up."""
    known = await welcomes.get(tx, ask.number)
    if known is None or known.state in ("left", "taken"):
        return STALE, None
    if ask.act == "no":
        await welcomes.put(tx, replace(known, state="declined"), now)
        await journal.write(tx, "decline", f"chat:{known.chat_id}", now, actor=editor)
        return Said("welcome.toast.no"), None
    ours = await channels.at(tx, str(known.chat_id), known.name.removeprefix("@") or None)
    channel_id = ours.id if ours is not None else await wishes.begin(
        tx, known.chat, known.title, desk.easel.newsroom.language, now
    )  # fmt: skip
    await welcomes.put(tx, replace(known, state="taken"), now)
    await journal.write(tx, "accept", f"chat:{known.chat_id}", now, actor=editor, became=f"channel:{channel_id}")
    return Said("welcome.toast.yes"), channel_id


async def step(tx: Transaction, desk: Desk, ask: Ask, editor: int, now: datetime) -> Said:
    """One step of setting up the channel, which is off until the last."""
    easel = desk.easel
    found = await channel_acts.look(tx, easel.house, ask.number, now)
    if found is None or found.channel.state != "off" or found.channel.version != ask.version:
        return STALE
    if ask.act == "wlang":
        return await channel_acts.choose(tx, found, "language", ask.what, editor, now)
    if ask.act == "wsec":
        return await channel_acts.toggle(tx, found, ask.what, editor, now)
    if ask.act == "wstop":
        for each in await welcomes.of_chat(tx, found.channel.chat):
            await welcomes.put(tx, replace(each, state="declined"), now)
        return Said("welcome.toast.no")
    if ask.act in ("wall", "wnext"):
        return Said("source.toast.shown")
    if ask.act == "wlike":
        first = await programs.of(tx, easel.house, easel.channel)
        await copy(tx, [as_wish(each) for each in first.rubrics], ask.number, editor, now)
    if not await wishes.switch(tx, found.channel, editor, now, on=True):
        return STALE
    return Said("welcome.toast.hand" if ask.act == "whand" else "welcome.toast.done")


async def page_after(db: Reading, desk: Desk, ask: Ask, wording: Wording, now: datetime) -> Page | None:
    """The page of the step that follows; None where the channel's own page does."""
    found = await channel_acts.look(db, desk.easel.house, ask.number, now)
    if found is None:
        return None
    if ask.act == "wstop":
        for each in await welcomes.of_chat(db, found.channel.chat):
            return await _question(db, each, wording)
    if found.channel.state != "off":
        return None
    if ask.act == "wlang":
        return welcome_page.sections(found.channel, wording)
    if ask.act in ("wall", "wnext"):
        return welcome_page.schedule(found.channel, desk.easel.channel, wording)
    return welcome_page.languages(found.channel, wording)


def _in_office(member: ResultChatMemberUnion) -> bool:
    return isinstance(member, ChatMemberAdministrator | ChatMemberOwner)
