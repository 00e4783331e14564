"""How important each story is, 0 to 10, with every reason and its points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.judgement.alike import Telling, walk
from bot.judgement.guards import sign
from bot.judgement.hearing import Heard, Lexicon, heard
from bot.judgement.signals import RULES, Rubric, Seen, fresh, reason
from bot.judgement.tastes import Taste
from bot.judgement.terms import plain
from storage.model import Contribution, Item, Story

HIGHEST: Final = 10.0
FLOOR = 1.5  # below it, freshness aside, a story never enters an edition: a shorter one rather than filler
TOP = 60  # stories compared with each other: twice the longest edition
LOUD = 0.25  # a source that marks more of its reports than that as urgent says nothing by it,
FEW = 2  # unless these are so few
_PASSING: Final = ("reason.fresh", "reason.limit", "reason.alike")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story with its importance, which is the sum of its contributions."""

    story: Story
    importance: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What the weighing of stories has in common. `urgent` are the reports whose source marked them so."""

    now: datetime
    rubric: Rubric
    taste: Taste
    lexicon: Lexicon
    urgent: frozenset[int] = frozenset()

    def hears(self, item: Item) -> Heard:
        return heard(self.lexicon, item.title, item.lead)

    def says(self, story: Story) -> Heard:
        """The headline of the story's state, with the lead of the report that told it."""
        for item in reversed(story.items):
            if item.id == story.state.item_id:
                return heard(self.lexicon, story.state.title, item.lead)
        return heard(self.lexicon, story.state.title, "")


def rank(stories: Sequence[Story], *, now: datetime, rubric: Rubric, taste: Taste) -> list[Ranked]:
    """The stories, the most important first; of equals the one that changed last, then the older id.

    Among the first ones a story that is near a more important one loses points, so that they tell of many things.
    """
    view = _View(now, rubric, taste, taste.lexicon)
    view = replace(view, urgent=_urgent(view, stories))
    ranked = sorted((_weigh(story, view) for story in stories), key=_place)
    return _apart(ranked[:TOP], view) + ranked[TOP:]


def enters(ranked: Ranked) -> bool:
    """Whether the story is above the floor: being new is a reason to tell it first, not a reason to tell it; being near
    another, to tell it later, not to leave it out."""
    lasting = sum(each.points for each in ranked.contributions if each.key not in _PASSING)
    beside = sum(each.points for each in ranked.contributions if each.key == "reason.alike")
    return round(min(lasting, ranked.importance - beside), 2) >= FLOOR


def weigh(story: Story, *, now: datetime, rubric: Rubric, taste: Taste) -> Ranked:
    """One story's importance and reasons, in the order in which they are told."""
    view = _View(now, rubric, taste, taste.lexicon)
    return _weigh(story, replace(view, urgent=frozenset(item.id for item in story.items if view.hears(item).urgent)))


def _weigh(story: Story, view: _View) -> Ranked:
    told = view.says(story)
    urgent = bool(view.urgent) and any(item.id in view.urgent for item in story.items)
    seen = Seen(story, view.taste, told, urgent)
    found = [each for rule in RULES for each in rule(seen) if each.points]
    lasting = sum([each.points for each in found])
    if view.rubric == "digest" and (new := fresh(story, lasting, view.now, view.taste)).points:
        found.append(new)
    routine = bool(story.items) and told.junk is not None and all(view.hears(item).junk for item in story.items)
    return _summed(story, found, view.taste.points.junk_ceiling if routine else HIGHEST)


def _summed(story: Story, found: list[Contribution], highest: float) -> Ranked:
    """The sum within [0, highest]; what goes beyond is a reason of its own."""
    total = round(sum([each.points for each in found]), 2)
    importance = min(max(total, 0.0), highest)
    if importance != total:
        found.append(reason("reason.limit", importance - total, highest=highest))
    return Ranked(story, importance, tuple(found))


def _place(ranked: Ranked) -> tuple[float, float, int]:
    return (-ranked.importance, -ranked.story.state.at.timestamp(), ranked.story.id)


def _apart(ranked: Sequence[Ranked], view: _View) -> list[Ranked]:
    """The same stories once more, each beside those before it."""
    told = [Telling(view.says(each.story).stems, _struck(each.story)) for each in ranked]
    cost = -view.taste.points.alike
    placed = []
    for place, kin in walk(told, [each.importance for each in ranked], cost):
        one = ranked[place]
        lost = min(cost * kin.nearness, one.importance) if kin else 0.0
        if kin and round(lost, 2):
            near = reason("reason.alike", -lost, story=ranked[kin.place].story.id)
            one = replace(
                one, importance=round(one.importance + near.points, 2), contributions=(*one.contributions, near)
            )
        placed.append(one)
    return sorted(placed, key=_place)


def _struck(story: Story) -> frozenset[str]:
    """The names in the headline of a blow: mostly the places that it fell on."""
    title = story.state.title
    told = sign(title, title, len(plain(title)), story.state.at)
    return told.names if told.struck else frozenset()


def _urgent(view: _View, stories: Sequence[Story]) -> frozenset[int]:
    """Reports marked as urgent by sources that do not mark everything so."""
    items = [item for story in stories for item in story.items]
    marked = [item for item in items if view.hears(item).urgent]
    every, loud = Counter(item.source_id for item in items), Counter(item.source_id for item in marked)
    return frozenset(item.id for item in marked if loud[item.source_id] <= max(LOUD * every[item.source_id], FEW))
