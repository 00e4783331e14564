"""The demo's town: the sample day and its week, people and chats, four newspapers, the bot, a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.app import FAREWELL_SECONDS, App, opened
from bot.delivery.pace import unlimited
from bot.editions import programs
from bot.editions.rubrics import Rubric
from bot.playground import newspapers, sample_day, sample_week
from bot.playground.people import Telegram
from bot.playground.sample_day import instant
from bot.playground.server import serve
from bot.playground.shapes import Bot, Chat, Member, User
from bot.settings import Settings

TOKEN = "42:DEMO"  # noqa: S105 - of the local Telegram, which knows no other
PUSH_TOKEN = "cms-of-the-demo"  # noqa: S105 - of the local HTTP door
BEGIN, END = "06:00", "23:30"
POLL_SECONDS = 300


class Clock:
    """The newsroom's clock, which stands until it is moved; never back."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, at: datetime) -> None:
        """Sets the clock to a later instant."""
        self.at = max(self.at, at)


@dataclass
class Town:
    """The people and chats of the demo's Telegram, and the bot among them.

    `editor` may do everything in the channel and in the group, `second` only post; `reader` is in neither.
    """

    telegram: Telegram
    account: Bot
    channel: Chat
    desk: Chat
    editor: User
    second: User
    reader: User
    clock: Clock
    app: App
    homes: dict[str, str]
    rubrics: tuple[Rubric, ...]  # what the channel publishes, as of the clock
    withdrawn: set[str] = field(default_factory=set)

    @property
    def chat(self) -> Chat:
        """The reader's chat with the bot."""
        return self.telegram.private(self.reader)

    @property
    def people(self) -> tuple[User, ...]:
        """Those whom one may play, the reader last."""
        return self.editor, self.second, self.reader

    async def live_until(self, end: datetime) -> None:
        """Visits every due instant up to `end` in order; each is delivered before the next begins."""
        while (due_at := await self.app.next_due_at()) is not None and due_at <= end:
            self.clock.move(due_at)
            self.telegram.ring()  # whoever looks at the clock sees it walk
            await self._withdraw()
            await self.app.visit()
        self.clock.move(end)
        every = await programs.every(self.app.db.screens, self.app.house)
        self.rubrics = every[0].rubrics if every else ()
        self.telegram.ring()

    async def ask(self, text: str) -> None:
        """The reader writes this, and has the answer when this returns."""
        before = len(self.telegram.messages(self.chat))
        self.telegram.say(self.chat, self.reader, text)
        await self.telegram.until(lambda: len(self.telegram.messages(self.chat)) >= before + 2)

    async def _withdraw(self) -> None:
        """The newsroom's CMS says what was taken back: its pages answer 410 now."""
        for source in sample_day.sources():
            for item in source.items:
                gone = item.withdrawn_at is not None and item.withdrawn_at <= self.clock.at
                if gone and item.id not in self.withdrawn:
                    self.withdrawn.add(item.id)
                    entry = next(e for e in sample_day.entries(source, item.appears_at) if e.id == item.id)
                    await self._push({"url": self.homes[source.name] + entry.path, "withdrawn": True})

    async def _push(self, item: dict[str, object]) -> None:
        headers = {"Authorization": f"Bearer {PUSH_TOKEN}"}
        address = f"http://127.0.0.1:{self.app.http_port}/items"
        async with aiohttp.ClientSession() as session, session.post(address, json=item, headers=headers) as answer:
            answer.raise_for_status()


@asynccontextmanager
async def town(port: int, folder: Path, poll_seconds: int = POLL_SECONDS) -> AsyncIterator[Town]:
    """The sample day at its beginning: Telegram on `port` (0: any), newspapers on the next ones, the bot."""
    clock = Clock(instant(BEGIN))
    telegram = Telegram(clock=lambda: clock().timestamp())
    account = telegram.bot(TOKEN, username="holovne_demo_bot", name="Головне")
    editor, second = telegram.user(1001, "Оля"), telegram.user(1002, "Андрій")
    reader = telegram.user(2002, "Тарас")
    channel = telegram.channel("Новини Донбасу", username="novosti_dn", admins=[account, editor])
    channel.members[second.id] = Member(second.id, "administrator", {"can_post_messages": True})
    desk = telegram.group("Редакція", members=[second], admins=[account, editor])
    telegram.private(reader)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serve(telegram, port))
        stand = await stack.enter_async_context(newspapers.serve(clock, port + 1 if port else 0, sample_week.sources()))
        settings = Settings(
            _env_file=None,
            token=TOKEN,
            channel="@novosti_dn",
            admin_chat=desk.id,
            name="Новини Донбасу",
            api_url=server.url,
            sources=tuple(stand.urls.values()),
            database=folder / "demo.db",
            http_port=0,
            poll_seconds=poll_seconds,
            push_token=PUSH_TOKEN,
            allow_private_addresses=True,
        )
        app = await stack.enter_async_context(opened(settings, clock, pace=unlimited()))
        stack.push_async_callback(app.deliverer.farewell, FAREWELL_SECONDS)
        # The day's hours are walked by live_until.
        for room in (app.listener.run(), app.deliverer.run(clock), app.looker.run(clock)):
            stack.push_async_callback(ended, asyncio.create_task(room))
        yield Town(telegram, account, channel, desk, editor, second, reader, clock, app, stand.homes, app.house.rubrics)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancels the task and waits for it."""
    while not task.done():  # Python 3.11's wait_for may swallow a cancellation that meets what it waited for
        task.cancel()
        await asyncio.wait([task], timeout=1)
