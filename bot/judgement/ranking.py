"""How important each story is, 0 to 10, with every reason and its points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log2
from typing import Final, Literal

from bot.judgement.junk import junk
from bot.judgement.tastes import Taste
from bot.judgement.words import fold, words
from storage.model import Contribution, Item, Story

Rubric = Literal["digest", "roundup"]
HIGHEST: Final = 10.0
FLOOR = 1.5  # below it, freshness aside, a story never enters an edition: a shorter one rather than filler
LEAD_WORDS = 60  # of the lead: what is far down is background


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story with its importance, which is the sum of its contributions."""

    story: Story
    importance: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A story as the rules look at it."""

    story: Story
    now: datetime
    rubric: Rubric
    taste: Taste
    told: tuple[str, ...]


def rank(stories: Sequence[Story], *, now: datetime, rubric: Rubric, taste: Taste) -> list[Ranked]:
    """The stories, the most important first; of equals the one that changed last, then the older id."""
    ranked = [weigh(story, now=now, rubric=rubric, taste=taste) for story in stories]
    return sorted(ranked, key=lambda one: (-one.importance, -one.story.state.at.timestamp(), one.story.id))


def enters(ranked: Ranked) -> bool:
    """Whether the story is above the floor: being new is a reason to tell it first, not a reason to tell it."""
    aside = ("reason.fresh", "reason.limit")
    lasting = sum(reason.points for reason in ranked.contributions if reason.key not in aside)
    return round(min(lasting, ranked.importance), 2) >= FLOOR


def weigh(story: Story, *, now: datetime, rubric: Rubric, taste: Taste) -> Ranked:
    """One story's importance and reasons, in the order in which they are told."""
    seen = _Seen(story, now, rubric, taste, _words(story))
    found = [_rounded(contribution) for rule in _RULES for contribution in rule(seen)]
    found = [contribution for contribution in found if contribution.points]
    total = _sum(found)
    routine = [junk(item.title, item.lead) for item in story.items]
    highest = taste.points.junk_ceiling if routine and all(routine) else HIGHEST
    importance = min(max(total, 0.0), highest)
    if importance != total:
        found.append(Contribution("reason.limit", round(importance - total, 2), {"highest": highest}))
    return Ranked(story, importance, tuple(found))


def _rounded(contribution: Contribution) -> Contribution:
    """To a hundredth of a point: what editors see adds up to what they see."""
    return replace(contribution, points=round(contribution.points, 2))


def _sum(contributions: Sequence[Contribution]) -> float:
    return round(sum(contribution.points for contribution in contributions), 2)


def _base(seen: _Seen) -> Iterator[Contribution]:
    yield Contribution("reason.base", seen.taste.points.base)


def _sources(seen: _Seen) -> Iterator[Contribution]:
    """Independent voices: the heaviest source of each family. One voice adds nothing."""
    points = seen.taste.points
    voices: dict[str, float] = {}
    for item in seen.story.items:
        voices[item.family] = max(voices.get(item.family, 0.0), item.weight)
    doublings = log2(max(sum(voices.values()), 1.0))
    yield Contribution("reason.sources", min(points.sources * doublings, points.sources_most), {"count": len(voices)})


def _reports(seen: _Seen) -> Iterator[Contribution]:
    points, count = seen.taste.points, len(seen.story.items)
    gained = min(points.reports * log2(max(count, 1)), points.reports_most)
    yield Contribution("reason.reports", gained, {"count": count})


def _fresh(seen: _Seen) -> Iterator[Contribution]:
    if seen.rubric != "digest":
        return
    points = seen.taste.points
    age = max(seen.now - seen.story.state.at, timedelta())
    yield Contribution(
        "reason.fresh", points.fresh * 0.5 ** (age / points.half_life), {"hours": age // timedelta(hours=1)}
    )


def _own(seen: _Seen) -> Iterator[Contribution]:
    if any(item.own for item in seen.story.items):
        yield Contribution("reason.own", seen.taste.points.own)


def _region(seen: _Seen) -> Iterator[Contribution]:
    if seen.taste.region.within(seen.told):
        yield Contribution("reason.region", seen.taste.points.region)


def _section(seen: _Seen) -> Iterator[Contribution]:
    """The heaviest section, by distance from nothing, of those that the newsroom weighs."""
    weights = seen.taste.sections
    named = {section for item in seen.story.items for section in item.sections if fold(section) in weights}
    section = max(named, key=lambda name: (abs(weights[fold(name)]), name), default=None)
    if section is not None:
        yield Contribution("reason.section", weights[fold(section)], {"section": section})


def _weighty(seen: _Seen) -> Iterator[Contribution]:
    """Each kind of weighty words once, in the file's order, until together they gave what words may."""
    left = seen.taste.points.words_most
    for kind in seen.taste.words:
        if kind.within(seen.told):
            gained = min(kind.points, left)
            left -= max(gained, 0.0)
            yield Contribution("reason.words", gained, {"words": kind.name})


def _toll(seen: _Seen) -> Iterator[Contribution]:
    """Severity grows slowly: twenty dead are not twenty times the news, and no sum of wounded hides one death."""
    points, left = seen.taste.points, seen.taste.points.toll_most
    for which, one, step in (("killed", points.killed, 1.0), ("wounded", points.wounded, 0.5)):
        count = seen.story.state.toll.get(which, 0)
        if count:
            gained = min(one + points.toll_step * step * log2(count), left)
            left -= gained
            yield Contribution(f"reason.{which}", gained, {"count": count})


def _important(seen: _Seen) -> Iterator[Contribution]:
    if any(item.important for item in seen.story.items):
        yield Contribution("reason.important", seen.taste.points.important)


def _junk(seen: _Seen) -> Iterator[Contribution]:
    speaking = _speaking(seen.story)
    kind = junk(seen.story.state.title, speaking.lead if speaking else "")
    if kind is not None:
        yield Contribution("reason.junk", seen.taste.points.junk, {"junk": kind})


_RULES: Final[tuple[Callable[[_Seen], Iterator[Contribution]], ...]] = (
    _important, _toll, _sources, _own, _region, _section, _weighty, _reports, _fresh, _base, _junk,
)  # fmt: skip


def _speaking(story: Story) -> Item | None:
    return next((item for item in story.items if item.id == story.state.item_id), None)


def _words(story: Story) -> tuple[str, ...]:
    """The words of the state's headline and the beginning of its report's lead."""
    speaking = _speaking(story)
    return tuple(words(story.state.title) + (words(speaking.lead)[:LEAD_WORDS] if speaking else []))
