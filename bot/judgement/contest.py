"""Our order of labelled days beside the trivial ones, and what can be said of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, get_args

from bot.judgement import rivals
from bot.judgement.labelled import Day, Kind, Labelled
from bot.judgement.measures import Interval, Scores, b_cubed, interval, measure
from bot.judgement.signals import Rubric
from bot.judgement.tastes import Taste
from bot.judgement.trial import Lived, live, order, ranked

OURS: Final[tuple[Rubric, ...]] = get_args(Rubric)
LESS_IS_BETTER: Final = ("junk@", "dup@")

Order = Callable[[Day, Lived], list[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One way of ordering, by its name, with its scores for each day in turn."""

    name: str
    days: tuple[Scores, ...]

    def mean(self, name: str) -> float:
        return fmean(day[name] for day in self.days)

    def interval(self, name: str) -> Interval:
        return interval([day[name] for day in self.days])


@dataclass(frozen=True, slots=True)
class Beside:
    """One of our rows against the best trivial one in one measure: the difference over days."""

    measure: str
    ours: Row
    rival: Row
    gain: Interval

    @property
    def verdict(self) -> str:
        if not self.gain.decided:
            return "undecided"
        return "better" if (self.gain.mean < 0) == self.measure.startswith(LESS_IS_BETTER) else "worse"


def lived(labelled: Labelled) -> list[tuple[Day, Lived]]:
    """The days on which something was picked or graded above nothing, each as the bot would have lived it."""
    orders = ((day, [post.id for post in day.posts]) for day in labelled.days if day.posts)
    return [(day, live(day.posts)) for day, order in orders if measure(labelled.kind, day, order) is not None]


def contest(kind: Kind, days: Sequence[tuple[Day, Lived]], taste: Taste) -> list[Row]:
    """The trivial orders, then ours by the name of the rubric."""
    rows = [_random(kind, days)]
    rows += [_row(name, kind, days, order) for name, order in _trivial(kind, days)]
    return rows + [_row(rubric, kind, days, _ours(rubric, taste)) for rubric in OURS]


def beside(rows: Sequence[Row]) -> Iterator[Beside]:
    """Each of ours in each measure against the best trivial order: the one that is best in the first measure."""
    first = next(iter(rows[0].days[0]))
    rival = max((row for row in rows if row.name not in OURS), key=lambda row: row.mean(first))
    for ours in (row for row in rows if row.name in OURS):
        for name in ours.days[0]:
            gains = [mine[name] - theirs[name] for mine, theirs in zip(ours.days, rival.days, strict=True)]
            yield Beside(name, ours, rival, interval(gains))


def grouping(days: Sequence[tuple[Day, Lived]]) -> Row:
    """How well each day's posts became stories."""
    found = []
    for day, known in days:
        truth = [post.story or post.id for post in day.posts]
        found.append(b_cubed(truth, [known.story_of[post.id] for post in day.posts]))
    return Row("grouping", tuple(found))


def _random(kind: Kind, days: Sequence[tuple[Day, Lived]]) -> Row:
    found = []
    for day, _ in days:
        each = [_scores(kind, day, rivals.shuffled(seed)(day.posts)) for seed in range(rivals.SEEDS)]
        found.append({name: fmean(scores[name] for scores in each) for name in each[0]})
    return Row("random", tuple(found))


def _trivial(kind: Kind, days: Sequence[tuple[Day, Lived]]) -> Iterator[tuple[str, Order]]:
    yield "newest", lambda day, _: rivals.newest(day.posts)
    yield "newest_once", lambda day, known: rivals.once(rivals.newest, known.story_of)(day.posts)
    yield "covered", lambda day, _: rivals.covered(day.posts)
    yield "covered_once", lambda day, known: rivals.once(rivals.covered, known.story_of)(day.posts)
    yield "covered_lately", lambda day, known: rivals.once(rivals.covered_lately, known.story_of)(day.posts)
    if kind == "views":
        yield "sections", lambda day, _: rivals.by_section(_elsewhere(day, days))(day.posts)


def _elsewhere(day: Day, days: Sequence[tuple[Day, Lived]]) -> Mapping[str, float]:
    """Sections by their mean grade on the other days."""
    return rivals.section_means([post for other, _ in days if other is not day for post in other.posts])


def _ours(rubric: Rubric, taste: Taste) -> Order:
    return lambda _, known: order(known, ranked(known, rubric, taste))


def _row(name: str, kind: Kind, days: Sequence[tuple[Day, Lived]], order: Order) -> Row:
    return Row(name, tuple(_scores(kind, day, order(day, known)) for day, known in days))


def _scores(kind: Kind, day: Day, order: Sequence[str]) -> Scores:
    """Raises ValueError for a day that nothing of counts: `lived` leaves those out."""
    scores = measure(kind, day, order)
    if scores is None:
        raise ValueError(day.name)
    return scores
