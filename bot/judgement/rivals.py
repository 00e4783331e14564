"""The trivial rankers: an order of a day's posts that needs no judgement. Ours has to beat the best of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log
from statistics import fmean

from bot.judgement.labelled import Post
from bot.judgement.measures import drawn
from bot.judgement.words import words

Ranker = Callable[[Sequence[Post]], list[str]]
LEAD_LETTERS = 400
LEAST_LETTERS, STEM_LETTERS = 4, 5
COMMON = 0.3  # of the posts: a word in more of them says nothing
RECENCY = 0.7  # of the largest coverage, for the newest post
SEEDS = 20  # random orders that are averaged


def shuffled(seed: int) -> Ranker:
    def order(posts: Sequence[Post]) -> list[str]:
        left, dice = [post.id for post in posts], drawn(len(posts), 1 << 32, seed)
        return [left.pop(next(dice) % len(left)) for _ in posts]

    return order


def newest(posts: Sequence[Post]) -> list[str]:
    return [post.id for post in reversed(posts)]


def covered(posts: Sequence[Post]) -> list[str]:
    """First what shares most words with the rest of the day."""
    coverage = _coverage(posts)
    return sorted(coverage, key=lambda post: -coverage[post])


def once(order: Ranker, stories: Mapping[str, int]) -> Ranker:
    """The same order with one post of each story; the others follow at the end."""

    def deduplicated(posts: Sequence[Post]) -> list[str]:
        told: set[int] = set()
        first = [post for post in order(posts) if not (stories[post] in told or told.add(stories[post]))]  # type: ignore[func-returns-value]
        return first + [post for post in order(posts) if post not in set(first)]

    return deduplicated


def covered_lately(posts: Sequence[Post]) -> list[str]:
    """Coverage, and up to `RECENCY` of the largest for being new: the best trivial order that was found."""
    coverage = _coverage(posts)
    most = max(coverage.values(), default=0.0) or 1.0
    share = {post.id: place / len(posts) for place, post in enumerate(posts, 1)}
    return sorted(coverage, key=lambda post: -(coverage[post] / most + RECENCY * share[post]))


def by_section(means: Mapping[str, float]) -> Ranker:
    """First the sections that were graded highest on other days; of one section, the newest."""

    def order(posts: Sequence[Post]) -> list[str]:
        ordered = sorted(posts, key=lambda post: (means.get(post.section or "", 0.0), post.at), reverse=True)
        return [post.id for post in ordered]

    return order


def section_means(posts: Sequence[Post]) -> dict[str, float]:
    grades: dict[str, list[int]] = defaultdict(list)
    for post in posts:
        grades[post.section or ""].append(post.grade or 0)
    return {section: fmean(known) for section, known in grades.items()}


def _coverage(posts: Sequence[Post]) -> dict[str, float]:
    stems = {post.id: _stems(post) for post in posts}
    holders = Counter(stem for known in stems.values() for stem in known)
    worth = {
        stem: log(len(posts) / count) * (count - 1)
        for stem, count in holders.items()
        if 1 < count <= len(posts) * COMMON
    }
    return {
        post: sum(worth.get(stem, 0.0) for stem in sorted(known)) / (5 + len(known)) for post, known in stems.items()
    }


def _stems(post: Post) -> frozenset[str]:
    told = words(f"{post.title} {post.lead[:LEAD_LETTERS]}")
    return frozenset(word[:STEM_LETTERS] for word in told if len(word) >= LEAST_LETTERS)
