"""Puts an edition together from what the newsroom knows; sends and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.editions.choosing import Selection, select
from bot.editions.press import Sheet, print_sheet
from bot.editions.rubrics import Rubric
from bot.editions.slots import Slot
from bot.judgement.ranking import rank
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import editions, stories
from storage.database import Reading
from storage.model import Channel

LONGEST_WINDOW = timedelta(hours=48)  # after a long pause older news is no news


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition as it would go out: its window [from_at, until_at), what was chosen of what, and the sheet.

    `sheet` is None when there was too little to tell.
    """

    slot: Slot
    rubric: Rubric
    from_at: datetime
    until_at: datetime
    selection: Selection
    sheet: Sheet | None


async def compose(
    db: Reading,
    channel: Channel,
    slot: Slot,
    rubric: Rubric,
    *,
    until_at: datetime,
    taste: Taste,
    wording: Wording,
    newsroom: Newsroom,
) -> Draft:
    """The draft for this slot of what came until `until_at`. Raises TooLong when a line does not fit a message."""
    from_at = await editions.covered_until(db, channel.id, rubric.name, channel.created_at)
    from_at = min(max(from_at, until_at - LONGEST_WINDOW), until_at)
    # What arrives is not always new: an archive is imported, an old page returns to a feed.
    oldest = until_at - LONGEST_WINDOW
    found = [story for story in await stories.between(db, from_at, until_at) if story.state.at >= oldest]
    if rubric.name == "roundup":
        unwanted = await editions.kept_out(db, channel.id)
        found = [story for story in found if story.id not in unwanted]
    told = await editions.told(db, channel.id, [story.id for story in found])
    ranked = rank(found, now=until_at, rubric=rubric.name, taste=taste)
    selection = select(ranked, told, rubric, language=channel.language)
    sheet = None
    if selection.enough:
        sheet = print_sheet(rubric.name, selection.choices, wording, newsroom, slot=slot)
    return Draft(slot, rubric, from_at, until_at, selection, sheet)
