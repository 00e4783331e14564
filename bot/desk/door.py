"""The editors' door. It hears the admin chat alone: there, authorisation is being a member; rights decide who acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, Update

from bot.desk import (
    care_taps,
    channel_replies,
    channel_taps,
    correct_taps,
    draft_lists,
    draft_taps,
    hear,
    log_taps,
    pages,
    pause_taps,
    said,
    shift_taps,
    source_taps,
    standing,
    tap,
    votes,
    weights_taps,
)
from bot.desk.hear import Desk, Heard
from bot.wording import Wordings
from storage import messages, sittings


def router(admin_chat: int) -> Router:
    """The door, fresh at each call. Ordinary talk is heard and met with silence."""
    door = Router(name="desk")
    door.message.filter(F.chat.id == admin_chat)
    door.callback_query.filter(F.message.chat.id == admin_chat)
    door.my_chat_member.register(standing.hear, F.chat.type != ChatType.PRIVATE)
    door.message.register(standing.hear_move, F.migrate_to_chat_id)
    door.message.register(hear_command, Command(*COMMANDS, ignore_case=True))
    door.message.register(hear_words)
    door.callback_query.register(hear_tap)
    door.message_reaction.register(votes.hear, F.chat.id == admin_chat)
    door.message_reaction_count.register(votes.count, F.chat.type == ChatType.CHANNEL)
    return door


async def hear_command(
    message: Message, command: CommandObject, desk: Desk, event_update: Update, now: datetime, wordings: Wordings
) -> None:
    """Answers a command of the table."""
    wording = wordings.of(message.from_user.language_code if message.from_user else None)
    if (heard := hear.heard(message, event_update, now, wording)) is not None:
        await COMMANDS[command.command.lower()](desk, heard, f"{command.prefix}{command.command}{_at(command)}")


async def hear_words(message: Message, desk: Desk, event_update: Update, now: datetime, wordings: Wordings) -> None:
    """A link alone becomes a card, a reply to a card changes its post, the rest is talk among editors."""
    wording = wordings.of(message.from_user.language_code if message.from_user else None)
    heard = hear.heard(message, event_update, now, wording)
    if heard is None:
        return
    if message.reply_to_message is not None:
        card = await messages.card_of(desk.db.screens, message.chat.id, message.reply_to_message.message_id)
        if card is not None:
            if not await correct_taps.hear(desk, heard, card) and not await care_taps.hear(desk, heard, card):
                await hear.reply(desk, heard, card)
        elif (draft := await _draft_of(desk, message.reply_to_message)) is not None:
            await draft_taps.reply(desk, heard, draft)
        elif (asked := source_taps.asked(message)) is not None:
            await source_taps.given(desk, heard, *asked)
        elif (field := channel_replies.asked(message)) is not None:
            await channel_replies.given(desk, heard, field)
    elif (url := said.link(message)) is not None:
        await hear.paste(desk, heard, url)


async def _draft_of(desk: Desk, shown: Message) -> int | None:
    return await sittings.of_message(desk.db.screens, shown.chat.id, shown.message_id)


async def hear_tap(
    callback: CallbackQuery, desk: Desk, event_update: Update, now: datetime, wordings: Wordings
) -> None:
    """Does what the button says."""
    await tap.tap(desk, callback, event_update, now, wordings.of(callback.from_user.language_code))


async def explain(desk: Desk, heard: Heard, command: str) -> None:
    """What the bot does in this chat."""
    await hear.tell(desk, heard, pages.help_page(heard.wording, MENU))


def _at(command: CommandObject) -> str:
    return f"@{command.mention}" if command.mention else ""


COMMANDS: dict[str, Callable[[Desk, Heard, str], Awaitable[None]]] = {
    "start": explain,
    "post": hear.post,
    "queue": hear.queue,
    "drafts": draft_lists.drafts,
    "evening": draft_lists.evening,
    "log": log_taps.log,
    "pause": pause_taps.command,
    "settings": channel_taps.settings,
    "shift": shift_taps.shift,
    "sources": source_taps.sources,
    "why": weights_taps.explain,
    "weights": weights_taps.weights,
    "help": explain,
}
MENU = tuple(name for name in COMMANDS if name != "start")  # Telegram itself offers /start
