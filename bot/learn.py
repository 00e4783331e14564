"""Learns every night from what the editors decided, and says so when it begins or ceases to matter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot import notes
from bot.editions.program import House
from bot.judgement.learning import learn
from bot.judgement.preferences import Shortlist, Verdict, Weighed
from storage import channels, decisions, lessons, outbox
from storage.database import Database
from storage.decisions import REST, Seen
from storage.model import Channel

NIGHT = time(4)  # of the newsroom's clock: nobody edits, and the day before is whole
MEMORY = timedelta(days=90)  # an older decision would weigh an eighth
KEPT = MEMORY + timedelta(days=30)  # of lists: what teaches, and a month for who asks what was chosen from
LISTS = 10  # forgotten in one transaction


async def learn_due(db: Database, house: House, clock: Callable[[], datetime]) -> None:
    """Every channel's lesson of this night, when it was not learned yet; channels that shall not learn are let be.

    What is too old to teach is forgotten in every channel.
    """
    today = clock().astimezone(house.newsroom.zone)
    if today.time() < NIGHT:
        return
    for channel in await channels.every(db.screens):
        known = await lessons.learned_on(db.screens, channel.id, today.date().isoformat())
        if not known and not (await lessons.will(db.screens, channel.id)).off:
            await learn_now(db, house, channel, clock())
        while await decisions.known_before(db.screens, channel.id, clock() - KEPT):
            async with db.transaction() as tx:
                await decisions.forget_before(tx, channel.id, clock() - KEPT, LISTS)


async def learn_now(db: Database, house: House, channel: Channel, now: datetime) -> None:
    """The lesson of all decisions that may still teach; a change of what is used is told to the editors once."""
    zone = house.newsroom.zone
    wanted = await lessons.will(db.screens, channel.id)
    told = await decisions.seen(db.slow, channel.id, max(now - MEMORY, wanted.since))
    last = await lessons.last(db.screens, channel.id)
    used = last is not None and last.used
    lesson = await asyncio.to_thread(lambda: learn(_lists(told, zone), house.taste, now, used=used))
    async with db.transaction() as tx:
        if await lessons.will(tx, channel.id) != wanted:
            return  # editors said otherwise while it was learned
        await lessons.put(tx, channel.id, now.astimezone(zone).date().isoformat(), lesson)
        if lesson.used != used:
            note = notes.learning(house.wordings.default, house.newsroom, channel, lesson, now)
            if note is not None:
                await outbox.put(tx, note, now)


def _lists(told: Sequence[Seen], zone: ZoneInfo) -> list[Shortlist]:
    return [
        Shortlist(at, at.astimezone(zone).date(), [_weighed(each) for each in rows])
        for (at, _), rows in groupby(told, key=lambda each: (each.at, each.decision_id))
    ]


def _weighed(story: Seen) -> Weighed:
    features = {name: points for name, points in json.loads(story.features).items() if name != REST}
    verdict: Verdict = story.act or ("chosen" if story.chosen else "alone")
    return Weighed(features, verdict)
