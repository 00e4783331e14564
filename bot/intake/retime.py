"""Puts right the dates of a source that calls the time on its wall UTC: since it was caught, until it does no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import notes
from bot.intake import habits
from bot.intake.passes import Arrival
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import journal, outbox, sources
from storage.database import Transaction
from storage.model import Parcel, Report, Source


async def retimed(
    tx: Transaction,
    newsroom: Newsroom,
    wording: Wording,
    source: Source,
    reports: Sequence[Report],
    zone: ZoneInfo,
    now: datetime,
) -> Sequence[Report]:
    """The reports at the instants that were meant. Editors hear of it when a source is caught."""
    mislabels = source.mislabelled_at is not None
    if not mislabels and habits.calls_local_time_utc(reports, zone, now):
        mislabels = True
        await sources.mislabels(tx, source.id, zone.key, now)
        named = await sources.get(tx, source.id) or source
        await _tell(tx, notes.source_zone(wording, newsroom, named, zone.key, now), now)
    return habits.corrected(reports, zone) if mislabels else reports


async def believe_again(
    tx: Transaction,
    newsroom: Newsroom,
    wording: Wording,
    source: Source,
    taken: Sequence[tuple[Report, Arrival]],
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Ends the correction of a source once several new entries in a row show that its clock was put right. `taken`:
    its reports as corrected, and what became of each."""
    polled_at = await sources.polled_at(tx, source.id)
    if source.mislabelled_at is None or source.first_contact_at is None or source.failures or polled_at is None:
        return  # what was missed while it could not be asked comes late from any clock
    proofs = [
        (arrival.what, habits.proves_clock(report.published_at, zone, polled_at, now))
        for report, arrival in taken
        if report.published_at
    ]
    # One old entry that still lies is enough to wait: believed too soon, it would be caught anew.
    more = None if any(proof is False for _, proof in proofs) else proofs.count(("new", True))
    if await sources.clock_proofs(tx, source.id, more) < habits.PROOFS:
        return
    await sources.labels(tx, source.id)
    await journal.write(tx, "source:clock", f"source:{source.id}", now, was=zone.key, became="UTC")
    await _tell(tx, notes.source_zone_right(wording, newsroom, source, now), now)


async def _tell(tx: Transaction, note: Parcel | None, now: datetime) -> None:
    if note is not None:
        await outbox.put(tx, note, now)
