"""Fetches one source and has it read: a feed, a page with a list, a preview, or an index and what it names."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.intake import habits
from bot.intake.answers import Answer, Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from storage.model import Report, Source

log = logging.getLogger(__name__)
MORE = 5  # addresses behind an index asked in one pass, the newest; the rest is the archive
BEYOND = timedelta(hours=1)


async def read(
    fetch: Fetcher, parser: Parser, source: Source, zone: ZoneInfo, clock: Callable[[], datetime]
) -> tuple[Answer, Feed | None]:
    """The answer and the feed in it, None when the server has nothing newer than it had.

    An index comes with the reports of what it names, and without a name of its state: that it has not changed says
    nothing of them. Raises Refused and UnreadableFeed; of an index only when nothing that it names can be read.
    """
    answer = await fetch.get(source.url, source.etag, source.last_modified)
    if answer.status == 304:
        return answer, None
    feed = await _parsed(parser, source, answer, clock(), zone)
    if feed.more:
        answer = replace(answer, etag=None, last_modified=None)
        feed = replace(feed, reports=feed.reports + await _behind(fetch, parser, source, feed, zone, clock))
    return answer, replace(feed, title=sound(feed.title), reports=tuple(map(_sounding, feed.reports)))


def sound(text: str) -> str:
    """The text without halves of a surrogate pair, which JSON may hold and SQLite cannot."""
    return text.encode(errors="replace").decode()


async def _behind(
    fetch: Fetcher, parser: Parser, source: Source, index: Feed, zone: ZoneInfo, clock: Callable[[], datetime]
) -> tuple[Report, ...]:
    found: list[Report] = []
    lost: Refused | UnreadableFeed | None = None
    well = 0
    for url in index.more[:MORE]:
        try:
            part = await _parsed(parser, source, await fetch.get(url), clock(), zone)
        except (Refused, UnreadableFeed) as error:
            log.warning("source %d: %s behind its index: %s %s", source.id, url, error.reason, error.values)
            lost = error
        else:
            well += 1
            found += part.reports
    if lost is not None and not well and not index.reports:
        raise lost
    return tuple(found)


async def _parsed(parser: Parser, source: Source, answer: Answer, now: datetime, zone: ZoneInfo) -> Feed:
    body, content_type, url = answer.body, answer.content_type, answer.url
    if source.kind == "page":
        return await parser.list(body, content_type, url, now, zone, source.selector)
    if source.kind == "preview":
        return await parser.preview(body, content_type, url, now, zone)
    feed = await parser.feed(body, content_type, url, now, zone)
    if source.mislabelled_at is None and not habits.seems_ahead(feed.reports, now):
        return feed
    # What lies in the future is put at `now` where feeds are read, and from how far it came is what tells a clock that
    # lies. So it is read once more as of an hour that no such clock shows yet.
    return await parser.feed(body, content_type, url, now + habits.ahead(zone, now) + BEYOND, zone)


def _sounding(report: Report) -> Report:
    """The report with every text sound."""
    texts = {name: value for name, value in asdict(report).items() if isinstance(value, str)}
    changed: dict[str, Any] = {name: sound(value) for name, value in texts.items()}
    return replace(report, sections=tuple(map(sound, report.sections)), **changed)
