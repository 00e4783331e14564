"""What a page says of its article in microdata: itemprop inside the item whose type is an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.intake import plain
from bot.intake.articles import Picture, Told, filled
from bot.intake.opengraph import split

EACH: Final = 20
PROPERTIES: Final = 500  # an article has 20, a list of comments hundreds
_WANTED: Final = frozenset({
    "headline", "name", "alternativeheadline", "description", "author", "datepublished", "articlesection", "keywords",
    "image", "thumbnailurl", "inlanguage", "url", "mainentityofpage",
})  # fmt: skip
_INNER: Final = 12  # ancestors looked at


def read(tree: LexborHTMLParser) -> Told:
    """The first article's properties; those of items within it (publisher, comments) are left out."""
    item = tree.css_first('[itemtype*="Article"], [itemtype*="BlogPosting"]')
    if item is None:
        loose = tree.css('[itemprop~="datePublished"]')[:EACH]
        return Told(dates=filled(_value(node) for node in loose))
    said: dict[str, list[LexborNode]] = {}
    for node in islice(item.css("[itemprop]"), PROPERTIES):
        for name in (node.attributes.get("itemprop") or "").lower().split():
            if name in _WANTED and _is_own(node, item) and len(said.setdefault(name, [])) < EACH:
                said[name].append(node)
    keywords = [one for node in said.get("keywords", ()) for one in split(_value(node))]
    return Told(
        titles=_lines(said, "headline", "name"),
        leads=_lines(said, "description"),
        authors=tuple(_names(said.get("author", ()))),
        section=next(iter(_lines(said, "articlesection")), ""),
        tags=tuple(keywords[:EACH]),
        pictures=tuple(Picture(one) for name in ("image", "thumbnailurl") for one in _pictures(said.get(name, ()))),
        dates=tuple(_value(node) for node in said.get("datepublished", ())),
        language=next((_value(node) for node in said.get("inlanguage", ())), None),
        addresses=filled(_value(node) for name in ("mainentityofpage", "url") for node in said.get(name, ())),
    )


def line(node: LexborNode) -> str:
    """The element's text in one line, without scripts and captions; line breaks part words, bold does not."""
    return plain.from_html(node.html or "").line


def _is_own(node: LexborNode, item: LexborNode) -> bool:
    parent = node.parent
    for _ in range(_INNER):
        if parent is None or parent.mem_id == item.mem_id:
            return True
        if "itemscope" in parent.attributes:
            return False
        parent = parent.parent
    return True


def _value(node: LexborNode) -> str:
    said = node.attributes
    for name in ("content", "datetime", "itemid", "src", "href"):
        if value := (said.get(name) or "").strip():
            return value
    return line(node)


def _lines(said: dict[str, list[LexborNode]], *names: str) -> tuple[str, ...]:
    nodes = (node for name in names for node in said.get(name, ()) if node.tag != "img")
    return filled(plain.from_text(node.attributes.get("content") or "").line or line(node) for node in nodes)


def _names(nodes: Sequence[LexborNode]) -> Iterator[str]:
    for node in nodes:
        inner = node.css_first('[itemprop~="name"]')
        name = plain.fold((inner or node).attributes.get("content") or "") or line(inner or node)
        if name:
            yield name


def _pictures(nodes: Sequence[LexborNode]) -> Iterator[str]:
    for node in nodes:
        inner = (
            node.css_first('[itemprop~="contentUrl"], [itemprop~="url"]') if "itemscope" in node.attributes else None
        )
        yield _value(inner or node)
