"""`make demo`: one newsroom day against the local Telegram, real feeds and all, by a clock that is moved."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bot.app import App, opened
from bot.logs import set_up
from bot.playground import newspapers, sample_day
from bot.playground.people import Telegram
from bot.playground.sample_day import ZONE, instant
from bot.playground.server import serve
from bot.playground.shapes import Chat, Message, User
from bot.settings import PREFIX, Settings
from bot.wording import Wording, Wordings

TOKEN = "42:DEMO"  # noqa: S105 - of the local Telegram, which knows no other
PUSH_TOKEN = "cms-of-the-demo"  # noqa: S105 - of the local HTTP door
BEGIN, END = "06:00", "23:30"
QUESTIONS = {"13:10": "/latest", "18:20": "горлівка"}  # what the reader of the demo asks, and when
STEP = re.compile(r"\+(\d{1,3})([hm])")

Out = Callable[[str], None]


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
    """The people and chats of the demo's Telegram, and the bot among them."""

    telegram: Telegram
    channel: Chat
    desk: Chat
    editor: User
    reader: User
    clock: Clock
    app: App
    homes: dict[str, str]
    withdrawn: set[str] = field(default_factory=set)

    @property
    def chat(self) -> Chat:
        """The reader's chat with the bot."""
        return self.telegram.private(self.reader)

    async def live_until(self, end: datetime) -> None:
        """Visits every due instant up to `end` in order; each is delivered before the next begins."""
        while (due_at := await self.app.next_due_at()) is not None and due_at <= end:
            self.clock.move(due_at)
            await self._withdraw()
            await self.app.visit()
        self.clock.move(end)

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


class Teller:
    """Prints what appears in the chats, hour by hour."""

    def __init__(self, town: Town, wording: Wording, out: Out) -> None:
        self._places = {
            wording.text("demo.channel"): town.channel,
            wording.text("demo.desk"): town.desk,
            wording.text("demo.reader"): town.chat,
        }
        self._town = town
        self._wording = wording
        self._out = out
        self._told: dict[tuple[int, int], int] = {}

    def tell(self) -> None:
        """Prints what is new or was edited since the last call, oldest first."""
        fresh = [
            (message, place)
            for place, chat in self._places.items()
            for message in self._town.telegram.messages(chat)
            if self._told.get((message.chat_id, message.message_id)) != len(message.versions)
        ]
        for message, place in sorted(fresh, key=lambda each: (each[0].date, each[0].message_id)):
            self._told[message.chat_id, message.message_id] = len(message.versions)
            self._print(message, place)

    def _print(self, message: Message, place: str) -> None:
        at = self._wording.clock(datetime.fromtimestamp(message.date, ZONE))
        self._out(f"\n{at} · {place}")
        for line in message.text.splitlines():
            self._out(f"    {line}")
        if message.buttons:
            labels = " ".join(f"[{button['text']}]" for button in message.buttons)
            self._out("    " + self._wording.text("demo.buttons", buttons=labels))


@asynccontextmanager
async def town(port: int, folder: Path) -> AsyncIterator[Town]:
    """The sample day at its beginning: Telegram on `port` (0: any), newspapers on the next ones, the bot."""
    clock = Clock(instant(BEGIN))
    telegram = Telegram(clock=lambda: clock().timestamp())
    account = telegram.bot(TOKEN, username="holovne_demo_bot", name="Головне")
    editor, reader = telegram.user(1001, "Оля"), telegram.user(2002, "Тарас")
    channel = telegram.channel("Новини Донбасу", username="novosti_dn", admins=[account])
    desk = telegram.group("Редакція", members=[editor], admins=[account])
    telegram.private(reader)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serve(telegram, port))
        stand = await stack.enter_async_context(newspapers.serve(clock, port + 1 if port else 0))
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
            push_token=PUSH_TOKEN,
            allow_private_addresses=True,
        )
        app = await stack.enter_async_context(opened(settings, clock))
        hearing = asyncio.create_task(app.listener.run())
        stack.push_async_callback(_end, hearing)
        yield Town(telegram, channel, desk, editor, reader, clock, app, stand.homes)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def live(town: Town, teller: Teller, until: datetime) -> None:
    """Lives the day up to `until`, hour by hour, and prints it."""
    stops = [instant(BEGIN) + timedelta(hours=hour) for hour in range(1, 18)] + [instant(END)]
    questions = {instant(wall): text for wall, text in QUESTIONS.items()}
    for stop in sorted({*stops, *questions, until}):
        if stop > until:
            break
        await town.live_until(stop)
        if stop in questions:
            await town.ask(questions[stop])
        teller.tell()


def play(port: int, at: datetime | None, out: Out = print) -> None:
    """Lives the day, then stays up until it is interrupted or its input ends."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # the demo is the same on every machine
    set_up("text", logging.ERROR)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wording = Wordings(ZONE).default
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="holovne-") as folder:
        try:
            asyncio.run(_play(port, at, Path(folder), wording, out))
        except OSError as error:
            raise SystemExit(wording.text("demo.busy", port=port)) from error


async def _play(port: int, at: datetime | None, folder: Path, wording: Wording, out: Out) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with town(port, folder) as stage:
        out(wording.text("demo.begin", date=wording.day(instant(BEGIN), instant(BEGIN) + timedelta(days=9))))
        teller = Teller(stage, wording, out)
        await live(stage, teller, at or instant(END))
        posts, notes = stage.telegram.messages(stage.channel), stage.telegram.messages(stage.desk)
        out(
            "\n"
            + wording.text(
                "demo.end",
                seconds=round(loop.time() - began),
                posts=wording.count("demo.posts", len(posts)),
                notes=wording.count("demo.notes", len(notes)),
                url=stage.app.bot.session.api.base.partition("/bot")[0],
            )
        )
        out(wording.text("demo.help"))
        await asyncio.gather(_tick(stage, teller), _hear(stage, teller, wording, out))


async def _tick(stage: Town, teller: Teller) -> None:
    """The clock walks on by itself, a second a second."""
    while True:
        await asyncio.sleep(1)
        await stage.live_until(stage.clock() + timedelta(seconds=1))
        teller.tell()


async def _hear(stage: Town, teller: Teller, wording: Wording, out: Out) -> None:
    """Takes what is typed: the reader's words, or a step of the clock."""
    kind = os.fstat(sys.stdin.fileno()).st_mode
    if not (sys.stdin.isatty() or stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        return  # a file has nothing more to say than what was asked
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while raw := await lines.readline():
        line = raw.decode("utf-8", "replace").strip()
        if found := STEP.fullmatch(line):
            step = timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(minutes=int(found[1]))
            await stage.live_until(stage.clock() + step)
            out(wording.text("demo.clock", moment=wording.clock(stage.clock())))
        elif line:
            await stage.ask(line)
        teller.tell()
