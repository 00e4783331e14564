"""The readers' door: private chats, and two commands in groups. It never hears the admin chat."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import Bot, F, Router
from aiogram.enums import ChatType, ContentType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, TelegramObject, Update

from bot import answer
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.readers import pages, standing, views
from bot.readers.finds import Weights
from bot.readers.show import COMMANDS, IN_GROUPS, TAPS, Ask
from bot.readers.speech import meant
from bot.readers.views import View
from bot.screen import Page, parameters
from bot.toast import toast
from bot.turn import turn
from bot.wording import Wordings
from storage.database import Database

Stir = Callable[[], None]  # tells the deliverer that there is something for it
GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}
MEANT = "g"  # the button under a page that asks «did you mean»
# What people send themselves; a service message (pinned, timer set) is nobody's question.
SENT = {
    ContentType.ANIMATION, ContentType.AUDIO, ContentType.CHECKLIST, ContentType.CONTACT, ContentType.DICE,
    ContentType.DOCUMENT, ContentType.GAME, ContentType.LOCATION, ContentType.PAID_MEDIA, ContentType.PHOTO,
    ContentType.POLL, ContentType.STICKER, ContentType.STORY, ContentType.VENUE, ContentType.VIDEO,
    ContentType.VIDEO_NOTE, ContentType.VOICE,
}  # fmt: skip


def router() -> Router:
    """The door, fresh at each call: aiogram attaches a router only once."""
    door = Router(name="readers")
    asking = Asking()
    for observer in (door.message, door.callback_query):
        observer.filter(outside)
        observer.middleware(asking)
    private, group = F.chat.type == ChatType.PRIVATE, F.chat.type.in_(GROUPS)
    door.message.register(hear_command, private, Command(re.compile(r"\w")))
    door.message.register(hear_command, group, Command(*IN_GROUPS, ignore_case=True))
    door.message.register(hear_words, private, F.text)
    door.message.register(hear_thing, private, F.content_type.in_(SENT))
    door.callback_query.register(tap)
    door.my_chat_member.register(standing.hear, private)
    return door


async def outside(event: Message | CallbackQuery, newsroom: Newsroom) -> bool:
    """Anywhere but in the admin chat."""
    message = event.message if isinstance(event, CallbackQuery) else event
    return message is None or message.chat.id != newsroom.admin_chat


class Asking:
    """Gives the handler an `ask` made of what the app injects."""

    def __init__(self) -> None:
        self._weights = Weights()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        known: dict[str, Any],
    ) -> Any:
        injected = {name: known[name] for name in ("db", "now", "wordings", "taste", "newsroom")}
        known["ask"] = _ask(event, weights=self._weights, **injected)
        return await handler(event, known)


def _ask(
    event: TelegramObject,
    db: Database,
    now: datetime,
    wordings: Wordings,
    taste: Taste,
    newsroom: Newsroom,
    weights: Weights,
) -> Ask:
    assert isinstance(event, Message | CallbackQuery)  # the observers it is registered with hear nothing else
    message = event.message if isinstance(event, CallbackQuery) else event
    wording = wordings.of(event.from_user.language_code if event.from_user else None)
    private = message is not None and message.chat.type == ChatType.PRIVATE
    return Ask(db, now, wording, taste, newsroom, weights, private)


async def hear_command(message: Message, command: CommandObject, ask: Ask, event_update: Update, stir: Stir) -> None:
    """Answers a command of the table with its page, any other kindly."""
    show = COMMANDS.get(command.command.lower())
    if show is None:
        page = pages.unknown(ask.wording, "unknown.command")
    else:
        page = await show(replace(ask, words=command.args or ""), View())
    await _answer(message, page, ask, event_update, stir)


async def hear_words(message: Message, ask: Ask, wordings: Wordings, event_update: Update, stir: Stir) -> None:
    """Answers words that mean a command as that command; all others are searched for."""
    name, words = meant(message.text or "", COMMANDS, wordings)
    page = await COMMANDS[name](replace(ask, words=words), View())
    await _answer(message, page, ask, event_update, stir)


async def hear_thing(message: Message, ask: Ask, event_update: Update, stir: Stir) -> None:
    """Answers a photo, a sticker, a voice message …; an album once."""
    await _answer(message, pages.unknown(ask.wording, "unknown.text"), ask, event_update, stir)


async def tap(callback: CallbackQuery, bot: Bot, ask: Ask) -> None:
    """Stops the spinner, then shows the page that the button carries in the same message; twice does no harm."""
    message = callback.message
    carried = views.read(callback.data or "", ask.now)
    if carried is None or message is None or carried[0] not in TAPS:
        await toast(callback, ask.wording.text("page.toast.stale"))
        return
    await toast(callback)
    kind, view = carried
    page = await TAPS[kind](replace(ask, words=_query(message, offered=kind == MEANT)), view)
    await turn(bot, message, page)


def _query(message: Message | InaccessibleMessage, *, offered: bool) -> str:
    """What was searched for, or what was `offered` instead: the first text in bold of the page, or the second.

    A link in it may have split it into several.
    """
    if isinstance(message, InaccessibleMessage) or not message.text:
        return ""
    bold: list[str] = []
    end = -1
    for entity in message.entities or []:
        if entity.type == "bold":
            said = entity.extract_from(message.text)
            if bold and end == entity.offset:
                bold[-1] += said
            else:
                bold.append(said)
            end = entity.offset + entity.length
    return bold[offered] if len(bold) > offered else ""


async def _answer(message: Message, page: Page, ask: Ask, event_update: Update, stir: Stir) -> None:
    await answer.once(ask.db, message, parameters(page), event_update.update_id, ask.now, stir)
