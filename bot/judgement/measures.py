"""How good an order of a day's posts is, and how sure one can be of it with so few days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, floor, log2
from statistics import fmean

from bot.judgement.labelled import Day, Kind, Post

GRADED_PLACES, VIEWED_PLACES = 8, 10  # an evening's «Головне за день»; a first screen of a site
SAMPLES = 1_000  # drawn with return from the days
SURE = 0.95  # share of the samples within an interval
LEAST_GAIN = 0.08  # on so few days a smaller difference is noise, whatever the interval says

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over days, and where it would probably lie had other days of this kind been labelled."""

    mean: float
    low: float
    high: float

    @property
    def decided(self) -> bool:
        """Of a difference: whether it can be told from chance."""
        return abs(self.mean) >= LEAST_GAIN and not self.low <= 0 <= self.high


def measure(kind: Kind, day: Day, order: Sequence[str]) -> Scores | None:
    """What the order of all the day's ids is worth, each measure in [0, 1]; None when nothing of the day counts."""
    if kind == "roundups":
        return _roundup(day, order) if day.picks else None
    graded = {post.id: post for post in day.posts}
    if not any(post.grade for post in day.posts):
        return None
    return _graded(graded, order) if kind == "graded" else _viewed(graded, order)


def _roundup(day: Day, order: Sequence[str]) -> Scores:
    place = {post: number for number, post in enumerate(order, 1)}
    best = [min(place[post] for post in pick) for pick in day.picks]
    return {
        "recall@K": fmean(first <= day.lines for first in best),
        "recall@2K": fmean(first <= 2 * day.lines for first in best),
        "MRR": fmean(1 / first for first in best),
    }


def _graded(posts: Mapping[str, Post], order: Sequence[str]) -> Scores:
    """A second post of a story already told earns nothing and takes a place."""
    top = [posts[number] for number in order[:GRADED_PLACES]]
    best: dict[str, int] = defaultdict(int)
    for post in posts.values():
        best[_event(post)] = max(best[_event(post)], post.grade or 0)
    told: set[str] = set()
    gains = []
    for post in top:
        gains.append(0 if _event(post) in told else post.grade or 0)
        told.add(_event(post))
    return {
        f"nDCG@{GRADED_PLACES}": _dcg(gains) / _dcg(sorted(best.values(), reverse=True)[:GRADED_PLACES]),
        f"junk@{GRADED_PLACES}": sum(not post.grade for post in top) / GRADED_PLACES,
        f"dup@{GRADED_PLACES}": (len(top) - len(told)) / GRADED_PLACES,
    }


def _event(post: Post) -> str:
    return post.story or post.id


def _viewed(posts: Mapping[str, Post], order: Sequence[str]) -> Scores:
    best = sorted((post.grade or 0 for post in posts.values()), reverse=True)[:VIEWED_PLACES]
    return {f"nDCG@{VIEWED_PLACES}": _dcg([posts[number].grade or 0 for number in order[:VIEWED_PLACES]]) / _dcg(best)}


def _dcg(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place) for place, grade in enumerate(grades, 2))


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> Scores:
    """Precision, recall and their harmonic mean of a grouping, post by post. Raises ZeroDivisionError for no posts."""
    together = Counter(zip(truth, found, strict=True))
    real, told = Counter(truth), Counter(found)
    precision = sum(count**2 / told[group] for (_, group), count in together.items()) / len(truth)
    recall = sum(count**2 / real[event] for (event, _), count in together.items()) / len(truth)
    return {"B³ P": precision, "B³ R": recall, "B³ F": 2 * precision * recall / (precision + recall)}


def pair_scores(same: Sequence[bool], joined: Sequence[bool], likeness: Sequence[float]) -> Scores:
    """Precision, recall and F1 of the pairs that were joined, and the average precision of their likeness."""
    right = sum(real and told for real, told in zip(same, joined, strict=True))
    precision, recall = right / max(sum(joined), 1), right / max(sum(same), 1)
    ordered = sorted(zip(likeness, same, strict=True), key=lambda pair: (-pair[0], pair[1]))
    hits = [place for place, (_, real) in enumerate(ordered, 1) if real]
    average = sum(number / place for number, place in enumerate(hits, 1)) / max(len(hits), 1)
    return {"P": precision, "R": recall, "F1": 2 * right / max(sum(joined) + sum(same), 1), "AP": average}


def interval(values: Sequence[float]) -> Interval:
    """The mean with its bootstrap interval; the same values give the same interval. Raises for no values."""
    draws = drawn(len(values) * SAMPLES, len(values))
    means = sorted(fmean(values[next(draws)] for _ in values) for _ in range(SAMPLES))
    tail = (1 - SURE) / 2
    return Interval(fmean(values), means[floor(tail * (SAMPLES - 1))], means[ceil((1 - tail) * (SAMPLES - 1))])


def drawn(count: int, below: int, seed: int = 1) -> Iterator[int]:
    """So many numbers of [0, below) that look like chance and are always the same."""
    for number in range(-(-count // 16)):
        dice = blake2b(f"{seed}:{number}".encode()).digest()
        for start in range(0, min(count - number * 16, 16) * 4, 4):
            yield int.from_bytes(dice[start : start + 4]) % below
