"""What an editor decides about an edition that is overdue: it goes now, or not at all; either can be taken back.

An edition is overdue when its slot was missed, so that nothing of it was made yet, or when messages of it wait in the
outbox for an editor's word.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.editions.program import Program
from bot.editions.publish import serve_missed, unserve
from storage import editions, journal, outbox
from storage.database import Reading, Transaction
from storage.editions import Made
from storage.model import Parcel

DROPPED = "an editor dropped it after its time"
NOT_GOING = ("dropped", "cut")
UNSENT = {"held": "failed", "skipped": "skipped"}  # the state of an edition that did not go → what is said of it


async def overdue(db: Reading, edition_id: int) -> bool:
    """Whether it waits for an editor's word."""
    made = await editions.get(db, edition_id)
    return made is not None and (made.state == "missed" or bool(_asked(await editions.parcels(db, edition_id))))


async def send(
    tx: Transaction, program: Program, edition_id: int, now: datetime, due_at: datetime
) -> tuple[str, int | None]:
    """Goes at `due_at`: what became of it ('made', 'sent'; 'skipped', 'failed' or 'unwanted' when there is nothing to
    send) and the mark by which `stands` knows that the choice can be taken back."""
    made = await _get(tx, edition_id)
    if made.state == "missed" and program.find(made.rubric) is None:
        return "unwanted", None
    if made.state == "missed":
        if await serve_missed(tx, program, made, now, due_at):
            return "made", 0
        return UNSENT[(await _get(tx, edition_id)).state], None
    parcels = await editions.parcels(tx, edition_id)
    for parcel in _asked(parcels):  # dropped and put: the same message with another time
        await outbox.dropped(tx, parcel.id, DROPPED, now)
        await outbox.put(tx, replace(parcel, due_at=due_at, stale_at=due_at + program.patience), now)
    return "sent", _sent(parcels)


async def drop(tx: Transaction, edition_id: int, now: datetime) -> tuple[str, int | None]:
    """Does not go. What became of it, and its mark: 'cut' when a part of it went before, else 'dropped', and then its
    news stays for the next."""
    parcels = await editions.parcels(tx, edition_id)
    for parcel in _asked(parcels):
        await outbox.dropped(tx, parcel.id, DROPPED, now)
    await editions.hold(tx, edition_id)
    await editions.went_out(tx, edition_id)
    sent = _sent(parcels)
    return ("cut" if sent else "dropped"), sent


async def stands(db: Reading, edition_id: int, outcome: str, mark: int) -> bool:
    """Whether it is still as the choice left it, so that the choice can be taken back."""
    made = await _get(db, edition_id)
    parcels = await editions.parcels(db, edition_id)
    if outcome in NOT_GOING:
        dropped = any(_by_editor(parcel) for parcel in parcels)
        return made.state == "missed" or (made.state in ("held", "out") and dropped)
    waiting = [parcel for parcel in parcels if parcel.state == "waiting" and parcel.asked_at is None]
    ended = any(parcel.state in ("claimed", "doubt", "refused") for parcel in parcels)
    return made.state == "approved" and bool(waiting) and not ended and _sent(parcels) == mark


async def take_back(tx: Transaction, edition_id: int, outcome: str, now: datetime) -> None:
    """It is overdue again, as it was before the choice."""
    made = await _get(tx, edition_id)
    if outcome == "made":
        await unserve(tx, made, now)
    for parcel in await editions.parcels(tx, edition_id):
        if outcome in NOT_GOING and _by_editor(parcel):
            await outbox.put(tx, parcel, now)
            await outbox.asked(tx, parcel.id, now)
        elif outcome == "sent" and parcel.state == "waiting":
            await outbox.asked(tx, parcel.id, now)
    if outcome in NOT_GOING:
        await editions.release(tx, edition_id)
    await journal.write(tx, "undo", f"edition:{edition_id}", now, was=outcome)


async def _get(db: Reading, edition_id: int) -> Made:
    made = await editions.get(db, edition_id)
    assert made is not None  # editions are never deleted
    return made


def _asked(parcels: list[Parcel]) -> list[Parcel]:
    return [parcel for parcel in parcels if parcel.state == "waiting" and parcel.asked_at is not None]


def _by_editor(parcel: Parcel) -> bool:
    return parcel.state == "dropped" and parcel.reason == DROPPED


def _sent(parcels: list[Parcel]) -> int:
    return sum(parcel.state == "sent" for parcel in parcels)
