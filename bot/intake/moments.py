"""When an article came out, from all the dates that its page gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake import dates

MANY: Final = 40
SAME_DAY: Final = timedelta(hours=36)  # a bare date is a midnight of a zone nobody named
ANY_ZONE: Final = timedelta(hours=15)
_QUARTER: Final = timedelta(minutes=15)  # offsets are whole quarters: https://www.iana.org/time-zones
_CLOCK = re.compile(r"\d:\d\d|\d[ap]m\b|T\d{4}|\A\d{9,13}\Z", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?<=[T\s])00:00(?::00(?:\.0+)?)?(?!\d)")
_ZONED = re.compile(r"(?:Z|GMT|UTC|[+−-]\d\d:?\d\d)\s*\Z|\A\d{9,13}\Z", re.IGNORECASE)


def published(said: Iterable[str], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first readable date; one with a time of day or a zone is believed over it when both mean the same day.

    A date without a clock is its midnight; without a zone, the given zone's.
    """
    found = [(text, at) for text in islice(said, MANY) if (at := dates.read(text, zone, now))]
    if not found:
        return None
    text, at = found[0]
    if not _timed(text):
        text, at = next((one for one in found if _timed(one[0]) and abs(one[1] - at) <= SAME_DAY), (text, at))
    if _timed(text) and not _ZONED.search(text):
        return next((other for words, other in found if _ZONED.search(words) and _same_clock(other, at)), at)
    return at


def _timed(text: str) -> bool:
    return bool(_CLOCK.search(text)) and not _MIDNIGHT.search(text)


def _same_clock(one: datetime, other: datetime) -> bool:
    """Whether the two differ by no more than a zone could make them."""
    apart = abs(one - other)
    return apart <= ANY_ZONE and apart % _QUARTER < timedelta(seconds=1)
