"""Subscribes at the hubs that feeds name, renews what a hub promised, and takes in what it pushes (WebSub)."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake.answers import Answer, Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.hubs import LONGEST, UNSAID, Verification, intent, keeps_secrets, linked, renew_at, subscription
from bot.intake.parse import Parser
from bot.intake.passes import Arrival
from storage import hubs, sources
from storage.database import Database, Transaction
from storage.hubs import Subscription
from storage.model import Source

SLOWLY: Final = 6  # with polls five minutes apart, what a hub forgot to say is found within half an hour
SLOWEST: Final = timedelta(hours=6)  # nor may a source that is asked rarely anyway be left alone all day
LEASE: Final = timedelta(days=10)  # https://pubsubhubbub.appspot.com gives no more; others cut it themselves
FIRST_WAIT: Final = timedelta(hours=1)  # for a hub that does not answer, and for one that does not confirm
LONGEST_WAIT: Final = timedelta(days=1)
REFUSED_FOR: Final = timedelta(days=7)  # a hub that said no was understood; but its operators change their minds
MOST: Final = 4  # hubs asked at one ring, one after another: four that are down take a minute
RANDOM_BYTES: Final = 32

Clock = Callable[[], datetime]
TakeIn = Callable[[Source, Feed], Awaitable[Sequence[Arrival]]]

log = logging.getLogger(__name__)


async def polled(
    tx: Transaction,
    source: Source,
    answer: Answer,
    feed: Feed | None,
    *,
    fresh: bool,
    due_at: datetime,
    now: datetime,
) -> datetime:
    """After a poll: when the next one is due, `due_at` or, while the hub can be relied on, SLOWLY times as far.

    The hub that the answer or the feed names is wished for from now on, one that they name no longer is left;
    with `feed` None (nothing changed) all stays. `fresh` says that the poll brought news: then its hub missed them.
    """
    if feed is not None and source.kind == "feed":
        await _note(tx, source, answer, feed, now)
    if fresh:
        await hubs.missed(tx, source.id, now)
    if not await hubs.pushed_lately(tx, source.id, now):
        return due_at
    return max(due_at, now + min((due_at - now) * SLOWLY, SLOWEST))


async def _note(tx: Transaction, source: Source, answer: Answer, feed: Feed, now: datetime) -> None:
    hub, topic = linked(answer.link, answer.url)
    if hub is None:
        hub, topic = feed.hub, feed.topic
    known = await hubs.of(tx, source.id)
    if hub is None or topic is None:
        if known is not None:
            await hubs.leave(tx, source.id)
    elif known is None or (known.hub, known.topic) != (hub, topic):
        token, secret = os.urandom(RANDOM_BYTES).hex(), os.urandom(RANDOM_BYTES).hex()
        await hubs.wish(tx, source.id, hub=hub, topic=topic, token=token, secret=secret, now=now)


async def renew_due(db: Database, fetch: Fetcher, public_url: str, clock: Clock) -> int:
    """Asks the hubs whose time has come, MOST of them; how many accepted. They confirm at our door, some at once.

    `public_url` is where that door is reachable from outside, without a slash at its end.
    """
    accepted = 0
    for found in await hubs.due(db.screens, clock(), MOST):
        now = clock()
        async with db.transaction() as tx:  # before the request: a hub may confirm while it is being asked
            await hubs.asked(tx, found.token, now, now + _wait(found.tries))
        try:
            await fetch.post(_address(found, public_url), _form(found, public_url))
        except Refused as error:
            log.warning("hub %s of source %d: %s %s", found.hub, found.source_id, error.reason, error.values)
            async with db.transaction() as tx:
                await hubs.failed(tx, found.token, error.reason)
        else:
            accepted += 1
    return accepted


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(tries, 16)), LONGEST_WAIT)


def _address(found: Subscription, public_url: str) -> str:
    """Where the hub is asked. It is told a secret, so an http hub is asked over https, as the common ones can be;
    where our own door stands open without it, there is nothing to keep."""
    if keeps_secrets(found.hub) or not keeps_secrets(public_url):
        return found.hub
    return "https:" + found.hub.partition(":")[2]


def _form(found: Subscription, public_url: str) -> dict[str, str]:
    callback = f"{public_url}/hub/{found.token}"
    return subscription(callback, found.topic, found.secret, int(LEASE.total_seconds()))


async def confirm(db: Database, token: str, query: Mapping[str, str], now: datetime) -> str | None:
    """What a hub that asks whether we meant it is answered: its challenge; "" for a refusal, which is noted.

    None when we did not mean it: no such subscription, another topic, never asked for, or a farewell.
    """
    asks = intent(query)
    found = await hubs.by_token(db.screens, token)
    if asks is None or found is None or found.topic != asks.topic or found.asked_at is None:
        return None
    if asks.mode == "unsubscribe":
        return None  # whoever asks for it, it was not us
    async with db.transaction() as tx:
        if asks.mode == "denied":
            log.warning("hub %s refuses source %d: %s", found.hub, found.source_id, asks.reason)
            await hubs.refused(tx, token, asks.reason, now + REFUSED_FOR)
        else:
            await _confirmed(tx, token, asks, now)
    return asks.challenge


async def _confirmed(tx: Transaction, token: str, asks: Verification, now: datetime) -> None:
    ends_at = now + min(asks.lease or UNSAID, LONGEST)
    await hubs.confirmed(tx, token, now, ends_at=ends_at, due_at=renew_at(now, asks.lease))


async def take(
    db: Database,
    parser: Parser,
    zone: ZoneInfo,
    take_in: TakeIn,
    clock: Clock,
    source_id: int,
    body: bytes,
    content_type: str | None,
) -> int:
    """How many new reports a push brought; `take_in` takes them as those of a poll. `zone`: the newsroom's.

    What cannot be read is logged and dropped: the next poll brings it, if it is anything. A source that is paused
    or gone takes nothing.
    """
    source = await sources.get(db.screens, source_id)
    if source is None or source.state != "active":
        return 0
    zone = ZoneInfo(source.timezone) if source.timezone else zone
    try:
        feed = await parser.feed(body, content_type, source.url, clock(), zone)
    except UnreadableFeed as error:
        log.warning("pushed by the hub of source %d: %s %s", source.id, error.reason, error.values)
        return 0
    new = sum(arrival.what == "new" for arrival in await take_in(source, feed))
    async with db.transaction() as tx:
        await hubs.pushed(tx, source.id, clock(), fresh=new > 0)
    return new
