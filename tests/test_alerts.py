"""Three hundred alerts at once: at Telegram's pace, after whatever is more urgent, to nobody twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.gate import Gate
from bot.delivery.pace import Pace
from bot.delivery.watch import Watch
from bot.playground.floods import Limit
from storage import outbox
from storage.model import Parcel
from tests.conftest import NOON, House

READERS = range(50_001, 50_301)
FEW = READERS[:60]
SPEED = 5.0  # seconds of the watch in one of ours


@dataclass
class Rush:
    """The house with three hundred readers and a Telegram that counts by the same fast watch."""

    house: House
    watch: Watch = field(default_factory=lambda: Watch(SPEED))
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        telegram = self.house.telegram
        telegram.clock = lambda: NOON.timestamp() + self.watch()
        telegram.floods.on(chat=Limit(1, 1.0), group=Limit(20, 60.0), overall=Limit(30, 1.0))
        self.house.bot.session.middleware(Gate(self.pace, self.watch))
        for number in READERS:
            telegram.private(telegram.user(number))

    def deliverer(self) -> Deliverer:
        return Deliverer(self.house.db, self.house.bot, self.house.endings, watch=self.watch, pace=self.pace)

    def clock(self) -> datetime:
        return self.house.now

    async def put(self, intent: str, chat: str, priority: int, reader: int | None = None) -> None:
        parcel = Parcel(intent, chat, "sendMessage", {"text": intent}, priority, NOON, reader_id=reader)
        async with self.house.db.transaction() as tx:
            assert await outbox.put(tx, parcel, NOON)

    async def alert(self, readers: range) -> None:
        for number in readers:
            await self.put(f"alert:{number}:1", str(number), 3, number)

    def landed(self) -> Counter[int]:
        """How many messages each reader has, those who have one."""
        counted = {number: len(self.house.telegram.messages(number)) for number in READERS}
        return Counter({number: count for number, count in counted.items() if count})

    def refused(self) -> int:
        """How often Telegram said 429."""
        return sum((call.error or "").startswith("Too Many") for call in self.house.telegram.called("sendMessage"))


@pytest.fixture
def rush(house: House) -> Rush:
    return Rush(house)


async def test_alerts_meet_no_flood_wait_and_breaking_news_overtakes_them(rush: Rush) -> None:
    await rush.alert(READERS)
    deliverer = rush.deliverer()
    running = asyncio.create_task(deliverer.run(rush.clock))
    await rush.house.telegram.until(lambda: rush.landed().total() >= 100)

    before = rush.landed().total()
    await rush.put("breaking", "@nd", 0)
    deliverer.stirred.set()
    await rush.house.telegram.arrived(rush.house.channel)
    passed = rush.landed().total() - before
    await rush.house.telegram.until(lambda: rush.landed().total() == len(READERS), timeout=60.0)
    running.cancel()
    await asyncio.wait([running])
    await deliverer.farewell(5.0)

    assert passed <= 29  # what a second holds
    assert set(rush.landed().values()) == {1}
    assert rush.refused() == 0


async def test_a_restart_in_the_middle_sends_nobody_a_second_copy(rush: Rush) -> None:
    await rush.alert(FEW)
    first = rush.deliverer()
    running = asyncio.create_task(first.run(rush.clock))
    await rush.house.telegram.until(lambda: rush.landed().total() >= 20)
    running.cancel()
    await asyncio.wait([running])
    await first.farewell(5.0)

    second = rush.deliverer()
    await second.start(NOON)
    running = asyncio.create_task(second.run(rush.clock))
    await rush.house.telegram.until(lambda: rush.landed().total() == len(FEW), timeout=60.0)
    running.cancel()
    await asyncio.wait([running])

    assert set(rush.landed().values()) == {1}


async def test_half_of_the_limits_known_costs_flood_waits_and_no_alert(rush: Rush) -> None:
    rush.house.telegram.floods.on(chat=Limit(1, 2.0), group=Limit(10, 60.0), overall=Limit(15, 1.0))
    await rush.alert(FEW)

    running = asyncio.create_task(rush.deliverer().run(rush.clock))
    await rush.house.telegram.until(lambda: rush.landed().total() == len(FEW), timeout=60.0)
    running.cancel()
    await asyncio.wait([running])

    assert set(rush.landed().values()) == {1}
    assert rush.refused() < len(FEW) / 10  # one refusal holds everybody


async def test_a_reader_who_blocked_the_bot_is_marked_and_never_tried_again(rush: Rush) -> None:
    reader = READERS[0]
    async with rush.house.db.transaction() as tx:
        await tx.run("INSERT INTO reader (id, language, created_at) VALUES (?, 'uk', 0)", (reader,))
    rush.house.telegram.block(reader)
    await rush.put(f"alert:{reader}:1", str(reader), 3, reader)
    await rush.put(f"alert:{reader}:2", str(reader), 3, reader)

    deliverer = rush.deliverer()
    await deliverer.deliver_due(rush.clock)
    await rush.watch.wait(asyncio.Event(), 1.1)
    await deliverer.deliver_due(rush.clock)

    assert await rush.house.db.screens.value("SELECT state FROM reader WHERE id = ?", (reader,)) == "gone"
    assert len(rush.house.telegram.called("sendMessage")) == 1
    assert rush.house.telegram.texts(rush.house.desk) == []
