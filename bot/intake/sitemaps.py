"""News sitemaps read into Reports, indexes into the addresses to read next: https://www.sitemaps.org/protocol.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake import bodies, dates, languages, plain, stamps
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed, Raw, absolute, report
from bot.intake.opengraph import split

MORE: Final = 5  # sitemaps of an index worth reading: the newest hold the news, the rest is the archive
TOKENS: Final = 300_000  # tags and texts; 1,000 articles, all that a news sitemap may hold, have 30,000
ENTRIES: Final = 10_000  # of a longer one the beginning: a news sitemap has at most 1,000, an index 50,000
DEPTH: Final = 12  # urlset > url > news > publication > name is five
TEXT: Final = 10_000  # characters of one value
PROLOG: Final = 20_000  # characters before the root; long comments have been seen, not this long
# Possessive, since a comment can be read in two ways and a hundred of them in 2^100.
_ROOT = re.compile(
    r"(?:<\?[^>]*>|<!--.*?-->|<![^>\[]*(?:\[.*?\]\s*)?>|\s)*+<(?:[\w.-]+:)?(urlset|sitemapindex)\b",
    re.DOTALL | re.IGNORECASE,
)
# Every alternative takes what it began with up to the end of the text, so that nothing is looked at twice.
_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[?!][^>]*>?"
    r"|<(?P<end>/?)(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*+)[^<>]*+(?P<slash>(?<=/))?>?|(?P<text>[^<]++)|<",
    re.DOTALL,
)
_WANTED: Final = frozenset({
    "url loc", "url lastmod", "sitemap loc", "sitemap lastmod", "news title", "news publication_date", "news keywords",
    "publication name", "publication language", "image loc", "image title",
})  # fmt: skip
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LINES: Final = 50  # enough to tell a list of addresses from prose
_NEWS = re.compile(r"news|novin|novyn|novost", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """One <url> or <sitemap>: the first value of every element that is wanted."""

    said: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def line(self, name: str) -> str:
        return plain.fold(self.said.get(name, ""))


def recognises(source: str) -> bool:
    """Whether the text is a sitemap: its root says so, or it is nothing but addresses, one a line."""
    return bool(_ROOT.match(source[:PROLOG])) or _is_text(source)


def _is_text(source: str) -> bool:
    lines = source[:PROLOG].split("\n", LINES)[:LINES]
    return all(_ADDRESS.fullmatch(line.strip()) for line in lines if line.strip())


def read(body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """The sitemap in the body of an answer, gzip or not. Raises UnreadableFeed as `parsed` and bodies.text do."""
    source, notes = bodies.text(body, content_type)
    feed = parsed(source, url, now, zone)
    return replace(feed, notes=notes + feed.notes)


def parsed(source: str, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """The articles in the order of the sitemap, of more than bodies.ITEMS the newest; of an index only `more`.

    An article whose date has no time of day is of that day's latest instant that can be meant (stamps.latest).
    Raises UnreadableFeed("plain_sitemap") where no address has a title, "not_feed" where there is no sitemap.
    """
    found = _ROOT.match(source[:PROLOG])
    if found is None:
        raise UnreadableFeed("plain_sitemap") if _is_text(source) else UnreadableFeed("not_feed")
    entries = list(islice(_entries(source), ENTRIES))
    if found[1].lower() == "sitemapindex":
        return Feed(more=_more(entries, url, zone, now))
    titled = [entry for entry in entries if _title(entry).strip()]
    if entries and not titled:
        raise UnreadableFeed("plain_sitemap")
    raws = _newest([raw for entry in titled if (raw := _raw(entry, url, zone, now)).url])
    declared = next((code for entry in entries if (code := languages.code(entry.line("publication language")))), None)
    name = next((name for entry in entries if (name := entry.line("publication name"))), "")
    notes = ("too_many_items",) if len(titled) > bodies.ITEMS else ()
    reports = tuple(one for raw in raws if (one := report(raw)))
    return Feed(plain.cut(name, 200), declared, reports, notes=notes)


def _newest(raws: list[Raw]) -> list[Raw]:
    oldest = datetime.min.replace(tzinfo=UTC)
    by_age = sorted(range(len(raws)), key=lambda place: raws[place].published_at or oldest, reverse=True)
    return [raws[place] for place in sorted(by_age[: bodies.ITEMS])]


def _title(entry: _Entry) -> str:
    return entry.said.get("news title") or entry.said.get("image title") or ""


def _raw(entry: _Entry, url: str, zone: ZoneInfo, now: datetime) -> Raw:
    return Raw(
        title=plain.from_html(_title(entry)),
        url=absolute(entry.said.get("url loc"), url),
        published_at=_published_at(entry.line("news publication_date"), entry.line("url lastmod"), zone, now),
        declared=(entry.line("publication language") or None,),
        sections=tuple(split(entry.line("news keywords"))),
        images=tuple(filter(None, [entry.said.get("image loc")])),
        base=url,
    )


def _published_at(said: str, changed: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The publication's instant; of a bare day the last change on it, else the day's latest that can be meant."""
    for text in filter(None, (said, changed)):
        day = stamps.bare(text)
        if day is None:
            at = dates.read(text, zone, now)
            if at is not None:
                return dates.clamp(at, now)
            continue
        at = dates.read(changed, zone, now) if stamps.bare(changed) is None else None
        on_the_day = at is not None and at <= now and at.astimezone(zone).date() == day
        return at if on_the_day else stamps.latest(day, zone, now)
    return None


def _more(entries: list[_Entry], url: str, zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    """Addresses of the sitemaps changed last, the undated after them; of equals those that speak of news."""
    found: dict[str, tuple[float, bool]] = {}
    for entry in entries:
        address = absolute(entry.said.get("sitemap loc"), url)
        if address and address != url:
            at = dates.read(entry.line("sitemap lastmod"), zone, now)
            found.setdefault(address, (-at.timestamp() if at else 0.0, not _NEWS.search(address)))
    return tuple(sorted(found, key=lambda address: found[address])[:MORE])


def _entries(source: str) -> Iterator[_Entry]:
    """Every <url> and <sitemap>, whatever the prefixes; what is broken inside one does not reach the next."""
    entry: _Entry | None = None
    path: list[str] = []
    for number, token in enumerate(_TOKEN.finditer(source)):
        if number >= TOKENS:
            break
        name = (token["name"] or "").lower()
        if not name:
            if entry is not None:
                _say(entry, path, token)
        elif token["end"]:
            _close(entry, path, name)
        elif token["slash"] is None and name in {"url", "sitemap"}:
            if entry is not None:
                yield entry
            entry, path = _Entry(), [name]
        elif token["slash"] is None and len(path) < DEPTH:
            path.append(name)
    if entry is not None:
        yield entry


def _close(entry: _Entry | None, path: list[str], name: str) -> None:
    if entry is not None and name in path:
        while path[-1] != name:
            path.pop()
        entry.closed.add(" ".join(path[-2:]))
        path.pop()


def _say(entry: _Entry, path: list[str], token: re.Match[str]) -> None:
    key = " ".join(path[-2:])
    if key not in _WANTED or key in entry.closed:
        return
    text = token["cdata"] if token["cdata"] is not None else unescape((token["text"] or "")[:TEXT])
    before = entry.said.get(key, "")
    if text and len(before) < TEXT:
        entry.said[key] = (before + text[:TEXT]).lstrip()
