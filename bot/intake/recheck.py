"""Looks again at the pages of what went out or will: an article that its site took away is withdrawn here too, and
stands again when its page does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from bot import notes
from bot.editions.named import edition_words
from bot.intake import identity, vigil
from bot.intake.fetch import Fetcher, Refused
from bot.intake.take import Intake
from bot.judgement import states
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import editions, items, journal, outbox, rechecks, stories
from storage.database import Database, Transaction
from storage.model import Item, Report

PAGES: Final = 20  # a pass: with half an hour between two looks at one page no site notices it
LOST: Final = 5  # pages of what was withdrawn, a pass
AT_ONCE: Final = 4  # pages asked side by side, never two of one host
OTHERS: Final = 3  # pages of a site that are asked whether it shows any
SEVERAL: Final = 3  # pages gone together and none standing are no longer single articles
GONE: Final = frozenset({404, 410})
Seen = Literal["stands", "gone", "unclear"]


@dataclass(frozen=True, slots=True)
class Looking:
    """What a look at pages works with."""

    db: Database
    fetch: Fetcher
    intake: Intake
    newsroom: Newsroom
    wording: Wording
    clock: Callable[[], datetime]


async def recheck_due(looking: Looking) -> list[Item]:
    """Asks the pages that are due, at most PAGES and LOST of them; the items that were withdrawn for the answers.

    A page that answers 404 or 410 twice, at least a minute apart and without being seen standing between, takes its
    item back, unless its whole site answers so. What was seen is kept in the file, so a restart between the two
    changes nothing. What a page alone had taken back stands again as soon as the page does.
    """
    room = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> bool:
        async with room:
            return await _keep(looking, item, await _look(looking.fetch, item.url))

    screens, now = looking.db.screens, looking.clock()
    asked = await rechecks.due(screens, now, limit=PAGES) + await rechecks.lost(screens, now, limit=LOST)
    gone = await asyncio.gather(*(one(item) for item in asked))
    sites: dict[str, Seen] = {}
    return [item for item, sure in zip(asked, gone, strict=True) if sure and await _withdraw(looking, item, sites)]


async def _look(fetch: Fetcher, url: str) -> Seen:
    """What the page says of its article. Only 404 and 410 say that it is gone: a network failure, 403, 5xx or a
    redirect to another page (the front page, a section, a login) tells nothing."""
    try:
        answer = await fetch.get(url)
    except Refused as error:
        return "gone" if error.reason == "http_status" and error.values.get("status") in GONE else "unclear"
    same = set(identity.keys(Report("", url=url), "")) & set(identity.keys(Report("", url=answer.url), ""))
    return "stands" if same or url == _site(url) else "unclear"


async def _keep(looking: Looking, item: Item, seen: Seen) -> bool:
    """Keeps what was seen; whether the page is gone for the second time, a minute after the first."""
    async with looking.intake.transaction(looking.db) as tx:
        now = looking.clock()
        if seen == "stands":
            await rechecks.stands(tx, item.id, now)
            await vigil.site_up(tx, looking.wording, _site(item.url), now)
            if item.withdrawn:
                await _give_back(tx, looking, item, now)
        elif seen == "unclear" or item.withdrawn:
            await rechecks.unclear(tx, item.id, now)
        else:
            return now - await rechecks.gone(tx, item.id, now) >= rechecks.APART
        return False


async def _withdraw(looking: Looking, item: Item, sites: dict[str, Seen]) -> bool:
    """Whether the item was withdrawn, since its page is gone. `sites`: how each site was found in this pass."""
    site = _site(item.url)
    if site not in sites:
        sites[site] = await _site_stands(looking, site, item)
    async with looking.intake.transaction(looking.db) as tx:
        now = looking.clock()
        if sites[site] == "stands":
            standing = await items.get(tx, item.id)
            return standing is not None and await looking.intake.withdraw(tx, standing, "page", now)
        if sites[site] == "gone":
            await rechecks.stands(tx, item.id, now)
            await vigil.site_down(tx, looking.newsroom, looking.wording, site, now)
        return False


async def _site_stands(looking: Looking, site: str, item: Item) -> Seen:
    """Whether the absence of a page says anything: yes while its site shows any other article, not when SEVERAL are
    gone and none is seen. Where too few are known, the front page tells."""
    others = await rechecks.witnesses(looking.db.screens, site, item.id, looking.clock(), limit=OTHERS)
    gone = 1
    for url in others:
        seen = await _look(looking.fetch, url)
        if seen == "stands":
            return seen
        gone += seen == "gone"
    return "gone" if gone >= SEVERAL else await _look(looking.fetch, site)


async def _give_back(tx: Transaction, looking: Looking, item: Item, now: datetime) -> None:
    """The item stands again, unless somebody said otherwise meanwhile; its story is told as it is with it."""
    if not await rechecks.give_back(tx, item.id):
        return
    looking.intake.forget()  # its words are not among what is remembered
    await journal.write(tx, "give_back", f"item:{item.id}", now, reason="page")
    told_in = [] if item.story_id is None else await editions.telling(tx, item.story_id)
    names = [edition_words(rubric, wall_time, looking.wording) for rubric, wall_time in told_in]
    note = notes.returned(looking.wording, looking.newsroom, item, names, now)
    if note is not None:
        await outbox.put(tx, note, now)
    if item.story_id is not None and now - item.seen_at < rechecks.AGE:
        # Its window may be over: a state that begins now puts the story into the next one, if nobody told it.
        await stories.tell(tx, states.of(item.story_id, await stories.items_of(tx, item.story_id)), now)


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
