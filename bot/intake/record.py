"""Writes down how a poll went: the source's habits, when it is asked next, where, and what the editors should know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import notes
from bot.intake import habits, subscribe, vigil
from bot.intake.answers import Answer, Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from bot.intake.passes import Arrival, trouble_words
from bot.intake.politeness import next_poll, next_try
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import catalogue, journal, outbox, sources
from storage.database import Transaction
from storage.model import Parcel, Source

GONE: Final = 410  # https://www.rfc-editor.org/rfc/rfc9110#status.410: taken away, and does not come back
OURS: Final = ("dns", "connection")  # when sources fall into these together, it was our own network
TOGETHER: Final = timedelta(hours=1)  # so far apart they notice it: a source is asked at least so often


async def stands(tx: Transaction, source: Source) -> bool:
    """Whether no editor has paused, woken or moved it while it was asked: else what came is of another address."""
    now = await sources.get(tx, source.id)
    before = (source.url, source.state, source.first_contact_at)
    return now is not None and (now.url, now.state, now.first_contact_at) == before


class Record:
    """Lives as long as the collector. `floor`: the newsroom asks no source more often."""

    def __init__(self, newsroom: Newsroom, wording: Wording, floor: timedelta) -> None:
        self._newsroom = newsroom
        self._wording = wording
        self._floor = floor

    async def answered(
        self,
        tx: Transaction,
        source: Source,
        answer: Answer,
        feed: Feed | None,
        arrivals: Sequence[Arrival],
        now: datetime,
    ) -> None:
        """The source was read; `feed` None: its server had nothing newer."""
        told = await sources.told(tx, source.id, habits.LOOKED_AT)
        seen = replace(source, gap_seconds=habits.gap_seconds(told), empty_polls=_empty_polls(source, feed))
        wished = answer.max_age or (feed.ttl if feed else None)
        fresh = any(arrival.what == "new" for arrival in arrivals)
        due_at = next_poll(now, self._floor, seen, wished=wished, retry_after=answer.retry_after)
        due_at = await subscribe.polled(tx, source, answer, feed, fresh=fresh, due_at=due_at, now=now)
        await sources.went_well(
            tx,
            seen,
            now=now,
            due_at=due_at,
            etag=answer.etag or (source.etag if feed is None else None),
            last_modified=answer.last_modified or (source.last_modified if feed is None else None),
            fresh=fresh,
        )
        if source.failures and source.trouble_at and json.loads(source.trouble or "{}").get("reason") in OURS:
            # After a night without electricity nobody should wait for the end of a back-off.
            since, until = source.trouble_at - TOGETHER, source.trouble_at + TOGETHER
            await sources.hurry(tx, OURS, since, until, now)
        worry = habits.worry(seen, told, self._newsroom.zone, now)
        if worry is None:
            await vigil.all_clear(tx, self._newsroom, self._wording, source, now)
        else:
            await vigil.alarm(tx, self._newsroom, self._wording, source, worry, now)
        if await sources.sent_elsewhere(tx, source, answer.permanent_url):
            url = answer.permanent_url or source.url
            # What the settings list is seeded at each start, but not an address that its source has left.
            await journal.write(tx, "source:address", f"source:{source.id}", now, was=source.url, became=url)
            await _tell(tx, notes.source_moved(self._wording, self._newsroom, source, url, now), now)

    async def failed(self, tx: Transaction, source: Source, error: Refused | UnreadableFeed, now: datetime) -> None:
        """The source could not be read. One that is gone for ever is asked no more."""
        failures = source.failures + 1
        trouble = json.dumps({"reason": error.reason, "values": error.values}, ensure_ascii=False, default=str)
        wished = error.values.get("retry_after")
        retry_after = wished if isinstance(wished, timedelta) else None
        due_at = next_try(now, self._floor, source, failures, retry_after=retry_after)
        await sources.went_wrong(tx, source, now=now, due_at=due_at, trouble=trouble)
        if error.values.get("status") == GONE:
            await catalogue.pause(tx, source.id)
            await vigil.let_be(tx, self._wording, source, "paused", now)
            await _tell(tx, notes.source_gone(self._wording, self._newsroom, source, now), now)
        elif worry := habits.worry_of_failures(source, failures, error.reason, now):
            said = replace(worry, words=trouble_words(self._wording, error))
            await vigil.alarm(tx, self._newsroom, self._wording, source, said, now)


def _empty_polls(source: Source, feed: Feed | None) -> int:
    """How many polls in a row found nothing at all; what has not changed is as empty as it was."""
    if feed is None:
        return source.empty_polls
    return 0 if feed.reports else source.empty_polls + 1


async def _tell(tx: Transaction, note: Parcel | None, now: datetime) -> None:
    if note is not None:
        await outbox.put(tx, note, now)
