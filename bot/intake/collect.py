"""Polls sources: bytes from outside, read in the child, taken in whole or not at all. A failure stays its own."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import notes
from bot.intake import identity
from bot.intake.answers import Answer, Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.intake.passes import Arrival, Pass, trouble_words
from bot.intake.politeness import ALARM_AFTER, next_poll
from bot.intake.pushed import Pushed, Rejected
from bot.intake.take import Intake
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import items, outbox, sources
from storage.database import Database, Transaction
from storage.model import Report, Source

log = logging.getLogger(__name__)
AT_ONCE = 4  # sources polled side by side; the child reads one feed at a time anyway
PUSH_URL = "push:"  # the source that the newsroom's own CMS is


class Collector:
    """Lives as long as the bot: polls what is due and takes in what is pushed."""

    def __init__(
        self,
        db: Database,
        fetch: Fetcher,
        parser: Parser,
        newsroom: Newsroom,
        wording: Wording,
        *,
        interval: timedelta,
    ) -> None:
        self._db = db
        self._fetch = fetch
        self._parser = parser
        self._newsroom = newsroom
        self._wording = wording
        self._interval = interval
        self._intake = Intake(newsroom, wording)

    async def seed(self, urls: Sequence[str], now: datetime) -> list[Source]:
        """The sources at these addresses, known from now on; the first of a newsroom's list is its own site."""
        async with self._db.transaction() as tx:
            first_ever = all(source.kind == "push" for source in await sources.all_of(tx))
            return [
                await sources.put(
                    tx,
                    url=url,
                    name=_host(url),
                    kind="feed",
                    family=_family(url),
                    own=first_ever and place == 0,
                    now=now,
                )
                for place, url in enumerate(urls)
            ]

    async def collect_due(self, clock: Callable[[], datetime]) -> list[Pass]:
        """Polls every source whose time has come."""
        return await self.collect(await sources.due(self._db.screens, clock()), clock)

    async def collect(self, these: Sequence[Source], clock: Callable[[], datetime]) -> list[Pass]:
        """How each of the sources fared, in their order."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(source: Source) -> Pass:
            async with room:
                return await self._poll(source, clock)

        return await asyncio.gather(*(one(source) for source in these))

    async def push(self, pushed: Pushed, clock: Callable[[], datetime]) -> tuple[str, str]:
        """What became of one pushed object: its result and the reason. Raises Rejected."""
        report = pushed.report()
        async with self._transaction() as tx:
            now = clock()
            source = await sources.put(
                tx,
                url=PUSH_URL + (pushed.source or ""),
                name=pushed.source or self._newsroom.name or urlsplit(pushed.url).hostname or "CMS",
                kind="push",
                family=_family(pushed.url),
                own=True,
                now=now,
            )
            if pushed.withdrawn:
                return await self._push_withdrawal(tx, source, report.url or "", now)
            arrivals = await self._intake.take(tx, source, [report], now, history=False, important=pushed.important)
            return arrivals[0].what, "withdrawn before" if arrivals[0].item.withdrawn else ""

    async def _push_withdrawal(self, tx: Transaction, source: Source, url: str, now: datetime) -> tuple[str, str]:
        item_id = await items.known(tx, identity.keys(Report("", url=url), str(source.id)))
        item = None if item_id is None else await items.get(tx, item_id)
        if item is None:
            raise Rejected("url: no item with this address is known")
        if not await self._intake.withdraw(tx, item, "push", now):
            return "duplicate", "withdrawn before"
        return "updated", "withdrawn"

    async def _poll(self, source: Source, clock: Callable[[], datetime]) -> Pass:
        try:
            answer = await self._fetch.get(source.url, source.etag, source.last_modified)
            feed = None if answer.status == 304 else await self._read(source, answer, clock())
        except (Refused, UnreadableFeed) as error:
            log.warning("source %d (%s): %s %s", source.id, source.url, error.reason, error.values)
            await self._failed(source, error, clock())
            return Pass(source, trouble=error)
        async with self._transaction() as tx:
            now = clock()
            arrivals = await self._take_feed(tx, source, feed, now) if feed else []
            wished = answer.max_age or (feed.ttl if feed else None)
            await sources.went_well(
                tx,
                source,
                now=now,
                due_at=next_poll(now, self._interval, wished=wished),
                etag=answer.etag or (source.etag if feed is None else None),
                last_modified=answer.last_modified or (source.last_modified if feed is None else None),
                fresh=any(arrival.what == "new" for arrival in arrivals),
            )
        return Pass(source, tuple(arrivals), unchanged=feed is None)

    async def _read(self, source: Source, answer: Answer, now: datetime) -> Feed:
        zone = ZoneInfo(source.timezone) if source.timezone else self._newsroom.zone
        return await self._parser.feed(answer.body, answer.content_type, answer.url, now, zone)

    async def _take_feed(self, tx: Transaction, source: Source, feed: Feed, now: datetime) -> list[Arrival]:
        first_contact = source.first_contact_at is None
        if first_contact and feed.title:
            await sources.introduce(tx, source.id, _sound(feed.title), instead_of=_host(source.url))
        # Feeds list the newest first; the oldest report opens its story, also among those of one minute.
        in_order = [_sounding(report) for report in reversed(feed.reports)]
        in_order.sort(key=lambda report: report.published_at or now)
        return await self._intake.take(tx, source, in_order, now, history=first_contact)

    async def _failed(self, source: Source, error: Refused | UnreadableFeed, now: datetime) -> None:
        failures = source.failures + 1
        trouble = json.dumps({"reason": error.reason, "values": error.values}, ensure_ascii=False, default=str)
        wished = error.values.get("retry_after")
        due_at = next_poll(
            now, self._interval, failures=failures, wished=wished if isinstance(wished, timedelta) else None
        )
        async with self._db.transaction() as tx:
            await sources.went_wrong(tx, source, now=now, due_at=due_at, trouble=trouble)
            broken = await sources.get(tx, source.id)
            if failures == ALARM_AFTER and broken is not None:
                words = trouble_words(self._wording, error)
                note = notes.broken_source(self._wording, self._newsroom, broken, words, now)
                if note is not None:
                    await outbox.put(tx, note, now)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that takes the memory of words back with it when it fails."""
        try:
            async with self._db.transaction() as tx:
                yield tx
        except BaseException:
            self._intake.forget()
            raise


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _sound(text: str) -> str:
    """The text without halves of a surrogate pair, which JSON may hold and SQLite cannot."""
    return text.encode(errors="replace").decode()


def _sounding(report: Report) -> Report:
    """The report with every text sound."""
    texts = {name: value for name, value in asdict(report).items() if isinstance(value, str)}
    changed: dict[str, Any] = {name: _sound(value) for name, value in texts.items()}
    return replace(report, sections=tuple(map(_sound, report.sections)), **changed)


def _family(url: str) -> str:
    """One voice: everything under the same registrable name, as far as its last two or three labels tell."""
    labels = (urlsplit(url).hostname or url).split(".")
    if labels[-1].isdigit():  # an address in numbers is its own voice, each port a site
        return urlsplit(url).netloc
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # dn.ua, com.ua, co.uk
    return ".".join(labels[-3:] if short else labels[-2:])
