"""Where on a page its list of headlines is: the elements that repeat, each with one link that reads like a headline."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from bot.intake import rows, urls
from bot.intake.spots import Spot, spots

NODES: Final = 60_000  # elements of a page that are looked at; a front page has 5,000
LEVELS: Final = 10  # elements between a row and its link
DEPTH: Final = 60  # elements above a link by which its place is known
GROUPS: Final = 12  # the largest groups of alike links are weighed
WEIGHED: Final = 60  # rows of a group that are looked at for times
BESIDE: Final = 6  # texts and elements beside a row that are looked at for its time
TIMED: Final = 0.5  # a list of news tells the time of at least half its rows
FEW: Final = 3  # rows with times make a list; «Читайте також» has two
UNTIMED: Final = 5  # rows are needed where no times are told
_OUTSIDE_TAGS: Final = frozenset({"nav", "footer"})
_OUTSIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|footer|breadcrumb\w*|relat\w*|recommend\w*|read-?(?:also|more)|see-?also|comments?|"
    r"social\w*|share|advert\w*|ads|partners?|banners?|cookie\w*|popular|top-?read|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\d{4}|(?:[-_][^/_-]+){3}|/[^/]{30}")
_SIDES: Final = ("before", "after")
_DIGITS = re.compile(r"\d+")
_TIMES = re.compile(
    r"\d[:.]\d\d|\b\d{1,2}\s+[^\W\d_]{3,}|\d{4}|тому|назад|ago\b|сьогодні|сегодня|вчора|вчера", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: its element and the headline in it. `place`: the element that holds it.

    `side`: "before" or "after" where the row's time stands beside it, "" where it stands inside.
    """

    node: LexborNode
    spot: Spot
    place: int
    side: str = ""


def find(nodes: Sequence[LexborNode], base: str, host: str) -> list[Row]:
    """The rows of the page's list in its order, also where it stands under several tabs; empty without a list."""
    found = spots(nodes, base)
    groups: dict[tuple[str, ...], list[Spot]] = defaultdict(list)
    for spot in found:
        groups[_path(spot.node)].append(spot)
    largest = sorted(groups.values(), key=lambda group: -len({spot.url for spot in group}))[:GROUPS]
    weighed = [(_weight(these, host), these) for group in largest if (these := sided(as_rows(group)))]
    weight, best = max(weighed, key=lambda one: one[0], default=(0.0, []))
    if not weight:
        return []
    alike = [these for mark, these in weighed if mark and these is not best and _form(these[0]) == _form(best[0])]
    return _with_neighbours([*best, *(row for these in alike for row in these)], found)


def as_rows(group: Sequence[Spot]) -> list[Row]:
    """The element of each headline that holds no other headline of the group, at most as high as most of them."""
    owners: dict[int, set[str]] = defaultdict(set)
    ways = [_up(spot.node, LEVELS) for spot in group]
    for spot, way in zip(group, ways, strict=True):
        for node in way:
            owners[node.mem_id].add(spot.url)
    heights = [sum(1 for node in way if len(owners[node.mem_id]) == 1) - 1 for way in ways]
    usual = Counter(heights).most_common(1)[0][0] if heights else 0
    found: dict[int, Row] = {}
    for spot, way, height in zip(group, ways, heights, strict=True):
        node = way[max(0, min(height, usual))]
        found.setdefault(node.mem_id, Row(node, spot, node.parent.mem_id if node.parent else 0))
    return list(found.values())


def _up(node: LexborNode, levels: int) -> list[LexborNode]:
    """The node and what it stands in, up to <body> exclusive."""
    found: list[LexborNode] = []
    step: LexborNode | None = node
    while step is not None and len(found) < levels and step.tag not in {"body", "html"} and step.is_element_node:
        found.append(step)
        step = step.parent
    return found


def _path(node: LexborNode) -> tuple[str, ...]:
    return tuple(_label(one) for one in _up(node, DEPTH))


def _label(node: LexborNode) -> str:
    """Tag and first class: the others tell first, last, important rows from their likes."""
    names = rows.classes(node).split()
    return f"{node.tag}.{_DIGITS.sub('', names[0])}" if names else str(node.tag)


def _form(row: Row) -> tuple[str, ...]:
    """How a row is built, wherever it stands."""
    way = _up(row.spot.node, LEVELS)
    height = next((number for number, node in enumerate(way) if node.mem_id == row.node.mem_id), 0)
    return tuple(map(_label, way[: height + 1]))


def _weight(these: Sequence[Row], host: str) -> float:
    """How much like the page's list of news; 0 for what is none."""
    own = {row.spot.url for row in these if _is_own(_host(row.spot.url), host)}
    sample = these[:WEIGHED]
    timed = sum(1 for row in sample if is_timed(row)) / len(sample)
    if timed < TIMED:  # a menu may have long words, its addresses are short
        own = {url for url in own if _ARTICLE.search(urlsplit(url).path + urlsplit(url).query)}
    if len(own) < (FEW if timed >= TIMED else UNTIMED):
        return 0.0
    outside = any(
        node.tag in _OUTSIDE_TAGS or _OUTSIDE.search(rows.classes(node)) for node in _up(these[0].node, DEPTH)
    )
    length = sum(len(row.spot.title) for row in sample) / len(sample)
    return min(len(own), 100) * (1 + 4 * timed) * min(1.0, length / 50) * (0.05 if outside else 1.0)


def is_timed(row: Row) -> bool:
    """Whether a date or time is seen where the row's is looked for."""
    return any(_TIMES.search(said) for said in rows.dates(around(row), row.spot.title))


def sided(these: Sequence[Row]) -> list[Row]:
    """The rows with the side on which their times stand: inside, else where the first row has one."""
    sample = these[:WEIGHED]
    if sum(map(is_timed, sample)) < TIMED * len(sample):
        for side in _SIDES:
            if is_timed(replace(these[0], side=side)):
                return [replace(row, side=side) for row in these]
    return list(these)


def around(row: Row) -> list[rows.Part]:
    """The parts of the row, and of what stands before or after it up to the next link where its time is there."""
    inside = rows.parts(row.node)
    step = row.node
    for _ in range(BESIDE if row.side else 0):
        following = step.prev if row.side == "before" else step.next
        beside = rows.parts(following) if following is not None else []
        if following is None or any(True for _ in rows.links(beside)):
            break
        inside += beside
        step = following
    return inside


def _host(url: str) -> str:
    return urlsplit(urls.canonical(url)).hostname or ""


def _is_own(host: str, site: str) -> bool:
    """Whether one host is the other or lies under it."""
    return f".{host}".endswith(f".{site}") or f".{site}".endswith(f".{host}")


def _with_neighbours(these: Iterable[Row], found: Sequence[Spot]) -> list[Row]:
    """The rows with what stands among them in another form (important, advertised), in the page's order."""
    rows_: dict[int, Row] = {row.node.mem_id: row for row in these}
    places = {place for place, count in Counter(row.place for row in rows_.values()).items() if count > 1}
    tags = {row.node.tag for row in rows_.values()}
    side = next(row.side for row in rows_.values())
    inside = {node.mem_id for row in rows_.values() for node in _up(row.spot.node, LEVELS)}
    for spot in found:
        way = _up(spot.node, LEVELS)
        if spot.node.mem_id in inside or any(node.mem_id in rows_ for node in way):
            continue
        node = next((one for one in way if one.parent is not None and one.parent.mem_id in places), None)
        if node is not None and node.tag in tags:
            rows_[node.mem_id] = Row(node, spot, node.parent.mem_id if node.parent else 0, side)
    return sorted(rows_.values(), key=lambda row: row.spot.order)


def elements(top: LexborNode) -> list[LexborNode]:
    """The elements of the page in its order, at most NODES."""
    return list(islice((one for one in top.traverse() if one.is_element_node), NODES))
