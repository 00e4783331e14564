"""The operator's hand on the sources: `python -m bot sources WORD …` does what /sources does in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.arguments import Refusal
from bot.desk import source_acts, source_offer, source_pages, source_words
from bot.desk.source_offer import Offer
from bot.desk.source_words import Unmeant
from bot.editions.packing import visible
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.passes import trouble_words
from bot.intake.read import sound
from bot.rooms import Rooms
from bot.wording import Wording
from storage import catalogue, journal, posts
from storage.database import Reading, Transaction
from storage.model import Source

# The word of the command line, and the act of the chat that it is.
_ACTS: Final[Mapping[str, str]] = {
    "add": "add", "pause": "pause", "resume": "wake", "rename": "name", "address": "address", "section": "section",
    "weight": "weigh", "language": "speak", "zone": "zone", "remove": "remove",
}  # fmt: skip
_TOLD: Final = frozenset({"pause", "wake", "speak", "weigh"})  # buttons in the chat, so a toast has their words


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: an act of the chat, the number of the source in the printed list (0: of none), the value for it.
    `offer`: what was found at the address and is wanted."""

    act: str
    number: int = 0
    value: str = ""
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What to print, and whether it is done. `offer`: what may be added, if the operator says yes."""

    text: str
    done: bool
    offer: Offer | None = None


def meant(word: str, number: int, words: str, wording: Wording) -> Order:
    """The order that the command line gives. Raises Refusal for a value that is none."""
    act, words = _ACTS[word], sound(words)
    if act in ("add", "address"):
        if (url := source_offer.address(words)) is None:
            raise Refusal(wording.text("source.order.bad_address"))
        return Order(act, number, url)
    try:
        return Order(act, number, source_words.value(act, words))
    except Unmeant as error:
        raise Refusal(visible(wording.html(error.key, said=error.said))) from None


async def carry_out(rooms: Rooms, order: Order, wording: Wording, now: datetime) -> Told:
    """Does it, by the operator's hand. Raises Refusal where there is no such source, or it is none to do that with."""
    if order.offer is not None:
        return await _add(rooms, order.offer, wording, now)
    if order.act == "add":
        return await _offer(rooms, order.value, wording, now)
    source = await _numbered(rooms.db.screens, order, wording, now)
    if order.act == "address":
        return await _move(rooms, source, order.value, wording, now)
    async with rooms.db.transaction() as tx:
        await sign(tx, wording, now)
        await source_acts.change(tx, source, order.act, order.value, journal.OPERATOR, now, wording)
    if order.act == "remove":
        return Told(wording.text("source.order.removed", name=source.name, url=source.url), True)
    key = f"source.toast.{order.act}" if order.act in _TOLD else f"source.given.{order.act}"
    return await _page(rooms.db.screens, source.id, key, wording, now)


async def _offer(rooms: Rooms, url: str, wording: Wording, now: datetime) -> Told:
    found = await _found(rooms, url, wording, now)
    if isinstance(found, Told):
        return found
    if (held := await catalogue.holder(rooms.db.screens, found.url)) is not None:
        return await _page(rooms.db.screens, held, "source.known", wording, now)
    return Told(visible(source_offer.page(found, wording, now).text), False, found)


async def _add(rooms: Rooms, offer: Offer, wording: Wording, now: datetime) -> Told:
    async with rooms.db.transaction() as tx:
        await sign(tx, wording, now)
        number, new = await source_acts.add(tx, offer.url, offer.kind, journal.OPERATOR, now)
    return await _page(rooms.db.screens, number, "source.toast.added" if new else "source.known", wording, now)


async def _move(rooms: Rooms, source: Source, url: str, wording: Wording, now: datetime) -> Told:
    found = await _found(rooms, url, wording, now)
    if isinstance(found, Told):
        return found
    async with rooms.db.transaction() as tx:
        await sign(tx, wording, now)
        if not await source_acts.move(tx, source, found, journal.OPERATOR, now, wording):
            return Told(wording.text("source.given.taken"), False)
    return await _page(rooms.db.screens, source.id, "source.given.address", wording, now)


async def _found(rooms: Rooms, url: str, wording: Wording, now: datetime) -> Offer | Told:
    """What can be read at the address, or why nothing can."""
    try:
        return await source_acts.find(rooms.fetch, rooms.parser, url, now, rooms.settings.timezone)
    except (Refused, UnreadableFeed) as error:
        return Told(wording.text("source.unreadable", trouble=trouble_words(wording, error)), False)


async def _numbered(db: Reading, order: Order, wording: Wording, now: datetime) -> Source:
    """The source that the printed list gives this number."""
    known = await source_acts.all_known(db, now)
    if not 1 <= order.number <= len(known):
        raise Refusal(wording.text("source.order.absent", number=order.number))
    source = known[order.number - 1].source
    if not source_pages.fits(source, order.act):
        raise Refusal(wording.text("source.order.unread", name=source.name))
    return source


async def _page(db: Reading, source_id: int, key: str, wording: Wording, now: datetime) -> Told:
    """What came of it, and the source as the chat shows it."""
    known = await source_acts.known(db, source_id, now)
    assert known is not None  # nobody else writes: the file is ours
    return Told(visible(source_pages.one(known, wording, now, note=wording.text(key)).text), True)


async def sign(tx: Transaction, wording: Wording, now: datetime) -> None:
    """Whoever reads the journal finds the operator's name beside those of the editors."""
    await posts.remember_name(tx, journal.OPERATOR, wording.text("source.operator"), now)
