"""The JSON-LD of a page: its blocks read however they are broken, its graph made into a flat list of nodes."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final

BLOCKS: Final = 30
LENGTH: Final = 1_000_000  # characters of one block; the longest of 97 real pages has 840,919
NODES: Final = 5_000
STEPS: Final = 50_000
EACH: Final = 30
DEPTH: Final = 12  # of 97 real pages no article lies deeper than 4
# What stands in these belongs to other articles, to readers or to the whole site.
_ELSEWHERE: Final = frozenset({
    "itemListElement", "comment", "comments", "review", "reviews", "isPartOf", "hasPart", "mentions", "citation",
    "relatedLink", "isBasedOn", "associatedMedia", "about", "blogPost", "blogPosts", "liveBlogUpdate",
})  # fmt: skip
# HTML comments and CDATA before a value, with or without a script's comment before each; what follows it is not read.
_WRAPPING = re.compile(r"(?:\s|/\*|\*+/|//|<!--|<!\[CDATA\[|\ufeff)+", re.IGNORECASE)
# Strings are stepped over whole, so that a comma inside one stays; what is not closed reaches to the end, or a bomb
# would have every quote of it looked at to the end.
_STRING: Final = r'"(?:[^"\\]|\\.)*+(?:"|\Z)'
_TRAILING = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_COMMENT = re.compile(rf"({_STRING})|/\*.*?(?:\*/|\Z)|(?m:^[ \t]*//.*$)", re.DOTALL)
_SPACE = re.compile(r"[\s,;]*")

Node = dict[str, Any]


def nodes(blocks: Iterable[str]) -> list[Node]:
    """Every object of the graph that has a type, outer before inner, blocks in order; at most NODES."""
    found: list[Node] = []
    for number, block in enumerate(blocks):
        if number >= BLOCKS:
            break
        for root in values(block):
            found.extend(_walk(root, NODES - len(found)))
    return found


def values(block: str) -> list[Any]:
    """The values in a block: usually one; several when somebody glued them together; none when it is no JSON."""
    source = block[:LENGTH]
    if wrapping := _WRAPPING.match(source):
        source = source[wrapping.end() :]
    if re.match(r"[\[{\s]*&quot;", source):
        source = unescape(source)
    for repaired in (lambda text: text, _repaired):
        try:
            return _all(repaired(source))
        except (ValueError, RecursionError):
            continue
    return []


def types(node: Node) -> set[str]:
    """The names of the node's types without schema.org's address."""
    said = node.get("@type")
    names = said[:EACH] if isinstance(said, list) else [said]
    return {name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str)}


def _repaired(source: str) -> str:
    source = _ESCAPE.sub(lambda found: found[0] if found[1] else "", source)
    source = _COMMENT.sub(lambda found: found[1] or "", source)
    return _TRAILING.sub(lambda found: found[1] or "", source)


def _all(source: str) -> list[Any]:
    """Values one after another. Raises ValueError when not even the first can be read."""
    decoder = json.JSONDecoder(strict=False)  # line ends inside strings are the commonest fault of all
    found: list[Any] = []
    place = _end_of_space(source, 0)
    while place < len(source) and len(found) < BLOCKS:
        try:
            value, place = decoder.raw_decode(source, place)
        except ValueError:
            if not found:
                raise
            break
        found.append(value)
        place = _end_of_space(source, place)
    return found


def _end_of_space(source: str, place: int) -> int:
    space = _SPACE.match(source, place)
    return space.end() if space else place


def _walk(root: Any, room: int) -> Iterator[Node]:
    waiting: deque[tuple[Any, int]] = deque([(root, 0)])
    for _ in range(STEPS):
        if not waiting or room <= 0:
            return
        value, depth = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft((one, depth) for one in reversed(value[:NODES]))
        elif isinstance(value, dict) and depth <= DEPTH:
            if "@type" in value:
                room -= 1
                yield value
            inner = (one for name, one in value.items() if name not in _ELSEWHERE and isinstance(one, dict | list))
            waiting.extend((one, depth + 1) for one in inner)
