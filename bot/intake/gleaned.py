"""What the optional trafilatura gleans from a page that does not say its day, its lead or its author plainly."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.intake import bodies, dates, entries, pages, plain
from bot.intake.articles import Article
from bot.intake.bodies import UnreadableFeed

LONGEST: Final = 700_000  # characters, as nine pages of ten; the tree of a longer one could cost all the time it has
Extract = Callable[..., Any]
_MODULE: Final = "trafilatura.metadata"
# What it raises on garbage, whose own reading by us is good enough.
_GARBAGE: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RecursionError,
                   SyntaxError, TypeError, ValueError)  # fmt: skip


def extractor() -> Extract | None:
    """What the extra reads a page with; None where it is not installed, or not whole."""
    try:
        found: Extract = importlib.import_module(_MODULE).extract_metadata
    except ImportError:
        return None
    return found


def filled(
    article: Article, extract: Extract, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo
) -> Article:
    """The article with a day, a lead and an author where it had none and they can be gleaned from its page.

    The day is its midnight in the zone, as of every bare date. What the article says stays.
    """
    if article.published_at and article.lead and article.author:
        return article
    try:
        said = _said(extract, body, content_type, url, now, zone)
    except (UnreadableFeed, *_GARBAGE):
        return article
    at = dates.read(said.date, zone, now)
    return replace(
        article,
        published_at=article.published_at or (at if at and at <= now + dates.AHEAD else None),
        lead=article.lead or _lead(said.description, article.title),
        author=article.author or pages.author(_names(said.author), article.site),
    )


def _said(extract: Extract, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Any:
    """Its Document. It looks for a date in what is marked as one, not in the whole text, where any year would do."""
    source, _ = bodies.text(body, pages.labelled(body, content_type))
    if len(source) > LONGEST:
        raise UnreadableFeed("too_big", size_bytes=len(body), limit_bytes=LONGEST)
    latest = (now.astimezone(zone) + timedelta(days=1)).date().isoformat()
    config = {"original_date": True, "extensive_search": False, "max_date": latest}
    return extract(source, url, config, extensive=False)


def _lead(said: str | None, title: str) -> str:
    lead = plain.cut(entries.without_stubs(plain.fold(said or "")), entries.LEAD)
    return "" if entries.same(lead, title) else lead


def _names(said: str | None) -> list[str]:
    return [name for name in map(plain.fold, (said or "").split(";")) if name]
