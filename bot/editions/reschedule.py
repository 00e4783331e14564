"""Changes what a channel publishes, at once, and neither loses an edition by it nor doubles one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from bot.editions.program import Program, as_wish
from bot.editions.publish import settle
from storage import drafts, editions, journal, programs
from storage.database import Transaction
from storage.editorial import Wish


async def reschedule(tx: Transaction, program: Program, wanted: Wish, editor: int, now: datetime) -> bool:
    """From `now` on the channel has this rubric so; False, and nothing done, while an edition of it whose time has
    come waits for an editor's word.

    An edition that is due at this moment goes out first: the new times begin after it.
    """
    before = program.find(wanted.name)
    was = as_wish(before) if before is not None else None
    moved = was is None or (was.walls, was.days) != (wanted.walls, wanted.days)
    if moved and not await settle(tx, program, wanted.name, now):
        return False
    await programs.wish(tx, program.channel.id, wanted, editor, now, was)
    if moved:
        await _follow(tx, program, was, wanted, now)
    return True


async def _follow(tx: Transaction, program: Program, was: Wish | None, wanted: Wish, now: datetime) -> None:
    """Drafts of times that are wanted no more end; one whose time is wanted again stands again as it was."""
    for draft in await drafts.standing(tx, program.channel.id):
        if draft.rubric == wanted.name and draft.slot_at > now and not _has(wanted, draft.local_date, draft.wall_time):
            await drafts.change(tx, draft, replace(draft, state="skipped"), now, touched=False)
            await journal.write(tx, "unwanted", f"edition:{draft.id}", now)
    for edition_id, day, wall in await editions.skipped_ahead(tx, program.channel.id, wanted.name, now):
        if _has(wanted, day, wall) and not (was is not None and _has(was, day, wall)):
            await editions.draft_again(tx, edition_id)
            await journal.write(tx, "wanted", f"edition:{edition_id}", now)


async def clear(tx: Transaction, channel_id: int, now: datetime) -> None:
    """The channel is off: its drafts end."""
    for draft in await drafts.standing(tx, channel_id):
        await drafts.change(tx, draft, replace(draft, state="skipped"), now, touched=False)
        await journal.write(tx, "unwanted", f"edition:{draft.id}", now)


async def copy(tx: Transaction, wishes: Sequence[Wish], channel_id: int, editor: int, now: datetime) -> None:
    """A new channel publishes as another does."""
    for each in wishes:
        await programs.wish(tx, channel_id, replace(each, since_at=None), editor, now, None)


def _has(wanted: Wish, day: str, wall: str) -> bool:
    return time.fromisoformat(wall) in wanted.walls and date.fromisoformat(day).isoweekday() in wanted.days
