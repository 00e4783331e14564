"""Puts an edition together from what the newsroom knows; sends and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.editions.choosing import Choice, Selection, select
from bot.editions.drafting import followed
from bot.editions.press import Sheet, print_somehow
from bot.editions.program import Program
from bot.editions.righted import righted
from bot.editions.rubrics import Rubric
from bot.editions.slots import Slot
from bot.editions.tongue import UnusableForm
from bot.editions.withhold import withheld
from bot.judgement.ranking import rank
from bot.judgement.words import fold
from storage import cares, editions, guard, stories
from storage.database import Reading
from storage.editorial import Draft
from storage.model import Story


@dataclass(frozen=True, slots=True)
class Proof:
    """An edition as it would go out: its window [from_at, until_at), what was chosen of what, and the sheet.

    `sheet` is None when there was too little to tell. `fault` is what is wrong with the newsroom's own template when
    the built-in one had to set the edition.
    """

    slot: Slot
    rubric: Rubric
    from_at: datetime
    until_at: datetime
    selection: Selection
    sheet: Sheet | None
    fault: UnusableForm | None = None


async def compose(
    db: Reading, program: Program, slot: Slot, rubric: Rubric, *, until_at: datetime, draft: Draft | None = None
) -> Proof:
    """The proof for this slot of what came until `until_at`, as the editors' draft wants it when there is one. Raises
    TooLong when a line does not fit a message."""
    channel = program.channel
    from_at = await window_start(db, program, rubric, until_at)
    selection = await candidates(db, program, rubric, from_at, until_at)
    if draft is not None:
        selection = followed(draft, selection, rubric, channel.language)
    sheet, fault = None, None
    if selection.enough:
        fragments = (draft.fragment_a, draft.fragment_b) if draft is not None else (None, None)
        sheet, fault = print_somehow(
            rubric, selection.choices, program.wording, program.newsroom,
            slot=slot, signature=channel.signature, fragments=fragments, forms=program.forms,
        )  # fmt: skip
    return Proof(slot, rubric, from_at, until_at, selection, sheet, fault)


async def window_start(db: Reading, program: Program, rubric: Rubric, until_at: datetime) -> datetime:
    """Where its window begins: at the end of the last edition that opens it, but not too long ago."""
    ended = await editions.ends(db, program.channel.id)
    opened = [at for name, at in ended.items() if rubric.opens_after(name)]
    from_at = max(opened, default=program.channel.created_at)
    return min(max(from_at, until_at - rubric.habits.longest), until_at)


async def candidates(db: Reading, program: Program, rubric: Rubric, from_at: datetime, until_at: datetime) -> Selection:
    """What the rubric would tell of the news of [from_at, until_at), and of what it could choose."""
    channel = program.channel
    # What arrives is not always new: an archive is imported, an old page returns to a feed.
    oldest = until_at - rubric.habits.longest
    secret = await cares.embargoed(db, until_at)
    known = await _known(db, program, rubric, from_at, until_at)
    freed = set(await cares.freed(db, from_at, until_at)) - {story.id for story in known}
    known += await stories.several(db, sorted(freed), until_at)
    found = [story for story in known if story.state.at >= oldest and story.id not in secret]
    found = [story for story in found if _within(story, channel.sections) and _within(story, rubric.sections)]
    if rubric.habits.titled:
        unwanted = await editions.kept_out(db, channel.id)
        found = [story for story in found if story.id not in unwanted]
    told = await editions.told(db, channel.id, [story.id for story in found])
    ranked = rank(found, now=until_at, rubric=rubric.habits.weighs, taste=program.taste)
    selection = select(ranked, told, rubric, language=channel.language)
    words = await _put_right(db, selection.candidates)
    barred = await withheld(db, program, _worded(selection.candidates, words), until_at)
    if barred:
        selection = select(ranked, told, rubric, language=channel.language, barred=barred)
    choices, every = _worded(selection.choices, words), _worded(selection.candidates, words)
    return replace(selection, choices=choices, candidates=every)


async def _put_right(db: Reading, some: Sequence[Choice]) -> dict[int, str]:
    """By story: its headline in the words that editors corrected; nothing for those that said nothing wrong."""
    right = await righted(db, [each.item for each in some])
    pairs = zip(some, right, strict=True)
    return {each.ranked.story.id: item.title for each, item in pairs if item.title != each.item.title}


def _worded(some: Sequence[Choice], words: Mapping[int, str]) -> tuple[Choice, ...]:
    return tuple(replace(each, own=words.get(each.ranked.story.id)) for each in some)


async def _known(db: Reading, program: Program, rubric: Rubric, from_at: datetime, until_at: datetime) -> list[Story]:
    """The stories with news in [from_at, until_at). What people posted in the channel themselves is news for the
    editions that sum up what was told."""
    found = await stories.between(db, from_at, until_at)
    if rubric.minds("post"):
        return found
    ids = set(await guard.by_hand_between(db, program.channel.id, from_at, until_at)) - {story.id for story in found}
    return found + await stories.several(db, sorted(ids), until_at)


def _within(story: Story, sections: Sequence[str] | frozenset[str]) -> bool:
    """Whether a report of the story stands in one of the sections; in any when none is named."""
    return not sections or any(fold(section) in sections for item in story.items for section in item.sections)
