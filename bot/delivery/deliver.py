"""Sends what the outbox holds: claim, commit, then send, then record. Nothing is ever sent twice on a guess.

To a chat one message is on its way at a time, so that order stays; to many chats many are, at the pace that
Telegram allows. Breaking news stands before editions, these before cards, and alerts to readers come last.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message

from bot.delivery import alarms
from bot.delivery.calls import Unsendable, call
from bot.delivery.doubt import AGAIN_SECONDS
from bot.delivery.endings import Endings, Landed
from bot.delivery.outcome import Doubt, Later, Moved, Never, meaning
from bot.delivery.pace import EVERYWHERE, Pace, unlimited
from bot.delivery.pin import pin
from bot.delivery.show import show
from bot.delivery.uploads import Uploads
from bot.delivery.watch import Watch
from bot.logs import trail
from bot.pictures.card import Livery
from bot.telegram import failure
from storage import channels, messages, outbox, pins
from storage.database import Database, Transaction
from storage.messages import Behind
from storage.model import ALERTS, DESK, URGENT, Parcel
from storage.pins import Pin
from storage.troubles import Kind

log = logging.getLogger(__name__)
AT_ONCE = 32  # on their way side by side: 29 a second, each answered within one
UNANSWERED_SECONDS = 3.0  # an edit whose answer was lost
UNWRITTEN_SECONDS = 5.0  # a full disk: soon enough after somebody made room
AWAITED, UNAWAITED = (URGENT, DESK), (ALERTS, ALERTS)  # what editors wait for goes first, and so do their edits


class Deliverer:
    """Lives as long as the bot. `stirred` tells it that there is something to do; `doubted` is set when an answer
    was lost and somebody has to look."""

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
        self._bot = bot
        self._endings = endings
        self._watch = watch or Watch()
        self._pace = pace or unlimited()
        self._uploads = Uploads(livery or Livery(), bot.id)
        self._in_hand: dict[str, asyncio.Task[bool]] = {}
        self._turn = asyncio.Lock()  # two who fill at once would claim for one chat twice
        self._ids: set[int] = set()  # what is claimed and in hand; every other claim is doubt
        self._over = self._arrived = 0  # sends that ended, and those of them that arrived
        self._unsure: dict[tuple[int, int], float] = {}  # edits whose answer was lost, and when to make sure of them
        self._stumbled = False  # a send ended in a way that nobody foresaw, so its claim is left over
        self._editors = endings.newsroom, endings.wording
        self.stirred = asyncio.Event()
        self.doubted = asyncio.Event()
        self.moved = asyncio.Event()  # a group became a supergroup; `Endings` must be made anew

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
            wakes = [*self._unsure.values(), *([] if wait is None else [moment + wait])]
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
        due = [message for message, at in self._unsure.items() if at <= self._watch()]
        for chat_id, message_id in due:
            async with self._db.transaction() as tx:
                await messages.unshown(tx, chat_id, message_id)
            del self._unsure[chat_id, message_id]

    async def _begin(self, clock: Callable[[], datetime]) -> bool:
        """Sets the most urgent thing on its way; False when there is none."""
        closed = [name for chat in self._in_hand for name in self._pace.names(chat)]
        closed += self._pace.closed(self._watch())
        if (what := await self._claim(clock(), closed, AWAITED)) is not None:
            return self._set_off(what.chat, self._deliver(what, clock), what.id)
        if (wish := await messages.behind(self._db.screens, closed)) is not None:
            return self._set_off(str(wish.chat_id), self._show(wish, clock))
        if (place := await pins.behind(self._db.screens, closed)) is not None:
            return self._set_off(str(place.chat_id), self._pin(place))
        if (what := await self._claim(clock(), closed, UNAWAITED)) is not None:
            return self._set_off(what.chat, self._deliver(what, clock), what.id)
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

    async def _deliver(self, what: Parcel, clock: Callable[[], datetime]) -> bool:
        """Whether it arrived. It ends only when that is written, or when it is cancelled."""
        verdict = await self._send(what)
        await self._written(lambda tx: self._end(tx, what, verdict, clock()))
        self._tell_others(what, verdict)
        return isinstance(verdict, Message)

    async def _send(self, what: Parcel) -> Message | Later | Never | Doubt | Moved:
        try:
            return await self._bot(call(await self._uploads.ready(what, self._db.screens)))
        except Unsendable as error:
            return Never(error.reason)
        except (TelegramAPIError, ClientDecodeError) as error:
            return meaning(failure(error), to_reader=not self._endings.own(what))

    async def _end(
        self, tx: Transaction, what: Parcel, verdict: Message | Later | Never | Doubt | Moved, now: datetime
    ) -> None:
        match verdict:
            case Message(chat=chat, message_id=number, content_type=kind):
                await self._uploads.keep(tx, what, verdict, now)
                await self._endings.sent(tx, what, [Landed(chat.id, chat.username, number, kind)], now)
            case Later(reason=reason, trouble="right" | "removed" | "absent" | "token" as trouble):
                await outbox.postponed(tx, what.id, reason)
                if self._endings.own(what):
                    await self._alarm(tx, what, trouble, reason, now)
            case Later(reason=reason):
                await outbox.postponed(tx, what.id, reason)
            case Moved(to=number):
                await outbox.postponed(tx, what.id, None)
                await alarms.moved(tx, *self._editors, int(what.chat), number, now)
            case Never(reason=reason):
                await self._endings.refused(tx, what, reason, now)
            case Doubt(reason=reason):
                await self._endings.doubted(tx, what, reason, now)

    async def _alarm(self, tx: Transaction, what: Parcel, trouble: Kind, reason: str, now: datetime) -> None:
        chat = EVERYWHERE if trouble == "token" else what.chat
        if not await alarms.alarm(tx, *self._editors, chat, trouble, reason, now):
            log.error("cannot write to %s, and nobody can be told: %s", chat, reason)

    def _tell_others(self, what: Parcel, verdict: Message | Later | Never | Doubt | Moved) -> None:
        """What follows from the verdict outside the file."""
        match verdict:
            case Message(chat=chat):
                self._pace.alias(chat.username, chat.id)
                return
            case Later(seconds=seconds, everywhere=everywhere):
                self._pace.hold(EVERYWHERE if everywhere else what.chat, self._watch(), seconds)
            case Doubt():
                self.doubted.set()
            case Moved() if what.chat == str(self._endings.newsroom.admin_chat):
                self.moved.set()
        log.warning("%s to %s: %s", what.intent, _place(what), verdict)

    async def _written(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        """Writes what is known, again and again while the disk is full: known and unwritten would become doubt."""
        while True:
            try:
                async with self._db.transaction() as tx:
                    await work(tx)
                return
            except sqlite3.Error:
                log.exception("how a send ended cannot be written, again in %.0f s", UNWRITTEN_SECONDS)
                await self._watch.wait(asyncio.Event(), UNWRITTEN_SECONDS)

    async def _show(self, wish: Behind, clock: Callable[[], datetime]) -> bool:
        """Makes one message show what it should. It never counts as an arrival."""
        try:
            stands = await show(self._bot, await self._uploads.redrawn(wish, self._db.screens))
        except (TelegramAPIError, ClientDecodeError) as error:
            # Whoever blocked the bot cannot be shown anything, today or later; a channel that lost it waits.
            await self._not_shown(wish, meaning(failure(error), to_reader=wish.chat_id > 0), clock)
            return False

        async def write(tx: Transaction) -> None:
            await messages.shown(tx, wish)
            if not stands:
                await messages.gone(tx, wish, clock())

        await self._written(write)
        return False

    async def _pin(self, place: Pin) -> bool:
        """Pins or unpins one message. What Telegram does not allow is not asked for again until somebody wants it."""
        reason = ""
        try:
            await pin(self._bot, place)
        except (TelegramAPIError, ClientDecodeError) as error:
            match meaning(failure(error), to_reader=False):
                case Later(seconds=seconds, everywhere=everywhere, trouble="" | "network" | "token"):
                    self._pace.hold(EVERYWHERE if everywhere else str(place.chat_id), self._watch(), seconds)
                    return False
                case Doubt():  # to do it once more does no harm
                    self._pace.hold(str(place.chat_id), self._watch(), UNANSWERED_SECONDS)
                    return False
            reason = str(error)
            log.warning("message %d in %d is not pinned: %s", place.message_id, place.chat_id, reason)
        await self._written(lambda tx: pins.failed(tx, place, reason) if reason else pins.done(tx, place))
        return False

    async def _not_shown(
        self, wish: Behind, verdict: Later | Never | Doubt | Moved, clock: Callable[[], datetime]
    ) -> None:
        log.warning("message %d in %d: %s", wish.message_id, wish.chat_id, verdict)

        async def write(tx: Transaction) -> None:
            if isinstance(verdict, Moved):
                await alarms.moved(tx, *self._editors, wish.chat_id, verdict.to, clock())
            else:
                await messages.failed(tx, wish, verdict.reason, for_ever=isinstance(verdict, Never))

        await self._written(write)
        match verdict:
            case Later(seconds=seconds, everywhere=everywhere):
                self._pace.hold(EVERYWHERE if everywhere else str(wish.chat_id), self._watch(), seconds)
            case Doubt():  # to show it once more does no harm
                self._pace.hold(str(wish.chat_id), self._watch(), UNANSWERED_SECONDS)
                self._unsure[wish.chat_id, wish.message_id] = self._watch() + AGAIN_SECONDS
            case Moved() if wish.chat_id == self._endings.newsroom.admin_chat:
                self.moved.set()

    async def _doubt_orphans(self, now: datetime) -> None:
        async with self._db.transaction() as tx:
            for orphan in await outbox.claimed(tx):
                if orphan.id not in self._ids:
                    await self._endings.doubted(tx, orphan, "how the send ended was not recorded", now)
                    self.doubted.set()


def _place(what: Parcel) -> str:
    """Where it goes, as a log may know it."""
    return "a reader" if what.reader_id is not None else what.chat
