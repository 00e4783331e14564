"""Shows what an edition would be, and sends nothing."""

from __future__ import annotations

from datetime import datetime

from bot.editions.compose import compose
from bot.editions.packing import TooLong, visible
from bot.editions.publish import Desk
from bot.editions.rubrics import timings
from bot.editions.slots import next_after
from storage import channels
from storage.database import Reading
from storage.model import Channel


async def preview(db: Reading, desk: Desk, rubric_name: str, now: datetime) -> list[str]:
    """The messages of the next edition of this rubric as it would be at `now`, as a reader would see them; one
    sentence when there would be none."""
    rubric = next((each for each in desk.rubrics if each.name == rubric_name), None)
    slot = next_after(timings([rubric]), desk.newsroom.zone, now) if rubric else None
    if rubric is None or slot is None:
        return [desk.wording.text("preview.unwanted")]
    chat = desk.newsroom.channel
    known = await channels.find(db, chat)
    channel = known or Channel(0, chat, "", desk.newsroom.language, datetime.fromtimestamp(0, now.tzinfo))
    try:
        draft = await compose(
            db, channel, slot, rubric, until_at=now, taste=desk.taste, wording=desk.wording, newsroom=desk.newsroom
        )
    except TooLong:
        return [desk.wording.text("preview.too_long")]
    if draft.sheet is None:
        found = len(draft.selection.choices)
        return [desk.wording.text("preview.too_few", found=found, needed=rubric.fewest)]
    return [visible(part.text) for part in draft.sheet.parts]
