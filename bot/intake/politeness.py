"""When to ask a source again: as often as the newsroom wishes, never sooner than the server allows."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST = timedelta(hours=1)  # a broken source is still asked now and then: nobody tells us that it was mended
ALARM_AFTER = 3  # failures in a row: one or two are the network's weather
MOST_OBEYED = timedelta(days=1)  # a server's wish beyond that is a mistake


def next_poll(
    now: datetime,
    interval: timedelta,
    *,
    failures: int = 0,
    wished: timedelta | None = None,
) -> datetime:
    """The instant of the next poll. `wished` is what the server asked for (Retry-After, max-age, TTL), None when
    it asked for nothing; after failures the interval doubles each time, up to LONGEST."""
    wait = min(interval * 2 ** min(failures, 16), max(LONGEST, interval)) if failures else interval
    if wished is not None:
        wait = max(wait, min(wished, MOST_OBEYED))
    return now + wait
