"""Moves the demo's clock: a second a second, faster, in steps, or to the next edition. Never back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.editions.rubrics import timings
from bot.editions.slots import Slot, next_after
from bot.playground.town import Town

SPEEDS = (0, 1, 60)  # seconds of the newsroom in one of ours
STEPS = (5, 60)  # minutes


class Hours:
    """Who moves the clock takes turns, so no instant is skipped and none is visited twice."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._turn = asyncio.Lock()
        self.speed = 1
        self.jumping = False
        self.errand: asyncio.Task[None] | None = None  # the jump that is under way, or the last one

    def next_edition(self) -> Slot | None:
        """The edition that is due next, None when the newsroom wants none."""
        zone = self._town.app.house.newsroom.zone
        return next_after(timings(self._town.rubrics), zone, self._town.clock())

    async def run(self) -> None:
        """Walks on for ever, at the speed that is set."""
        while True:
            await asyncio.sleep(1)
            async with self._turn:
                if self.speed:
                    await self._live(self._town.clock() + timedelta(seconds=self.speed))

    async def jump(self, to: datetime) -> None:
        """Lives up to that instant at once. A second jump meanwhile is none."""
        if self.jumping:
            return
        self.jumping = True
        self.errand = asyncio.create_task(self._jump(to))
        await asyncio.shield(self.errand)  # a page that is closed meanwhile does not cut the day in the middle

    async def _jump(self, to: datetime) -> None:
        self._town.telegram.ring()
        try:
            async with self._turn:
                await self._live(to)
        finally:
            self.jumping = False
            self._town.telegram.ring()

    async def _live(self, to: datetime) -> None:
        await self._town.live_until(to)
        # What a visit could not send is held for some seconds; who tries again must know that it waits.
        self._town.app.deliverer.stirred.set()

    async def step(self, minutes: int) -> None:
        """Lives so many minutes at once."""
        await self.jump(self._town.clock() + timedelta(minutes=minutes))

    async def to_next_edition(self) -> None:
        """Lives up to the next edition, which is out when this returns."""
        slot = self.next_edition()
        if slot is not None:
            await self.jump(slot.at)

    def set_speed(self, speed: int) -> None:
        self.speed = speed
        self._town.telegram.ring()
