"""What kinds of editions there are, and what is asked of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Literal

from bot.editions.slots import Timing


@dataclass(frozen=True, slots=True)
class Rubric:
    """A kind of edition. `size` is the most lines it has, `fewest` the least; below that it does not go out.

    `mindful_of` names the rubrics whose tellings count as told: a digest repeats nobody, the roundup sums up
    the digests and posts of its day and only keeps from repeating the roundup before it.
    """

    name: Literal["digest", "roundup"]
    walls: tuple[time, ...]
    size: int
    fewest: int
    mindful_of: frozenset[str]


DIGEST_FEWEST = 3  # screens, C1: 3–5 lines; two lines are two posts, not a digest
ROUNDUP_FEWEST = 5  # screens, C2: 5–8 lines


def digest(walls: Sequence[time], size: int) -> Rubric:
    """«Лише найважливіше»: the few most important stories since the last one."""
    return Rubric("digest", tuple(walls), size, min(DIGEST_FEWEST, size), frozenset({"digest", "roundup", "post"}))


def roundup(wall: time, size: int) -> Rubric:
    """«Головне за день: A. B»: the day in one post."""
    return Rubric("roundup", (wall,), size, min(ROUNDUP_FEWEST, size), frozenset({"roundup"}))


def timings(rubrics: Sequence[Rubric]) -> list[Timing]:
    """Every rubric with every wall time it has."""
    return [Timing(rubric.name, wall) for rubric in rubrics for wall in rubric.walls]
