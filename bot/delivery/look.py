"""Finds out whether a send whose answer was lost arrived: it looks before anything is sent again.

A bot cannot read a chat, but it can forward a message whose number it guesses, see what came, and delete it. A
reader's chat is never shown to anybody: there the same answer is edited in, which does nothing where it stands.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.methods import DeleteMessage, EditMessageText, ForwardMessage, GetChat
from aiogram.types import Message

from bot.delivery.doubt import AGAIN_SECONDS, BUSY_SECONDS, LOOKS, Look
from bot.delivery.endings import Endings, Landed
from bot.delivery.likeness import Verdict, alike, expected
from bot.delivery.outcome import Doubt, Later, meaning
from bot.delivery.pace import EVERYWHERE, Pace
from bot.delivery.watch import Watch
from bot.telegram import failure
from storage import messages, outbox, posts
from storage.database import Database
from storage.model import Parcel

log = logging.getLogger(__name__)
RETRY_SECONDS = 3.0  # the look's own answer was lost, or the disk is full
_HOLE = ("message to forward not found", "message_id_invalid", "message to edit not found")
_CLOSED = ("can't be forwarded", "can't be edited", "no text in the message")  # it is there, and is none of ours
_STANDS = "message is not modified"


@dataclass
class Case:
    """One send in doubt, by the watch."""

    since: float
    next_at: float
    looks: int = 0
    began: float = 0.0  # the look at hand
    look: Look | None = None
    chat_id: int = 0
    refused_since: float | None = None


class Unsure(Exception):
    """A person has to look; `why` is a key of the catalogue, `seen` are the messages that may be it."""

    def __init__(self, why: str, seen: tuple[int, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.seen = seen


class Looker:
    """Lives as long as the bot. `stirred` tells it that there is a new doubt."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        endings: Endings,
        probe_chat: int | None,
        *,
        pace: Pace,
        watch: Watch,
        stirred: asyncio.Event,
        stir: Callable[[], None],
    ) -> None:
        self._db = db
        self._bot = bot
        self._endings = endings
        self._probe_chat = probe_chat
        self._pace = pace
        self._watch = watch
        self._stir = stir
        self._cases: dict[int, Case] = {}
        self.stirred = stirred

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Looks for ever, when there is something in doubt."""
        while True:
            self.stirred.clear()
            try:
                wait = await self.look_due(clock)
            except sqlite3.Error:
                log.exception("what was found cannot be written, again in %.0f s", RETRY_SECONDS)
                wait = RETRY_SECONDS
            await self._watch.wait(self.stirred, wait)

    async def look_due(self, clock: Callable[[], datetime]) -> float | None:
        """Looks at each doubt whose time it is; seconds until the next look, None when nothing is in doubt."""
        doubts = await outbox.in_doubt(self._db.screens)
        for what in doubts:
            case = self._cases.setdefault(what.id, Case(since=self._watch(), next_at=self._watch()))
            if case.next_at <= self._watch():
                await self._attend(what, case, clock)
        open_ones = {what.id for what in await outbox.in_doubt(self._db.screens)}
        self._cases = {number: case for number, case in self._cases.items() if number in open_ones}
        waits = [case.next_at - self._watch() for case in self._cases.values()]
        return max(min(waits), 0.0) if waits else None

    async def _attend(self, what: Parcel, case: Case, clock: Callable[[], datetime]) -> None:
        try:
            await self._go_on(what, case, clock)
        except Unsure as doubt:
            log.warning("%s: an editor has to look: %s", what.intent, doubt.why)
            async with self._db.transaction() as tx:
                await self._endings.ask(tx, what, doubt.why, doubt.seen, clock())
            self._stir()

    async def _go_on(self, what: Parcel, case: Case, clock: Callable[[], datetime]) -> None:
        """Looks on from where it was, until the end or an obstacle. Raises Unsure."""
        try:
            look = case.look = case.look or await self._begin(what, case)
            await self._walk(what, case, look)
        except (TelegramAPIError, ClientDecodeError) as error:
            case.next_at = self._watch() + self._obstacle(case, error)
            return
        await self._conclude(what, case, look, clock)

    async def _begin(self, what: Parcel, case: Case) -> Look:
        """A look from the first id that the message can have. Raises Unsure and what a call raises."""
        if not what.after_message_id:
            raise Unsure("unknown")
        case.began = self._watch()
        first = what.after_message_id + 1
        if what.reader_id is not None:
            case.chat_id = what.reader_id
            return Look(first, at_least=await messages.newest_private(self._db.screens))
        if self._probe_chat is None:
            raise Unsure("blind")
        chat = await self._bot(GetChat(chat_id=what.chat))
        if chat.has_protected_content:  # each message would look like one that is not ours
            raise Unsure("protected")
        case.chat_id = chat.id
        return Look(first)

    async def _walk(self, what: Parcel, case: Case, look: Look) -> None:
        """Looks on until the end. Raises Unsure and what a call raises; then it can go on from there."""
        known = await messages.of_others(self._db.screens, case.chat_id, what.id, look.number)
        while not look.over:
            if look.number in known:
                look.meet("other")
                continue
            likeness = await self._probe(what, case, look.number)
            case.refused_since = None
            if likeness is None:
                look.miss()
            else:
                look.meet(likeness)
            if likeness == "same" and what.reader_id is not None:
                look.close()  # in a reader's chat nothing of ours but this answer can follow the question

    def _obstacle(self, case: Case, error: TelegramAPIError | ClientDecodeError) -> float:
        """Seconds until it is worth going on. Raises Unsure when it is not."""
        match meaning(failure(error), to_reader=False):
            case Later(seconds=seconds, trouble=""):
                case.refused_since = case.refused_since if case.refused_since is not None else self._watch()
                if self._watch() + seconds - case.refused_since > BUSY_SECONDS:
                    raise Unsure("busy")
                return seconds
            case Later(seconds=seconds, trouble="network" | "token"):
                return seconds
            case Doubt():
                return RETRY_SECONDS
        raise Unsure("blind")

    async def _probe(self, what: Parcel, case: Case, number: int) -> Verdict | None:
        """How like what we sent the message with this id is, None when there is none. Raises what a call raises."""
        try:
            if what.reader_id is not None:
                return await self._edit(what, number)
            return await self._forward(what, case.chat_id, number)
        except TelegramBadRequest as error:
            words = error.message.lower()
            if any(phrase in words for phrase in _HOLE):
                self._pace.give_back(EVERYWHERE if what.reader_id is not None else str(self._probe_chat))
                return None
            if _STANDS in words:
                return "same"
            if any(phrase in words for phrase in _CLOSED):
                return "other"
            raise

    async def _edit(self, what: Parcel, number: int) -> Verdict:
        wanted = {name: value for name, value in what.payload.items() if name in EditMessageText.model_fields}
        await self._bot(EditMessageText(chat_id=what.chat, message_id=number, **wanted))
        return "same"

    async def _forward(self, what: Parcel, chat_id: int, number: int) -> Verdict:
        assert self._probe_chat is not None  # else nobody would have begun to look
        copy = await self._bot(
            ForwardMessage(
                chat_id=self._probe_chat, from_chat_id=what.chat, message_id=number, disable_notification=True
            )
        )
        await self._clean(copy)
        found = copy.model_dump(exclude_none=True)
        wanted = expected(what.method, what.payload, await self._unique_ids(what))
        return alike(wanted, found, chat_id=chat_id, message_id=number, bot_id=self._bot.id)

    async def _clean(self, copy: Message) -> None:
        try:
            await self._bot(DeleteMessage(chat_id=copy.chat.id, message_id=copy.message_id))
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("a copy made for looking stays in %d: %s", copy.chat.id, type(error).__name__)

    async def _unique_ids(self, what: Parcel) -> tuple[str, ...]:
        post = await posts.get(self._db.screens, what.post_id) if what.post_id is not None else None
        return tuple(media.unique_id for media in post.content.media) if post is not None else ()

    async def _conclude(self, what: Parcel, case: Case, look: Look, clock: Callable[[], datetime]) -> None:
        """What the look has shown is written, or when to look again. Raises Unsure."""
        match look.outcome:
            case "found":
                await self._found(what, case.chat_id, look.same[0], clock())
            case "absent":
                case.look = None
                case.looks += 1
                # A walk that began before that instant may have passed the place where it landed since.
                if case.looks < LOOKS or case.began < case.since + AGAIN_SECONDS:
                    case.next_at = case.since + AGAIN_SECONDS
                    return
                log.info("%s did not arrive, it is sent again", what.intent)
                async with self._db.transaction() as tx:
                    await self._endings.absent(tx, what, clock())
                self._stir()
            case "unlike" if what.method != "sendMessage":
                raise Unsure("media", tuple(look.unsure))
            case outcome:
                raise Unsure(outcome, (*look.same, *look.unsure))

    async def _found(self, what: Parcel, chat_id: int, message_id: int, now: datetime) -> None:
        log.info("%s arrived as message %d", what.intent, message_id)
        kind = what.method.removeprefix("send").lower()
        name = what.chat[1:] if what.chat.startswith("@") else None
        async with self._db.transaction() as tx:
            landed = Landed(chat_id, name, message_id, "text" if kind == "message" else kind)
            await self._endings.sent(tx, what, [landed], now)
        self._stir()
