"""Learns from the editors' decisions: a small linear model of which story of a list they prefer to which.

For two stories of one list the odds that the first is preferred are the logistic of the difference of their importance
by the newsroom's own taste, plus what the leanings add. Leanings are drawn to nothing, weigh less by age, stay
within their bounds, and are used only when they foretell decisions they were not learned from better than that taste
alone. Pure Python: ninety days of 1,770 decisions in 450 lists take eight seconds, at night and in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from math import exp, sqrt
from operator import attrgetter
from statistics import fmean, stdev

from bot.judgement.leanings import Leanings, bounds
from bot.judgement.preferences import WEIGHT, Pair, Shortlist, preferences
from bot.judgement.tastes import Taste
from storage.model import Lesson

SHARPNESS = 1.0  # a point of importance more is preferred 73 times of 100: editors have reasons that we do not see
MOST_LEANINGS = 60
SWEEPS, SETTLED = 40, 0.003
ENOUGH_DECISIONS, ENOUGH_DAYS = 40, 7  # less is a mood
BLOCKS = 4  # of the days kept aside, each foretold by what was learned before it
MARGIN = 0.02  # of preferences foretold: less is not worth a rule that editors did not write
COIN = 0.5
DOUBT = 2.0  # standard errors, to begin with: what is in use needs less to stay


def learn(lists: Sequence[Shortlist], taste: Taste, now: datetime, *, used: bool = False) -> Lesson:
    """The lesson of these lists. `used`: whether the last lesson was, for what is in use needs less to stay."""
    told = [each for each in lists if any(one.verdict in WEIGHT for one in each.candidates)]
    decisions = sum(one.verdict in ("raised", "dropped") for each in told for one in each.candidates)
    pairs = preferences(told, now)
    days = sorted({pair.day for pair in pairs if pair.decision is not None})
    since = min((each.at for each in told), default=None)
    if decisions < ENOUGH_DECISIONS or len(days) < ENOUGH_DAYS:
        return Lesson(now, since, decisions, len(days))
    plain, learned, leanings = _foretold(pairs, days, taste)
    leanings = fit(pairs, taste, leanings)
    better = bool(leanings) and _better(plain, learned, used)
    return Lesson(now, since, decisions, len(days), leanings, fmean(learned), fmean(plain), better)


def _better(plain: Sequence[float], learned: Sequence[float], used: bool) -> bool:
    """Whether more was foretold than without learning, and than by a coin, beyond what chance gives.

    Editors who throw dice take out what stood high and put in what stood low, for there is nothing else to do: what
    flattens the newsroom's weights foretells them better, and still worse than a coin.
    """
    gains = [after - before for before, after in zip(plain, learned, strict=True)]
    for each, least in ((gains, MARGIN), ([after - COIN for after in learned], 0.0)):
        doubt = 0.0 if used else DOUBT * stdev(each) / sqrt(len(each))
        if fmean(each) < max(least, doubt):
            return False
    return True


def fit(pairs: Sequence[Pair], taste: Taste, start: Leanings) -> dict[str, float]:
    """The leanings that make these preferences likeliest, to a hundredth; those of nothing are left out. `start`:
    what was found of fewer of them, which changes the way there and not the end."""
    columns = _columns(pairs)
    limits = {name: bounds(name, taste) for name in columns}
    found = {name: start.get(name, 0.0) for name in columns}
    leads = [SHARPNESS * _lead(pair, found) for pair in pairs]
    for _ in range(SWEEPS):
        moved = False
        for name, column in columns.items():
            step = _step(pairs, leads, column, found[name], limits[name])
            found[name] += step
            moved = moved or step != 0.0
        if not moved:
            break
    return {name: rounded for name, value in sorted(found.items()) if (rounded := round(value, 2))}


def _step(
    pairs: Sequence[Pair],
    leads: list[float],
    column: Sequence[tuple[int, float]],
    value: float,
    limits: tuple[float, float],
) -> float:
    """How far this leaning moves; `leads` are moved with it. The curve is bounded by a parabola, so no step leads
    past the best place."""
    if limits[0] == limits[1]:
        return 0.0
    looseness = limits[1] ** 2  # the variance that is believed before anybody decided anything
    slope, curve = -value / looseness, 1 / looseness
    for index, difference in column:
        weight, turn = pairs[index].weight, SHARPNESS * difference
        slope += weight * turn / (1 + exp(min(leads[index], 50.0)))
        curve += weight * turn * turn / 4
    step = min(max(value + slope / curve, limits[0]), limits[1]) - value
    if abs(step) < SETTLED:
        return 0.0
    for index, difference in column:
        leads[index] += SHARPNESS * difference * step
    return step


def _columns(pairs: Sequence[Pair]) -> dict[str, list[tuple[int, float]]]:
    """Where each of the commonest leanings tells two stories apart, and by how much."""
    columns: dict[str, list[tuple[int, float]]] = {}
    for index, pair in enumerate(pairs):
        for name, difference in pair.differences.items():
            columns.setdefault(name, []).append((index, difference))
    common = sorted(columns.items(), key=lambda each: (-len(each[1]), each[0]))[:MOST_LEANINGS]
    return dict(common)


def _foretold(
    pairs: Sequence[Pair], days: Sequence[date], taste: Taste
) -> tuple[list[float], list[float], dict[str, float]]:
    """For each decision of the later half of the days the share of it that was foretold without learning, and with
    what was learned before; and what was learned before the last."""
    aside = days[len(days) // 2 :]
    size = -(-len(aside) // BLOCKS)
    plain, learned = [], []
    leanings: dict[str, float] = {}
    for start in range(0, len(aside), size):
        block = aside[start : start + size]
        leanings = fit([pair for pair in pairs if pair.day < block[0]], taste, leanings)
        asked = [pair for pair in pairs if pair.decision is not None and pair.day in block]
        for _, group in groupby(asked, key=attrgetter("decision")):
            decision = list(group)
            plain.append(agreement(decision, {}))
            learned.append(agreement(decision, leanings))
    return plain, learned, leanings


def agreement(pairs: Sequence[Pair], leanings: Leanings) -> float:
    """The share of these preferences, by weight, that importance with these leanings foretells; a tie is half."""
    right = 0.0
    for pair in pairs:
        lead = _lead(pair, leanings)
        right += pair.weight * (1.0 if lead > 1e-9 else 0.5 if lead > -1e-9 else 0.0)
    return right / sum(pair.weight for pair in pairs)


def _lead(pair: Pair, leanings: Leanings) -> float:
    return pair.lead + sum(leanings.get(name, 0.0) * value for name, value in pair.differences.items())
