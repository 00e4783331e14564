"""Which of the ranked stories an edition tells: the most important that it has not told in this state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.editions.balance import balanced, confirmed
from bot.editions.fragments import short
from bot.editions.rubrics import Rubric
from bot.judgement.changes import Change, change
from bot.judgement.flags import Flag
from bot.judgement.ranking import Ranked, enters
from bot.judgement.states import headline
from storage.model import Item, Told

AS_MUCH: Final = 0.3  # of ten points: less than half of what one more voice adds
_NOBODY: Mapping[int, Bar] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bar:
    """Why an automatic edition leaves a story out: what no editor answered for yet, and until when the place of a
    strike is not told (None: it may be)."""

    flags: tuple[Flag, ...]
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A story to tell: the report that speaks for it, and what changed since the channel told it (None: it is new).
    `own` are an editor's words instead of the report's headline."""

    ranked: Ranked
    item: Item
    told: Told | None = None
    change: Change | None = None
    own: str | None = None
    bar: Bar | None = None  # None: it may go out by itself

    @property
    def headline(self) -> str:
        """What the channel is told of it."""
        return self.own or self.item.title


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, as it will be told, and every candidate that could have been, best first: the decision's
    material."""

    choices: tuple[Choice, ...]
    candidates: tuple[Choice, ...]
    enough: bool


def select(
    ranked: Sequence[Ranked], told: Mapping[int, Sequence[Told]], rubric: Rubric, *, language: str,
    barred: Mapping[int, Bar] = _NOBODY,
) -> Selection:  # fmt: skip
    """The rubric's stories of these, best first; a roundup opens with two of two kinds.

    A story told in this state is no candidate; one that changed is again, and knows what changed. Below the floor
    of importance nothing is chosen to fill a place, and nothing that no report tells in the channel's language:
    headlines are never translated.
    """
    candidates = [
        choice for each in ranked if (choice := _candidate(each, told.get(each.story.id, ()), rubric, language))
    ]
    candidates = [replace(each, bar=barred.get(each.ranked.story.id)) for each in candidates]
    fit = [each for each in candidates if enters(each.ranked) and each.item.language == language and each.bar is None]
    chosen = balanced([(each.ranked, each.item) for each in fit], rubric.size)
    choices = led([fit[place] for place in chosen])
    if rubric.habits.titled:
        choices = opening(choices)
    return Selection(tuple(choices), tuple(candidates), len(choices) >= rubric.fewest)


def led(choices: Sequence[Choice]) -> list[Choice]:
    """The same, opened by the best of those that are confirmed: what one unknown source says alone never leads."""
    first = next((each for each in choices if confirmed(each.ranked)), None)
    return list(choices) if first is None else [first, *(each for each in choices if each is not first)]


def opening(choices: Sequence[Choice]) -> list[Choice]:
    """The best story of the country or world, the best of the region or front, then the rest as they were; all as
    they were when there is only one of the two kinds. «Головне за день: A. B» is made of the first two, so neither is
    an unconfirmed one where another is not, and of those that matter as much each is one that few words can tell."""
    sure = [each for each in choices if confirmed(each.ranked)] or choices
    near = _first([each for each in sure if _of_region(each)])
    far = _first([each for each in sure if not _of_region(each)])
    if near is None or far is None:
        return list(choices)
    return [far, near, *(each for each in choices if each is not far and each is not near)]


def _first(choices: Sequence[Choice]) -> Choice | None:
    if not choices:
        return None
    least = choices[0].ranked.importance - AS_MUCH
    return next((each for each in choices if each.ranked.importance >= least and short(each.headline)), choices[0])


def _of_region(choice: Choice) -> bool:
    return any(reason.key == "reason.region" and reason.points > 0 for reason in choice.ranked.contributions)


def _candidate(ranked: Ranked, told: Sequence[Told], rubric: Rubric, language: str) -> Choice | None:
    story = ranked.story
    if not story.items:
        return None  # every report of it was withdrawn
    item = headline(story.state, story.items, language)
    last = next((each for each in told if rubric.minds(each.rubric)), None)
    if last is None:
        return Choice(ranked, item)
    changed = change(last.state, story.state)
    return Choice(ranked, item, last, changed) if changed else None
