"""Looks again at the pages of what went out or will: an article that its site took away is withdrawn here too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from bot.intake import identity
from bot.intake.fetch import Fetcher, Refused
from bot.intake.take import Intake
from storage import items, rechecks
from storage.database import Database
from storage.model import Item, Report

PAGES: Final = 20  # a pass: with half an hour between two looks at one page no site notices it
AT_ONCE: Final = 4  # pages asked side by side, never two of one host
GONE: Final = frozenset({404, 410})
Seen = Literal["stands", "gone", "unclear"]


async def recheck_due(db: Database, fetch: Fetcher, intake: Intake, clock: Callable[[], datetime]) -> list[Item]:
    """Asks the pages that are due, at most PAGES of them; the items that were withdrawn because of the answers.

    A page that answers 404 or 410 twice, at least a minute apart and without being seen standing between, takes its
    item back. What was seen is kept in the file, so a restart between the two changes nothing.
    """
    room = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> bool:
        async with room:
            return await _note(db, intake, item, await _look(fetch, item.url), clock)

    asked = await rechecks.due(db.screens, clock(), limit=PAGES)
    withdrawn = await asyncio.gather(*(one(item) for item in asked))
    return [item for item, gone in zip(asked, withdrawn, strict=True) if gone]


async def _look(fetch: Fetcher, url: str) -> Seen:
    """What the page says of its article. Only 404 and 410 say that it is gone: a network failure, 403, 5xx or a
    redirect to another page (the front page, a section, a login) tells nothing."""
    try:
        answer = await fetch.get(url)
    except Refused as error:
        return "gone" if error.reason == "http_status" and error.values.get("status") in GONE else "unclear"
    same = set(identity.keys(Report("", url=url), "")) & set(identity.keys(Report("", url=answer.url), ""))
    return "stands" if same else "unclear"


async def _note(db: Database, intake: Intake, item: Item, seen: Seen, clock: Callable[[], datetime]) -> bool:
    """Keeps what was seen; whether the item was withdrawn because of it."""
    async with intake.transaction(db) as tx:
        now = clock()
        if seen != "gone":
            await (rechecks.stands if seen == "stands" else rechecks.unclear)(tx, item.id, now)
            return False
        if now - await rechecks.gone(tx, item.id, now) < rechecks.APART:
            return False
        standing = await items.get(tx, item.id)
        return standing is not None and await intake.withdraw(tx, standing, "page", now)
