"""Shows what an edition would be, and sends nothing."""

from __future__ import annotations

from datetime import datetime

from bot.editions.compose import compose
from bot.editions.packing import TooLong, visible
from bot.editions.program import House, Program
from bot.editions.programs import of
from bot.editions.rubrics import Rubric, timings
from bot.editions.slots import Slot, next_after
from storage import channels, drafts, editions
from storage.database import Reading
from storage.model import Channel


async def preview(db: Reading, house: House, rubric_name: str, now: datetime) -> list[str]:
    """The messages of the first channel's next edition of this rubric as it would be at `now`, as a reader would see
    them; one sentence when there would be none."""
    chat, words = house.newsroom.channel, house.wordings.default
    known = await channels.find(db, chat)
    program = await of(db, house, known or Channel(0, chat, "", house.newsroom.language, _epoch(now)))
    rubric = program.find(rubric_name)
    slot = await _next_slot(db, program, rubric, now) if rubric else None
    if rubric is None or slot is None:
        return [words.text("preview.unwanted")]
    day, wall = slot.local_date.isoformat(), slot.wall_time
    draft = await drafts.of_slot(db, program.channel.id, rubric.name, day, wall)
    try:
        proof = await compose(db, program, slot, rubric, until_at=now, draft=draft)
    except TooLong:
        return [words.text("preview.too_long")]
    if proof.sheet is None:
        found = len(proof.selection.choices)
        return [words.text("preview.too_few", found=found, needed=rubric.fewest)]
    return [visible(part.text) for part in proof.sheet.parts]


def _epoch(now: datetime) -> datetime:
    return datetime.fromtimestamp(0, now.tzinfo)


async def _next_slot(db: Reading, program: Program, rubric: Rubric, now: datetime) -> Slot | None:
    """The slot that falls on `now` and was not served yet, else the first one later."""
    wanted, zone = timings([rubric]), program.newsroom.zone
    slot = next_after(wanted, zone, now - datetime.resolution)
    if slot is None or slot.at > now:
        return slot
    day = slot.local_date.isoformat()
    served = await editions.made(db, program.channel.id, slot.rubric, day, slot.wall_time)
    return next_after(wanted, zone, now) if served else slot
