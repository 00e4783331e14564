"""Tells Telegram the bot's menus and descriptions where they differ from what it has."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
)

from bot.menus import Face, Menu

log = logging.getLogger(__name__)


async def announce(bot: Bot, menus: Iterable[Menu], faces: Iterable[Face]) -> None:
    """Sets what differs. A refusal is logged and the rest goes on: a bot without a menu still works."""
    steps: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        *((f"menu {menu.scope} {menu.language!r}", partial(_menu, bot, menu)) for menu in menus),
        *((f"description {face.language!r}", partial(_description, bot, face)) for face in faces),
        *((f"short description {face.language!r}", partial(_short, bot, face)) for face in faces),
    ]
    for what, step in steps:
        try:
            await step()
        except TelegramNetworkError as error:
            log.warning("%s not set: %s; the rest waits for the next start", what, error)
            return  # every further call would wait for its own timeout
        except TelegramAPIError as error:
            log.warning("%s not set: %s", what, error)


async def _menu(bot: Bot, menu: Menu) -> None:
    there = await bot.get_my_commands(scope=_scope(menu), language_code=menu.language)
    if [(command.command, command.description) for command in there] != list(menu.commands):
        commands = [BotCommand(command=name, description=description) for name, description in menu.commands]
        await bot.set_my_commands(commands, scope=_scope(menu), language_code=menu.language)


async def _description(bot: Bot, face: Face) -> None:
    there = await bot.get_my_description(language_code=face.language)
    if there.description != face.description:
        await bot.set_my_description(description=face.description, language_code=face.language)


async def _short(bot: Bot, face: Face) -> None:
    there = await bot.get_my_short_description(language_code=face.language)
    if there.short_description != face.short:
        await bot.set_my_short_description(short_description=face.short, language_code=face.language)


def _scope(menu: Menu) -> BotCommandScopeUnion:
    if menu.chat is not None:
        return BotCommandScopeChat(chat_id=menu.chat)
    return BotCommandScopeAllPrivateChats() if menu.scope == "all_private_chats" else BotCommandScopeDefault()
