"""The editors' door. It hears the admin chat alone: there, authorisation is being a member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, LinkPreviewOptions, Message

from bot.desk import pages
from bot.wording import Wording, Wordings

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
TOO_LATE = "query is too old"  # the tap waited for a restart, nobody sees its spinner


def router(admin_chat: int) -> Router:
    """The door, fresh at each call. Ordinary talk meets no handler of it: it is not for the bot."""
    door = Router(name="desk")
    door.message.filter(F.chat.id == admin_chat)
    door.callback_query.filter(F.message.chat.id == admin_chat)
    door.message.register(hear_command, Command(*COMMANDS, ignore_case=True))
    door.callback_query.register(tap)
    return door


async def hear_command(message: Message, command: CommandObject, wordings: Wordings) -> None:
    """Answers a command of the table."""
    wording = wordings.of(message.from_user.language_code if message.from_user else None)
    await COMMANDS[command.command.lower()](message, wording)


async def tap(callback: CallbackQuery, wordings: Wordings) -> None:
    """A button that no screen of the desk has any more explains itself."""
    try:
        await callback.answer(wordings.of(callback.from_user.language_code).text("desk.toast.stale"))
    except TelegramBadRequest as error:
        if TOO_LATE not in error.message:
            raise


async def explain(message: Message, wording: Wording) -> None:
    """What the bot does in this chat."""
    await message.answer(
        pages.help_page(wording, MENU),
        parse_mode="HTML",
        link_preview_options=NO_PREVIEW,
        reply_parameters=message.as_reply_parameters(allow_sending_without_reply=True),
    )


COMMANDS: dict[str, Callable[[Message, Wording], Awaitable[None]]] = {"start": explain, "help": explain}
MENU = tuple(name for name in COMMANDS if name != "start")  # Telegram itself offers /start
