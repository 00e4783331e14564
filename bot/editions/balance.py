"""Which of the fit stories share an edition, and which of them may open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from bot.judgement.ranking import Ranked
from storage.model import Item

MOST = 0.5  # of an edition's lines may come from one section, or from one source of others
GIVES_WAY = 1.0  # points of importance: a story with much more keeps its place whatever stands beside it

Candidate = tuple[Ranked, Item]


def balanced(candidates: Sequence[Candidate], size: int) -> list[int]:
    """Places of those that an edition of this size tells, best first, of candidates that are best first.

    One whose section or source has had its share gives way to the next of another that is nearly as important;
    when there is none it stays: variety never costs an edition what matters, nor a line.
    """
    most, told = ceil(size * MOST), Counter[str]()
    left, chosen = list(range(len(candidates))), list[int]()
    while left and len(chosen) < size:
        best = candidates[left[0]][0].importance
        near = (place for place in left if candidates[place][0].importance >= best - GIVES_WAY)
        place = next((each for each in near if all(told[kind] < most for kind in _kinds(candidates[each][1]))), left[0])
        left.remove(place)
        chosen.append(place)
        told.update(_kinds(candidates[place][1]))
    return sorted(chosen)


def confirmed(ranked: Ranked) -> bool:
    """Whether more than one unknown voice stands behind it: the newsroom itself, an editor, a second independent
    source or an official body."""
    items = ranked.story.items
    if ranked.story.votes or len({item.family for item in items}) > 1:
        return True
    return any(item.own or item.important for item in items) or any(
        reason.key == "reason.official" and reason.points > 0 for reason in ranked.contributions
    )


def _kinds(item: Item) -> frozenset[str]:
    """What may not fill half of an edition. The newsroom's own reports may."""
    sections = {f"section {section}" for section in item.sections[:1]}
    return frozenset(sections if item.own else sections | {f"source {item.source_id}"})
