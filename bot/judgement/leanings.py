"""What the newsroom's decisions may correct in its taste, how far, and the taste that comes of it.

A leaning corrects a signal (`signal:sources`: a share of its points, 0.2 is a fifth more), a section
(`section:Окупація`) or a kind of weighty words (`words:удар по людях`): points that are added to theirs. Nothing is
corrected twice, so the contributions of a corrected taste sum up as those of any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from bot.judgement.tastes import Points, Taste, Weighty
from bot.judgement.words import fold, words
from storage.model import Contribution, Story

Leanings = Mapping[str, float]
# Which points a signal's leaning moves together. An editor's explicit word (important, votes) is not up to a model,
# and what every story has (base) cannot be learned.
SIGNALS: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("sources", "sources_most"),
    "reports": ("reports", "reports_most"),
    "fresh": ("fresh", "fresh_most"),
    "own": ("own",),
    "region": ("region",),
    "official": ("official",),
    "urgent": ("urgent",),
    "toll": ("killed", "wounded", "toll_step", "toll_most"),
    "echo": ("echo", "echo_most"),
    "junk": ("junk",),
}
_SIGNAL_OF: Final = {"killed": "toll", "wounded": "toll"}
HALF, DOUBLE = -0.5, 1.0  # a signal may fall to half of its points and rise to twice
LEEWAY = 1.0  # points a section or theme may move at most, and never more than one death weighs
_SAID: Final = "reason.votes"  # the editors' own word: what shall be foretold must not foretell it
_HURT: Final = ("загинули", "погибли", "поранено", "ранены")


def features(story: Story, reasons: Sequence[Contribution]) -> dict[str, float]:
    """The points of each reason. Sections that weigh nothing are told too, or they could never be learned."""
    found = {f"reason.section:{section}": 0.0 for item in story.items for section in item.sections}
    for reason in reasons:
        name = feature(reason)
        found[name] = round(found.get(name, 0.0) + reason.points, 2)
    return found


def feature(reason: Contribution) -> str:
    """The reason by its key; reasons of one key are told apart by what they name (a kind of words, a section)."""
    return ":".join([reason.key, *(value for value in reason.values.values() if isinstance(value, str))])


def foreseen(features: Mapping[str, float]) -> float:
    """The importance of a story with these features before any editor said a word about it."""
    return sum(points for name, points in features.items() if name != _SAID)


def amounts(features: Mapping[str, float]) -> dict[str, float]:
    """By what each leaning is multiplied in a story with these features: points of its signals, 1 for each of
    its sections and kinds of words."""
    found: dict[str, float] = {}
    for name, points in features.items():
        key, _, named = name.removeprefix("reason.").partition(":")
        if key in ("section", "words") and named:
            found[f"{key}:{named}"] = 1.0
        elif (signal := _SIGNAL_OF.get(key, key)) in SIGNALS:
            found[f"signal:{signal}"] = found.get(f"signal:{signal}", 0.0) + points
    return found


def bounds(name: str, taste: Taste) -> tuple[float, float]:
    """Between what the leaning may lie; (0, 0) for what this newsroom does not weigh.

    What tells of people hurt is never learned downwards: editors leave such a report out because it is unconfirmed,
    told already or one of many that day, not because the dead matter less. Whoever means that writes it in the file.
    """
    kind, _, named = name.partition(":")
    if kind == "signal":
        known = named in SIGNALS and bool(_held(named, taste.points))
        return ((0.0 if named == "toll" else HALF), DOUBLE) if known else (0.0, 0.0)
    leeway = min(LEEWAY, taste.points.killed)
    if kind == "section":
        return (-leeway, leeway)
    weighty = next((each for each in taste.words if each.name == named), None)
    if kind != "words" or weighty is None:
        return (0.0, 0.0)
    return ((0.0 if of_hurt(weighty) else -leeway), leeway)


def of_hurt(weighty: Weighty) -> bool:
    """Whether these words tell of people killed or wounded."""
    return any(weighty.within(words(word)) for word in _HURT)


def worth(name: str, taste: Taste) -> float:
    """The points that this taste gives for it: one step of a signal, a section, a kind of words."""
    kind, _, named = name.partition(":")
    if kind == "signal":
        held = _held(named, taste.points)
        return float(getattr(taste.points, held[0])) if held else 0.0
    if kind == "section":
        return taste.sections.get(fold(named), 0.0)
    return next((each.points for each in taste.words if each.name == named), 0.0)


def applied(taste: Taste, leanings: Leanings) -> Taste:
    """The taste with these leanings, each within its bounds; one of something unknown changes nothing."""
    if not leanings:
        return taste
    held = {name: _within(value, bounds(name, taste)) for name, value in leanings.items()}
    points, sections = taste.points, dict(taste.sections)
    for name, value in held.items():
        kind, _, named = name.partition(":")
        if kind == "signal":
            moved = {field: round(getattr(points, field) * (1 + value), 2) for field in _held(named, points)}
            points = replace(points, **moved)
        elif kind == "section":
            sections[fold(named)] = round(sections.get(fold(named), 0.0) + value, 2)
    weighty = tuple(replace(each, points=round(each.points + held.get(f"words:{each.name}", 0.0), 2))
                    for each in taste.words)  # fmt: skip
    return replace(taste, points=points, sections=sections, words=weighty)


def _held(signal: str, points: Points) -> tuple[str, ...]:
    known = {field.name for field in fields(points)}
    return tuple(name for name in SIGNALS.get(signal, ()) if name in known)


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
