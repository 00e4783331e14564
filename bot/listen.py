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
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError, TelegramRetryAfter
from aiogram.types import Update

from bot.endure import STEADY_SECONDS, Endurance, OnTrouble
from bot.logs import trail
from bot.telegram import GetRawUpdates
from storage import channels, outbox, updates
from storage.database import Database, Transaction, no_room

log = logging.getLogger(__name__)
POLL_SECONDS = 25  # https://core.telegram.org/bots/api#getupdates: long polling; routers drop idle connections after 30
PATIENCE_SECONDS = 1.0, 30.0  # between failed polls or tries: doubled from the first to the second
TRIES = 3  # an update that stumbles as often is not helped by a fourth time
DEATHS = 10  # of the process while it was at this update: then it is the update's doing, not chance
AT_ONCE = 32  # conversations answered side by side
UNWRITTEN_SECONDS = 2.0  # a full disk: soon enough after somebody made room
MARKS_COUNT = timedelta(days=1)  # Telegram keeps an unconfirmed update for 24 h
MARKS_KEPT = 2 * MARKS_COUNT


class Listener:
    """Hears updates and attends to them: in order within a conversation, side by side across conversations.

    `on_trouble` is told when something keeps it from hearing until a person mends it, and when that is over.
    """

    def __init__(
        self,
        db: Database,
        bot: Bot,
        dispatcher: Dispatcher,
        clock: Callable[[], datetime],
        patience: tuple[float, float] = PATIENCE_SECONDS,
        on_trouble: OnTrouble | None = None,
        steady_seconds: float = STEADY_SECONDS,
    ) -> None:
        self._db = db
        self._bot = bot
        self._dispatcher = dispatcher
        self._clock = clock
        self._patience = patience
        self._tails: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._alone = asyncio.Lock()
        self._endurance = Endurance(bot, patience, steady_seconds, on_trouble)

    async def run(self) -> None:
        """Attends to what was left undone, then polls for ever."""
        for update_id, body, tries in await updates.open_ones(self._db.screens):
            self._attend_later(update_id, json.loads(body), tries, left_over=True)
        while True:
            try:
                await self.accept(await self._poll())
            except (TelegramAPIError, ClientDecodeError, sqlite3.Error) as error:
                await asyncio.sleep(await self._endurance.failed(error))
            else:
                await self._endurance.heard()

    async def accept(self, batch: Sequence[Mapping[str, Any]]) -> None:
        """Stores the updates, then attends to them; returns when they are stored."""
        if not batch:
            return
        async with self._db.transaction() as tx:
            now = self._clock()
            await updates.keep(tx, [(raw["update_id"], json.dumps(raw, ensure_ascii=False)) for raw in batch], now)
            await updates.forget_before(tx, now - MARKS_KEPT)
            await outbox.forget_answers(tx, now - MARKS_KEPT)
            for raw in batch:
                for chat_id, name, message_id in _messages(raw):
                    await channels.heard(tx, chat_id, name, message_id, now)
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

    def _attend_later(self, update_id: int, raw: Mapping[str, Any], tries: int, *, left_over: bool = False) -> None:
        conversation = _conversation(raw)
        before = self._tails.get(conversation)
        attend = self._attend_left_over if left_over else self._attend
        task = asyncio.create_task(attend(update_id, raw, tries, before))
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
        if not await updates.is_done(self._db.screens, update_id):  # else Telegram told it twice
            await self._try(update_id, raw)

    async def _attend_left_over(
        self, update_id: int, raw: Mapping[str, Any], tries: int, before: asyncio.Task[None] | None
    ) -> None:
        """The same for what a process left behind that stopped or died: of it perhaps, so each try is written before.

        What was begun before is tried alone, or its neighbours would be counted, and given up, with it.
        """
        if before is not None:
            await asyncio.wait([before])
        async with self._alone if tries else nullcontext():
            if tries >= DEATHS:
                log.error("update %d is given up: it was begun %d times and never ended", update_id, tries)
                await self._write(lambda tx: updates.given_up(tx, update_id, "the process died of it", self._clock()))
                return
            await self._write(lambda tx: updates.begun(tx, update_id))
            await self._try(update_id, raw, counted=True)

    async def _try(self, update_id: int, raw: Mapping[str, Any], *, counted: bool = False) -> None:
        """`counted`: the first try is written already."""
        again = 1
        while again <= TRIES:
            async with self._room:
                error = await self._handle(raw)
            if error is None:
                break
            if await updates.is_done(self._db.screens, update_id):
                return  # its effects were committed: only a receipt failed, and trying again would double them
            if no_room(error):  # nothing was done, and it is not the update's fault
                await asyncio.sleep(min(UNWRITTEN_SECONDS, self._patience[1]))
                continue
            await self._stumbled(update_id, error, counted=counted and again == 1)
            if again < TRIES:
                await asyncio.sleep(self._pause(error, again))
            again += 1
        await self._write(lambda tx: updates.done(tx, update_id, self._clock()))

    async def _stumbled(self, update_id: int, error: Exception, *, counted: bool) -> None:
        await self._write(lambda tx: updates.stumbled(tx, update_id, type(error).__name__, counted=counted))

    async def _write(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        """Writes it, again and again while there is no room."""
        while True:
            try:
                async with self._db.transaction() as tx:
                    await work(tx)
                return
            except sqlite3.Error as error:
                if not no_room(error):
                    raise
                log.error("an update cannot be marked, again in %.0f s: %s", UNWRITTEN_SECONDS, trail(error))
                await asyncio.sleep(min(UNWRITTEN_SECONDS, self._patience[1]))

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


def _messages(raw: Mapping[str, Any]) -> Iterator[tuple[int, str | None, int]]:
    """(chat, its @name without the sign, message) of each message that the update shows: from the last one known
    on a lost answer is looked for."""
    for event in raw.values():
        message = event.get("message", event) if isinstance(event, Mapping) else None
        number = message.get("message_id") if isinstance(message, Mapping) else None
        if isinstance(message, Mapping) and isinstance(number, int) and (chat_id := _number(message, "chat")):
            name = message["chat"].get("username") if chat_id < 0 else None  # a person's name is not ours to keep
            yield chat_id, name if isinstance(name, str) else None, number
