"""Which day a row of a list is of when only its time of day is told: where the nights lie between the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import pairwise
from statistics import median
from typing import Final

from bot.intake import dates

ROUNDS: Final = 4  # one list may move a row of a second list, that one a row of a third
LOOK: Final = 2  # rows below one that is out of place, which have to go on where the row above it was
NEAR: Final = (30, 120)  # minutes between the neighbours of a row out of place; the steps of the list choose
GAP: Final = 180  # minutes without a row that a newsroom's day does not have
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its time of day: what it is known by, the list that it stands in, and what sets it apart.

    `loose`: an advertisement or pinned, it may stand anywhere. `daily`: the words that begin what comes once
    a day, "" for any other row.
    """

    key: str
    clock: time
    place: int = 0
    loose: bool = False
    daily: str = ""


def daily(title: str) -> str:
    """The words by which one roundup is known from another kind of roundup («Головне за день»)."""
    return " ".join(_WORDS.findall(title.casefold())[:3])


def days_ago(rows: Sequence[Row], now: datetime) -> list[int]:
    """For each row in its order on the page how many days before `now` (local) it was, the fewest that fit.

    Each list runs downwards in time from now. A row later than the one above it lies behind a night, unless one
    row that stands out of its place explains it. A row that stands in two lists is of one day.
    """
    lists = _lists(rows, _limit(now))
    least: dict[str, int] = {}
    for _ in range(ROUNDS):
        found = _every(rows, lists, least, now)
        known: dict[str, int] = {}
        for row, days in zip(rows, found, strict=True):
            known[row.key] = max(days, known.get(row.key, 0))
        if known == least:
            return found
        least = known
    return _every(rows, lists, {}, now)  # the lists contradict each other, so each is read alone


def _every(rows: Sequence[Row], lists: Sequence[Sequence[int]], least: dict[str, int], now: datetime) -> list[int]:
    found = [0] * len(rows)
    for places in lists:
        for place, days in zip(places, _run([rows[one] for one in places], least, now), strict=True):
            found[place] = days
    return found


def _lists(rows: Sequence[Row], limit: float) -> list[list[int]]:
    """The places of the rows parted into lists: a row that comes again stands in another list.

    That list begins with its element; in mere text with the latest time that may be today's above the repeated row.
    """
    lists: list[list[int]] = [[]]
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        if not row.loose and row.key in seen:
            head = _head(rows, lists[-1], row, limit)
            cut = [one for one in lists[-1] if one >= head]
            lists[-1] = [one for one in lists[-1] if one < head]
            lists.append(cut)
            seen = {rows[one].key: one for one in cut if not rows[one].loose}
        seen.setdefault(row.key, place)
        lists[-1].append(place)
    return lists


def _head(rows: Sequence[Row], above: Sequence[int], row: Row, limit: float) -> int:
    """The first place of the list that begins somewhere in `above` and has reached `row`."""
    first = next(one for one in above if rows[one].key == row.key)
    candidates = [one for one in above if one > first]
    apart = next((one for one in candidates if rows[one].place != rows[first].place), None)
    if row.place != rows[first].place:
        return apart if apart is not None else len(rows)
    run: list[int] = []
    reached, told = _minutes(row.clock), set[str]()
    for one in reversed(candidates):
        minutes, name = _minutes(rows[one].clock), rows[one].daily
        if not rows[one].loose:
            if not reached <= minutes <= limit or name in told:
                break
            reached = minutes
            told |= {name} if name else set()
        run.insert(0, one)
    return _after_gap(rows, run) if run else len(rows)


def _after_gap(rows: Sequence[Row], run: Sequence[int]) -> int:
    """Where the new list begins in a run downwards: behind its longest step when no day has such a step."""
    steps = [(_minutes(rows[one].clock) - _minutes(rows[two].clock), two) for one, two in pairwise(run)]
    longest, place = max(steps, default=(0, run[0]))
    return place if longest > GAP else run[0]


def _run(rows: Sequence[Row], least: dict[str, int], now: datetime) -> list[int]:
    """Days ago of one list's rows."""
    limit = _limit(now)
    steady = [place for place, row in enumerate(rows) if not row.loose]
    near = _near([_minutes(rows[place].clock) for place in steady])
    found = [max(0 if _minutes(row.clock) <= limit else 1, least.get(row.key, 0)) for row in rows]
    walk = _Walk([(limit, False)])
    for number, place in enumerate(steady):
        row, asked = rows[place], least.get(rows[place].key, 0)
        below = [_minutes(rows[one].clock) for one in steady[number + 1 : number + 1 + LOOK]]
        later = _minutes(row.clock) > walk.line[-1][0] or (row.daily and row.daily in walk.told)
        if asked > walk.today:
            walk.night(row, asked)
        elif not later:
            walk.step(row)
        elif not row.daily and (walk.today or _minutes(row.clock) <= limit) and _goes_on(walk.line[-1][0], below, near):
            pass  # it stands out of its place: the rows below go on where the row above was
        elif not row.daily and walk.was_low(_minutes(row.clock), near):
            walk.line.pop()
            walk.step(row)
        else:
            walk.night(row, walk.today + 1)
        found[place] = walk.today
    return found


@dataclass(slots=True)
class _Walk:
    """How far down a list we are: the rows that run downwards, now first, as minutes and whether once a day."""

    line: list[tuple[float, bool]]
    today: int = 0
    told: set[str] = field(default_factory=set)

    def step(self, row: Row) -> None:
        self.line = [*self.line[-1:], (_minutes(row.clock), bool(row.daily))]
        self.told.add(row.daily)

    def night(self, row: Row, today: int) -> None:
        self.line, self.today, self.told = [], today, set()
        self.step(row)

    def was_low(self, minutes: int, near: int) -> bool:
        """Whether the last row stood out of its place: this one goes on where the row above that was."""
        if len(self.line) < 2 or self.line[-1][1]:
            return False
        above = self.line[-2][0]
        return above - near <= minutes <= above


def _goes_on(above: float, below: Sequence[int], near: int) -> bool:
    """Whether the rows below continue from the row above as if nothing stood between."""
    return bool(below) and above - near <= below[0] <= above and all(one >= two for one, two in pairwise(below))


def _near(minutes: Sequence[int]) -> int:
    steps = [one - two for one, two in pairwise(minutes) if one >= two]
    return int(min(max(NEAR[0], 3 * median(steps)), NEAR[1])) if steps else NEAR[0]


def _limit(now: datetime) -> float:
    """The latest minute of today that a row may tell."""
    return _minutes(now.time()) + dates.AHEAD.total_seconds() // 60


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
