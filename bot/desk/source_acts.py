"""What is done with sources at the desk: one is found at an address, added, changed; and what a page shows is read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.desk import source_offer
from bot.desk.source_offer import Kind, Offer
from bot.desk.source_pages import HEADLINES, UNPOLLED, Known
from bot.desk.source_trial import Trial
from bot.intake import discovery, families, previews, vigil
from bot.intake.answers import Answer, Refused, host_of
from bot.intake.bodies import UnreadableFeed
from bot.intake.discovery import Candidate
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.opml import Outline
from bot.intake.parse import Parser
from bot.wording import Wording
from storage import catalogue, journal, sources
from storage.database import Reading, Transaction
from storage.model import Source, Traffic

REQUESTS: Final = 6  # for one tap of an editor; a site is asked one thing at a time
SECONDS: Final = 30.0  # an editor waits for it; six slow answers would be a minute and a half
SCANNED_BYTES: Final = 256 * 1024  # of 97 real pages none names a feed further on; looking takes 17 ms at most
NOTHING: Final = Traffic(None, 0)
# What a source may have of its own, or not.
_OWN: Final[Mapping[str, Callable[[Transaction, int, str | None], Awaitable[None]]]] = {
    "section": catalogue.put_under, "speak": catalogue.speak, "zone": catalogue.live_in,
}  # fmt: skip


async def all_known(db: Reading, now: datetime) -> list[Known]:
    """Every source that is not removed, in the order of adding, without headlines."""
    traffic = await catalogue.traffic(db, now)
    return [Known(each, traffic.get(each.id, NOTHING)) for each in await sources.all_of(db) if each.state != "gone"]


async def known(db: Reading, source_id: int, now: datetime) -> Known | None:
    """The source as its page shows it, None when it is removed or never was."""
    source = await sources.get(db, source_id)
    if source is None or source.state == "gone":
        return None
    traffic = await catalogue.traffic(db, now)
    return Known(source, traffic.get(source.id, NOTHING), await catalogue.headlines(db, source.id, HEADLINES))


async def find(fetch: Fetcher, parser: Parser, url: str, now: datetime, zone: ZoneInfo, start: int = 0) -> Offer:
    """The best source that the address leads to, from its candidate number `start` on, in at most REQUESTS requests
    and SECONDS.

    When they are used up, the page itself is looked at for headlines, and `following` goes on with the rest.
    Raises Refused or UnreadableFeed with what kept the address or the best of its candidates from being read.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await _sought(fetch, parser, url, now, zone, start)
    except TimeoutError as error:
        raise Refused("slow", seconds=SECONDS) from error


async def _sought(fetch: Fetcher, parser: Parser, url: str, now: datetime, zone: ZoneInfo, start: int) -> Offer:
    if channel := previews.address(url):
        return _offer(Candidate(channel, "preview"), await _channel(fetch, parser, channel, now, zone), url, None)
    site = await fetch.get(url)
    candidates, asked = await _candidates(fetch, parser, site, now, zone)
    skipped, trouble = None, None
    for place, each in enumerate(candidates[start:], start):
        costs = each.kind != "page" and each.url != site.url
        if costs and asked >= REQUESTS:
            skipped = place if skipped is None else skipped
            continue
        asked += costs
        try:
            feed = await _feed(fetch, parser, each, site, now, zone)
        except (Refused, UnreadableFeed) as error:
            trouble = error if trouble is None or not each.guess else trouble
            continue
        if feed.reports or len(candidates) == 1:
            after = place + 1 if place + 1 < len(candidates) else None
            return _offer(each, feed, url, after if skipped is None else skipped)
    raise trouble or UnreadableFeed("no_list")


async def add(tx: Transaction, url: str, kind: Kind, editor: int, now: datetime) -> tuple[int, bool]:
    """The id of the source at this address, and whether it is new. The first of a newsroom's is its own site."""
    if (held := await catalogue.holder(tx, url)) is not None:
        return held, False
    first_ever = all(each.kind in UNPOLLED for each in await sources.all_of(tx))
    source = await sources.put(
        tx, url=url, name=families.host(url), kind=kind, family=families.family(url), own=first_ever, now=now
    )
    await journal.write(tx, "source:add", f"source:{source.id}", now, actor=editor, became=url)
    return source.id, True


async def enlist(tx: Transaction, outline: Outline, now: datetime) -> bool:
    """Whether the feed of the operator's list became a source; False when its address is known. Raises Refused for an
    address that may not be asked."""
    host_of(outline.url)
    channel = previews.address(outline.url)
    url = channel or outline.url
    if await catalogue.holder(tx, url) is not None:
        return False
    kind: Kind = "preview" if channel else "feed"
    family = families.family(url)
    source = await sources.put(tx, url=url, name=outline.title, kind=kind, family=family, own=False, now=now)
    await catalogue.put_under(tx, source.id, outline.section or None)
    await journal.write(tx, "source:add", f"source:{source.id}", now, actor=journal.OPERATOR, became=url)
    return True


async def tried(
    fetch: Fetcher, parser: Parser, source: Source, selector: str | None, now: datetime, zone: ZoneInfo
) -> Trial:
    """What stands on the source's page now, its rows found by this selector, or by themselves."""
    try:
        site = await fetch.get(source.url)
        feed = await parser.list(site.body, site.content_type, site.url, now, zone, selector)
    except (Refused, UnreadableFeed) as error:
        return Trial(source, selector, trouble=error)
    return Trial(source, selector, feed.reports)


async def change(
    tx: Transaction, source: Source, act: str, value: str, editor: int, now: datetime, wording: Wording
) -> None:
    """Does to the source what was asked, and writes it down; `wording` is the newsroom's, for an alarm that ends with
    it. To pause what is paused, or wake what is awake, is nothing. Raises KeyError for an act that there is not."""
    if act in ("pause", "wake") and (source.state == "paused") is (act == "pause"):
        return
    was = {"name": source.name, "section": source.section, "weigh": str(source.weight), "speak": source.language,
           "zone": source.timezone, "remove": source.url, "rows": source.selector}.get(act, source.state)  # fmt: skip
    if act == "pause":
        await catalogue.pause(tx, source.id)
        await vigil.let_be(tx, wording, source, "paused", now)
    elif act == "wake":
        await vigil.let_be(tx, wording, source, "paused", now)
        await catalogue.wake(tx, source.id, now)
    elif act == "name":
        await catalogue.rename(tx, source.id, value)
    elif act in _OWN:
        await _OWN[act](tx, source.id, value or None)
    elif act == "weigh":
        await catalogue.weigh(tx, source.id, float(value))
    elif act == "remove":
        await catalogue.remove(tx, source)
        await vigil.let_be(tx, wording, source, "removed", now)
    elif act == "rows":
        await catalogue.select(tx, source.id, value or None, now)
    else:
        raise KeyError(act)
    await journal.write(tx, f"source:{act}", f"source:{source.id}", now, actor=editor, was=was or "", became=value)


async def move(tx: Transaction, source: Source, offer: Offer, editor: int, now: datetime, wording: Wording) -> bool:
    """The source is read at the offer's address from now on; False when another source has it."""
    family = families.family(offer.url)
    if not await catalogue.move(tx, source.id, url=offer.url, kind=offer.kind, family=family, now=now):
        return False
    await vigil.let_be(tx, wording, source, "moved", now)
    if source.url != offer.url:
        await journal.write(
            tx, "source:address", f"source:{source.id}", now, actor=editor, was=source.url, became=offer.url
        )
    return True


async def _candidates(
    fetch: Fetcher, parser: Parser, site: Answer, now: datetime, zone: ZoneInfo
) -> tuple[list[Candidate], int]:
    """The addresses worth asking, best first, and how many requests that cost. Where the page names none, the
    site's robots.txt is asked."""
    found = await parser.site(site.body[:SCANNED_BYTES], site.content_type, site.url, now, zone)
    robots = next((one for one in found if one.kind == "robots"), None)
    if discovery.named(found) or robots is None:
        return source_offer.order(found), 1
    try:
        said = await fetch.get(robots.url)
        told = await parser.site(said.body[:SCANNED_BYTES], said.content_type, said.url, now, zone)
    except (Refused, UnreadableFeed):
        told = ()
    return source_offer.order(discovery.with_robots(found, told)), 2


async def _feed(fetch: Fetcher, parser: Parser, each: Candidate, site: Answer, now: datetime, zone: ZoneInfo) -> Feed:
    if each.kind == "preview":
        return await _channel(fetch, parser, each.url, now, zone)
    if each.kind == "page":
        return await parser.list(site.body, site.content_type, site.url, now, zone)
    answer = site if each.url == site.url else await fetch.get(each.url)
    feed = await parser.feed(answer.body, answer.content_type, answer.url, now, zone)
    if not feed.reports and feed.more:  # an index of sitemaps: the newest of them shows what it brings
        answer = await fetch.get(feed.more[0])
        newest = await parser.feed(answer.body, answer.content_type, answer.url, now, zone)
        return replace(feed, reports=newest.reports)
    return feed


async def _channel(fetch: Fetcher, parser: Parser, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    answer = await fetch.get(url)
    return await parser.preview(answer.body, answer.content_type, answer.url, now, zone)


def _offer(each: Candidate, feed: Feed, site: str, following: int | None) -> Offer:
    kind: Kind = "feed" if each.kind in ("feed", "sitemap") else "preview" if each.kind == "preview" else "page"
    return Offer(each.url, kind, feed.title or each.title, feed.reports, site, following)
