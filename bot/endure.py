"""What is to be done when Telegram does not let the bot hear: how long to wait, what to mend, whom to tell.

A second copy on the same token and a token that is not valid any more last until a person does something; a forgotten
webhook the bot takes away itself; all else passes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.delivery.outcome import UNAUTHORIZED_SECONDS
from storage.troubles import Kind

log = logging.getLogger(__name__)
OnTrouble = Callable[[Kind | None, str], Awaitable[None]]  # the trouble and Telegram's word, or None: it is over
CONFLICTS = 3  # one or two are a restart that overlaps with its predecessor
STEADY_SECONDS = 60.0  # without a conflict: two copies that both hear something now and then are still two
REMINDER_SECONDS = 3600.0  # a log that says the same every five minutes hides what else it says


async def _nobody(kind: Kind | None, reason: str) -> None:
    """There is nobody to tell."""


class Endurance:
    """Lives as long as its listener; remembers, by the loop's clock, what went wrong lately."""

    def __init__(
        self, bot: Bot, patience: tuple[float, float], steady_seconds: float, on_trouble: OnTrouble | None
    ) -> None:
        self._bot = bot
        self._first, self._longest = patience
        self._pause = self._first
        self._steady_seconds = steady_seconds
        self._on_trouble = on_trouble or _nobody
        self._conflicts = 0
        self._conflict_at = 0.0
        self._unhooked = False  # once: another program that sets its webhook anew is a second copy
        self._token_told_at: float | None = None
        self._known: Kind | None = None  # what was told
        self._told_well = False  # a trouble of an earlier life may stand in the file

    async def heard(self) -> None:
        """A poll was answered. It is all well when two copies cannot merely have taken turns."""
        self._pause = self._first
        if self._conflicts and _moment() - self._conflict_at < self._steady_seconds:
            return
        self._conflicts = 0
        if not self._told_well:
            await self._tell(None, "")

    async def failed(self, error: Exception) -> float:
        """How many seconds to wait before the next poll."""
        match error:
            case TelegramRetryAfter(retry_after=seconds):
                log.warning("hearing Telegram failed, again in %d s: flood", seconds)
                return float(seconds)
            case TelegramConflictError(message=words):
                if "webhook" in words.lower() and not self._unhooked:
                    return await self._unhook()
                await self._contested(words)
            case TelegramUnauthorizedError(message=words) | TelegramNotFound(message=words):
                return await self._locked_out(words)
        return self._wait(type(error).__name__)

    def _wait(self, why: str) -> float:
        pause = self._longer(self._longest)
        log.warning("hearing Telegram failed, again in %.0f s: %s", pause, why)
        return pause

    def _longer(self, longest: float) -> float:
        pause, self._pause = min(self._pause, longest), min(2 * self._pause, longest)
        return pause

    async def _unhook(self) -> float:
        """Whoever set the webhook does not listen there now, or somebody would not have started this."""
        self._unhooked = True
        log.warning("a webhook is set, so nothing can be heard here; it is taken away, what waits there comes here")
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except (TelegramAPIError, ClientDecodeError) as error:
            self._unhooked = False
            return self._wait(type(error).__name__)
        return 0.0

    async def _contested(self, words: str) -> None:
        self._conflicts += 1
        self._conflict_at = _moment()
        if self._conflicts >= CONFLICTS and self._known != "copy":
            log.error("another copy of the bot runs on this token: stop it, or /revoke the token in @BotFather")
            await self._tell("copy", words)

    async def _locked_out(self, words: str) -> float:
        moment = _moment()
        if self._token_told_at is None or moment - self._token_told_at >= REMINDER_SECONDS:
            self._token_told_at = moment
            log.error(
                "Telegram does not accept the bot's token any more (%s). Nothing is lost: the queue waits. Take a new "
                "one from @BotFather (/token), write it into BOT_TOKEN in .env and restart the bot",
                words,
            )
        if self._known != "token":
            await self._tell("token", words)
        return self._longer(max(self._longest, UNAUTHORIZED_SECONDS))

    async def _tell(self, kind: Kind | None, words: str) -> None:
        try:
            await self._on_trouble(kind, words)
        except sqlite3.Error:  # told at the next poll, then
            log.exception("what keeps the bot from hearing cannot be written")
            return
        self._known = kind
        self._told_well = kind is None


def _moment() -> float:
    return asyncio.get_running_loop().time()
