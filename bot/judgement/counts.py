"""Who counts the killed and wounded of one story: what stands, who said it when, what stood before, who says less.

An older number never replaces a newer one, and a smaller one replaces a larger only with a word of correction:
everything else is shown to an editor. The numbers that stand are those of the story's state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.judgement.names import said_by
from bot.judgement.states import died_of_wounds, lowered
from bot.judgement.toll import toll_of
from storage.model import Item


@dataclass(frozen=True, slots=True)
class Saying:
    """A number that somebody gave: the voice that the headline names, else the source; when it was published."""

    count: int
    who: str
    at: datetime
    item_id: int


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of `which`, killed or wounded.

    `before`: what stood until then, None for the first. `mended`: it stands lower because a headline corrected it.
    `also`: other voices that gave the same number since. `against`: the last word of each that gave a smaller one.
    """

    which: str
    now: Saying
    before: Saying | None = None
    mended: bool = False
    also: tuple[Saying, ...] = ()
    against: tuple[Saying, ...] = ()


def told(items: Sequence[Item]) -> tuple[Count, ...]:
    """The counts of these reports of one story, the killed first; nothing for what nobody counts."""
    counts: dict[str, Count] = {}
    for item in sorted(items, key=lambda item: (item.published_at, item.id)):
        known = {which: count.now.count for which, count in counts.items()}
        given, mended = toll_of(item.title, item.lead), lowered(known, item)
        died = died_of_wounds(known, given)
        for which, number in given.items():
            saying = Saying(number, said_by(item.title) or item.source, item.published_at, item.id)
            fewer = number < known.get(which, 0)
            counts[which] = _after(
                counts.get(which), which, saying, mended=fewer and which in mended, died=died and which == "wounded"
            )
    return tuple(counts[which] for which in sorted(counts))


def _after(count: Count | None, which: str, saying: Saying, *, mended: bool, died: bool) -> Count:
    """The count once this was said too."""
    if count is None:
        return Count(which, saying)
    if saying.count > count.now.count or mended or died:
        return Count(which, saying, count.now, mended)
    others = tuple(each for each in count.against if each.who != saying.who)
    if saying.count < count.now.count:
        return replace(count, against=(*others, saying))
    if saying.who in {count.now.who, *(each.who for each in count.also)}:
        return replace(count, against=others)
    return replace(count, also=(*count.also, saying), against=others)
