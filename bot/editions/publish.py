"""Publishes the editions whose time has come: each slot once, whatever happens. What is too late is an editor's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.editions.rubrics import timings
from bot.editions.serve import Desk as Desk
from bot.editions.serve import Place, keep, serve
from bot.editions.slots import Slot, due, next_after
from storage import editions, journal, outbox
from storage.database import Database, Reading, Transaction
from storage.editions import Made
from storage.model import Channel

LOOK_BACK = timedelta(hours=24)  # a slot older than a day is not worth a question


def next_slot_at(desk: Desk, now: datetime) -> datetime | None:
    """When the next edition is due, None when the newsroom wants none."""
    slot = next_after(timings(desk.rubrics), desk.newsroom.zone, now)
    return slot.at if slot else None


async def publish_due(db: Database, desk: Desk, channel: Channel, clock: Callable[[], datetime]) -> int:
    """Serves every slot that is due and was not; how many editions went into the outbox.

    A slot later than the newsroom's patience is not sent: it is missed, and only an editor's word sends it.
    """
    now = clock()
    waiting = await _unserved(db.screens, desk, channel, now)
    late = [slot for slot in waiting if now - slot.at > desk.patience]
    if late:
        async with db.transaction() as tx:
            await miss_late(tx, desk, channel, now)
    went = 0
    for slot in waiting[len(late) :]:
        # The instant is taken inside the transaction: reports are stamped inside theirs, so none that is
        # committed later can fall into a window that was closed.
        async with db.transaction() as tx:
            went += await serve(tx, desk, channel, Place(slot), clock())
    return went


async def miss_late(tx: Transaction, desk: Desk, channel: Channel, now: datetime) -> None:
    """Every slot that was not served and is later than the newsroom's patience becomes a missed edition."""
    for slot in await _unserved(tx, desk, channel, now):
        if now - slot.at > desk.patience:
            await keep(tx, channel, Place(slot), state="missed", now=now)
            await journal.write(tx, "miss", f"{slot.rubric}:{slot.local_date}:{slot.wall_time}", now)


async def serve_missed(
    tx: Transaction, desk: Desk, channel: Channel, missed: Made, now: datetime, due_at: datetime
) -> bool:
    """Makes the missed edition of what is known now; whether it goes out, at `due_at`. It does not when there is too
    little to tell."""
    day, wall = date.fromisoformat(missed.local_date), time.fromisoformat(missed.wall_time)
    place = Place(Slot(missed.rubric, day, wall, missed.slot_at), missed.id, due_at)
    return await serve(tx, desk, channel, place, now)


async def unserve(tx: Transaction, missed: Made, now: datetime) -> None:
    """Takes `serve_missed` back before anything of it was sent: the edition is missed again."""
    for parcel in await editions.parcels(tx, missed.id):
        await outbox.dropped(tx, parcel.id, "an editor took it back", now)
    await editions.remake(tx, missed.id, state="missed", from_at=missed.slot_at, until_at=missed.slot_at, now=now)


async def _unserved(db: Reading, desk: Desk, channel: Channel, now: datetime) -> list[Slot]:
    after = max(now - LOOK_BACK, channel.created_at)
    slots = due(timings(desk.rubrics), desk.newsroom.zone, after, now)
    return [
        slot
        for slot in slots
        if not await editions.made(db, channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time)
    ]
