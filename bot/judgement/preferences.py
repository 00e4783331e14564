"""What editors prefer to what: each of their decisions about a story of a list, against the others of the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, islice
from typing import Final, Literal

from bot.judgement.leanings import amounts, foreseen

Verdict = Literal["raised", "kept", "chosen", "alone", "dropped"]
# `chosen` is what the bot chose and nobody touched: a story that an editor raised was not preferred to it.
_RANK: Final[Mapping[Verdict, int]] = {"raised": 2, "kept": 2, "chosen": 2, "alone": 1, "dropped": 0}
# A story that was kept only says that the edition was looked at: enough to hold the weights where they are.
WEIGHT: Final[Mapping[Verdict, float]] = {"raised": 1.0, "dropped": 1.0, "kept": 0.2}
NEAR = 8  # rivals of one decision: the best of the list, for editors do not read sixty lines
HALF_LIFE = timedelta(days=30)  # a decision a month old weighs half


@dataclass(frozen=True, slots=True)
class Weighed:
    """A story of a list: its points by the newsroom's own taste, and what editors did with it."""

    features: Mapping[str, float]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The candidates of one edition, best first, and the newsroom's day that it was of."""

    at: datetime
    day: date
    candidates: Sequence[Weighed]


@dataclass(frozen=True, slots=True)
class Pair:
    """One story preferred to another: by how many points it led without learning, and in what they differ.

    `decision` is the editors' word that says so, a number of this lesson's own; None when the story was only kept,
    which is nothing to foretell.
    """

    day: date
    decision: int | None
    weight: float
    lead: float
    differences: Mapping[str, float]


def preferences(lists: Sequence[Shortlist], now: datetime) -> list[Pair]:
    """Every pair of these lists of which an editor said which is preferred, decision by decision."""
    numbers = count()
    return [pair for each in lists for pair in _pairs(each, now, numbers)]


def _pairs(shortlist: Shortlist, now: datetime, numbers: Iterator[int]) -> Iterator[Pair]:
    """Each decision against the best of its list that were decided otherwise; together they weigh as one decision."""
    age = 0.5 ** (max(now - shortlist.at, timedelta()) / HALF_LIFE)
    known = [(one, foreseen(one.features), amounts(one.features)) for one in shortlist.candidates]
    for one in known:
        weight = WEIGHT.get(one[0].verdict)
        if weight is None:
            continue
        rank = _RANK[one[0].verdict]
        decision = None if one[0].verdict == "kept" else next(numbers)
        rivals = list(islice((each for each in known if _RANK[each[0].verdict] != rank), NEAR))
        for rival in rivals:
            better, worse = (one, rival) if rank > _RANK[rival[0].verdict] else (rival, one)
            differences = {
                name: difference
                for name in sorted(better[2].keys() | worse[2].keys())
                if (difference := better[2].get(name, 0.0) - worse[2].get(name, 0.0))
            }
            yield Pair(shortlist.day, decision, weight * age / len(rivals), better[1] - worse[1], differences)
