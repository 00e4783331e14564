"""When editions are due: wall-clock times in the newsroom's zone, on days of 23, 24 and 25 hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(1, 8))  # ISO: 1 is Monday, 7 is Sunday


@dataclass(frozen=True, slots=True)
class Timing:
    """A rubric and a wall time at which it goes out on its weekdays (1 Monday to 7 Sunday)."""

    rubric: str
    wall: time
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Slot:
    """One promised moment. `local_date` and `wall` are the promise, `at` is the aware UTC instant it falls on."""

    rubric: str
    local_date: date
    wall: time
    at: datetime

    @property
    def wall_time(self) -> str:
        """HH:MM of the promise."""
        return f"{self.wall:%H:%M}"


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time: the first of two in autumn; one skipped in spring falls an hour later."""
    return datetime.combine(day, wall, zone).astimezone(UTC)


def local_time(at: datetime, zone: ZoneInfo) -> time:
    """What the wall clock shows at this instant."""
    return at.astimezone(zone).time().replace(fold=0)


def due(timings: Sequence[Timing], zone: ZoneInfo, after: datetime, until: datetime) -> list[Slot]:
    """Every slot in (after, until], earliest first, by wall time and rubric where they fall together."""
    slots: list[Slot] = []
    day = after.astimezone(zone).date() - DAY  # a skipped 23:30 could fall into the next day
    while day <= until.astimezone(zone).date():
        today = [each for each in timings if day.isoweekday() in each.days]
        slots += [Slot(each.rubric, day, each.wall, instant(day, each.wall, zone)) for each in today]
        day += DAY
    return sorted(
        (slot for slot in slots if after < slot.at <= until), key=lambda slot: (slot.at, slot.wall, slot.rubric)
    )


def next_after(timings: Sequence[Timing], zone: ZoneInfo, now: datetime) -> Slot | None:
    """The first slot later than `now`, None when there are no timings."""
    soon = due(timings, zone, now, now + 2 * DAY)
    return next(iter(soon or due(timings, zone, now, now + 9 * DAY)), None)  # a week and a night of 25 hours
