"""Sends what the outbox holds: claim, commit, then send, then record. Nothing is ever sent twice on a guess."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Message

from bot import notes
from bot.delivery.outcome import Doubt, Later, Never, meaning
from bot.newsroom import Newsroom
from bot.telegram import failure
from bot.wording import Wording
from storage import channels, editions, outbox
from storage.database import Database, Transaction
from storage.model import Parcel

log = logging.getLogger(__name__)
METHODS: dict[str, type[TelegramMethod[Message]]] = {"sendMessage": SendMessage}
EVERYWHERE = "*"


class Deliverer:
    """Lives as long as the bot: it remembers, by the monotonic clock, which chats have to wait and until when."""

    def __init__(self, db: Database, bot: Bot, newsroom: Newsroom, wording: Wording) -> None:
        self._db = db
        self._bot = bot
        self._newsroom = newsroom
        self._wording = wording
        self._held_until: dict[str, float] = {}
        self._in_hand: asyncio.Future[bool] | None = None
        self.stirred = asyncio.Event()  # something was put into the outbox

    async def doubt_orphans(self, now: datetime) -> None:
        """Called once at start: what a dead process had claimed may or may not have arrived."""
        async with self._db.transaction() as tx:
            for orphan in await outbox.doubt_orphans(tx, "process died while sending"):
                await self._tell(tx, notes.doubt(self._wording, self._newsroom, orphan, now), now)

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Delivers for ever: when stirred, and when a chat may be written to again."""
        while True:
            self.stirred.clear()
            await self.deliver_due(clock)
            try:
                await asyncio.wait_for(self.stirred.wait(), self._wait_seconds())
            except TimeoutError:
                continue

    async def deliver_due(self, clock: Callable[[], datetime]) -> int:
        """Sends everything that is due and not held back, one after another; how many arrived."""
        arrived = 0
        while True:
            now = clock()
            async with self._db.transaction() as tx:
                claimed = await outbox.claim(tx, now, self._held())
            if claimed is None:
                return arrived
            # Cancelling must not cut a call whose answer is on its way: it would become doubt for nothing.
            self._in_hand = asyncio.ensure_future(self._send(claimed, clock))
            arrived += await asyncio.shield(self._in_hand)

    async def farewell(self, seconds: float) -> None:
        """Waits at most so long for the send in hand to be answered and recorded."""
        if self._in_hand is not None and not self._in_hand.done():
            await asyncio.wait([self._in_hand], timeout=seconds)

    async def _send(self, what: Parcel, clock: Callable[[], datetime]) -> bool:
        call = METHODS[what.method](chat_id=what.chat, **what.payload)
        try:
            message = await self._bot(call)
        except (TelegramAPIError, ClientDecodeError) as error:
            await self._failed(what, error, clock())
            return False
        async with self._db.transaction() as tx:
            await self._record(tx, what, [message], clock())
        return True

    async def _record(self, tx: Transaction, what: Parcel, messages: Sequence[Message], now: datetime) -> None:
        await outbox.sent(tx, what.id, now)
        for place, message in enumerate(messages, start=1):
            await channels.heard(tx, message.chat.id, message.chat.username, message.message_id, now)
            await outbox.record(tx, what.id, message.chat.id, message.message_id, message.content_type, place, now)
        if what.edition_id is not None:
            await editions.went_out(tx, what.edition_id)

    async def _failed(self, what: Parcel, error: TelegramAPIError | ClientDecodeError, now: datetime) -> None:
        verdict = meaning(failure(error), to_reader=what.reader_id is not None)
        log.warning("%s to %s: %s", what.intent, what.chat, verdict)
        async with self._db.transaction() as tx:
            match verdict:
                case Later(seconds, reason, everywhere, trouble):
                    await outbox.postponed(tx, what.id, reason)
                    self._hold(EVERYWHERE if everywhere else what.chat, seconds)
                    if trouble == "rights":
                        await self._tell(tx, notes.no_rights(self._wording, self._newsroom, what, reason, now), now)
                case Never(reason):
                    await outbox.refused(tx, what.id, reason, now)
                    if what.edition_id is not None:
                        await editions.hold(tx, what.edition_id)
                    await self._tell(tx, notes.refused(self._wording, self._newsroom, what, reason, now), now)
                case Doubt(reason):
                    await outbox.doubted(tx, what.id, reason)
                    await self._tell(tx, notes.doubt(self._wording, self._newsroom, what, now), now)

    async def _tell(self, tx: Transaction, note: Parcel | None, now: datetime) -> None:
        if note is not None:
            await outbox.put(tx, note, now)

    def _hold(self, chat: str, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        self._held_until[chat] = max(until, self._held_until.get(chat, 0.0))

    def _held(self) -> list[str]:
        moment = asyncio.get_running_loop().time()
        self._held_until = {chat: until for chat, until in self._held_until.items() if until > moment}
        return list(self._held_until)

    def _wait_seconds(self) -> float | None:
        if not self._held():
            return None
        return max(min(self._held_until.values()) - asyncio.get_running_loop().time(), 0.01)
