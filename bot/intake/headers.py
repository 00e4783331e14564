"""What the headers of an answer say about time, size and place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)  # a Retry-After of a year is a mistake, not a wish
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the server asks to be left alone, at most LONGEST; None when it does not say.

    A date is counted from the answer's own Date, so that no clock is needed and theirs may be wrong.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return min(timedelta(seconds=int(said[:9])), LONGEST)
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(timedelta(0), min(wait, LONGEST))


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """For how long the answer stays fresh by Cache-Control, less its Age, or by Expires against the answer's own
    Date; None when it does not say."""
    said = headers.get("Cache-Control", "")
    found = _MAX_AGE.search(said)
    if _NO_CACHE.search(said):
        return None
    if found is None:
        return _expires(headers)
    age = headers.get("Age", "").strip()
    fresh = int(found[1]) - (int(age[:9]) if age.isdecimal() else 0)
    return min(timedelta(seconds=max(0, fresh)), LONGEST)


def _expires(headers: Mapping[str, str]) -> timedelta | None:
    """What lies between Date and Expires; «0» and other words that are no date mean that it is stale."""
    try:
        fresh = parsedate_to_datetime(headers.get("Expires", "")) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(timedelta(0), min(fresh, LONGEST))
