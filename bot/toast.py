"""The word above the screen that every tap gets: its spinner never hangs."""

from __future__ import annotations

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery

TOAST_LETTERS = 200  # https://core.telegram.org/bots/api#answercallbackquery
_LATE = "query is too old"


async def toast(callback: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Says it to the one who tapped, or only stops the spinner; an `alert` has to be closed by hand."""
    try:
        await callback.answer(text[:TOAST_LETTERS], show_alert=alert)
    except TelegramBadRequest as error:
        if _LATE not in error.message:  # the tap waited for a restart: nobody sees its spinner
            raise
