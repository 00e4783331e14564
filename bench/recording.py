"""What a feed said, poll by poll, as others recorded it, and which of it is one article.

Which reports are one article is judged here from the recording alone and with nothing of the bot's own code: the host
without `www.` and the path, which is the rule of those who recorded the feeds, not ours; on the three sites that put
the title into the path, the site's own number in it. The recording's other witnesses are asked too, and where they
contradict (one guid, one title with one lead, or one number, at two paths), `contradictions` says so: these are for a
person to judge.

An edit is another title, another lead or another address of a known article, first seen in that poll. A lead that is
missing or repeats the title says nothing.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape, quoteattr

_NUMBERED = re.compile(r"(?:novosti\.dn\.ua/(?:\w\w/)?|(?:svoboda|idelreal)\.org/)(\w+)/(?:[^/]+/)?(\d+)")
_CUT = re.compile(r"\s*\[(?:…|\.{3})\]$")  # WordPress's sign that the lead goes on
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


class Entry(NamedTuple):
    """One item of a feed, as it was written there."""

    title: str
    link: str
    description: str
    pub_date: str
    guid: str = ""
    categories: tuple[str, ...] = ()
    enclosure: str = ""


class Poll(NamedTuple):
    """When the feed was asked, in unix seconds, and what stood in it, the newest first."""

    at: int
    entries: tuple[Entry, ...]


class Telling(NamedTuple):
    """What a reader sees of an article. A lead of '' says nothing."""

    title: str
    lead: str
    address: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A feed and its polls in order."""

    name: str
    polls: tuple[Poll, ...]

    def changes(self) -> Timeline:
        """Only the polls that found something else than the one before, each with one more that found the same."""
        kept: list[Poll] = []
        for _, same in groupby(self.polls, key=lambda poll: poll.entries):
            kept += [poll for poll, _ in zip(same, range(2), strict=False)]
        return Timeline(self.name, tuple(kept))


def read(path: Path) -> Timeline:
    """A recording of either form: `{"items", "polls"}` packed, or a line of versions for each article."""
    if path.suffix == ".jsonl":
        return Timeline(path.parent.name, tuple(_of_versions(path.read_text(encoding="utf-8").splitlines())))
    recorded = json.loads(gzip.decompress(path.read_bytes()))
    items = [_entry(item) for item in recorded["items"]]
    folded = [(poll["ts"], tuple(items[index] for index in poll["ids"] or ())) for poll in recorded["polls"]]
    polls = (Poll(at, entries) for instants, entries in folded for at in instants)
    return Timeline(path.name.partition(".")[0], tuple(sorted(polls, key=lambda poll: poll.at)))


def rss(timeline: Timeline, poll: Poll) -> bytes:
    """The feed as it stood at the poll."""
    rows = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.link)}</link>"
        + (f"<description>{escape(one.description)}</description>" if one.description else "")
        + (f"<guid>{escape(one.guid)}</guid>" if one.guid else "")
        + "".join(f"<category>{escape(name)}</category>" for name in one.categories)
        + (f'<enclosure url={quoteattr(one.enclosure)} length="0" type="image/jpeg"/>' if one.enclosure else "")
        + f"<pubDate>{escape(one.pub_date)}</pubDate></item>"
        for one in poll.entries
    )
    head = f"<title>{escape(timeline.name)}</title>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{rows}</channel></rss>'.encode()


def address(link: str) -> str:
    """Host without `www.` and path."""
    parts = urlsplit(link)
    return (parts.netloc.removeprefix("www.") + unquote(parts.path)).rstrip("/")


def article(where: str) -> str:
    """Which article stands at an address."""
    numbered = _NUMBERED.match(where)
    return " ".join(numbered.groups()) if numbered else where


def telling(title: str, lead: str, link: str) -> Telling:
    """What is told, with white space folded and what nobody sees gone."""
    title, lead = _seen(title), _seen(lead)
    return Telling(title, "" if lead == title else lead, address(link))


def contradictions(timeline: Timeline) -> Iterator[str]:
    """Where the recording's own witnesses would judge otherwise than the address does."""
    told = {address(one.link): one for poll in timeline.polls for one in poll.entries}
    texts = {where: f"{_seen(one.title)} | {_seen(one.description)}" for where, one in told.items()}
    numbers = {where: article(where) for where in told}
    for witness in ({where: one.guid for where, one in told.items()}, texts, numbers):
        owners: dict[str, list[str]] = defaultdict(list)
        for where, said in witness.items():
            owners[said].append(where)
        for said, places in sorted(owners.items()):
            if said and len(places) > 1:
                yield f"{timeline.name}: {said[:60]}: " + " and ".join(place[-60:] for place in places)


def _of_versions(lines: Iterable[str]) -> Iterator[Poll]:
    shown = []  # from, until, entry: a version stands until the next, the last one until the article was last seen
    for line in lines:
        item = json.loads(line)
        versions = item["versions"]
        ends = [_at(each["seen_utc"]) for each in versions[1:]] + [_at(item["last_seen_utc"]) + 1]
        shown += [(_at(each["seen_utc"]), end, _entry(each)) for each, end in zip(versions, ends, strict=True)]
    for now in sorted({since for since, _, _ in shown} | {until for _, until, _ in shown}):
        standing = [each for each in shown if each[0] <= now < each[1]]
        yield Poll(now, tuple(entry for _, _, entry in sorted(standing, key=lambda each: -each[0])))


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _entry(item: dict[str, Any]) -> Entry:
    written = (item.get(name) or "" for name in ("title", "link", "description", "pubDate", "guid", "enclosure"))
    title, link, description, pub_date, guid, enclosure = written
    return Entry(title, link, description, pub_date, guid, tuple(item.get("categories") or ()), enclosure)


def _seen(text: str) -> str:
    return _CUT.sub("…", " ".join(_INVISIBLE.sub("", text).split()))
