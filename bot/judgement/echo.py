"""How readers answered a post, against the channel's own curve; and where nobody asks for applause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median
from typing import Final

from bot.judgement.words import fold
from storage.model import Toll

AGES: Final = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240, 480, 1440, 2880))
CURVE = timedelta(days=30)  # a channel grows: older posts had other readers
CURVE_MOST = 300  # posts: ten a day
FEWEST = 10  # posts at that age: with fewer, one good day is the whole curve
LEAST = 3.0  # reactions: under a lower median one reader would double a post
# On the safe side: where nobody died after all, a 🔥 is missed by nobody.
_GRIEF = re.compile(
    r"\b(?:загин|загиб|погиб|помер|умер(?!ен)|[ву]бит|[ву]бил|[ву]бив|жертв|поранен|поранил|ранен|ранил|постражда|пострада"
    r"|травмован|травмиров|траур|скорбот|похорон)"
)


def echo(total: int, others: Sequence[int]) -> float | None:
    """The post's reactions as a multiple of what the others usually had at that age; None where that says nothing."""
    if len(others) < FEWEST:
        return None
    usual = median(others)
    return round(total / usual, 2) if usual >= LEAST else None


def grave(toll: Toll, texts: Iterable[str]) -> bool:
    """Whether people were killed or wounded, by what is counted or by what is said without a number."""
    return any(toll.values()) or any(_GRIEF.search(fold(text)) for text in texts)
