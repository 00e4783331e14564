"""Makes a message show what it should: edits, pins and deletions are desired state, so trying again does no harm."""

from __future__ import annotations

from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import DeleteMessage, EditMessageCaption, EditMessageMedia, EditMessageText
from aiogram.types import InputFile, InputMediaPhoto

from storage.messages import Behind

# https://github.com/tdlib/td MessagesManager: the message shows this already, or is not there to be edited.
SHOWN = "message is not modified"
GONE = ("message to edit not found", "message to delete not found", "message can't be edited", "message_id_invalid")
TOO_OLD = "message can't be deleted"  # the same: 48 hours have passed
_EDITED = {"text", "entities", "parse_mode", "link_preview_options", "reply_markup"}
_CAPTION = {"caption", "caption_entities", "parse_mode", "reply_markup"}


async def show(bot: Bot, what: Behind) -> bool:
    """Whether the message stands afterwards. Raises TelegramAPIError and ClientDecodeError as any call does."""
    try:
        await _carry_out(bot, what)
    except TelegramBadRequest as error:
        words = error.message.lower()
        if TOO_OLD in words and what.wanted is None and what.instead is not None:
            return await show(bot, replace(what, wanted=what.instead))
        if any(phrase in words for phrase in GONE):
            return False
        if SHOWN not in words:
            raise
    return what.wanted is not None


async def _carry_out(bot: Bot, what: Behind) -> None:
    if what.wanted is None:
        await bot(DeleteMessage(chat_id=what.chat_id, message_id=what.message_id))
        return
    if isinstance(what.wanted.get("photo"), InputFile | str) and what.kind == "photo":
        said = {name: value for name, value in what.wanted.items() if name in _CAPTION - {"reply_markup"}}
        media = InputMediaPhoto(media=what.wanted["photo"], **said)
        keyboard = what.wanted.get("reply_markup")
        await bot(
            EditMessageMedia(chat_id=what.chat_id, message_id=what.message_id, media=media, reply_markup=keyboard)
        )
        return
    edit = EditMessageText if what.kind == "text" else EditMessageCaption
    taken = _EDITED if what.kind == "text" else _CAPTION
    parameters = {name: value for name, value in what.wanted.items() if name in taken}
    await bot(edit(chat_id=what.chat_id, message_id=what.message_id, **parameters))
