"""The editors' door. It hears the admin chat alone: there, authorisation is being a member; rights decide who acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, Update

from bot.desk import hear, log_taps, pages, said, source_taps, standing, tap
from bot.desk.hear import Desk, Heard
from bot.wording import Wordings
from storage import messages


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
            await hear.reply(desk, heard, card)
        elif (asked := source_taps.asked(message)) is not None:
            await source_taps.given(desk, heard, *asked)
    elif (url := said.link(message)) is not None:
        await hear.paste(desk, heard, url)


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
    "log": log_taps.log,
    "sources": source_taps.sources,
    "help": explain,
}
MENU = tuple(name for name in COMMANDS if name != "start")  # Telegram itself offers /start
