"""Feeds and pages read in a child process that can be killed: a bomb costs two seconds and no memory of ours."""

from __future__ import annotations

import logging
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

from bot.intake import wire
from bot.intake.articles import Article
from bot.intake.bodies import LIMIT_BYTES, UnreadableFeed
from bot.intake.discovery import Candidate
from bot.intake.entries import Feed
from bot.intake.offspring import Lost, Offspring

PROGRAM: Final = "bot.intake.child"
SECONDS: Final = 1.9  # of the processor; the slowest of 279 real feeds takes 0.7, with its fetch a bomb less than two

log = logging.getLogger(__name__)


class Parser:
    """One child, one job at a time. A child that is slow, dead or talks nonsense is killed and replaced."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._child = Offspring(PROGRAM, seconds)

    async def __aenter__(self) -> Self:
        await self._child.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the child and wait until it is gone."""
        await self._child.close()

    @property
    def pid(self) -> int | None:
        """Of the child that waits for bodies; None while there is none."""
        return self._child.pid

    async def feed(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
        """What feeds.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("feed", content_type, url, now, zone), body)
        assert isinstance(found, Feed)
        return found

    async def page(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Article:
        """What pages.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("page", content_type, url, now, zone), body)
        assert isinstance(found, Article)
        return found

    async def list(
        self,
        body: bytes,
        content_type: str | None,
        url: str,
        now: datetime,
        zone: ZoneInfo,
        selector: str | None = None,
    ) -> Feed:
        """What lists.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("list", content_type, url, now, zone, selector), body)
        assert isinstance(found, Feed)
        return found

    async def preview(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
        """What previews.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("preview", content_type, url, now, zone), body)
        assert isinstance(found, Feed)
        return found

    async def site(
        self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo
    ) -> tuple[Candidate, ...]:
        """What discovery.candidates finds in the body. Raises UnreadableFeed with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("site", content_type, url, now, zone), body)
        assert isinstance(found, tuple)
        return found

    async def _job(self, job: wire.Job, body: bytes) -> wire.Found:
        if len(body) > LIMIT_BYTES:
            raise UnreadableFeed("too_big", size_bytes=len(body), limit_bytes=LIMIT_BYTES)
        try:
            return await self._child.ask(wire.answered, wire.request(job), body)
        except Lost as lost:
            log.warning("the child that parses did not read %s: %s", job.url, lost.reason)
            raise UnreadableFeed(lost.reason) from lost
