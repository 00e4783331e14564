"""Sends what the outbox holds: claim, commit, then send, then record. Nothing is ever sent twice on a guess."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import Message
from pydantic import ValidationError

from bot import notes
from bot.delivery.outcome import Doubt, Later, Never, meaning
from bot.delivery.show import show
from bot.newsroom import Newsroom
from bot.telegram import failure
from bot.wording import Wording
from storage import channels, editions, messages, outbox
from storage.database import Database, Transaction
from storage.messages import Behind
from storage.model import Parcel

log = logging.getLogger(__name__)
METHODS: dict[str, type[TelegramMethod[Message]]] = {
    "sendMessage": SendMessage,
    "sendPhoto": SendPhoto,
    "sendVideo": SendVideo,
    "sendDocument": SendDocument,
    "sendAnimation": SendAnimation,
    "sendAudio": SendAudio,
    "sendVoice": SendVoice,
}
Ended = Callable[[Transaction, Parcel, str, str, datetime], Awaitable[None]]
EVERYWHERE = "*"
UNANSWERED_SECONDS = 3.0  # an edit whose answer was lost
UNWRITTEN_SECONDS = 5.0  # a full disk: soon enough after somebody made room


class Unsendable(Exception):
    """A parcel that is no call of Telegram's; `reason` says why, without its text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Deliverer:
    """Lives as long as the bot: it remembers, by the monotonic clock, which chats have to wait and until when."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        newsroom: Newsroom,
        wording: Wording,
        monotonic: Callable[[], float] = time.monotonic,
        ended: Ended | None = None,
    ) -> None:
        self._db = db
        self._bot = bot
        self._newsroom = newsroom
        self._wording = wording
        self._monotonic = monotonic
        self._ended = ended  # what else is written when a send is "sent", "refused" or "doubt"
        self._held_until: dict[str, float] = {}
        self._in_hand: asyncio.Future[bool | None] | None = None
        self._turn = asyncio.Lock()  # what is claimed and not in hand is doubt, so nobody else may have one in hand
        self._unresolved = False  # something was claimed, and how it ended could not be written
        self.stirred = asyncio.Event()  # something was put into the outbox

    async def doubt_orphans(self, now: datetime) -> None:
        """Called once at start: what a dead process had claimed may or may not have arrived."""
        async with self._db.transaction() as tx:
            for orphan in await outbox.doubt_orphans(tx, "how the send ended was not recorded"):
                await self._tell_end(tx, orphan, "doubt", "", now)
                await self._tell(tx, orphan, notes.doubt(self._wording, self._newsroom, orphan, now), now)

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Delivers for ever: when stirred, and when a chat may be written to again."""
        while True:
            self.stirred.clear()
            try:
                await self.deliver_due(clock)
            except sqlite3.Error:
                log.exception("the outbox cannot be read or written, again in %.0f s", UNWRITTEN_SECONDS)
                self._hold(EVERYWHERE, UNWRITTEN_SECONDS)
            try:
                await asyncio.wait_for(self.stirred.wait(), self._wait_seconds())
            except TimeoutError:
                continue

    async def deliver_due(self, clock: Callable[[], datetime]) -> int:
        """Sends everything that is due and not held back, one after another; how many arrived."""
        arrived = 0
        while True:
            # Cancelling must not cut a call whose answer is on its way: it would become doubt for nothing.
            self._in_hand = asyncio.ensure_future(self._next(clock))
            ended = await asyncio.shield(self._in_hand)
            if ended is None:
                return arrived
            arrived += ended

    async def farewell(self, seconds: float) -> None:
        """Waits at most so long for the send in hand to be answered and recorded; then it is cut."""
        if self._in_hand is None or self._in_hand.done():
            return
        await asyncio.wait([self._in_hand], timeout=seconds)
        self._in_hand.cancel()  # what is over already does not mind
        await asyncio.wait([self._in_hand])
        if not self._in_hand.cancelled() and (error := self._in_hand.exception()):
            log.error("the last send is left for the next start: %r", error)

    async def _next(self, clock: Callable[[], datetime]) -> bool | None:
        """Claims and sends one parcel: whether it arrived, None when nothing may go."""
        async with self._turn:
            if self._unresolved:
                await self.doubt_orphans(clock())
                self._unresolved = False
            async with self._db.transaction() as tx:
                claimed = await outbox.claim(tx, clock(), self._held())
            if claimed is None:
                return await self._show_next(clock)
            self._unresolved = True
            arrived = await self._send(claimed, clock)
            self._unresolved = False
            return arrived

    async def _show_next(self, clock: Callable[[], datetime]) -> bool | None:
        """Makes one message show what it should; None when all do or have to wait. It never counts as an arrival."""
        what = await messages.behind(self._db.screens, self._held())
        if what is None:
            return None
        try:
            stands = await show(self._bot, what)
        except (TelegramAPIError, ClientDecodeError) as error:
            await self._not_shown(what, meaning(failure(error), to_reader=False), clock())
            return False
        async with self._db.transaction() as tx:
            await messages.shown(tx, what)
            if not stands:
                await messages.gone(tx, what, clock())
        return False

    async def _not_shown(self, what: Behind, verdict: Later | Never | Doubt, now: datetime) -> None:
        log.warning("message %d in %d: %s", what.message_id, what.chat_id, verdict)
        match verdict:
            case Later(seconds=seconds, everywhere=everywhere):
                self._hold(EVERYWHERE if everywhere else str(what.chat_id), seconds)
            case Doubt():  # to show it once more does no harm
                self._hold(str(what.chat_id), UNANSWERED_SECONDS)
            case Never():
                async with self._db.transaction() as tx:
                    await messages.shown(tx, what)

    async def _send(self, what: Parcel, clock: Callable[[], datetime]) -> bool:
        try:
            message = await self._bot(_call(what))
        except Unsendable as error:
            await self._failed(what, Never(error.reason), clock())
            return False
        except (TelegramAPIError, ClientDecodeError) as error:
            await self._failed(what, meaning(failure(error), to_reader=what.reader_id is not None), clock())
            return False
        async with self._db.transaction() as tx:
            await self._record(tx, what, [message], clock())
        return True

    async def _record(self, tx: Transaction, what: Parcel, arrived: Sequence[Message], now: datetime) -> None:
        await outbox.sent(tx, what.id, now)
        for place, message in enumerate(arrived, start=1):
            await channels.heard(tx, message.chat.id, message.chat.username, message.message_id, now)
            await outbox.record(tx, what.id, message.chat.id, message.message_id, message.content_type, place, now)
        if what.edition_id is not None:
            await editions.went_out(tx, what.edition_id)
        await self._tell_end(tx, what, "sent", "", now)

    async def _failed(self, what: Parcel, verdict: Later | Never | Doubt, now: datetime) -> None:
        log.warning("%s to %s: %s", what.intent, what.chat, verdict)
        async with self._db.transaction() as tx:
            match verdict:
                case Later(seconds, reason, everywhere, trouble):
                    await outbox.postponed(tx, what.id, reason)
                    self._hold(EVERYWHERE if everywhere else what.chat, seconds)
                    if trouble == "rights":
                        note = notes.no_rights(self._wording, self._newsroom, what, reason, now)
                        await self._tell(tx, what, note, now)
                case Never(reason):
                    await outbox.refused(tx, what.id, reason, now)
                    if what.edition_id is not None:
                        await editions.hold(tx, what.edition_id)
                    await self._tell_end(tx, what, "refused", reason, now)
                    await self._tell(tx, what, notes.refused(self._wording, self._newsroom, what, reason, now), now)
                case Doubt(reason):
                    await outbox.doubted(tx, what.id, reason)
                    await self._tell_end(tx, what, "doubt", reason, now)
                    await self._tell(tx, what, notes.doubt(self._wording, self._newsroom, what, now), now)

    async def _tell_end(self, tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        if self._ended is not None:
            await self._ended(tx, what, state, reason, now)

    async def _tell(self, tx: Transaction, what: Parcel, note: Parcel | None, now: datetime) -> None:
        # Of readers' parcels the editors hear nothing: a thousand blocked the bot, and no editor can mend or look.
        if note is not None and what.reader_id is None:
            await outbox.put(tx, note, now)

    def _hold(self, chat: str, seconds: float) -> None:
        until = self._monotonic() + seconds
        self._held_until[chat] = max(until, self._held_until.get(chat, 0.0))
        self.stirred.set()  # whoever sleeps in `run` has another time to wake at

    def _held(self) -> list[str]:
        moment = self._monotonic()
        self._held_until = {chat: until for chat, until in self._held_until.items() if until > moment}
        return list(self._held_until)

    def _wait_seconds(self) -> float | None:
        if not self._held():
            return None
        return max(min(self._held_until.values()) - self._monotonic(), 0.01)


def _call(what: Parcel) -> TelegramMethod[Message]:
    """The call that the parcel stands for. Raises Unsendable."""
    if what.method not in METHODS:
        raise Unsendable(f"no method {what.method!r}")
    try:
        return METHODS[what.method](chat_id=what.chat, **what.payload)
    except TypeError as error:
        raise Unsendable(str(error)) from None
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        raise Unsendable("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults)) from None
