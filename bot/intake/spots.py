"""The headlines of a page and where they lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from bot.intake import rows

SPOTS: Final = 1_500  # links with headlines
TRIES: Final = 300  # headings without a link of their own for which one is looked for
NEAR: Final = 60  # elements and texts around such a heading
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A headline on the page: the element that reads so, where it leads, its place in the page's order."""

    node: LexborNode
    url: str
    title: str
    order: int


def spots(nodes: Sequence[LexborNode], base: str) -> list[Spot]:
    """The headlines in the page's order: links that read so, and headings beside a link that has no words."""
    found: list[Spot] = []
    tries = TRIES
    for order, node in enumerate(nodes):
        if node.tag == "a":
            url = rows.address(node, base)
            title = rows.headline(node) if url else ""
            if url and rows.is_headline(title):
                found.append(Spot(node, url, title, order))
        elif tries and (node.tag in _HEADINGS or "title" in rows.classes(node)):
            tries -= 1
            found += _beside(node, order, base)
        if len(found) >= SPOTS:
            break
    return found


def _beside(heading: LexborNode, order: int, base: str) -> list[Spot]:
    """A heading outside of links with the longest address of the wordless links around it, if it has such."""
    inside = rows.parts(heading, NEAR)
    title = rows.unclocked(rows.text(inside))
    if not rows.is_headline(title) or any(True for _ in rows.links(inside)):
        return []
    step: LexborNode | None = heading
    for _ in range(3):
        step = step.parent if step else None
        if step is None or step.tag == "a":
            return []
        links = islice(rows.links(rows.parts(step, NEAR)), rows.TRIES)
        bare = [link for link in links if not rows.is_headline(rows.text(rows.parts(link, NEAR)))]
        addresses = [url for link in bare if (url := rows.address(link, base))]
        if addresses:
            return [Spot(heading, max(addresses, key=lambda url: len(urlsplit(url).path)), title, order)]
    return []
