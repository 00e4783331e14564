"""Follows a public channel back to where it was last read: its page shows the last twenty posts and no more."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake import identity, previews
from bot.intake.answers import Answer, Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from storage import items
from storage.database import Reading
from storage.model import Report, Source

log = logging.getLogger(__name__)
PAGES: Final = 5  # a hundred posts; the busiest channels write that in an hour, and are asked every few minutes


async def followed(
    db: Reading,
    fetch: Fetcher,
    parser: Parser,
    source: Source,
    answer: Answer,
    feed: Feed,
    zone: ZoneInfo,
    now: datetime,
) -> Feed:
    """The feed with the posts of at most PAGES older pages, when none of its own is known: down to the newest that
    is. As it came at the first contact, when everything is history, and of what is no channel's page.

    Raises Refused or UnreadableFeed with what kept an older page from being read, unless the last poll failed too:
    what is there must not wait for ever.
    """
    if source.kind != "preview" or source.first_contact_at is None or not feed.reports:
        return feed
    found = await _unknown(db, source, feed)
    if len(found) < len(feed.reports):
        return feed
    for _ in range(PAGES):
        # A megabyte of strangers' tags takes a tenth of a second: in a thread it makes nobody wait.
        older = await asyncio.to_thread(previews.older, answer.body, source.url)
        if older is None:
            break
        try:
            answer = await fetch.get(older)
            page = await parser.preview(answer.body, answer.content_type, answer.url, now, zone)
        except (Refused, UnreadableFeed) as error:
            if not source.failures:
                raise
            log.warning("source %d: what stands at %s is lost: %s %s", source.id, older, error.reason, error.values)
            break
        fresh = await _unknown(db, source, page)
        found += fresh
        if len(fresh) < len(page.reports):
            break
    return replace(feed, reports=tuple(found))


async def _unknown(db: Reading, source: Source, feed: Feed) -> list[Report]:
    """Its reports above the newest that is known, none from before the first contact."""
    found: list[Report] = []
    for report in feed.reports:
        old = report.published_at is not None and report.published_at < (source.first_contact_at or report.published_at)
        if old or await items.known(db, identity.keys(report, str(source.id))) is not None:
            break
        found.append(report)
    return found
