"""Pins and unpins a message: desired state, so trying again does no harm."""

from __future__ import annotations

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import PinChatMessage, UnpinChatMessage

from storage.pins import Pin

# https://github.com/tdlib/td MessagesManager: nothing is left to be done.
GONE = ("message to pin not found", "message to unpin not found", "message_id_invalid")


async def pin(bot: Bot, what: Pin) -> None:
    """The message is pinned, without a sound, or is not any more. Raises TelegramAPIError and ClientDecodeError."""
    try:
        if what.wanted:
            await bot(PinChatMessage(chat_id=what.chat_id, message_id=what.message_id, disable_notification=True))
        else:
            await bot(UnpinChatMessage(chat_id=what.chat_id, message_id=what.message_id))
    except TelegramBadRequest as error:
        if not any(words in error.message.lower() for words in GONE):
            raise
