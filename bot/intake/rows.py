"""What one row of a page's headlines says: its title, link, dates, picture, author and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urldefrag

from selectolax.lexbor import LexborNode

from bot.intake import entries, plain, stamps

PARTS: Final = 300  # elements and texts of a row that are looked at; a card has 40
PIECE: Final = 600  # characters of one text
TRIES: Final = 5  # elements of one meaning in a row; more are nested in one another
WORDS: Final = 3  # a headline has more; «Усі новини» is a button
LETTERS: Final = 18  # «Про нас», «Політика» are sections
HEADLINE: Final = 400  # the longest headline of 8,138 real ones has 262
NAME: Final = 80  # characters of the authors' names
NAMES: Final = 8  # words of them
LEAD: Final = 40  # characters; shorter paragraphs are captions
_SILENT: Final = frozenset({"script", "style", "noscript", "svg", "template", "select", "button"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE: Final = frozenset({"a", "span", "b", "i", "em", "strong", "u", "mark", "small", "sup", "sub", "font", "wbr"})
_TITLE = re.compile(r"title|headline|heading|zagolov|header__text", re.IGNORECASE)
_AUTHOR = re.compile(r"author|byline|avtor", re.IGNORECASE)
_TAG = re.compile(r"(?:^|[\s_-])(?:tags?|categor\w*|rubric\w*|section|label|topic)(?:$|[\s_-])", re.IGNORECASE)
_LEAD = re.compile(
    r"lead|announce?|anons|descr|excerpt|summary|teaser|sub-?(?:title|head)|preview-text|intro", re.IGNORECASE
)
_LOOSE = re.compile(
    r"(?:^|[\s_-])(?:pin(?:ned)?|sticky|fixed|promo\w*|advert\w*|ads?|banner|partner\w*|sponsor\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CLOCK_FIRST = re.compile(r"\A([01]?\d|2[0-3])[:.][0-5]\d(?=\s*[^\W\d]|\s*[«\"“—–-])\s*[|—–-]?\s*")
_MACHINE: Final = (
    "datetime", "data-datetime", "data-published", "data-timestamp", "data-time", "data-date", "data-utime",
)  # fmt: skip
_DATED = re.compile(r"date|time|publish|meta|info", re.IGNORECASE)
_LENGTH = re.compile(r"duration|length|views|comment|counter", re.IGNORECASE)  # «03:45» is also how long a film runs
_BY = re.compile(r"\A(?:автор(?:ка|и)?|текст|by|von|par|por)\b[\s:]*", re.IGNORECASE)
_NAME = re.compile(r"([^\W\d_][\w’'ʼ-]+(?: [^\W\d_][\w’'ʼ-]+){1,2})(?=\s*[,|•·—–]|\s+\d|\Z)")


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a row, or a text of it with the element that it stands in."""

    node: LexborNode
    tag: str
    classes: str
    text: str = ""


def parts(node: LexborNode, limit: int = PARTS) -> list[Part]:
    """The elements and texts of the node, itself first, at most `limit`, without scripts."""
    found: list[Part] = []
    for one in islice(node.traverse(include_text=True), limit):
        if one.tag == "-text":
            parent = one.parent
            text = (one.text_content or "")[:PIECE]
            if parent is not None and parent.tag not in _SILENT and text.strip():
                found.append(Part(one, "-text", classes(parent), text))
        elif one.tag and not one.tag.startswith("-"):
            found.append(Part(one, one.tag, classes(one)))
    return found


def classes(node: LexborNode) -> str:
    """The class names of an element in one string, "" without."""
    return (node.attributes.get("class") or "")[:300] if node.is_element_node else ""


def text(some: Iterable[Part]) -> str:
    """The texts in one line. Bold and the like part two words that touch, not a word from a sign."""
    said = ""
    apart = False
    for one in some:
        if one.tag != "-text":
            apart = apart or one.tag not in _INLINE
            continue
        touching = said[-1:].isalnum() and one.text[:1].isalnum()
        said += " " + one.text if apart or touching else one.text
        apart = False
    return plain.from_text(said).line


def is_headline(said: str) -> bool:
    """Whether words may be a headline rather than a button or a section."""
    return LETTERS <= len(said) <= HEADLINE and len(said.split()) >= WORDS


def headline(link: LexborNode) -> str:
    """The headline in a link: its heading, else what is named so, else its words without times; "" for none."""
    inside = parts(link)
    elements = [one for one in inside[1:] if one.tag != "-text"]
    titled = [one for one in elements if one.tag in _HEADINGS] + [one for one in elements if _TITLE.search(one.classes)]
    for one in titled[:TRIES]:
        if said := unclocked(text(parts(one.node))):
            return said
    pieces = [one for one in inside if one.tag != "-text" or not stamps.is_only(one.text)]
    return unclocked(text(pieces))


def unclocked(said: str) -> str:
    """The words without the time of day that stands before them."""
    return _CLOCK_FIRST.sub("", said, count=1)


def dates(inside: list[Part], title: str) -> list[str]:
    """Texts that may hold the row's date: machine dates, what is named a date, then all outside the headline."""
    machine: list[str] = []
    named: list[str] = []
    seen: list[str] = []
    for one in inside:
        words = plain.fold(one.text)
        if one.tag != "-text":
            said = one.node.attributes
            machine += [value for name in _MACHINE if (value := (said.get(name) or "").strip())][:1]
            if one.tag == "meta" and "date" in (said.get("itemprop") or "").lower():
                machine.append((said.get("content") or "").strip())
            if len(named) < TRIES and (one.tag == "time" or _DATED.search(one.classes)):
                named.append(text(parts(one.node)))
        elif clock := _CLOCK_FIRST.match(words):
            seen.append(clock.group())
        elif words not in title and not _LENGTH.search(one.classes):
            seen.append(words)
    short = [one for one in dict.fromkeys(named + seen) if len(one) <= stamps.SAID and title not in one]
    return machine[:3] + short[: stamps.MANY]


def author(inside: list[Part]) -> str | None:
    """Who is marked as the author, else whose name stands in the date («Олена Коваль, 18 липня 2025, 13:25»)."""
    elements = [one for one in inside if one.tag != "-text"]
    marked = [
        one for one in elements if _AUTHOR.search(one.classes) or "author" in (one.node.attributes.get("rel") or "")
    ]
    for one in marked[:TRIES]:
        name = _BY.sub("", text(parts(one.node)))
        if 2 < len(name) <= NAME and not (is_headline(name) and len(name.split()) > NAMES):
            return name
    for one in [one for one in elements if _DATED.search(one.classes)][:TRIES]:
        found = _NAME.match(text(parts(one.node)))
        if found and all(word[0].isupper() and not stamps.is_day(word) for word in found[1].split()):
            return found[1]
    return None


def tags(inside: list[Part], url: str | None) -> tuple[str, ...]:
    """The words of links that are marked as tags, sections or rubrics, in order."""
    found: list[str] = []
    marked = [one for one in inside if one.tag != "-text" and _TAG.search(one.classes)]
    for one in marked[:5]:
        links = [two for two in parts(one.node) if two.tag == "a"] or [one]
        found += [text(parts(two.node)) for two in links if two.node.attributes.get("href") != url]
    related = [one for one in inside if one.tag == "a" and "tag" in (one.node.attributes.get("rel") or "").split()]
    found += [text(parts(one.node)) for one in related]
    return tuple(dict.fromkeys(name.lstrip("#") for name in found if 1 < len(name) <= 40))


def lead(inside: list[Part], title: str) -> str:
    """The first paragraph or announcement beside the headline, "" without."""
    marked = [one for one in inside if one.tag == "p" or (one.tag != "-text" and _LEAD.search(one.classes))]
    said = (text(parts(one.node)) for one in marked[:TRIES])
    return next((one for one in said if len(one) >= LEAD and title not in one and one not in title), "")


def is_loose(inside: list[Part]) -> bool:
    """Whether the row is marked as pinned or as an advertisement, which stand out of time's order."""
    return bool(inside) and bool(_LOOSE.search(inside[0].classes))


def address(link: LexborNode, base: str) -> str | None:
    """Where a link leads, absolute and without its fragment; None for no page."""
    href = (link.attributes.get("href") or "").strip()
    if not href or href.startswith("#"):
        return None
    found = entries.absolute(href, base)
    return urldefrag(found).url if found else None


def links(inside: Iterable[Part]) -> Iterator[LexborNode]:
    """The links in order."""
    return (one.node for one in inside if one.tag == "a" and "href" in one.node.attributes)
