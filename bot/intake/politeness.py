"""When to ask a source again: as often as it publishes and the newsroom wishes, never sooner than the server allows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from storage.model import Source

ALARM_AFTER = 3  # failures in a row: one or two are the network's weather
MOST_OBEYED = timedelta(days=1)  # a server's wish beyond that is a mistake
OWN_OBEYED = timedelta(minutes=15)  # the newsroom's own cache may not make its channel late
PART = 5  # of the usual gap: the whole would be late by half of it, less finds nothing new four times of five
LONGEST = timedelta(hours=1)  # between two polls of a source that publishes
LONGEST_SELDOM = timedelta(hours=6)
SELDOM = timedelta(days=2)  # a usual gap from which a source is asked seldom
LONGEST_BROKEN = timedelta(days=1)
LONGEST_OWN_BROKEN = timedelta(hours=1)  # without its own site the newsroom has no news
JITTER = 4  # up to a fourth longer, so that those that broke together are not asked together
AT_ONCE = 8  # sources polled side by side: seven that drip hold up nobody, and eight bodies are 40 MB
STEP = timedelta(seconds=5)
START = timedelta(minutes=2)  # within it all that is overdue at a start is asked


def next_poll(
    now: datetime,
    floor: timedelta,
    source: Source,
    *,
    wished: timedelta | None = None,
    retry_after: timedelta | None = None,
) -> datetime:
    """The instant of the next poll after one that was answered.

    `floor`: the newsroom asks no source more often. `wished`: for how long the answer is fresh (max-age, Expires,
    TTL), which the newsroom's own site is believed up to OWN_OBEYED; `retry_after`: what the server asked for in so
    many words. None: it said nothing.
    """
    wait = max(floor, _by_habit(source.gap_seconds))
    if wished is not None:
        wait = max(wait, min(wished, OWN_OBEYED if source.own else MOST_OBEYED))
    return now + _obeyed(wait, retry_after)


def next_try(
    now: datetime, floor: timedelta, source: Source, failures: int, *, retry_after: timedelta | None = None
) -> datetime:
    """The instant of the next poll after `failures` in a row, at least one: twice as long each time, up to a day (an
    hour for the newsroom's own site), the same for the same source and number."""
    longest = max(floor, LONGEST_OWN_BROKEN if source.own else LONGEST_BROKEN)
    wait = min(floor * 2 ** min(failures, 16), longest)
    share = hashlib.blake2b(b"%d:%d" % (source.id, failures), digest_size=1).digest()[0]
    return now + _obeyed(min(wait + wait * share / (256 * JITTER), longest), retry_after)


def spread(overdue: Sequence[Source], now: datetime) -> Iterator[tuple[Source, datetime]]:
    """When each of the sources that wait at a start is asked: the newsroom's own first, then in the given order; as
    many as are read side by side at once, the others one after the other within START."""
    in_order = sorted(overdue, key=lambda source: not source.own)
    step = min(STEP, START / max(1, len(in_order) - AT_ONCE))
    for place, source in enumerate(in_order, 1):
        yield source, now + step * max(0, place - AT_ONCE)


def _by_habit(gap_seconds: int | None) -> timedelta:
    if gap_seconds is None:
        return timedelta(0)
    gap = timedelta(seconds=gap_seconds)
    return min(gap / PART, LONGEST_SELDOM if gap >= SELDOM else LONGEST)


def _obeyed(wait: timedelta, retry_after: timedelta | None) -> timedelta:
    return wait if retry_after is None else max(wait, min(retry_after, MOST_OBEYED))
