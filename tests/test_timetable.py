"""The timetable rings when something is due, and never without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.rooms import machine_clock
from bot.timetable import LONGEST, SHORTEST, Timetable
from tests.conftest import MINUTE, NOON

MOMENT = timedelta(milliseconds=1)


class Bell:
    """Counts its rings; `plan` is what is due, one instant for each ring, the last one for ever."""

    def __init__(self, *plan: datetime | None) -> None:
        self.plan = list(plan)
        self.rung = 0
        self.asked = 0
        self.news = asyncio.Event()
        self.now = NOON
        self.timetable = Timetable(
            clock=lambda: self.now, machine=machine_clock, next_due_at=self.next_due_at, ring=self.ring
        )

    async def ring(self) -> None:
        self.rung += 1
        self.news.set()

    async def next_due_at(self) -> datetime | None:
        self.asked += 1
        self.news.set()
        return self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]

    async def until_rung(self, times: int) -> None:
        async with asyncio.timeout(60):
            while self.rung < times or self.asked < times:
                self.news.clear()
                await self.news.wait()

    @asynccontextmanager
    async def ringing(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.timetable.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_it_rings_at_once_and_then_waits() -> None:
    bell = Bell(NOON + MINUTE)

    async with bell.ringing():
        await bell.until_rung(1)

    assert bell.rung == 1


async def test_it_rings_when_the_next_thing_is_due() -> None:
    bell = Bell(NOON + MOMENT, None)

    async with bell.ringing():
        await bell.until_rung(2)

    assert bell.rung == 2


async def test_hurry_rings_now_also_while_it_rings() -> None:
    bell = Bell(None)

    async with bell.ringing():
        await bell.until_rung(1)
        bell.timetable.hurry()
        await bell.until_rung(2)
        bell.timetable.hurry()
        await bell.until_rung(3)

    assert bell.rung == 3


async def test_what_was_heard_during_a_ring_is_rung_for_after_it() -> None:
    bell = Bell(None)
    bell.timetable.hurry()  # before the first ring: served by it

    async with bell.ringing():
        await bell.until_rung(1)

    assert bell.rung == 1


async def test_what_stays_due_is_rung_for_ever_more_rarely() -> None:
    bell = Bell(NOON - MINUTE)

    waits = [await bell.timetable._wait(NOON) for _ in range(12)]

    assert waits[:3] == [2 * SHORTEST, 4 * SHORTEST, 8 * SHORTEST]
    assert waits[-1] == LONGEST
    assert waits == sorted(waits)


async def test_what_was_served_is_rung_for_soon_again() -> None:
    bell = Bell(NOON - MINUTE, NOON - MINUTE, NOON + MOMENT, NOON - MINUTE)

    waits = [await bell.timetable._wait(NOON) for _ in range(4)]

    assert waits[2:] == [SHORTEST, 2 * SHORTEST]


async def test_it_never_waits_longer_than_the_heart_may_rest() -> None:
    for due_at in (None, NOON + 60 * MINUTE):
        assert await Bell(due_at).timetable._wait(NOON) == LONGEST
