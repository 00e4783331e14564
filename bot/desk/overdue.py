"""Finds what is too late to leave by itself (screens, E15) and asks the editors, in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import notes
from bot.desk import late, release
from bot.desk.paint import Easel
from bot.desk.relist import look, overdue, relist
from bot.editions.program import Program
from bot.editions.publish import LOOK_BACK, miss_late
from bot.screen import parameters
from storage import editions, messages, outbox
from storage import late as questions
from storage.database import Database, Transaction
from storage.late import Gap, Late
from storage.model import DESK, Parcel

Found = tuple[int | None, int | None, datetime]  # a post's id or an edition's, and the time that passed


async def gather(
    db: Database,
    easel: Easel,
    programs: Sequence[Program],
    now: datetime,
    gap: Gap | None = None,
    breaking: timedelta = release.BREAKING,
) -> None:
    """What is overdue and was not asked about is asked about now. `gap` is an outage that just ended, None else."""
    async with db.transaction() as tx:
        await gather_within(tx, easel, programs, now, gap, breaking)


async def gather_within(
    tx: Transaction, easel: Easel, programs: Sequence[Program], now: datetime, gap: Gap | None, breaking: timedelta
) -> None:
    """The same as a part of a transaction: an outage is asked about together with the beat that ends it."""
    if gap is not None:
        for program in programs:
            await miss_late(tx, program, now)
        await release.miss_gap(tx, easel, now, breaking)
    found = await _stale(tx, easel, now)
    for program in programs:
        posts = await questions.unasked_posts(tx, program.channel.id)
        slots = await questions.unasked_slots(tx, program.channel.id, now - LOOK_BACK)
        found += [(post_id, None, at) for post_id, at in posts] + [(None, edition_id, at) for edition_id, at in slots]
    if easel.newsroom.admin_chat is not None and found:
        await _ask(tx, easel, found, gap, now)
        return
    note = notes.outage(easel.wording, easel.newsroom, *gap) if gap else None
    if note is not None:
        await outbox.put(tx, note, now)
    await relist(tx, easel.channel, easel.wording, now)


async def _stale(tx: Transaction, easel: Easel, now: datetime) -> list[Found]:
    """Posts whose parcels waited too long are missed; the editions among such parcels."""
    found: dict[int, Found] = {}
    for parcel in await outbox.stale(tx, now):
        if parcel.edition_id is not None:
            made = await editions.get(tx, parcel.edition_id)
            assert made is not None  # editions are never deleted
            found[made.id] = (None, made.id, made.slot_at)
            if easel.newsroom.admin_chat is not None:
                await outbox.asked(tx, parcel.id, now)
            else:  # nobody can be asked, and its news shall not be lost for the next
                await outbox.dropped(tx, parcel.id, "it waited longer than its patience", now)
                await editions.hold(tx, made.id)
        elif parcel.post_id is not None and parcel.intent.startswith("post:"):
            await release.lapse(tx, easel, parcel, now)
    return list(found.values())


async def _ask(tx: Transaction, easel: Easel, found: list[Found], gap: Gap | None, now: datetime) -> None:
    """One message for all; one that stands unanswered is taken up into it and goes."""
    before = [each for each in await questions.live(tx, easel.channel.id) if each.state == "open"]
    for earlier in before:
        found += [(each.post_id, each.edition_id, each.due_at) for each in earlier.entries if await overdue(tx, each)]
        gap = gap or earlier.gap
        await _replace(tx, earlier, now)
    every = sorted(dict.fromkeys(found), key=lambda each: (each[2], each[0] or 0, each[1] or 0))
    asked = await questions.ask(tx, easel.channel.id, every, gap, now)
    page = late.show(await look(tx, asked, now), easel.wording, now)
    said = parameters(page) | {"disable_notification": False}
    what = Parcel(asked.intent, str(easel.newsroom.admin_chat), "sendMessage", said, DESK, now)
    await outbox.put(tx, what, now)


async def _replace(tx: Transaction, earlier: Late, now: datetime) -> None:
    await questions.replace(tx, earlier)
    parcel = await outbox.find(tx, earlier.intent)
    if parcel is not None and parcel.state == "waiting":  # it never rang, and the newer one says it all
        await outbox.dropped(tx, parcel.id, "a newer list stands instead", now)
    await messages.unwant(tx, earlier.intent, now)
