"""Tells the readers who were told something wrong what is right: each once, and not in their quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.desk.notices import when
from bot.desk.paint import Easel
from bot.editions.slots import instant, local_time
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import outbox, traces
from storage.database import Transaction
from storage.editorial import Correction
from storage.model import ALERTS, Parcel
from storage.traces import Alerted

DAY = timedelta(days=1)


async def apologise(
    tx: Transaction,
    easel: Easel,
    correction: Correction,
    story_id: int,
    words: Callable[[Wording, str], Page],
    now: datetime,
) -> int:
    """How many are told. `words` makes the message in a reader's language of when that reader was told."""
    told = 0
    for reader in await traces.alerted(tx, story_id):
        wording = easel.house.wordings.of(reader.language)
        page = words(wording, when(reader.at, wording, now))
        parcel = Parcel(
            f"fix:{correction.id}:{reader.reader_id}",
            str(reader.reader_id),
            "sendMessage",
            parameters(page),
            ALERTS,
            _due_at(reader, easel.newsroom.zone, now),
            story_id=story_id,
            reader_id=reader.reader_id,
        )
        told += await outbox.put(tx, parcel, now)
    return told


def _due_at(reader: Alerted, zone: ZoneInfo, now: datetime) -> datetime:
    """Now, or when the reader's quiet hours end."""
    begins, ends = time.fromisoformat(reader.quiet_from), time.fromisoformat(reader.quiet_until)
    clock = local_time(now, zone)
    quiet = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    if not quiet:
        return now
    today = now.astimezone(zone).date()
    at = instant(today, ends, zone)
    return at if at > now else instant(today + DAY, ends, zone)
