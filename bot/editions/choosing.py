"""Which of the ranked stories an edition tells: the most important that it has not told in this state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.editions.rubrics import Rubric
from bot.judgement.changes import Change, change
from bot.judgement.ranking import FLOOR, Ranked
from bot.judgement.states import headline
from storage.model import Item, Told


@dataclass(frozen=True, slots=True)
class Choice:
    """A story to tell: the report that speaks for it, and what changed since the channel told it (None: it is new)."""

    ranked: Ranked
    item: Item
    told: Told | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, best first, and every candidate that could have been, in our order: the decision's material."""

    choices: tuple[Choice, ...]
    candidates: tuple[Choice, ...]
    enough: bool


def select(ranked: Sequence[Ranked], told: Mapping[int, Sequence[Told]], rubric: Rubric, *, language: str) -> Selection:
    """The rubric's stories of these, best first. A story told in this state is no candidate; one that changed is
    again, and knows what changed. Below the floor of importance nothing is chosen to fill a place, and nothing
    that no report tells in the channel's language: headlines are never translated."""
    candidates = [
        choice for each in ranked if (choice := _candidate(each, told.get(each.story.id, ()), rubric, language))
    ]
    fit = [each for each in candidates if each.ranked.importance >= FLOOR and each.item.language == language]
    choices = fit[: rubric.size]
    return Selection(tuple(choices), tuple(candidates), len(choices) >= rubric.fewest)


def _candidate(ranked: Ranked, told: Sequence[Told], rubric: Rubric, language: str) -> Choice | None:
    story = ranked.story
    if not story.items:
        return None  # every report of it was withdrawn
    item = headline(story.state, story.items, language)
    last = next((each for each in told if each.rubric in rubric.mindful_of), None)
    if last is None:
        return Choice(ranked, item)
    changed = change(last.state, story.state)
    return Choice(ranked, item, last, changed) if changed else None
