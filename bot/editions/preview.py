"""Shows what an edition would be, and sends nothing."""

from __future__ import annotations

from datetime import datetime

from bot.editions.compose import compose
from bot.editions.packing import TooLong, visible
from bot.editions.publish import Desk
from bot.editions.rubrics import Rubric, timings
from bot.editions.slots import Slot, next_after
from storage import channels, editions
from storage.database import Reading
from storage.model import Channel


async def preview(db: Reading, desk: Desk, rubric_name: str, now: datetime) -> list[str]:
    """The messages of the next edition of this rubric as it would be at `now`, as a reader would see them; one
    sentence when there would be none."""
    rubric = next((each for each in desk.rubrics if each.name == rubric_name), None)
    chat = desk.newsroom.channel
    known = await channels.find(db, chat)
    slot = await _next_slot(db, desk, rubric, known, now) if rubric else None
    if rubric is None or slot is None:
        return [desk.wording.text("preview.unwanted")]
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


async def _next_slot(db: Reading, desk: Desk, rubric: Rubric, channel: Channel | None, now: datetime) -> Slot | None:
    """The slot that falls on `now` and was not served yet, else the first one later."""
    wanted, zone = timings([rubric]), desk.newsroom.zone
    slot = next_after(wanted, zone, now - datetime.resolution)
    if slot is None or channel is None or slot.at > now:
        return slot
    served = await editions.made(db, channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time)
    return next_after(wanted, zone, now) if served else slot
