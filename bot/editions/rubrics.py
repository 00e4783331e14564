"""What kinds of editions there are, and what is asked of each. All are one mechanism with other windows and slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Literal

from bot.editions.slots import EVERY_DAY, Timing

Kind = Literal["digest", "roundup", "morning", "weekly", "section", "reads"]
PLAIN: Final = ("digest", "roundup", "morning", "weekly", "reads")  # a section's digest is named by its section too


@dataclass(frozen=True, slots=True)
class Habits:
    """What all rubrics of one kind share.

    `mindful_of` names the kinds whose tellings count as told: a digest repeats nobody, the roundup sums up the
    digests and posts of its day and only keeps from repeating the roundup before it. `since` names the kinds whose
    last edition opens the window («self» is the rubric itself): the morning brief begins where the evening ended.
    `longest` bounds the window: after a long pause older news is no news. `weighs` is how its stories are ranked,
    `titled` whether it opens with two stories of two kinds and their fragments.
    """

    size: int
    fewest: int
    mindful_of: frozenset[str]
    since: frozenset[str]
    longest: timedelta
    weighs: Literal["digest", "roundup"]
    titled: bool = False


TOLD: Final = frozenset({"digest", "roundup", "morning", "section", "reads", "post"})
TWO_DAYS: Final = timedelta(hours=48)
HABITS: Final[Mapping[Kind, Habits]] = MappingProxyType(
    {
        # screens, C1: 3–5 lines; two lines are two posts, not a digest
        "digest": Habits(5, 3, TOLD, frozenset({"self"}), TWO_DAYS, "digest"),
        # screens, C2: 5–8 lines
        "roundup": Habits(7, 5, frozenset({"roundup"}), frozenset({"self"}), TWO_DAYS, "roundup", titled=True),
        "morning": Habits(5, 3, TOLD, frozenset({"self", "roundup"}), timedelta(hours=24), "roundup"),
        "weekly": Habits(8, 5, frozenset({"weekly"}), frozenset({"self"}), timedelta(days=8), "roundup", titled=True),
        "section": Habits(5, 2, TOLD, frozenset({"self"}), timedelta(days=8), "digest"),
        "reads": Habits(4, 1, frozenset({"reads"}), frozenset({"self"}), timedelta(days=8), "roundup"),
    }
)


@dataclass(frozen=True, slots=True)
class Rubric:
    """An edition that a channel wants, at each of its wall times on its weekdays (1 Monday to 7 Sunday).

    `size` is the most lines it has, `fewest` the least; below that it does not go out. `sections` (folded) are the
    only ones it tells of, none: of all. No slot before `since_at` is owed: its times stand since then.
    """

    name: str
    kind: Kind
    walls: tuple[time, ...]
    size: int
    fewest: int
    days: frozenset[int] = EVERY_DAY
    sections: frozenset[str] = frozenset()
    since_at: datetime | None = None  # None: as long as the channel

    @property
    def habits(self) -> Habits:
        """What it shares with all of its kind."""
        return HABITS[self.kind]

    def minds(self, told: str) -> bool:
        """Whether what a rubric of that name told counts as told for this one."""
        return kind_of(told) in self.habits.mindful_of

    def opens_after(self, name: str) -> bool:
        """Whether the end of an edition of that name may open this one's window."""
        return (name == self.name and "self" in self.habits.since) or kind_of(name) in self.habits.since


def kind_of(name: str) -> str:
    """The kind of a rubric by its name: a section's digest is «section:…»."""
    return name.partition(":")[0]


def rubric(
    name: str,
    walls: Sequence[time],
    size: int | None = None,
    *,
    days: frozenset[int] = EVERY_DAY,
    sections: frozenset[str] = frozenset(),
) -> Rubric:
    """The rubric of that name; of its kind's usual size when none is given. Raises KeyError for a kind unknown."""
    kind: Kind = kind_of(name)  # type: ignore[assignment]
    habits = HABITS[kind]
    size = size or habits.size
    return Rubric(name, kind, tuple(walls), size, min(habits.fewest, size), days, sections)


def digest(walls: Sequence[time], size: int) -> Rubric:
    """«Лише найважливіше»: the few most important stories since the last one."""
    return rubric("digest", walls, size)


def roundup(wall: time, size: int) -> Rubric:
    """«Головне за день: A. B»: the day in one post."""
    return rubric("roundup", (wall,), size)


def timings(rubrics: Sequence[Rubric]) -> list[Timing]:
    """Every rubric with every wall time it has."""
    return [Timing(rubric.name, wall, rubric.days) for rubric in rubrics for wall in rubric.walls]
