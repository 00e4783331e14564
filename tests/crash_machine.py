"""The machine that shows whether the bot holds: one newsroom with its Telegram, its bot that dies and is started again,
and the trouble that it is given meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import resource
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from bot.playground import serve
from bot.playground.floods import Floods
from bot.playground.server import Server
from bot.rooms import machine_clock
from tests.crash_bot import Orders, Shared, Step, live
from tests.crash_day import LEAP, START, Size, Town
from tests.crash_table import Row, count, undone

LIVES = 200  # a bot that dies as often dies of itself
LOOK_SECONDS = 0.15  # between looks at the file, whether all is done
CARD_SECONDS = 60.0  # so long an editor waits for a card
PATIENCE_SECONDS = 120.0  # so long a step or a fault is waited for, and for all to be done

Trouble = Callable[["Machine"], Awaitable[None]]


@dataclass
class Machine:
    """One newsroom on one day. `speed`: how many monotonic seconds of the bot pass in one. `stop_seconds`: how long it
    may take to stop; the tests only ask whether it stops, for a busy machine may be slow."""

    folder: Path
    nursery: ForkServerContext
    size: Size
    chance: random.Random
    speed: float
    parser: bool = False
    stop_seconds: float = PATIENCE_SECONDS
    tried: int = 0  # how often it was harmed from outside
    unfinished: int = 0
    fell: int = 0
    town: Town = field(init=False)
    server: Server = field(init=False)
    ahead: Shared = field(init=False)  # seconds, of the newsroom's clock before the machine's
    sprung: Shared = field(init=False)  # how many lives came to their step
    bot: ForkServerProcess | None = None
    step: Step | None = None  # where the next life meets its end, or its full disk
    fills: bool = False
    step_after: Step | None = None  # where the life after that meets its end
    over: bool = False
    complaints: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The newsroom's file."""
        return self.folder / "newsroom.db"

    async def run(self, name: str, trouble: Trouble) -> Row:
        """The whole day with this trouble in it, until all is done; what was found then."""
        ahead = START.timestamp() - machine_clock().timestamp()
        self.ahead, self.sprung = self.nursery.RawValue("d", ahead), self.nursery.RawValue("i", 0)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self.town = Town.empty(lambda: START.timestamp() + loop.time() - begun)
        # retry_after is told in whole seconds of the world's clock, and waited for by the bot's fast watch.
        self.town.telegram.floods = Floods(lambda: loop.time() * self.speed)
        async with serve(self.town.telegram) as self.server:
            keeper = asyncio.create_task(self._keep_alive())
            people = asyncio.create_task(self._people())
            try:
                await trouble(self)
                await people
                await self._settled()
            except TimeoutError as error:
                self.unfinished += 1
                self.complaints.append(f"never done: {error} {undone(self.path)}")
            finally:
                people.cancel()
                await self._stop(keeper)
        found = count(name, self.town, self.size, self.path)
        refused = sum(call.error.startswith("Too Many") and not call.fault for call in self.town.telegram.calls)
        harmed = self.tried + self.sprung.value + refused
        return found + Row(name, harmed, unfinished=self.unfinished, fell=self.fell, details=tuple(self.complaints))

    async def moment(self, longest_seconds: float = 0.5) -> None:
        """Some moment later."""
        await asyncio.sleep(self.chance.uniform(0.0, longest_seconds))

    async def reached(self, predicate: Callable[[], bool]) -> None:
        """Returns when it is true. Raises TimeoutError."""
        await self.town.telegram.until(predicate, PATIENCE_SECONDS)

    def kill(self) -> None:
        """The bot's process ends here and now, if it is alive."""
        if self.bot is not None and self.bot.is_alive():
            self.bot.kill()
            self.tried += 1

    def jump(self, seconds: float) -> None:
        """The machine's clock is set anew; an editor looks at the board, and so the bot looks at the clock."""
        self.ahead.value += seconds
        self.town.telegram.say(self.town.desk, self.town.editor, "/queue")

    async def fill_disk(self, seconds: float) -> None:
        """For so long no file of the bot's process can be written; every later life has room."""
        if self.bot is None or self.bot.pid is None or not self.bot.is_alive():
            return
        self.tried += 1
        _, hard = resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE)
        pid = self.bot.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        await asyncio.sleep(seconds)
        if self.bot.pid == pid and self.bot.is_alive():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    async def _people(self) -> None:
        town, chance = self.town, self.chance
        waits: list[Awaitable[None]] = []
        for number in range(max(self.size.links, self.size.readers)):
            if number < self.size.links:
                pasted = town.paste(number)
                waits.append(town.publish(pasted, CARD_SECONDS))
            if number < self.size.readers:
                town.ask(2001 + number % max(1, self.size.readers - 1), chance)
            await self.moment(2 * self.size.seconds / max(self.size.links, self.size.readers))
        self.jump(LEAP.total_seconds())
        await asyncio.gather(*waits)

    async def _keep_alive(self) -> None:
        """As a supervisor does: whatever ends is started again."""
        for life in range(LIVES):
            orders = Orders(
                database=self.path,
                url=self.server.url,
                desk=self.town.desk.id,
                speed=self.speed,
                log=self.folder / "log",
                parser=self.parser,
                step=self.step,
                deed="fill" if self.fills else "die",
            )
            self.step, self.step_after = self.step_after, None
            self.bot = self.nursery.Process(target=live, args=(orders, self.ahead, self.sprung), daemon=True)
            self.bot.start()
            await self._ended(self.bot)
            if self.over:
                return
            if self.bot.exitcode != -9:
                self.fell += 1
                self.complaints.append(f"life {life} ended by itself with {self.bot.exitcode}")

    async def _ended(self, process: ForkServerProcess) -> None:
        """Returns when the process is gone."""
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(process.sentinel, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(process.sentinel)
        process.join()
        self.town.telegram.ring()

    async def _settled(self) -> None:
        """Returns when nothing is left to do. Raises TimeoutError."""
        queues = self.town.telegram.queues.values()
        async with asyncio.timeout(max(300.0 / self.speed, PATIENCE_SECONDS)):
            while undone(self.path) or any(queue.waiting for queue in queues):  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(LOOK_SECONDS)

    async def _stop(self, keeper: asyncio.Task[None]) -> None:
        self.over = True
        if self.bot is not None:
            self.bot.terminate()
        try:
            await asyncio.wait_for(keeper, self.stop_seconds)
        except TimeoutError:
            self.unfinished += 1
            self.complaints.append(f"it did not stop within {self.stop_seconds} s")
            if self.bot is not None:
                self.bot.kill()


def nursery() -> ForkServerContext:
    """Where lives begin. Importing aiogram costs three seconds, so it is done once, before this returns, and each
    life is a fork of that."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash_troubles"])
    first = context.Process(target=int)
    first.start()
    first.join()
    return context


def copied(template: Path, folder: Path) -> None:
    """A fresh copy of the newsroom's file in the folder."""
    folder.mkdir()
    shutil.copyfile(template, folder / "newsroom.db")
