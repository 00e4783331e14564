"""A bot that a test kills: `python -m tests.crash_deliver DATABASE URL` sends what the outbox holds."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.delivery.deliver import Deliverer
from bot.newsroom import Newsroom
from bot.telegram import telegram
from bot.wording import Wording
from storage.database import Database

NOON = datetime(2024, 11, 23, 12, 6, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")


async def main(path: Path, url: str) -> None:
    async with await Database.open(path) as db, telegram("42:TEST", url, None) as bot:
        await Deliverer(db, bot, Newsroom("", "@nd", None, KYIV, "uk"), Wording("uk", KYIV)).deliver_due(lambda: NOON)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
