"""Rings at the next due instant. APScheduler only rings; what is due, late or done, the tables say.

One job, because APScheduler reads the machine's clock itself and drops or doubles what it calls late
(facts: 03:30 by cron fires twice on the autumn night, the default grace loses runs silently).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

LONGEST = timedelta(seconds=30)  # so the heart beats, and a machine's clock that was set anew is noticed
SHORTEST = timedelta(milliseconds=50)  # what stays due after a ring must not spin: doubled each time, up to LONGEST


class Timetable:
    """Calls `ring` when the next thing is due by `clock`; `next_due_at` says when that is.

    `machine` is the clock that APScheduler reads; the newsroom's may be another one.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        machine: Callable[[], datetime],
        next_due_at: Callable[[], Awaitable[datetime | None]],
        ring: Callable[[], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._machine = machine
        self._next_due_at = next_due_at
        self._ring = ring
        self._rung = asyncio.Event()
        self._pause = SHORTEST

    async def run(self) -> None:
        """Rings for ever, at once to begin with."""
        scheduler: Any = AsyncIOScheduler(timezone=UTC)
        scheduler.start()
        try:
            while True:
                self._rung.clear()
                rung_at = self._clock()
                await self._ring()
                trigger = DateTrigger(self._machine() + await self._wait(rung_at))
                scheduler.add_job(
                    self._rung.set, trigger, id="ring", replace_existing=True, misfire_grace_time=None, coalesce=True
                )
                await self._rung.wait()
        finally:
            scheduler.shutdown(wait=False)

    def hurry(self) -> None:
        """Rings now: something became due earlier than was known."""
        self._rung.set()

    async def _wait(self, rung_at: datetime) -> timedelta:
        due_at = await self._next_due_at()
        served = due_at is None or due_at > rung_at
        self._pause = SHORTEST if served else min(2 * self._pause, LONGEST)
        return LONGEST if due_at is None else min(max(due_at - self._clock(), self._pause), LONGEST)
