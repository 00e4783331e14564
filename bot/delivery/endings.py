"""How a send ends, whoever finds out: the deliverer by the answer, the looker by looking, an editor by a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import notes
from bot.delivery import alarms
from bot.desk import doubts
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import channels, editions, outbox, readers
from storage.database import Transaction
from storage.model import Parcel

# Telegram's words for a person who cannot be written to; any other refusal is a fault of the message.
_GONE = ("blocked by the user", "user is deactivated", "chat not found", "can't initiate conversation")
Hook = Callable[[Transaction, Parcel, str, str, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Landed:
    """A message that stands in a chat; `name` is the chat's @name without the sign, None when it has none."""

    chat_id: int
    name: str | None
    message_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Endings:
    """What is written when a send ends. `hook` writes what the parcel's own room wants: "sent", "refused", "doubt",
    "dropped" or, when it certainly did not arrive and goes again, "waiting"."""

    newsroom: Newsroom
    wording: Wording
    hook: Hook | None = None

    def own(self, what: Parcel) -> bool:
        """Whether it goes to a chat of the newsroom's, not to a reader or to somebody else's group."""
        if what.reader_id is not None:
            return False
        return what.update_id is None or what.chat == str(self.newsroom.admin_chat)

    async def sent(self, tx: Transaction, what: Parcel, landed: Sequence[Landed], now: datetime) -> None:
        """It stands in the chat; `landed` is empty when only an editor's word says so."""
        await outbox.sent(tx, what.id, now)
        for place, message in enumerate(landed, start=1):
            await channels.heard(tx, message.chat_id, message.name, message.message_id, now)
            await outbox.record(tx, what.id, message.chat_id, message.message_id, message.kind, place, now)
        if what.edition_id is not None:
            await editions.went_out(tx, what.edition_id)
        if self.own(what):
            await alarms.all_clear(tx, self.newsroom, self.wording, what.chat, now)
        await self._tell(tx, what, "sent", "", now)

    async def refused(self, tx: Transaction, what: Parcel, reason: str, now: datetime) -> None:
        """Telegram will never take it. Of readers' parcels the editors hear nothing: a thousand blocked the bot."""
        await outbox.refused(tx, what.id, reason, now)
        if what.edition_id is not None:
            await editions.hold(tx, what.edition_id)
        await self._tell(tx, what, "refused", reason, now)
        if what.reader_id is not None:
            if any(words in reason.lower() for words in _GONE):
                await readers.gone(tx, what.reader_id)
        elif self.own(what) and (note := notes.refused(self.wording, self.newsroom, what, reason, now)) is not None:
            await outbox.put(tx, note, now)

    async def doubted(self, tx: Transaction, what: Parcel, reason: str, now: datetime) -> None:
        """Nobody knows whether it arrived: somebody has to look. A personal alert stays at most once."""
        await outbox.doubted(tx, what.id, reason)
        if not self.own(what) and (what.update_id is None or what.reader_id is None):
            await outbox.let_be(tx, what.id, now)
        await self._tell(tx, what, "doubt", reason, now)

    async def absent(self, tx: Transaction, what: Parcel, now: datetime) -> None:
        """Somebody looked, and it is not there: it goes again."""
        await outbox.postponed(tx, what.id, what.reason)
        await self._tell(tx, what, "waiting", "", now)

    async def ask(self, tx: Transaction, what: Parcel, why: str, seen: Sequence[int], now: datetime) -> None:
        """Nobody can know by looking: an editor is asked. `seen` are the messages that might be it."""
        question = doubts.question(self.wording, self.newsroom, what, why, seen, now)
        if question is None or what.reader_id is not None:  # no editors, or it is what a reader asked about
            await outbox.let_be(tx, what.id, now)
            return
        await outbox.asked(tx, what.id, now)
        await outbox.put(tx, question, now)

    async def again(self, tx: Transaction, what: Parcel, now: datetime) -> None:
        """An editor says that it is not there and wants it out."""
        await outbox.answered(tx, what.id)
        await self._tell(tx, what, "waiting", "", now)

    async def dropped(self, tx: Transaction, what: Parcel, now: datetime) -> None:
        """An editor says that it is not there and shall not be."""
        await outbox.dropped(tx, what.id, what.reason or "", now)
        await outbox.drop_following(tx, what.id, what.reason or "", now)
        if what.edition_id is not None:
            await editions.hold(tx, what.edition_id)
        await self._tell(tx, what, "dropped", what.reason or "", now)

    async def _tell(self, tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        if self.hook is not None:
            await self.hook(tx, what, state, reason, now)
