"""RSS, RDF, Atom, JSON Feed and news sitemaps read into Reports, however broken they are."""

from __future__ import annotations

import io
import re
import xml.sax
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from bot.intake import bodies, elements, hubs, jsonfeeds, languages, plain, sitemaps
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed, absolute, report

__all__ = ["Feed", "UnreadableFeed", "read"]

_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "rdf:rdf"})
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
LONGEST = timedelta(days=1)  # a feed that asks for a month of silence would hide a dead source
# What feedparser raises on garbage; a new name here begins as a failing test.
_GARBAGE = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read(body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """The feed in the body of an answer; dates without a zone are the given zone's, the future is clamped.

    A valid feed without entries is a Feed without reports. Raises UnreadableFeed with one of: empty,
    too_big, bad_encoding, html, not_xml, not_json, not_feed, plain_sitemap, too_many_attributes, too_deep, garbage.
    """
    source, notes = bodies.text(body, content_type)
    if source[0] in "{[":
        feed = jsonfeeds.read(source, url, now, zone)
        return _noted(feed, notes)
    if sitemaps.recognises(source):
        return _noted(sitemaps.parsed(source, url, now, zone), notes)
    _refuse_pages(source)
    source, repairs = bodies.markup(source)
    try:
        parsed = _parsed(source)
        if not parsed["entries"] and not parsed.get("version"):
            raise UnreadableFeed("not_feed", root=_root(source))
        feed = _feed(parsed, url, now, zone)
    except _GARBAGE as error:
        raise UnreadableFeed("garbage", error=type(error).__name__) from error
    broken = ("broken_xml",) if isinstance(parsed.get("bozo_exception"), xml.sax.SAXException) else ()
    return _noted(feed, notes + repairs + broken)


def _noted(feed: Feed, notes: tuple[str, ...]) -> Feed:
    return replace(feed, notes=tuple(dict.fromkeys(notes + feed.notes)))


def _root(source: str) -> str:
    found = _ROOT.search(source)
    return found[1].lower()[:40] if found else ""


def _refuse_pages(source: str) -> None:
    """A page in place of a feed (a captcha, a 404 with status 200) must not pass for an empty feed."""
    found = _ROOT.search(source)
    if found is None:
        raise UnreadableFeed("not_xml")
    root = found[1].lower()
    if root in {"html", "head", "body"} or re.match(
        r"\s*(?:<!--.*?-->\s*)*+<!doctype\s+html", source[:5000], re.I | re.S
    ):
        raise UnreadableFeed("html")
    if found.start() > 0 and not source.startswith("<") and root.split(":")[-1] not in _FEED_ROOTS:
        raise UnreadableFeed("not_xml")


def _parsed(source: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8"}
    return feedparser.parse(
        io.BytesIO(source.encode("utf-8", "replace")),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _feed(parsed: Any, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    about, entries = parsed["feed"], parsed["entries"]
    base = absolute(about.get("link"), url) or url
    language = about.get("language") or about.get("dc_language")
    is_atom = str(parsed.get("version", "")).startswith("atom")
    raws = (elements.raw(entry, base, language, is_atom, zone, now) for entry in entries[: bodies.ITEMS])
    hub, topic = hubs.chosen(((one.get("rel") or "", one.get("href")) for one in about.get("links", ())), url)
    return Feed(
        title=plain.cut(plain.from_html(about.get("title") or "").line, 200),
        language=languages.code(language),
        reports=tuple(one for raw in raws if (one := report(raw))),
        ttl=_ttl(about),
        notes=("too_many_items",) if len(entries) > bodies.ITEMS else (),
        hub=hub,
        topic=topic,
    )


def _ttl(about: Any) -> timedelta | None:
    """How long the feed asks to be left alone: <ttl> in minutes, else sy:updatePeriod by its frequency."""
    said = str(about.get("ttl") or "").strip()
    minutes = int(said) if said.isdecimal() and len(said) < 8 else 0
    period = _PERIODS.get(str(about.get("sy_updateperiod") or "").strip().lower())
    if not minutes and period:
        often = str(about.get("sy_updatefrequency") or "1").strip()
        minutes = period // max(1, int(often) if often.isdecimal() and len(often) < 8 else 1)
    return min(timedelta(minutes=minutes), LONGEST) if minutes > 0 else None
