"""Stories that tell of one thing without being one story: an edition needs one line of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import NamedTuple

NEAR = 0.1  # likeness from which two stories are about one thing; at twice that they are as good as the same


class Kin(NamedTuple):
    """The more important story that one is nearest to, by its place, and how near in (0, 1]."""

    place: int
    nearness: float


class Telling(NamedTuple):
    """Beginnings of a story's words, and of the places that it tells were struck."""

    stems: frozenset[str]
    struck: frozenset[str]


def walk(stories: Sequence[Telling], worth: Sequence[float], cost: float) -> list[tuple[int, Kin | None]]:
    """Places of the stories in a new order: each time the one that is worth most beside those already taken.

    `cost` is what a story loses at most for being near one before it. Strikes on two towns are two things, however
    alike the words.
    """
    told = [story.stems for story in stories]
    rare = _rarity(told)
    lengths = [sqrt(sum(map(rare.__getitem__, stems))) or 1.0 for stems in told]
    kin: dict[int, Kin] = {}
    left = dict(enumerate(worth))
    order: list[tuple[int, Kin | None]] = []
    while left:
        best = max(left, key=lambda place: (left[place], -place))
        del left[best]
        order.append((best, kin.get(best)))
        for place in left:
            shared = sum(map(rare.__getitem__, sorted(told[best] & told[place])))
            likeness = shared / (lengths[best] * lengths[place])
            nearness = min(likeness / (2 * NEAR), 1.0)
            if likeness < NEAR or _elsewhere(stories[best].struck, stories[place].struck):
                continue
            if place not in kin or nearness > kin[place].nearness:
                kin[place] = Kin(best, nearness)
                left[place] = worth[place] - cost * nearness
    return order


def _elsewhere(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _rarity(told: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """How much a beginning says, squared: the fewer of these stories have it, the more."""
    holders: dict[str, int] = defaultdict(int)
    for stems in told:
        for stem in stems:
            holders[stem] += 1
    return {stem: log(1 + len(told) / count) ** 2 for stem, count in holders.items()}
