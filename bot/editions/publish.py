"""Publishes the editions whose time has come: each slot once, whatever happens. What is too late is an editor's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.editions.program import Program
from bot.editions.rubrics import timings
from bot.editions.serve import Place, keep, serve
from bot.editions.slots import Slot, due, next_after
from storage import drafts, editions, journal, outbox
from storage.database import Database, Reading, Transaction
from storage.editions import Made
from storage.editorial import Draft

LOOK_BACK = timedelta(hours=24)  # a slot older than a day is not worth a question


def next_slot_at(programs: Sequence[Program], now: datetime) -> datetime | None:
    """When the next edition or draft is due, None when the newsroom wants none."""
    found = []
    for program in programs:
        for ahead in {timedelta(), program.draft_ahead}:
            slot = next_after(timings(program.rubrics), program.newsroom.zone, now + ahead)
            found += [slot.at - ahead] if slot else []
    return min(found, default=None)


async def publish_due(db: Database, programs: Sequence[Program], clock: Callable[[], datetime]) -> int:
    """Serves every slot of every channel that is due and was not; how many editions went into the outbox.

    A slot later than the newsroom's patience is not sent: it is missed, and only an editor's word sends it.
    """
    return sum([await _publish(db, program, clock) for program in programs])


async def _publish(db: Database, program: Program, clock: Callable[[], datetime]) -> int:
    now = clock()
    waiting = await _unserved(db.screens, program, now)
    late = [slot for slot in waiting if now - slot.at > program.patience]
    if late:
        async with db.transaction() as tx:
            await miss_late(tx, program, now)
    went = 0
    for slot in waiting[len(late) :]:
        # The instant is taken inside the transaction: reports are stamped inside theirs, so none that is
        # committed later can fall into a window that was closed.
        async with db.transaction() as tx:
            draft = await _draft(tx, program, slot)
            if draft is None and await _made(tx, program, slot):
                continue  # an editor was faster
            if draft is None or goes(draft, program):
                went += await serve(tx, program, Place(slot, draft.id if draft else None), clock())
    return went


def goes(draft: Draft, program: Program) -> bool:
    """Whether the draft goes out by itself at its minute."""
    return draft.held_at is None and (draft.approved_at is not None or not program.approval)


async def settle(tx: Transaction, program: Program, rubric: str, now: datetime) -> bool:
    """What the rubric owes at this moment is served, as the clock would do a moment later, so that its times may
    change; False when an edition of it waits for an editor's word, or for the end of a pause."""
    held = program.channel.paused_at is not None
    running = replace(program, channel=replace(program.channel, paused_at=None))
    for slot in await _unserved(tx, running, now):
        if slot.rubric != rubric:
            continue
        draft = await _draft(tx, program, slot)
        if held or (draft is not None and not goes(draft, program)):
            return False
        place = Place(slot, draft.id if draft else None)
        if now - slot.at > program.patience:
            await keep(tx, program.channel, place, state="missed", now=now)
            await journal.write(tx, "miss", f"{slot.rubric}:{slot.local_date}:{slot.wall_time}", now)
        else:
            await serve(tx, program, place, now)
    return True


async def miss_late(tx: Transaction, program: Program, now: datetime) -> None:
    """Every slot that was not served and is later than the newsroom's patience becomes a missed edition."""
    for slot in await _unserved(tx, program, now):
        draft = await _draft(tx, program, slot)
        if now - slot.at > program.patience and (draft is None or goes(draft, program)):
            await keep(tx, program.channel, Place(slot, draft.id if draft else None), state="missed", now=now)
            await journal.write(tx, "miss", f"{slot.rubric}:{slot.local_date}:{slot.wall_time}", now)


def slot_of(made: Made | Draft) -> Slot:
    """The promise that the edition keeps."""
    return Slot(made.rubric, date.fromisoformat(made.local_date), time.fromisoformat(made.wall_time), made.slot_at)


async def serve_missed(tx: Transaction, program: Program, missed: Made, now: datetime, due_at: datetime) -> bool:
    """Makes the missed edition of what is known now; whether it goes out, at `due_at`. It does not when there is too
    little to tell."""
    return await serve(tx, program, Place(slot_of(missed), missed.id, due_at, asked=True), now)


async def unserve(tx: Transaction, missed: Made, now: datetime) -> None:
    """Takes `serve_missed` back before anything of it was sent: the edition is missed again."""
    for parcel in await editions.parcels(tx, missed.id):
        await outbox.dropped(tx, parcel.id, "an editor took it back", now)
    await editions.remake(tx, missed.id, state="missed", from_at=missed.slot_at, until_at=missed.slot_at, now=now)


async def _draft(db: Reading, program: Program, slot: Slot) -> Draft | None:
    return await drafts.of_slot(db, program.channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time)


async def _made(db: Reading, program: Program, slot: Slot) -> bool:
    day = slot.local_date.isoformat()
    return await editions.made(db, program.channel.id, slot.rubric, day, slot.wall_time)


async def _unserved(db: Reading, program: Program, now: datetime) -> list[Slot]:
    channel = program.channel
    if channel.paused_at is not None:
        return []  # what falls into the pause is served, or asked about, when it ends
    after = max(now - LOOK_BACK, channel.created_at)
    slots = [slot for slot in due(timings(program.rubrics), program.newsroom.zone, after, now) if _owed(program, slot)]
    return [
        slot
        for slot in slots
        if not await editions.made(db, channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time)
    ]


def _owed(program: Program, slot: Slot) -> bool:
    """Whether its rubric had this time already when it came: a time set after it has passed begins tomorrow."""
    rubric = program.find(slot.rubric)
    return rubric is not None and (rubric.since_at is None or slot.at > rubric.since_at)
