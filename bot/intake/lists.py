"""A page of headlines read as a feed: https://novosti.dn.ua/news and its likes, or the text of such a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from bot.intake import (
    blocks,
    bodies,
    dayheads,
    entries,
    hypertext,
    identity,
    kinds,
    languages,
    nights,
    pages,
    plain,
    rows,
    spots,
    stamps,
    textlists,
    thumbs,
)
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed, Raw
from bot.intake.stamps import Stamp
from storage.model import Report

__all__ = ["Feed", "UnreadableFeed", "read"]

ROWS: Final = 300  # a page of news has 20 to 100
SELECTOR: Final = 300  # characters


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as read, before its day is known. `heading`: the day that stands above it."""

    raw: Raw
    stamp: Stamp
    heading: date | None = None
    place: int = 0
    loose: bool = False


def read(
    body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo, selector: str | None = None
) -> Feed:
    """The rows of the page's list, each once: newest first where all have instants, else as on the page.

    `selector` (CSS) says which elements are rows, or in which one the list is. A time without a date gets its day
    from the order of the rows (nights.days_ago), a date without a time its latest instant (stamps.latest).
    Raises UnreadableFeed with one of: empty, too_big, too_deep, too_many_attributes, bad_encoding, no_list,
    bad_selector, no_rows (the last two with the selector).
    """
    source, notes = bodies.text(body, pages.labelled(body, content_type))
    if hypertext.is_html(source):
        tree = LexborHTMLParser(hypertext.safe(source))
        lines = _lines(tree, url, now, zone, (selector or "").strip())
        title, language = _about(tree)
    else:
        told = textlists.read(source, zone, now)
        lines = [_Line(Raw(title=plain.from_text(one)), stamp, loose=_is_promo(one)) for one, stamp in told]
        title, language = "", None
    reports = _reports(lines[:ROWS], language, now, zone)
    if not reports:
        raise UnreadableFeed("no_rows", selector=selector) if selector else UnreadableFeed("no_list")
    return Feed(plain.cut(title, 200), languages.code(language), reports, notes=notes)


def _about(tree: LexborHTMLParser) -> tuple[str, str | None]:
    title, top = tree.css_first("title"), tree.css_first("html")
    return plain.fold(title.text()) if title else "", (top.attributes.get("lang") if top else None)


def _lines(tree: LexborHTMLParser, url: str, now: datetime, zone: ZoneInfo, selector: str) -> list[_Line]:
    if tree.root is None:
        return []
    found = tree.css_first("base[href]")
    base = (entries.absolute(found.attributes.get("href"), url) if found else None) or url
    nodes = blocks.elements(tree.root)
    these = _selected(tree, selector, base) if selector else blocks.find(nodes, base, _host(base))
    days = dayheads.above(nodes, these, zone, now)
    return [_line(row, days.get(row.node.mem_id), base, now, zone) for row in these[:ROWS]]


def _selected(tree: LexborHTMLParser, selector: str, base: str) -> list[blocks.Row]:
    """The elements that the operator's selector finds, or the rows inside of the only one."""
    try:
        found = tree.css(selector) if len(selector) <= SELECTOR else []
    except SelectolaxError as error:
        raise UnreadableFeed("bad_selector", selector=selector[:SELECTOR]) from error
    if len(found) == 1:
        within = blocks.find(blocks.elements(found[0]), base, _host(base))
        if len(within) > 1:
            return within
    these: list[blocks.Row] = []
    for order, node in enumerate(found[:ROWS]):
        spot = _best(spots.spots([one.node for one in rows.parts(node) if one.tag != "-text"], base), node, base, order)
        if spot is not None:
            these.append(blocks.Row(node, spot, node.parent.mem_id if node.parent else 0))
    if these and all(row.node.tag == "a" for row in these):
        these = blocks.as_rows([row.spot for row in these])
    return blocks.sided(these) if these else []


def _best(found: Sequence[spots.Spot], node: LexborNode, base: str, order: int) -> spots.Spot | None:
    """The row's headline, or, since the operator calls it a row, any words with a link."""
    if found:
        return found[0]
    inside = rows.parts(node)
    link = next((one for one in rows.links(inside) if rows.address(one, base)), None)
    title = rows.headline(link) if link else ""
    address = rows.address(link, base) if link else None
    return spots.Spot(link, address, title, order) if link and address and title else None


def _line(row: blocks.Row, day: date | None, base: str, now: datetime, zone: ZoneInfo) -> _Line:
    inside = blocks.around(row)
    title, url = row.spot.title, row.spot.url
    stamp = stamps.read(rows.dates(inside, title), zone, now)
    raw = Raw(
        title=plain.from_text(title),
        texts=(plain.from_text(rows.lead(inside, title)),),
        url=url,
        sections=rows.tags(inside, url),
        images=tuple(filter(None, [thumbs.first(inside, base)])),
        author=rows.author(inside),
        base=base,
    )
    if stamp.clock:
        day = day or stamps.in_address(url, zone, now)
    loose = rows.is_loose(inside) or _is_promo(title, url)
    return _Line(raw, stamp, day, row.place, loose)


def _reports(lines: Sequence[_Line], language: str | None, now: datetime, zone: ZoneInfo) -> tuple[Report, ...]:
    """Each row once, in its earliest place, with its instant."""
    found: dict[str, Report] = {}
    for line, at in zip(lines, _instants(lines, now, zone), strict=True):
        one = entries.report(replace(line.raw, published_at=at, declared=(language,)))
        if one is not None:
            found.setdefault(_key(line), one)
    reports = list(found.values())
    if all(one.published_at for one in reports):
        reports.sort(key=lambda one: one.published_at or now, reverse=True)
    return tuple(reports)


def _instants(lines: Sequence[_Line], now: datetime, zone: ZoneInfo) -> list[datetime | None]:
    """When each row came out; times alone are read downwards from now."""
    here = now.astimezone(zone)
    clocked = [line for line in lines if line.stamp.clock and not line.heading]
    ago = dict(zip(map(id, clocked), nights.days_ago([_night(line) for line in clocked], here), strict=True))
    found: list[datetime | None] = []
    for line in lines:
        stamp = line.stamp
        if stamp.clock:
            day = line.heading or here.date() - timedelta(days=ago.get(id(line), 0))
            found.append(stamps.joined(day, stamp.clock, zone, now))
        elif stamp.at is None and (only := stamp.day or line.heading):
            found.append(stamps.latest(only, zone, now))
        else:
            found.append(stamp.at)
    return found


def _night(line: _Line) -> nights.Row:
    title = line.raw.title.line
    daily = nights.daily(title) if kinds.kind(title) == "roundup" else ""
    assert line.stamp.clock is not None
    return nights.Row(_key(line), line.stamp.clock, line.place, line.loose, daily)


def _is_promo(title: str, url: str | None = None) -> bool:
    return kinds.kind(title, "", url) == "promo"


def _key(line: _Line) -> str:
    """What makes two rows the same: the address, in mere text the words."""
    return identity.canonical(line.raw.url) if line.raw.url else line.raw.title.line.casefold()


def _host(url: str) -> str:
    return urlsplit(identity.canonical(url)).hostname or ""
