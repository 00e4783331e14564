"""Carries out one thing at a time to its end: sends a parcel, shows a wish, pins; then writes down how it ended."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message

from bot.delivery import alarms
from bot.delivery.calls import Unsendable, call
from bot.delivery.doubt import AGAIN_SECONDS
from bot.delivery.endings import Endings, Landed
from bot.delivery.outcome import Doubt, Later, Moved, Never, meaning
from bot.delivery.pace import EVERYWHERE, Pace
from bot.delivery.pin import pin
from bot.delivery.show import show
from bot.delivery.uploads import Uploads
from bot.delivery.watch import Watch
from bot.telegram import failure
from storage import messages, outbox, pins
from storage.database import Database, Transaction
from storage.messages import Behind
from storage.model import Parcel
from storage.pins import Pin
from storage.troubles import Kind

log = logging.getLogger(__name__)
UNANSWERED_SECONDS = 3.0  # an edit whose answer was lost
UNWRITTEN_SECONDS = 5.0  # a full disk: soon enough after somebody made room


class Hand:
    """The hand of the deliverer. `doubted` is set when an answer was lost and somebody has to look, `moved` when the
    editors' group became a supergroup."""

    def __init__(self, db: Database, bot: Bot, endings: Endings, uploads: Uploads, pace: Pace, watch: Watch) -> None:
        self._db = db
        self._bot = bot
        self._endings = endings
        self._uploads = uploads
        self._pace = pace
        self._watch = watch
        self._editors = endings.newsroom, endings.wording
        self.unsure: dict[tuple[int, int], float] = {}  # edits whose answer was lost, and when to make sure of them
        self.doubted = asyncio.Event()
        self.moved = asyncio.Event()

    async def deliver(self, what: Parcel, clock: Callable[[], datetime]) -> bool:
        """Whether it arrived. It ends only when that is written, or when it is cancelled."""
        verdict = await self._send(what)
        await self._written(lambda tx: self._end(tx, what, verdict, clock()))
        self._tell_others(what, verdict)
        return isinstance(verdict, Message)

    async def show(self, wish: Behind, clock: Callable[[], datetime]) -> bool:
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

    async def pin(self, place: Pin) -> bool:
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
                self.unsure[wish.chat_id, wish.message_id] = self._watch() + AGAIN_SECONDS
            case Moved() if wish.chat_id == self._endings.newsroom.admin_chat:
                self.moved.set()

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


def _place(what: Parcel) -> str:
    """Where it goes, as a log may know it."""
    return "a reader" if what.reader_id is not None else what.chat
