"""Alarms the editors when a source does not do its work, and says when it does again.

The alarm is one message: it comes when the trouble is sure and is rewritten when it is over. What they are alarmed of
stands in the file, so a restart or another poll says nothing anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot import notes
from bot.intake.passes import Worry
from bot.newsroom import Newsroom
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import journal, messages, outbox, rechecks, sources
from storage.database import Transaction
from storage.instants import seconds
from storage.model import Source

End = Literal["paused", "removed", "moved"]


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
        await _take_back(tx, _intent(source), now)  # another trouble now: one alarm a source
    await outbox.put(tx, note, now)
    await sources.alarmed(tx, source.id, worry.kind, now)
    await journal.write(tx, "alarm", f"source:{source.id}", now, became=worry.kind, reason=worry.words)


async def all_clear(tx: Transaction, newsroom: Newsroom, wording: Wording, source: Source, now: datetime) -> None:
    """The source does its work: an alarm that the editors saw says so, one that they did not is dropped."""
    if source.alarm_at is not None:
        await _end(tx, source, notes.source_well(wording, source, source.alarm_at, now), now)


async def let_be(tx: Transaction, wording: Wording, source: Source, why: End, now: datetime) -> None:
    """Nobody waits for the source any more: its alarm, if it has one, says that an editor paused, removed or moved
    it."""
    if source.alarm_at is not None:
        await _end(tx, source, notes.source_let_be(wording, source, source.alarm_at, why, now), now)


async def site_down(tx: Transaction, newsroom: Newsroom, wording: Wording, site: str, now: datetime) -> None:
    """The editors learn once that a site answers of everything that it is gone, so nothing of it is withdrawn."""
    if not await rechecks.site_fell(tx, site, now):
        return
    await journal.write(tx, "alarm", f"site:{site}", now, became="gone")
    note = notes.site_down(wording, newsroom, site, now)
    if note is not None:
        await outbox.put(tx, note, now)


async def site_up(tx: Transaction, wording: Wording, site: str, now: datetime) -> None:
    """The site shows its pages; what the editors were told of it, if they were, says so."""
    since = await rechecks.site_rose(tx, site)
    if since is not None:
        await _rewrite(tx, notes.site_intent(site, since), notes.site_up(wording, site, since, now), now)
        await journal.write(tx, "all_clear", f"site:{site}", now, was="gone")


async def _end(tx: Transaction, source: Source, text: Markup, now: datetime) -> None:
    await _rewrite(tx, _intent(source), text, now)
    await sources.alarmed(tx, source.id, None, None)
    await journal.write(tx, "all_clear", f"source:{source.id}", now, was=source.alarm or "")


def _intent(source: Source) -> str:
    assert source.alarm_at is not None  # the caller has looked
    return f"{notes.NOTE}source:{source.id}:{source.alarm}:{seconds(source.alarm_at)}"


async def _rewrite(tx: Transaction, intent: str, text: Markup, now: datetime) -> None:
    if await _stands(tx, intent):
        await messages.want(tx, intent, parameters(Page(text)))
    else:
        await _take_back(tx, intent, now)


async def _stands(tx: Transaction, intent: str) -> bool:
    """Whether the alarm is there to be rewritten, or may be on its way."""
    found = await outbox.find(tx, intent)
    if found is None or found.state in ("waiting", "refused", "dropped"):
        return False
    return found.state != "sent" or await messages.standing(tx, intent) is not None


async def _take_back(tx: Transaction, intent: str, now: datetime) -> None:
    found = await outbox.find(tx, intent)
    if found is not None and found.state == "waiting":
        await outbox.dropped(tx, found.id, "it is over", now)
    elif found is not None:
        await messages.unwant(tx, intent, now)
