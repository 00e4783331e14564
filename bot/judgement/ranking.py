"""How important each story is, 0 to 10, with every reason and its points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Final

from bot.judgement.alike import Telling, walk
from bot.judgement.guards import sign
from bot.judgement.hearing import Heard, Lexicon, heard
from bot.judgement.signals import Rubric, Seen, fresh, reason, reasons, seen
from bot.judgement.tastes import Taste
from bot.judgement.terms import plain
from storage.model import Contribution, Story

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
    """What the weighing of stories has in common. `urgent` are the reports whose source marked them so; `known` are
    the lasting reasons and their points of what was seen before, for most stories of a day look like one another."""

    now: datetime
    rubric: Rubric
    taste: Taste
    lexicon: Lexicon
    urgent: frozenset[int] = frozenset()
    known: dict[Seen, tuple[tuple[Contribution, ...], float]] = field(default_factory=dict)

    def hears(self, story: Story) -> list[Heard]:
        """Each report of the story."""
        return [heard(self.lexicon, item.title, item.lead) for item in story.items]

    def says(self, story: Story, told: Sequence[Heard]) -> Heard:
        """The headline of the story's state, with the lead of the report that told it."""
        state = story.state
        for place in range(len(told) - 1, -1, -1):
            item = story.items[place]
            if item.id == state.item_id:
                return told[place] if item.title == state.title else heard(self.lexicon, state.title, item.lead)
        return heard(self.lexicon, state.title, "")

    def reasons(self, seen: Seen) -> tuple[tuple[Contribution, ...], float]:
        found = self.known.get(seen)
        if found is None:
            lasting = reasons(seen, self.taste)
            found = self.known[seen] = lasting, sum([each.points for each in lasting])
        return found


def rank(stories: Sequence[Story], *, now: datetime, rubric: Rubric, taste: Taste) -> list[Ranked]:
    """The stories, the most important first; of equals the one that changed last, then the older id.

    Among the first ones a story that is near a more important one loses points, so that they tell of many things.
    """
    view = _View(now, rubric, taste, taste.lexicon)
    told = [view.hears(story) for story in stories]
    view = replace(view, urgent=_urgent(stories, told))
    ranked = sorted(map(partial(_weigh, view), stories, told), key=_place)
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
    told = view.hears(story)
    marked = frozenset(item.id for item, each in zip(story.items, told, strict=True) if each.urgent)
    return _weigh(replace(view, urgent=marked), story, told)


def _weigh(view: _View, story: Story, told: Sequence[Heard]) -> Ranked:
    """`told`: what each of its reports says."""
    said = view.says(story, told)
    urgent = bool(view.urgent) and not view.urgent.isdisjoint([item.id for item in story.items])
    found, total = view.reasons(seen(story, said, urgent))
    if view.rubric == "digest" and (new := fresh(story, total, view.now, view.taste)).points:
        found, total = (*found, new), total + new.points
    routine = said.junk is not None and bool(told) and all(each.junk for each in told)
    return _summed(story, found, total, view.taste.points.junk_ceiling if routine else HIGHEST)


def _summed(story: Story, found: tuple[Contribution, ...], total: float, highest: float) -> Ranked:
    """The total within [0, highest]; what goes beyond is a reason of its own."""
    total = round(total, 2)
    if 0.0 <= total <= highest:
        return Ranked(story, total, found)
    importance = min(max(total, 0.0), highest)
    return Ranked(story, importance, (*found, reason("reason.limit", importance - total, highest=highest)))


def _place(ranked: Ranked) -> tuple[float, float, int]:
    return (-ranked.importance, -ranked.story.state.at.timestamp(), ranked.story.id)


def _apart(ranked: Sequence[Ranked], view: _View) -> list[Ranked]:
    """The same stories once more, each beside those before it."""
    told = [Telling(view.says(each.story, view.hears(each.story)).stems, _struck(each.story)) for each in ranked]
    cost = -view.taste.points.alike
    placed = []
    for place, kin in walk(told, [each.importance for each in ranked], cost):
        one = ranked[place]
        lost = min(cost * kin.nearness, one.importance) if kin else 0.0
        if kin and round(lost, 2):
            near = reason("reason.alike", -lost, story=ranked[kin.place].story.id)
            one = Ranked(one.story, round(one.importance + near.points, 2), (*one.contributions, near))
        placed.append(one)
    return sorted(placed, key=_place)


def _struck(story: Story) -> frozenset[str]:
    """The names in the headline of a blow: mostly the places that it fell on."""
    title = story.state.title
    told = sign(title, title, len(plain(title)), story.state.at)
    return told.names if told.struck else frozenset()


def _urgent(stories: Sequence[Story], told: Sequence[Sequence[Heard]]) -> frozenset[int]:
    """Reports marked as urgent by sources that do not mark everything so."""
    items = [item for story in stories for item in story.items]
    marked = list(compress(items, [each.urgent for said in told for each in said]))
    if not marked:
        return frozenset()
    every = Counter([item.source_id for item in items])
    loud = Counter(item.source_id for item in marked)
    return frozenset(item.id for item in marked if loud[item.source_id] <= max(LOUD * every[item.source_id], FEW))
