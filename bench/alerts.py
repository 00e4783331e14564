"""Alerts to many readers: how long they take against what Telegram's limits allow, and whether it ever said 429.

    python bench/alerts.py [--readers 10000] [--speed 5]

The local Telegram counts by its documented limits (30 a second in all, 1 a second a chat). In the middle breaking
news is put and a restart is made; each reader must have one message, and the news must overtake within a second.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.delivery.gate import Gate
from bot.delivery.pace import Pace
from bot.delivery.watch import Watch
from bot.newsroom import Newsroom
from bot.playground import Telegram, serve
from bot.playground.floods import Limit
from bot.telegram import telegram as speak
from bot.wording import Wording
from storage import outbox
from storage.database import Database
from storage.model import Parcel

NOON = datetime(2024, 11, 23, 12, 6, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")
ALLOWED = Limit(30, 1.0)
FIRST_READER = 1_000_001


def clock() -> datetime:
    return NOON


async def fill(db: Database, readers: int) -> None:
    async with db.transaction() as tx:
        for number in range(FIRST_READER, FIRST_READER + readers):
            said = {"text": "Краматорськ: воду повернуть увечері"}
            await outbox.put(
                tx, Parcel(f"alert:{number}:1", str(number), "sendMessage", said, 3, NOON, reader_id=number), NOON
            )


async def main(readers: int, speed: float, folder: Path) -> None:
    watch, world = Watch(speed), Telegram()
    world.clock = lambda: NOON.timestamp() + watch()
    account = world.bot("42:TEST", username="holovne_bot")
    channel = world.channel("Новини", username="nd", admins=[account])
    for number in range(FIRST_READER, FIRST_READER + readers):
        world.private(world.user(number))
    world.floods.on(chat=Limit(1, 1.0), group=Limit(20, 60.0), overall=ALLOWED)
    endings = Endings(Newsroom("", "@nd", None, KYIV, "uk"), Wording("uk", KYIV))

    def landed() -> int:
        return sum(1 for call in world.called("sendMessage") if not call.error)

    async with (
        await Database.open(folder / "alerts.db") as db,
        serve(world) as server,
        speak("42:TEST", server.url, None) as bot,
    ):
        await fill(db, readers)
        gc.collect()
        gc.freeze()  # as the bot itself does when it starts
        pace = Pace()
        bot.session.middleware(Gate(pace, watch))
        began, cpu = watch(), time.process_time()
        first = Deliverer(db, bot, endings, watch=watch, pace=pace)
        running = asyncio.create_task(first.run(clock))
        await world.until(lambda: landed() >= readers // 3, timeout=3600)
        running.cancel()
        await asyncio.wait([running])
        await first.farewell(5.0)
        second = Deliverer(db, bot, endings, watch=watch, pace=pace)
        await second.start(NOON)
        running = asyncio.create_task(second.run(clock))
        await world.until(lambda: landed() >= readers // 2, timeout=3600)
        async with db.transaction() as tx:
            await outbox.put(tx, Parcel("breaking", "@nd", "sendMessage", {"text": "Термінове"}, 0, NOON), NOON)
        put_at = watch()
        second.stirred.set()
        await world.arrived(channel, timeout=60)
        overtook = watch() - put_at
        await world.until(lambda: landed() >= readers + 1, timeout=3600)
        took, cpu = watch() - began, time.process_time() - cpu
        running.cancel()
        await asyncio.wait([running])
        await second.farewell(5.0)

    copies = Counter(len(world.messages(number)) for number in range(FIRST_READER, FIRST_READER + readers))
    refused = sum("Too Many" in (call.error or "") for call in world.called("sendMessage"))
    allowed = readers / ALLOWED.count
    print(f"readers {readers}, one restart in the middle, seconds of Telegram's clock (here {speed:g} times as fast)")
    print(f"allowed by the limits  {allowed:8.1f} s   (30 a second)")
    print(f"taken                  {took:8.1f} s   {took / allowed:.3f} of it")
    print(f"429 met                {refused:8d}")
    print(f"breaking news overtook {overtook:8.2f} s")
    print(f"copies a reader        {dict(copies)}")
    print(f"CPU an alert           {1000 * cpu / readers:8.2f} ms, the local Telegram's share included")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--speed", type=float, default=4.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(options.readers, options.speed, Path(folder)))
