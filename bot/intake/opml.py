"""Lists of sources as feed readers exchange them: OPML 1.0 and 2.0 (https://opml.org/spec2.opml) in and out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from html import unescape
from itertools import groupby, islice
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from bot.intake import bodies, plain
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import absolute

OUTLINES: Final = 1_000  # a newsroom reads some fifty
PIECES: Final = 20 * OUTLINES  # folders, ends and comments between them
DEPTH: Final = 20  # folders in folders
NAME: Final = 200  # characters of a title or of a whole path
BETWEEN: Final = " / "  # folders of a path
ATTRIBUTES: Final = 50  # of one outline that are looked at; readers write some six
VALUE: Final = 4_096  # characters of one attribute

_ROOT = re.compile(r"<opml[\s>]", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
# Comments go unread; a value may hold < and >; what nobody closed ends with the file, so nothing is read twice.
_PIECE = re.compile(
    r"<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)"
    rf"""|<(?P<end>/?)outline\b(?P<said>(?:[^<>"']|"[^"]{{0,{VALUE}}}"|'[^']{{0,{VALUE}}}')*+)>""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"""([\w:.-]{{1,40}}+)\s*+=\s*+(?:"([^"]{{0,{VALUE}}})"|'([^']{{0,{VALUE}}})')""")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")  # «?a=1&copy=2» holds none
_NO_FEEDS: Final = frozenset({"link", "include"})  # §«What is an outline»: their url leads to a page, another OPML
_FEED_SCHEME = re.compile(r"\Afeed:(?://)?(?=https?:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. `site` is its page, None when the list does not say; `section` the path of folders
    that it lies in («Область / Спорт»), empty outside of any."""

    title: str
    url: str
    site: str | None = None
    section: str = ""


def read(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a list in its order, each address once, at most OUTLINES; broken XML is read as far as it goes.

    A feed without a title is called by its host. Raises UnreadableFeed with one of: empty, too_big, too_deep,
    entity_bomb (the list declares entities, which none needs), not_opml.
    """
    source, _ = bodies.text(body, None)
    root = _ROOT.search(source)
    if _ENTITY.search(source, 0, root.start() if root else len(source)):
        raise UnreadableFeed("entity_bomb")
    if root is None:
        raise UnreadableFeed("not_opml")
    found: dict[str, Outline] = {}
    for outline in _outlines(source[root.end() :]):
        found.setdefault(outline.url, outline)
        if len(found) == OUTLINES:
            break
    return tuple(found.values())


def write(outlines: Iterable[Outline], title: str, created_at: datetime) -> bytes:
    """OPML 2.0 that `read` reads back: by section, title and address, so that one list gives one file in any order."""
    clean = (replace(one, title=_written(one.title), section=_written(one.section)) for one in outlines)
    ordered = sorted(clean, key=lambda one: (one.section, one.title, one.url))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head>\n    <title>{escape(_written(title))}</title>",
        f"    <dateCreated>{format_datetime(created_at)}</dateCreated>\n  </head>",
        "  <body>",
    ]
    for section, inside in groupby(ordered, lambda one: one.section):
        feeds = [_line(one) for one in inside]
        if section:
            feeds = [f"    <outline text={_quoted(section)}>", *(f"  {line}" for line in feeds), "    </outline>"]
        lines += feeds
    return "\n".join([*lines, "  </body>", "</opml>", ""]).encode()


def _outlines(source: str) -> Iterator[Outline]:
    path: list[str | None] = []  # None for a feed that has an end of its own
    for piece in islice(_PIECE.finditer(source), PIECES):
        if piece["said"] is None:
            continue
        if piece["end"]:
            del path[-1:]
            continue
        if path and path[-1] is None:
            path.pop()  # feeds hold no feeds: its end was forgotten
        said = dict(islice(_attributes(piece["said"]), ATTRIBUTES))
        name = said.get("title") or said.get("text") or ""
        if feed := _feed(said):
            section = plain.cut(BETWEEN.join(filter(None, path)), NAME)
            yield Outline(name or urlsplit(feed).hostname or feed, feed, absolute(said.get("htmlurl"), ""), section)
        if not piece["said"].rstrip().endswith("/"):
            path.append(None if feed else name)
        if len(path) > DEPTH:
            raise UnreadableFeed("too_deep", depth=len(path))


def _attributes(said: str) -> Iterator[tuple[str, str]]:
    """Names in small letters, as folded text; entities are decoded once."""
    for found in _ATTRIBUTE.finditer(said):
        name, value = found[1].lower(), found[2] or found[3] or ""
        value = plain.fold(_REFERENCE.sub(lambda one: unescape(one[0]), value))
        yield name, value if name.endswith("url") else plain.cut(value, NAME)


def _feed(said: dict[str, str]) -> str | None:
    address = said.get("xmlurl") or ("" if said.get("type", "").lower() in _NO_FEEDS else said.get("url"))
    bare = _FEED_SCHEME.sub("", address or "", count=1)  # feed:https://misto.ua/rss, feed://misto.ua/rss
    return absolute("https:" + bare[5:] if bare.lower().startswith("feed://") else bare, "")


def _line(one: Outline) -> str:
    site = f" htmlUrl={_quoted(one.site)}" if one.site else ""
    return f'    <outline type="rss" text={_quoted(one.title)} xmlUrl={_quoted(one.url)}{site}/>'


def _quoted(text: str) -> str:
    return quoteattr(_written(text))


def _written(text: str) -> str:
    """As one line of what XML may hold at all."""
    return plain.fold(text.replace("\ufffe", "").replace("\uffff", "").encode(errors="replace").decode())
