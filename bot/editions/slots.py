"""When editions are due: wall-clock times in the newsroom's zone, on days of 23, 24 and 25 hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """A rubric and the wall time at which it goes out every day."""

    rubric: str
    wall: time


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


def due(timings: Sequence[Timing], zone: ZoneInfo, after: datetime, until: datetime) -> list[Slot]:
    """Every slot in (after, until], earliest first, by wall time and rubric where they fall together."""
    slots: list[Slot] = []
    day = after.astimezone(zone).date() - DAY  # a skipped 23:30 could fall into the next day
    while day <= until.astimezone(zone).date():
        slots += [Slot(each.rubric, day, each.wall, instant(day, each.wall, zone)) for each in timings]
        day += DAY
    return sorted(
        (slot for slot in slots if after < slot.at <= until), key=lambda slot: (slot.at, slot.wall, slot.rubric)
    )


def next_after(timings: Sequence[Timing], zone: ZoneInfo, now: datetime) -> Slot | None:
    """The first slot later than `now`, None when there are no timings."""
    return next(iter(due(timings, zone, now, now + 2 * DAY)), None)
