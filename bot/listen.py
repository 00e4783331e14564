"""Hears Telegram: every update is stored before it is confirmed, and done when its effects are committed.

aiogram's own polling confirms an update with its next getUpdates while the handler still runs; a crash in
between loses a reader's letter. Here the next getUpdates goes out only after the batch is on disk, and what
was not done when the process died is done when it starts again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError, TelegramRetryAfter
from aiogram.types import Update

from bot.logs import trail
from bot.telegram import GetRawUpdates
from storage import updates
from storage.database import Database

log = logging.getLogger(__name__)
POLL_SECONDS = 25  # https://core.telegram.org/bots/api#getupdates: long polling; routers drop idle connections after 30
PATIENCE_SECONDS = 1.0, 30.0  # between failed polls or tries: doubled from the first to the second
TRIES = 3  # an update that stumbles as often is not helped by a fourth time
AT_ONCE = 32  # conversations answered side by side
MARKS_COUNT = timedelta(days=1)  # Telegram keeps an unconfirmed update for 24 h
MARKS_KEPT = 2 * MARKS_COUNT


class Listener:
    """Hears updates and attends to them: in order within a conversation, side by side across conversations."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        dispatcher: Dispatcher,
        clock: Callable[[], datetime],
        patience: tuple[float, float] = PATIENCE_SECONDS,
    ) -> None:
        self._db = db
        self._bot = bot
        self._dispatcher = dispatcher
        self._clock = clock
        self._patience = patience
        self._tails: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Attends to what was left undone, then polls for ever."""
        for update_id, body, tries in await updates.open_ones(self._db.screens):
            self._attend_later(update_id, json.loads(body), tries)
        pause, longest = self._patience
        while True:
            try:
                await self.accept(await self._poll())
            except TelegramRetryAfter as error:
                log.warning("hearing Telegram failed, again in %d s: flood", error.retry_after)
                await asyncio.sleep(error.retry_after)
            except (TelegramAPIError, ClientDecodeError, sqlite3.Error) as error:
                log.warning("hearing Telegram failed, again in %.0f s: %s", pause, type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
            else:
                pause = self._patience[0]

    async def accept(self, batch: Sequence[Mapping[str, Any]]) -> None:
        """Stores the updates, then attends to them; returns when they are stored."""
        if not batch:
            return
        async with self._db.transaction() as tx:
            now = self._clock()
            await updates.keep(tx, [(raw["update_id"], json.dumps(raw, ensure_ascii=False)) for raw in batch], now)
            await updates.forget_before(tx, now - MARKS_KEPT)
        for raw in batch:
            self._attend_later(raw["update_id"], raw, 0)

    async def settle(self) -> None:
        """Waits until everything heard so far was attended to."""
        while self._tails:
            await asyncio.gather(*self._tails.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Leaves what is not done for the next start."""
        tails = list(self._tails.values())
        for tail in tails:
            tail.cancel()
        await asyncio.gather(*tails, return_exceptions=True)

    async def _poll(self) -> list[dict[str, Any]]:
        # After a week without updates Telegram draws the next id at random: an old mark must not confirm it.
        newest = await updates.newest_since(self._db.screens, self._clock() - MARKS_COUNT)
        return await self._bot(
            GetRawUpdates(
                offset=0 if newest is None else newest + 1,
                timeout=POLL_SECONDS,
                allowed_updates=self._dispatcher.resolve_used_update_types(),
            ),
            request_timeout=POLL_SECONDS + 10,
        )

    def _attend_later(self, update_id: int, raw: Mapping[str, Any], tries: int) -> None:
        conversation = _conversation(raw)
        before = self._tails.get(conversation)
        task = asyncio.create_task(self._attend(update_id, raw, tries, before))
        self._tails[conversation] = task

        def ended(done: asyncio.Task[None]) -> None:
            if self._tails.get(conversation) is done:
                del self._tails[conversation]
            if not done.cancelled() and (error := done.exception()):
                log.error("update %d is left for the next start: %s", update_id, trail(error))

        task.add_done_callback(ended)

    async def _attend(
        self, update_id: int, raw: Mapping[str, Any], tries: int, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        if await updates.is_done(self._db.screens, update_id):
            return  # Telegram told it twice
        for again in range(tries + 1, TRIES + 1):
            async with self._room:
                error = await self._handle(raw)
            if error is None:
                break
            if await updates.is_done(self._db.screens, update_id):
                return  # its effects were committed: only a receipt failed, and trying again would double them
            async with self._db.transaction() as tx:
                await updates.stumbled(tx, update_id, type(error).__name__)
            if again < TRIES:
                await asyncio.sleep(self._pause(error, again))
        async with self._db.transaction() as tx:
            await updates.done(tx, update_id, self._clock())

    async def _handle(self, raw: Mapping[str, Any]) -> Exception | None:
        """None when the update was handled, else what went wrong. Its words are logged nowhere: they may quote."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
            await self._dispatcher.feed_update(self._bot, update, now=self._clock())
        except Exception as error:  # the dispatcher's door: one bad update does not stop the bot
            log.error("update %s failed: %s", raw.get("update_id"), trail(error))
            return error
        return None

    def _pause(self, error: Exception, tries: int) -> float:
        """An answer that Telegram did not take now may be taken soon; what is wrong with us will not get better."""
        first, longest = self._patience
        if isinstance(error, TelegramRetryAfter):
            return min(float(error.retry_after), longest)
        return min(first * 2.0**tries, longest) if isinstance(error, TelegramNetworkError) else 0.0


def _conversation(raw: Mapping[str, Any]) -> tuple[int, int]:
    """What keeps updates in order: a person in a chat. In a group one editor's slow link delays no other's tap.

    0 stands for a chat or a person that the update does not name readably.
    """
    for kind, event in raw.items():
        if not isinstance(event, Mapping):
            continue
        place = event.get("message") if kind == "callback_query" else event
        return _number(place, "chat"), _number(event, "from") or _number(event, "user")
    return 0, 0


def _number(holder: object, name: str) -> int:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    number = found.get("id") if isinstance(found, Mapping) else None
    return number if isinstance(number, int) else 0
