"""The page that Telegram shows of a public channel (https://t.me/s/NAME): what stands in each of its posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.intake import dates, entries, plain
from bot.intake.articles import Picture, pixels

POSTS: Final = 100  # a page shows 20, an album counts as one
NODES: Final = 5_000  # of one text: 4,096 characters, each an emoji of three nodes, are more than anybody writes
LINKS: Final = 50
CLIMB: Final = 8  # ancestors between a word and the text that it stands in: bold in a link in a quotation

_NUMBER = re.compile(r"([A-Za-z]\w{2,40})/(\d{1,12})")
_VIEWS = re.compile(r"(\d{1,9})(?:\.(\d{1,3}))?\s?([KM]?)")
_SHOWN = re.compile(r"""background-image:\s*url\(\s*["']?([^"')\s]{1,2000})""")
_WIDTH = re.compile(r"(?<![\w-])width:\s*([\d.]{1,7})px")
_HEIGHT = re.compile(r"(?<![\w-])height:\s*([\d.]{1,7})px")
_PARTS: Final = {
    "text": "div.js-message_text",  # a quoted reply's text is js-message_reply_text
    "date": "a.tgme_widget_message_date > time",  # a video's length is a <time> too
    "views": "span.tgme_widget_message_views",
    "origin": ".tgme_widget_message_forwarded_from_name",
    "author": ".tgme_widget_message_from_author",
    "photo": "a.tgme_widget_message_photo_wrap",
    "still": "i.tgme_widget_message_video_thumb",
    "card": "i.link_preview_image, i.link_preview_right_image",
}
_MESSAGE: Final = ".tgme_widget_message[data-post]"
_BLOCKS: Final = frozenset({"blockquote", "div", "pre"})
# A hashtag, a mention, another channel: what a signature under a post is made of.
_OWN = re.compile(r"\?q=|tg:|(?:https?:)?//(?:[\w-]+\.)?(?:t\.me|telegram\.me|telegram\.dog)(?:/|$)", re.IGNORECASE)
_TAGGED = re.compile(r"[#@]\w+")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a post. `own` is false when nothing but hashtags, mentions and links into Telegram stand in it."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Post:
    """One post; an album is one. `views` is as exact as the page («1.2K» is 1200), None when it shows none.

    `links` are the outside and Telegram addresses in the text, in order, each once. `pictures`: photos, largest
    first, then stills of videos, then the card of a link.
    """

    channel: str
    number: int
    lines: tuple[Line, ...]
    published_at: datetime | None
    views: int | None
    links: tuple[str, ...]
    pictures: tuple[str, ...]
    origin: str | None
    author: str | None

    @property
    def url(self) -> str:
        """The post's own address, which never changes."""
        return f"https://t.me/{self.channel}/{self.number}"


def posts(tree: LexborHTMLParser, zone: ZoneInfo, now: datetime) -> tuple[Post, ...]:
    """The posts that hold text, in the page's order (oldest first); service messages are none."""
    found = []
    for message, parts in islice(_messages(tree), POSTS):
        name = _NUMBER.fullmatch(message.attributes.get("data-post") or "")
        if name is None or "service_message" in _classes(message) or not parts.get("text"):
            continue
        lines, links = _written(parts["text"][0])
        if lines:
            found.append(_post(name, lines, links, parts, zone, now))
    return tuple(found)


def _post(
    name: re.Match[str],
    lines: tuple[Line, ...],
    links: tuple[str, ...],
    parts: dict[str, list[LexborNode]],
    zone: ZoneInfo,
    now: datetime,
) -> Post:
    said = next((one.attributes.get("datetime") for one in parts.get("date", ())), None)
    at = dates.read(said, zone, now)
    return Post(
        channel=name[1],
        number=int(name[2]),
        lines=lines,
        published_at=dates.clamp(at, now) if at else None,
        views=_count(_first(parts, "views")),
        links=links,
        pictures=_pictures(parts),
        origin=_first(parts, "origin"),
        author=_first(parts, "author"),
    )


def _messages(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, dict[str, list[LexborNode]]]]:
    """Each message with its parts by name: one walk through the page, whatever is nested in what."""
    kinds = {node.mem_id: kind for kind, one in _PARTS.items() for node in tree.css(one)}
    message, parts = None, dict[str, list[LexborNode]]()
    for node in tree.css(", ".join([_MESSAGE, *_PARTS.values()])):
        kind = kinds.get(node.mem_id)
        if kind is None:
            if message is not None:
                yield message, parts
            message, parts = node, {}
        else:
            parts.setdefault(kind, []).append(node)
    if message is not None:
        yield message, parts


def _written(text: LexborNode) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines of a text that say anything, and its links. Written «&lt;b&gt;» is no markup and stays as typed."""
    pieces: list[list[tuple[str, bool]]] = [[]]
    links: dict[str, None] = {}
    block = text.mem_id
    for node in islice(text.traverse(include_text=True), NODES):
        if node.tag == "br":
            pieces.append([])
        elif node.tag == "a" and len(links) < LINKS:
            href = (node.attributes.get("href") or "").strip()
            if not href.startswith("?") and (address := entries.absolute(href, "https://t.me/")):
                links.setdefault(address)
        elif node.tag == "-text":
            inside, foreign = _surroundings(node, text)
            if inside != block:
                pieces.append([])
                block = inside
            pieces[-1].append((node.text_content or "", not foreign))
    lines = (_line(line) for line in pieces)
    return tuple(line for line in lines if line.text), tuple(links)


def _surroundings(node: LexborNode, text: LexborNode) -> tuple[int, bool]:
    """The block that a word stands in, and whether it is a link of the kind that signatures are made of."""
    step, foreign = node.parent, False
    for _ in range(CLIMB):
        if step is None or step.mem_id == text.mem_id:
            break
        if step.tag == "a":
            foreign = bool(_OWN.match((step.attributes.get("href") or "").strip()))
        if step.tag in _BLOCKS:
            return step.mem_id, foreign
        step = step.parent
    return text.mem_id, foreign


def _line(pieces: list[tuple[str, bool]]) -> Line:
    own = "".join(said for said, own in pieces if own)
    return Line(plain.fold("".join(said for said, _ in pieces)), bool(_LETTER.search(_TAGGED.sub("", own))))


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _first(parts: dict[str, list[LexborNode]], kind: str) -> str | None:
    return next((plain.cut(said, 200) for node in parts.get(kind, ()) if (said := plain.fold(node.text()))), None)


def _count(said: str | None) -> int | None:
    found = _VIEWS.fullmatch(said or "")
    if found is None:
        return None
    whole, part, unit = found[1], found[2] or "", found[3]
    zeros = {"": 0, "K": 3, "M": 6}[unit]
    return int(whole + part[:zeros].ljust(zeros, "0"))


def _pictures(parts: dict[str, list[LexborNode]]) -> tuple[str, ...]:
    photos = sorted(_shown(parts.get("photo", [])), key=lambda one: -one.width * (one.height or one.width))
    others = [*_shown(parts.get("still", [])), *_shown(parts.get("card", []))]
    return tuple(dict.fromkeys(one.url for one in (*photos, *others)))


def _shown(nodes: list[LexborNode]) -> Iterator[Picture]:
    for node in nodes[:POSTS]:
        style = (node.attributes.get("style") or "")[:4_000]
        found = _SHOWN.search(style)
        address = entries.absolute(found[1], "https://t.me/") if found else None
        if address:
            width, height = (pixels(size[1]) if (size := one.search(style)) else 0 for one in (_WIDTH, _HEIGHT))
            yield Picture(address, width, height)
