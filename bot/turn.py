"""Turns the page: the message that was tapped shows another one, and a second tap does no harm."""

from __future__ import annotations

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InaccessibleMessage, Message

from bot.delivery.show import GONE, SHOWN
from bot.screen import Page, parameters


async def turn(bot: Bot, message: Message | InaccessibleMessage, page: Page) -> None:
    """The message shows this page, when anybody can see it still. Raises what else a call raises."""
    try:
        await bot.edit_message_text(chat_id=message.chat.id, message_id=message.message_id, **parameters(page))
    except TelegramForbiddenError:
        return  # blocked while the page was made
    except TelegramBadRequest as error:
        if not any(words in error.message.lower() for words in (SHOWN, *GONE)):
            raise
