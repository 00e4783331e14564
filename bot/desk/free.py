"""Which times a post may be given with one tap: the newsroom's slots that nothing stands in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.editions.slots import instant

# Between the digests of the default day, one post an hour: screens, E3 and E6.
WALLS = tuple(time(hour, 30) for hour in range(8, 22))
APART = timedelta(minutes=15)  # two posts nearer than that push each other off the lock screen
HEAD_START = timedelta(minutes=2)  # a slot nearer than that is missed while one reads the card
TOMORROW = (time(8, 30), time(12, 30))


def slots(now: datetime, zone: ZoneInfo, taken: Collection[datetime], *, count: int) -> list[datetime]:
    """The next free slots, earliest first. `taken` are the instants at which something goes out already."""
    found: list[datetime] = []
    day = now.astimezone(zone).date()
    while len(found) < count:
        for wall in WALLS:
            at = instant(day, wall, zone)
            if at >= now + HEAD_START and all(abs(at - other) >= APART for other in taken):
                found.append(at)
        day += timedelta(days=1)
    return found[:count]


def tomorrow(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Two times of the next day: with the morning and with the lunch break."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return [instant(day, wall, zone) for wall in TOMORROW]


def following(now: datetime, queued: Collection[datetime], taken: Collection[datetime]) -> datetime | None:
    """A quarter of an hour after the last of the queue, later when something stands there; None for an empty queue."""
    if not queued:
        return None
    at = max(*queued, now) + APART
    while near := [other for other in taken if abs(at - other) < APART]:
        at = max(near) + APART
    return at
