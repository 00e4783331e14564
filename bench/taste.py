"""Learning at home, simulated: newsrooms whose editors follow a taste that nobody told, and one that throws dice.

    python bench/taste.py [--seeds 20] [--days 14] [--editors taste|hands|dice]

Each newsroom has a hidden taste: every signal, section and kind of words of ours weighs something else there, by
chance and one time of three beyond what may be learned. Each day about fifty-five stories come; three digests and a
roundup are drafted from them by the taste in use, of each the editors see twelve lines, take out at most two that they
would not tell and put in what they would, and they queue three stories by hand. They err as people do. `hands` is a
newsroom without drafts: four stories queued by hand and two put away a day. `dice` edits as the first, by chance.

Each night is learned from the decisions so far. What is measured then: the roundups of thirty later days, by nDCG@7
where the seven that the hidden taste would tell first count 3 (the first two) or 2, the next seven 1. 1.00 is the best
possible: the hidden taste itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2, sqrt
from random import Random
from statistics import fmean, stdev

from bot.judgement.leanings import SIGNALS, amounts, applied, bounds, worth
from bot.judgement.learning import learn
from bot.judgement.preferences import Shortlist, Verdict, Weighed
from bot.judgement.tastes import Taste, default_taste
from storage.model import Lesson

START = datetime(2024, 11, 1, 20, tzinfo=UTC)
DAY = timedelta(days=1)
TASTE = default_taste()
SEEN, DIGEST, ROUNDUP = 12, 5, 7  # screens, E13: «обрано 7 з 12»
ERROR = 0.3  # points by which an editor's judgement wavers
UNWEIGHED = ("Транспорт", "Суспільство", "Економіка", "Здоров'я", "Політика")
Features = dict[str, float]


@dataclass(frozen=True)
class Editors:
    """What the people of one newsroom want, as leanings of our taste."""

    wants: dict[str, float]
    random: Random
    dice: bool

    def score(self, story: Features) -> float:
        if self.dice:
            return self.random.random()
        added = sum(self.wants.get(name, 0.0) * value for name, value in amounts(story).items())
        return sum(story.values()) + added + self.random.gauss(0.0, ERROR)


def hired(seed: int, *, dice: bool = False) -> Editors:
    """Editors with a taste of their own, three times of ten more than may be learned."""
    random = Random(f"editors {seed}")
    names = [f"signal:{name}" for name in SIGNALS]
    names += [f"section:{name}" for name in (*TASTE.sections, *map(str.lower, UNWEIGHED))]
    names += [f"words:{each.name}" for each in TASTE.words]
    wants = {name: random.gauss(0.0, max(bounds(name, TASTE)[1], 0.01)) for name in names}
    return Editors({name: max(value, -0.8) for name, value in wants.items()}, random, dice)


def news(random: Random) -> Features:
    """A story as our taste weighs it, as often as a regional newsroom has such."""
    points = TASTE.points
    story = {"reason.base": points.base, "reason.fresh": points.fresh_most * 0.5 ** (random.random() * 3)}
    if random.random() < 0.45:
        story["reason.sources"] = min(points.sources * log2(random.randint(2, 6)), points.sources_most)
    if random.random() < 0.5:
        story["reason.reports"] = min(points.reports * log2(random.randint(2, 6)), points.reports_most)
    for name, often in (("own", 0.5), ("region", 0.4), ("official", 0.3), ("urgent", 0.1)):
        if random.random() < often:
            story[f"reason.{name}"] = getattr(points, name)
    if random.random() < 0.06:
        story["reason.killed"] = points.killed + points.toll_step * log2(random.randint(1, 8))
    if random.random() < 0.1:
        story["reason.wounded"] = points.wounded + points.toll_step * 0.5 * log2(random.randint(1, 16))
    section = random.choice((*TASTE.sections, *map(str.lower, UNWEIGHED)))
    story[f"reason.section:{section}"] = TASTE.sections.get(section, 0.0)
    left = points.words_most
    for each in TASTE.words:
        if random.random() < 0.12:
            gained = min(each.points, left)
            left -= max(gained, 0.0)
            story[f"reason.words:{each.name}"] = gained
    if random.random() < 0.1:
        story["reason.junk:forecast"] = points.junk
    return story


def judged(story: Features, taste: Taste) -> float:
    """The importance of a story by a corrected taste."""
    return sum(story.values()) + sum(
        value * (worth(name, taste) / (worth(name, TASTE) or 1.0) - 1)
        if name.startswith("signal:")
        else worth(name, taste) - worth(name, TASTE)
        for name, value in amounts(story).items()
    )


def drafted(stories: Sequence[Features], size: int, taste: Taste, editors: Editors, at: datetime) -> Shortlist:
    """A draft as it went out after the editors had looked at its first lines."""
    ranked = sorted(stories, key=lambda story: -judged(story, taste))
    seen = ranked[:SEEN]
    liked = sorted(range(len(seen)), key=lambda place: -editors.score(seen[place]))
    wanted = set(liked[:size])
    out = [place for place in reversed(liked) if place < size and place not in wanted][:2]
    taken = [place for place in liked if place >= size and place in wanted][: len(out)]
    verdicts: list[Verdict] = ["kept" if place < size else "alone" for place in range(len(ranked))]
    for place in out:
        verdicts[place] = "dropped"
    for place in taken:
        verdicts[place] = "raised"
    return Shortlist(at, at.date(), tuple(map(Weighed, ranked, verdicts)))


def by_hand(
    stories: Sequence[Features], taste: Taste, editors: Editors, at: datetime, queued: int, rejected: int
) -> Shortlist:
    """The day's stories, some of which an editor queued or put away."""
    ranked = sorted(stories, key=lambda story: -judged(story, taste))
    liked = sorted(range(len(ranked)), key=lambda place: -editors.score(ranked[place]))
    verdicts: list[Verdict] = ["chosen" if place < ROUNDUP else "alone" for place in range(len(ranked))]
    for place in editors.random.sample(liked[: 3 * queued], queued):
        verdicts[place] = "raised"
    for place in [place for place in reversed(liked) if place < SEEN][:rejected]:
        verdicts[place] = "dropped"
    return Shortlist(at, at.date(), tuple(map(Weighed, ranked, verdicts)))


def lived(seed: int, days: int, kind: str, *, nightly: bool = True) -> tuple[list[Lesson], Editors]:
    """The lesson of each night of so many days, each day edited with what was learned before it; or of the last."""
    editors, random = hired(seed, dice=kind == "dice"), Random(f"news {seed}")
    lists: list[Shortlist] = []
    lessons: list[Lesson] = []
    for number in range(days):
        at = START + number * DAY
        last = lessons[-1] if lessons else None
        taste = applied(TASTE, last.leanings) if last is not None and last.used else TASTE
        stories = [news(random) for _ in range(random.randint(45, 65))]
        if kind == "hands":
            lists.append(by_hand(stories, taste, editors, at, 4, 2))
        else:
            third = len(stories) // 3
            parts = [stories[start : start + third] for start in (0, third, 2 * third)]
            lists += [drafted(part, DIGEST, taste, editors, at) for part in parts]
            lists.append(drafted(stories, ROUNDUP, taste, editors, at))
            lists.append(by_hand(stories, taste, editors, at, 3, 0))
        if nightly or number == days - 1:
            lessons.append(learn(lists, TASTE, at + DAY / 3, used=last is not None and last.used))
    return lessons, editors


def ndcg(stories: Sequence[Features], taste: Taste, wants: dict[str, float]) -> float:
    """Of one roundup: how near its seven come to those that the hidden taste would tell first."""
    best = sorted(
        range(len(stories)),
        key=lambda place: (
            -sum(stories[place].values())
            - sum(wants.get(name, 0.0) * value for name, value in amounts(stories[place]).items())
        ),
    )
    grades = dict.fromkeys(best[: 2 * ROUNDUP], 1) | dict.fromkeys(best[:ROUNDUP], 2) | dict.fromkeys(best[:2], 3)
    ranked = sorted(range(len(stories)), key=lambda place: -judged(stories[place], taste))
    return _gained([grades.get(place, 0) for place in ranked]) / _gained(sorted(grades.values(), reverse=True))


def _gained(grades: Sequence[int]) -> float:
    return sum(grade / log2(place + 2) for place, grade in enumerate(grades[:ROUNDUP]))


@dataclass(frozen=True)
class Measured:
    """One newsroom after its last night, by nDCG@7 of later roundups."""

    plain: float
    in_use: float
    learned: float  # in use or not
    allowed: float  # the hidden taste, as far as its bounds let it be learned
    lessons: Sequence[Lesson]


def measured(seed: int, days: int, kind: str, later_days: int = 30, *, nightly: bool = True) -> Measured:
    """The newsroom of this seed, lived through and then measured. Dice want nothing: any change is harm."""
    lessons, editors = lived(seed, days, kind, nightly=nightly)
    random, last = Random(f"later {seed}"), lessons[-1]
    later = [[news(random) for _ in range(55)] for _ in range(later_days)]
    wants = {} if kind == "dice" else editors.wants
    plain, learned, allowed = (
        fmean(ndcg(day, applied(TASTE, leanings), wants) for day in later) for leanings in ({}, last.leanings, wants)
    )
    return Measured(plain, learned if last.used else plain, learned, allowed, lessons)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--editors", choices=("taste", "hands", "dice"))
    asked = parser.parse_args()
    print(f"{asked.seeds} newsrooms, {asked.days} days each: mean nDCG@7 [95 % interval], the worst newsroom")
    for kind in (asked.editors,) if asked.editors else ("taste", "hands", "dice"):
        rows = [measured(seed, asked.days, kind) for seed in range(asked.seeds)]
        decisions = fmean(row.lessons[-1].decisions for row in rows)
        print(f"\n{kind}: {decisions:.0f} decisions a newsroom")
        for name, values in (
            ("without learning", [row.plain for row in rows]),
            ("as the bot ranks then", [row.in_use for row in rows]),
            ("if it were always used", [row.learned for row in rows]),
            ("the hidden taste within the bounds", [row.allowed for row in rows]),
            ("as the bot ranks, of that", [row.in_use / row.allowed for row in rows]),
        ):
            print(f"  {name:36} {_interval(values)}")
        nights = [night for row in rows for night, each in enumerate(row.lessons, 1) if each.used]
        began = [next((night for night, each in enumerate(row.lessons, 1) if each.used), 0) for row in rows]
        print(f"  in use after the last night: {sum(row.lessons[-1].used for row in rows)} of {len(rows)}; "
              f"ever: {sum(map(bool, began))}; nights in use: {len(nights)} of {len(rows) * asked.days}; "
              f"first night by newsroom: {began}", flush=True)  # fmt: skip


def _interval(values: Sequence[float]) -> str:
    half = 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{fmean(values):.3f} [{fmean(values) - half:.3f}, {fmean(values) + half:.3f}]  {min(values):.3f}"


if __name__ == "__main__":
    main()
