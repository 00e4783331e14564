"""Days that stand between the rows of a list («18 липня», «Вчора»), and the rows below each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.intake import rows, stamps
from bot.intake.blocks import Row
from bot.intake.stamps import Stamp

HEAD: Final = 40  # characters; a longer text that begins with a day is a sentence
TRIES: Final = 2_000  # elements between rows that are read
DEPTH: Final = 60  # elements above a row
LEVELS: Final = 3  # elements above a row in which its heading stands


def above(nodes: Sequence[LexborNode], these: Sequence[Row], zone: ZoneInfo, now: datetime) -> dict[int, date]:
    """The day above each row, by the row's element; rows above the first day and pages without days have none.

    A single day is no heading: it is the date in the page's head. Days that rise downwards are none either.
    """
    heads = {row.node.mem_id for row in these}
    scope: set[int] = set()
    holders: set[int] = set()
    for row in these:
        way = _above(row.node, DEPTH)
        scope.update(one.mem_id for one in way[:LEVELS])
        holders.update(one.mem_id for one in way)
    found: dict[int, date] = {}
    days: list[date] = []
    tries = TRIES
    inside: set[int] = set()
    for node in nodes:
        if node.mem_id in heads or (node.parent is not None and node.parent.mem_id in inside):
            inside.add(node.mem_id)
            if node.mem_id in heads and days:
                found[node.mem_id] = days[-1]
        elif tries and node.mem_id not in holders and _is_near(node, scope):
            tries -= 1
            stamp = _said(node, zone, now)
            if stamp.day and (not days or stamp.day != days[-1]):
                days.append(stamp.day)
    return found if len(days) > 1 and days == sorted(days, reverse=True) else {}


def _said(node: LexborNode, zone: ZoneInfo, now: datetime) -> Stamp:
    said = rows.text(rows.parts(node))
    return stamps.read([said], zone, now) if 3 < len(said) <= HEAD else Stamp()


def _above(node: LexborNode, levels: int) -> list[LexborNode]:
    found: list[LexborNode] = []
    while node.parent is not None and len(found) < levels:
        node = node.parent
        found.append(node)
    return found


def _is_near(node: LexborNode, scope: set[int]) -> bool:
    return any(one.mem_id in scope for one in _above(node, 2))
