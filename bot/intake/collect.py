"""Polls sources: bytes from outside, read in the child, taken in whole or not at all. A failure stays its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.intake import families, identity, previews, record
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.follow import followed
from bot.intake.parse import Parser
from bot.intake.passes import Arrival, Pass
from bot.intake.politeness import AT_ONCE, spread
from bot.intake.pushed import Pushed, Rejected
from bot.intake.read import read
from bot.intake.record import Record
from bot.intake.rehome import rehome
from bot.intake.retime import believe_again, retimed
from bot.intake.take import Intake
from bot.judgement.meaning import Meaning
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import items, rechecks, sources
from storage.database import Database, Transaction
from storage.model import Report, Source

log = logging.getLogger(__name__)
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
        meaning: Meaning | None = None,
    ) -> None:
        self._db = db
        self._fetch = fetch
        self._parser = parser
        self._newsroom = newsroom
        self._wording = wording
        self._intake = Intake(newsroom, wording, meaning)
        self._record = Record(newsroom, wording, interval)

    @property
    def intake(self) -> Intake:
        """What everything is taken in by: one for the whole bot, because it remembers words."""
        return self._intake

    async def seed(self, urls: Sequence[str], now: datetime) -> list[Source]:
        """The sources at these addresses, known from now on; the first of a newsroom's list is its own site.

        All that has waited for this start is asked within the next minutes, not in one burst.
        """
        async with self._db.transaction() as tx:
            first_ever = all(source.kind == "push" for source in await sources.all_of(tx))
            found = [await _put(tx, url, first_ever and place == 0, now) for place, url in enumerate(urls)]
            for source, due_at in spread(await sources.due(tx, now), now):
                if due_at > now:
                    await sources.postpone(tx, source.id, due_at)
            return found

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
        if not pushed.withdrawn:
            await self._intake.grasp([report])
        async with self._intake.transaction(self._db) as tx:
            now = clock()
            source = await sources.put(
                tx,
                url=PUSH_URL + (pushed.source or ""),
                name=pushed.source or self._newsroom.name or urlsplit(pushed.url).hostname or "CMS",
                kind="push",
                family=families.family(pushed.url),
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
            await rechecks.keep_away(tx, item.id, "push")
            return "duplicate", "withdrawn before"
        return "updated", "withdrawn"

    async def _poll(self, source: Source, clock: Callable[[], datetime]) -> Pass:
        try:
            zone = self._zone(source)
            answer, feed = await read(self._fetch, self._parser, source, zone, clock)
            if feed is not None:
                here = self._db.screens, self._fetch, self._parser
                feed = await followed(*here, source, answer, feed, zone, clock())
        except (Refused, UnreadableFeed) as error:
            log.warning("source %d (%s): %s %s", source.id, source.url, error.reason, error.values)
            async with self._db.transaction() as tx:
                if await record.stands(tx, source):
                    await self._record.failed(tx, source, error, clock())
            return Pass(source, trouble=error)
        await self._intake.grasp(feed.reports if feed else ())
        async with self._intake.transaction(self._db) as tx:
            if not await record.stands(tx, source):
                return Pass(source, unchanged=True)
            now = clock()
            await rehome(tx, source, feed.reports if feed else (), answer.permanent_url)
            arrivals = await self._take_feed(tx, source, feed, now) if feed else []
            await self._record.answered(tx, source, answer, feed, arrivals, now)
        return Pass(source, tuple(arrivals), unchanged=feed is None)

    async def take_in(self, source: Source, feed: Feed, clock: Callable[[], datetime]) -> list[Arrival]:
        """What became of the reports that a hub pushed of this source, in the order in which they were taken."""
        if source.mislabelled_at is not None:
            # Its dates were put at the present where the push was read; and what is pushed was just published.
            reports = tuple(replace(report, published_at=None) for report in feed.reports)
            feed = replace(feed, reports=reports)
        await self._intake.grasp(feed.reports)
        async with self._intake.transaction(self._db) as tx:
            return await self._take_feed(tx, source, feed, clock()) if await record.stands(tx, source) else []

    def _zone(self, source: Source) -> ZoneInfo:
        return ZoneInfo(source.timezone) if source.timezone else self._newsroom.zone

    async def _take_feed(self, tx: Transaction, source: Source, feed: Feed, now: datetime) -> list[Arrival]:
        first_contact = source.first_contact_at is None
        if first_contact and feed.title:
            await sources.introduce(tx, source.id, feed.title, instead_of=families.host(source.url))
        here, zone = (self._newsroom, self._wording, source), self._zone(source)
        reports = await retimed(tx, *here, feed.reports, zone, now)
        # Feeds list the newest first; the oldest report opens its story, also among those of one minute.
        in_order = list(reversed(reports))
        in_order.sort(key=lambda report: report.published_at or now)
        from_before = await _from_before(tx, source, in_order)
        arrivals = await self._intake.take(tx, source, in_order[:from_before], now, history=True)
        arrivals += await self._intake.take(tx, source, in_order[from_before:], now, history=False)
        await believe_again(tx, *here, list(zip(in_order, arrivals, strict=True)), zone, now)
        return arrivals


async def _from_before(tx: Transaction, source: Source, in_order: Sequence[Report]) -> int:
    """How many of the reports, oldest first, were there before the source was first read: all at the first contact;
    later what is older than all that it showed then, and slides back into the feed when another is deleted."""
    met_at = source.first_contact_at
    if met_at is None:
        return len(in_order)
    if not any(report.published_at and report.published_at < met_at for report in in_order):
        return 0
    oldest = await sources.oldest_met(tx, source)
    return sum(bool(oldest and report.published_at and report.published_at < oldest) for report in in_order)


async def _put(tx: Transaction, url: str, own: bool, now: datetime) -> Source:
    preview = previews.address(url)
    there = preview or url
    return await sources.put(
        tx,
        url=there,
        name=families.host(there),
        kind="preview" if preview else "feed",
        family=families.family(there),
        own=own,
        now=now,
    )
