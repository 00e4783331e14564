"""Sends what the outbox holds: claim, commit, then send, then record. Nothing is ever sent twice on a guess.

To a chat one message is on its way at a time, so that order stays; to many chats many are, at the pace that
Telegram allows. Breaking news stands before editions, these before cards, and alerts to readers come last.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from datetime import datetime

from aiogram import Bot

from bot.delivery.endings import Endings
from bot.delivery.hand import UNWRITTEN_SECONDS, Hand
from bot.delivery.pace import EVERYWHERE, Pace, unlimited
from bot.delivery.uploads import Uploads
from bot.delivery.watch import Watch
from bot.logs import trail
from bot.pictures.card import Livery
from storage import channels, messages, outbox, pins
from storage.database import Database
from storage.model import ALERTS, DESK, URGENT, Parcel

log = logging.getLogger(__name__)
AT_ONCE = 32  # on their way side by side: 29 a second, each answered within one
AWAITED, UNAWAITED = (URGENT, DESK), (ALERTS, ALERTS)  # what editors wait for goes first, and so do their edits


class Deliverer:
    """Lives as long as the bot. `stirred` tells it that there is something to do."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        endings: Endings,
        *,
        watch: Watch | None = None,
        pace: Pace | None = None,
        livery: Livery | None = None,
    ) -> None:
        self._db = db
        self._endings = endings
        self._watch = watch or Watch()
        self._pace = pace or unlimited()
        uploads = Uploads(livery or Livery(), bot.id)
        self._hand = Hand(db, bot, endings, uploads, self._pace, self._watch)
        self._in_hand: dict[str, asyncio.Task[bool]] = {}
        self._turn = asyncio.Lock()  # two who fill at once would claim for one chat twice
        self._ids: set[int] = set()  # what is claimed and in hand; every other claim is doubt
        self._over = self._arrived = 0  # sends that ended, and those of them that arrived
        self._stumbled = False  # a send ended in a way that nobody foresaw, so its claim is left over
        self.stirred = asyncio.Event()

    @property
    def doubted(self) -> asyncio.Event:
        """Set when an answer was lost and somebody has to look."""
        return self._hand.doubted

    @property
    def moved(self) -> asyncio.Event:
        """Set when the editors' group became a supergroup; `Endings` must be made anew."""
        return self._hand.moved

    async def start(self, now: datetime) -> None:
        """Called once: what a dead process had claimed may or may not have arrived."""
        for number, name in await channels.names(self._db.screens):
            self._pace.alias(name, number)
        await self._doubt_orphans(now)

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Delivers for ever: when stirred, and when a chat may be written to again."""
        while True:
            self.stirred.clear()
            moment = self._watch()  # what opens while it is filled was closed for some of it, so it counts from here
            try:
                await self._fill(clock)
            except sqlite3.Error:
                log.exception("the outbox cannot be read or written, again in %.0f s", UNWRITTEN_SECONDS)
                self._pace.hold(EVERYWHERE, self._watch(), UNWRITTEN_SECONDS)
            wait = self._pace.opens_in(moment)
            wakes = [*self._hand.unsure.values(), *([] if wait is None else [moment + wait])]
            held = self._pace.wait_anywhere(self._watch())  # while nothing can go, nothing is looked at over and over
            await self._watch.wait(self.stirred, max(min(wakes) - self._watch(), held, 0.0) if wakes else None)

    async def deliver_due(self, clock: Callable[[], datetime]) -> int:
        """Sends everything that is due and may go now; how many arrived."""
        before = self._arrived
        while True:
            over = self._over
            await self._fill(clock)
            if self._in_hand:
                await asyncio.wait(self._in_hand.values(), return_when=asyncio.FIRST_COMPLETED)
            elif over == self._over:  # what ended while it was filled may have put something new
                return self._arrived - before

    async def farewell(self, seconds: float) -> None:
        """Waits at most so long for the sends in hand to be answered and recorded; then they are cut, and are doubt
        at the next start."""
        if not self._in_hand:
            return
        _, left = await asyncio.wait(self._in_hand.values(), timeout=seconds)
        for task in left:
            task.cancel()
        if left:
            log.warning("%d sends are left for the next start", len(left))
            await asyncio.wait(left)

    def release(self, chat: str) -> None:
        """Whatever the chat was held for is over."""
        self._pace.release(chat)
        self.stirred.set()

    async def _fill(self, clock: Callable[[], datetime]) -> None:
        """Sets on its way whatever may go now."""
        async with self._turn:
            if self._stumbled:
                await self._doubt_orphans(clock())
                self._stumbled = False
            await self._make_sure()
            while len(self._in_hand) < AT_ONCE and self._pace.wait_anywhere(self._watch()) <= 0:
                if not await self._begin(clock):
                    return

    async def _make_sure(self) -> None:
        """An edit whose answer was lost may land late and undo a newer one: what is wanted is shown once more."""
        due = [message for message, at in self._hand.unsure.items() if at <= self._watch()]
        for chat_id, message_id in due:
            async with self._db.transaction() as tx:
                await messages.unshown(tx, chat_id, message_id)
            del self._hand.unsure[chat_id, message_id]

    async def _begin(self, clock: Callable[[], datetime]) -> bool:
        """Sets the most urgent thing on its way; False when there is none."""
        closed = [name for chat in self._in_hand for name in self._pace.names(chat)]
        closed += self._pace.closed(self._watch())
        if (what := await self._claim(clock(), closed, AWAITED)) is not None:
            return self._set_off(what.chat, self._hand.deliver(what, clock), what.id)
        if (wish := await messages.behind(self._db.screens, closed)) is not None:
            return self._set_off(str(wish.chat_id), self._hand.show(wish, clock))
        if (place := await pins.behind(self._db.screens, closed)) is not None:
            return self._set_off(str(place.chat_id), self._hand.pin(place))
        if (what := await self._claim(clock(), closed, UNAWAITED)) is not None:
            return self._set_off(what.chat, self._hand.deliver(what, clock), what.id)
        return False

    async def _claim(self, now: datetime, closed: list[str], priorities: tuple[int, int]) -> Parcel | None:
        if not await outbox.claimable(self._db.screens, now, closed, priorities):
            return None
        async with self._db.transaction() as tx:
            what = await outbox.claim(tx, now, closed, priorities)
            if what is not None:
                self._ids.add(what.id)  # before the commit: cut here, it is still known as ours
            return what

    def _set_off(self, chat: str, work: Coroutine[None, None, bool], claimed: int | None = None) -> bool:
        task = asyncio.create_task(work)
        self._in_hand[chat] = task

        def ended(done: asyncio.Task[bool]) -> None:
            del self._in_hand[chat]
            if claimed is not None:
                self._ids.discard(claimed)
            error = None if done.cancelled() else done.exception()
            if error is not None:
                log.error("a send ended unforeseen: %s", trail(error))
                self._stumbled = True
            self._over += 1
            self._arrived += not done.cancelled() and not error and done.result()
            self.stirred.set()

        task.add_done_callback(ended)
        return True

    async def _doubt_orphans(self, now: datetime) -> None:
        async with self._db.transaction() as tx:
            for orphan in await outbox.claimed(tx):
                if orphan.id not in self._ids:
                    await self._endings.doubted(tx, orphan, "how the send ended was not recorded", now)
                    self.doubted.set()
