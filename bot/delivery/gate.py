"""Every call that lands in a chat passes here, whoever makes it: it waits for its turn, and a 429 is heard by all."""

from __future__ import annotations

import asyncio

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.delivery.pace import EVERYWHERE, Pace
from bot.delivery.watch import Watch

PATIENT_SECONDS = 30.0  # a longer wait is told to the caller, who knows what else to do
_LANDING = ("send", "copy", "forward", "edit")
_FREE = {"sendChatAction", "sendMessageDraft", "sendRichMessageDraft"}  # nothing of theirs stays in the chat


class Gate(BaseRequestMiddleware):
    """Counts what leaves, in the pace that all share."""

    def __init__(self, pace: Pace, watch: Watch) -> None:
        self._pace = pace
        self._watch = watch

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Telegram's answer. Raises TelegramRetryAfter without a call when the turn is far away."""
        chat = _chat(method)
        if chat is None:
            return await make_request(bot, method)
        await self._turn(chat, method)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            self._pace.flooded(chat, self._watch(), float(error.retry_after))
            raise

    async def _turn(self, chat: str, method: TelegramMethod[TelegramType]) -> None:
        while (wait := self._pace.wait(chat, self._watch())) > 0:
            if wait > PATIENT_SECONDS:
                raise TelegramRetryAfter(
                    method=method, message="held back since an earlier call", retry_after=int(wait)
                )
            await self._watch.wait(asyncio.Event(), wait)
        self._pace.take(chat, self._watch(), _count(method))


def _chat(method: TelegramMethod[TelegramType]) -> str | None:
    """Whom the call makes wait for: a chat, everybody (an edit in private), or None for a call that lands nowhere."""
    name = method.__api_method__
    if name in _FREE or not name.startswith(_LANDING):
        return None
    chat = str(getattr(method, "chat_id", None) or EVERYWHERE)
    # An edit takes of a group's twenty a minute (facts), but a reader turns pages as fast as they like.
    return EVERYWHERE if name.startswith("edit") and not chat.startswith(("-", "@")) else chat


def _count(method: TelegramMethod[TelegramType]) -> int:
    several = getattr(method, "media", None) if method.__api_method__ == "sendMediaGroup" else None
    several = several or getattr(method, "message_ids", None)
    return len(several) if isinstance(several, list) else 1
