"""Drafts editions ahead of their time, keeps the drafts up with the news, and ends those that nobody approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import notes
from bot.editions.compose import Proof, candidates, compose, window_start
from bot.editions.drafting import drafted, follow
from bot.editions.program import Program
from bot.editions.publish import LOOK_BACK, goes, slot_of
from bot.editions.rubrics import timings
from bot.editions.serve import Place, keep
from bot.editions.slots import DAY, Slot, due, instant
from storage import drafts, editions, journal, outbox
from storage.database import Database, Reading, Transaction
from storage.editorial import Draft

LAST_LOOK = timedelta(minutes=5)  # before the slot: lines are looked at once more, and whoever must approve is reminded
ALARM = timedelta(minutes=10)  # after the slot: it still waits


async def prepare_due(db: Database, programs: Sequence[Program], clock: Callable[[], datetime]) -> None:
    """Every edition whose draft is due gets it, once; every draft that stands is brought up to the news."""
    now = clock()
    for program in programs:
        if program.channel.paused_at is not None:
            continue
        for slot in await _undrafted(db.screens, program, now):
            async with db.transaction() as tx:
                await _draft(tx, program, slot, clock())
        for draft in await drafts.standing(db.screens, program.channel.id):
            async with db.transaction() as tx:
                await _follow(tx, program, draft, clock())


def expires_at(draft: Draft, program: Program) -> datetime:
    """The midnight at which a draft that nobody approved ends."""
    slot = slot_of(draft)
    return instant(slot.at.astimezone(program.newsroom.zone).date() + DAY, slot.wall.min, program.newsroom.zone)


def moments(draft: Draft, program: Program) -> list[datetime]:
    """When something happens to the draft by itself, besides its slot: the last look, the alarm, the end."""
    return [draft.slot_at - LAST_LOOK, draft.slot_at + ALARM, expires_at(draft, program)]


async def next_at(db: Reading, programs: Sequence[Program], now: datetime) -> datetime | None:
    """When something next happens to a draft by itself, None when none stands."""
    by_channel = {program.channel.id: program for program in programs}
    found = [
        at
        for draft in await drafts.standing(db)
        if draft.channel_id in by_channel
        for at in moments(draft, by_channel[draft.channel_id])
    ]
    return min((at for at in found if at > now), default=None)


async def _undrafted(db: Reading, program: Program, now: datetime) -> list[Slot]:
    """Slots within reach that have no edition yet; where an editor must approve, those that passed without one too."""
    if not program.draft_ahead and not program.approval:
        return []
    since = now - program.patience if program.approval else now
    slots = due(timings(program.rubrics), program.newsroom.zone, since, now + program.draft_ahead)
    found = []
    for slot in slots:
        rubric = program.find(slot.rubric)
        owed = slot.at > max(program.channel.created_at, (rubric and rubric.since_at) or program.channel.created_at)
        if owed and not await editions.exists(
            db, program.channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time
        ):
            found.append(slot)
    return found


async def _draft(tx: Transaction, program: Program, slot: Slot, now: datetime) -> None:
    rubric = program.find(slot.rubric)
    assert rubric is not None  # slots are made of the program's rubrics
    from_at = await window_start(tx, program, rubric, now)
    selection = await candidates(tx, program, rubric, from_at, now)
    edition_id = await keep(tx, program.channel, Place(slot), state="drafted", window=(from_at, now), now=now)
    await drafts.put_lines(tx, edition_id, drafted(selection, program.channel.language))
    await journal.write(tx, "draft", f"edition:{edition_id}", now)


async def _follow(tx: Transaction, program: Program, seen: Draft, now: datetime) -> None:
    """The draft after the news of its window; one that waits for an editor's word ends at midnight."""
    draft = await drafts.get(tx, seen.id)
    if draft is None or draft.state != "drafted":
        return  # an editor sent or skipped it meanwhile
    rubric = program.find(draft.rubric)
    if rubric is None or _over(draft, program, now):
        await drafts.change(tx, draft, replace(draft, state="skipped"), now, touched=False)
        await journal.write(tx, "expire" if rubric else "unwanted", f"edition:{draft.id}", now)
        note = notes.expired(program.desk, program.newsroom, slot_of(draft), draft.intent, now) if rubric else None
        if note is not None:
            await outbox.put(tx, note, now)
        return
    from_at = await window_start(tx, program, rubric, now)
    selection = await candidates(tx, program, rubric, from_at, now)
    lines = follow(draft, selection, program.channel.language)
    if [(line.story_id, line.chosen) for line in lines] != [(line.story_id, line.chosen) for line in draft.lines]:
        await drafts.change(tx, draft, replace(draft, lines=lines), now, touched=False)
    if draft.checked_at is None and now >= draft.slot_at - LAST_LOOK:
        await drafts.mark(tx, draft.id, "checked", now)


def _over(draft: Draft, program: Program, now: datetime) -> bool:
    """Whether nobody may wait for it any longer. What goes by itself was only late: it is served, or asked about."""
    if goes(draft, program):
        return now - draft.slot_at > LOOK_BACK
    return now >= expires_at(draft, program)


async def proof(db: Reading, program: Program, draft: Draft, now: datetime) -> Proof:
    """The draft's edition as it would go out now. Raises TooLong when a line does not fit a message."""
    rubric = program.find(draft.rubric)
    assert rubric is not None  # asked for while the channel wants it
    return await compose(db, program, slot_of(draft), rubric, until_at=max(now, draft.from_at), draft=draft)
