"""Alarms the editors when a source does not do its work, and says when it does again.

The alarm is one message: it comes when the trouble is sure and is rewritten when it is over. What they are alarmed of
stands in the file, so a restart or another poll says nothing anew.
"""

from __future__ import annotations

from datetime import datetime

from bot import notes
from bot.intake.passes import Worry
from bot.newsroom import Newsroom
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import journal, messages, outbox, sources
from storage.database import Transaction
from storage.instants import seconds
from storage.model import Source


async def alarm(
    tx: Transaction, newsroom: Newsroom, wording: Wording, source: Source, worry: Worry, now: datetime
) -> None:
    """The editors are alarmed of this source, now or since it began; where nobody can be told, nothing is kept."""
    if source.alarm == worry.kind:
        return
    note = notes.worry(wording, newsroom, source, worry, now)
    if note is None:
        return
    if source.alarm_at is not None:
        await _take_back(tx, source, now)  # another trouble now: one alarm a source
    await outbox.put(tx, note, now)
    await sources.alarmed(tx, source.id, worry.kind, now)
    await journal.write(tx, "alarm", f"source:{source.id}", now, became=worry.kind, reason=worry.words)


async def all_clear(tx: Transaction, newsroom: Newsroom, wording: Wording, source: Source, now: datetime) -> None:
    """The source does its work: an alarm that the editors saw says so, one that they did not is dropped."""
    if source.alarm is None or source.alarm_at is None:
        return
    known = _intent(source)
    if await _stands(tx, known):
        page = Page(notes.source_well(wording, source, source.alarm_at, now))
        await messages.want(tx, known, parameters(page))
    else:
        await _take_back(tx, source, now)
    await sources.alarmed(tx, source.id, None, None)
    await journal.write(tx, "all_clear", f"source:{source.id}", now, was=source.alarm)


def _intent(source: Source) -> str:
    assert source.alarm_at is not None  # the caller has looked
    return f"{notes.NOTE}source:{source.id}:{source.alarm}:{seconds(source.alarm_at)}"


async def _stands(tx: Transaction, intent: str) -> bool:
    """Whether the alarm is there to be rewritten, or may be on its way."""
    found = await outbox.find(tx, intent)
    if found is None or found.state in ("waiting", "refused", "dropped"):
        return False
    return found.state != "sent" or await messages.standing(tx, intent) is not None


async def _take_back(tx: Transaction, source: Source, now: datetime) -> None:
    found = await outbox.find(tx, _intent(source))
    if found is not None and found.state == "waiting":
        await outbox.dropped(tx, found.id, "it is over", now)
    elif found is not None:
        await messages.unwant(tx, _intent(source), now)
