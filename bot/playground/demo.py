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
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.logs import set_up
from bot.playground import sample_week, stage
from bot.playground.sample_day import ZONE, instant
from bot.playground.shapes import Message
from bot.playground.stage import Stage
from bot.playground.town import BEGIN, END, POLL_SECONDS, Town, town
from bot.playground.week import ACTS, Editors
from bot.settings import PREFIX
from bot.wording import Wording, Wordings

OPENS = "08:50"  # the night is collected, and the first digest is one press away
WEEK_POLL_SECONDS = 1800  # six days more are lived in a minute or two
QUESTIONS = {"13:10": "/latest", "18:20": "горлівка"}  # what the reader of the demo asks, and when
STEP = re.compile(r"\+(\d{1,3})([hm])")

Out = Callable[[str], None]

__all__ = ["Teller", "Town", "live", "play", "town"]


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


async def live(town: Town, teller: Teller, until: datetime) -> None:
    """Lives the day, or the week, up to `until`, hour by hour, and prints it."""
    begins, hours = instant(BEGIN), (instant(sample_week.END) - instant(BEGIN)) // timedelta(hours=1)
    stops = [begins + timedelta(hours=hour) for hour in range(1, hours + 1)] + [instant(END), instant(sample_week.END)]
    questions = {instant(wall): text for wall, text in QUESTIONS.items()}
    acts = {instant(stamp): act for stamp, act in ACTS.items()}
    began = town.clock()
    for stop in sorted({*stops, *questions, *acts, until}):
        if stop <= began:
            continue
        if stop > until:
            break
        await town.live_until(stop)
        if stop in questions:
            await town.ask(questions[stop])
        if stop in acts:
            await acts[stop](Editors(town))
        teller.tell()


def play(port: int, at: datetime | None, browser: bool = True, out: Out = print) -> None:
    """Lives the day up to `at`, opens the page there, and stays up until it is interrupted."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # the demo is the same on every machine
    set_up("text", logging.ERROR)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wording = Wordings(ZONE).default
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="holovne-") as folder:
        try:
            asyncio.run(_play(port, at, browser, Path(folder), wording, out))
        except OSError as error:
            raise SystemExit(wording.text("demo.busy", port=port)) from error


async def _play(port: int, at: datetime | None, browser: bool, folder: Path, wording: Wording, out: Out) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    long = at is not None and at > instant(END)
    async with town(0, folder, WEEK_POLL_SECONDS if long else POLL_SECONDS) as place:
        out(wording.text("demo.begin", date=wording.day(instant(BEGIN), instant(BEGIN) + timedelta(days=9))))
        teller = Teller(place, wording, out)
        await live(place, teller, at or instant(OPENS))
        posts, notes = place.telegram.messages(place.channel), place.telegram.messages(place.desk)
        async with stage.opened(place, port) as shown:
            out(
                "\n"
                + wording.text(
                    "demo.end",
                    moment=wording.clock(place.clock()),
                    seconds=round(loop.time() - began),
                    posts=wording.count("demo.posts", len(posts)),
                    notes=wording.count("demo.notes", len(notes)),
                    url=shown.url,
                )
            )
            out(wording.text("demo.help"))
            if browser and _has_display():
                webbrowser.open(shown.url)
            await asyncio.gather(_tell(place, teller), _hear(shown, teller, wording, out))


def _has_display() -> bool:
    """False where a browser could only be a text one, which would take the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def _tell(town: Town, teller: Teller) -> None:
    """Prints what the page's clock brings."""
    while True:
        await town.telegram.rung()
        await asyncio.sleep(0.2)  # what happens together is printed together, and in its order
        teller.tell()


async def _hear(shown: Stage, teller: Teller, wording: Wording, out: Out) -> None:
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
            await shown.hours.jump(shown.town.clock() + step)
            out(wording.text("demo.clock", moment=wording.clock(shown.town.clock())))
        elif line:
            await shown.town.ask(line)
        teller.tell()
