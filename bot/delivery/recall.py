"""Reads the ledger aloud for a terminal, while the bot runs or after it died."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from bot.delivery import ledger as words
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import ledger
from storage.database import Reading
from storage.ledger import Scope

AT_ONCE = 200  # entries held in memory, however many are asked for


async def recall(
    db: Reading, scope: Scope, count: int, wording: Wording, newsroom: Newsroom, now: datetime
) -> AsyncIterator[str]:
    """The newest `count` entries, a paragraph each, the newest last; then how many there are in each state. One
    sentence instead when there are none."""
    own, readers = await ledger.counts(db, scope.desk)
    first = await ledger.first_of_last(db, scope, count)
    if first is None:
        narrow = bool(scope.state) or (not own and bool(readers))
        yield wording.text("outbox.none" if narrow else "outbox.empty")
    else:
        edge = first - 1
        while entries := await ledger.after(db, scope, edge, min(count, AT_ONCE)):
            for entry in entries:
                yield "\n".join(words.lines(entry, wording, newsroom, now)) + "\n"
            edge, count = entries[-1].id, count - len(entries)
            if count == 0:
                break
    if said := words.counted(own, wording):
        yield wording.text("log.counts.own", counts=said)
    if said := words.counted(readers, wording):
        yield wording.text("log.counts.readers" if scope.readers else "outbox.readers", counts=said)
