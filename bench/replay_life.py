"""The collector that the replay kills: a real process with the rooms of `python -m bot collect`, polling one source."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol, get_args
from zoneinfo import ZoneInfo

from bench.recording import Timeline
from bot.intake.parse import Parser
from bot.rooms import collecting
from bot.settings import Settings
from bot.wording import Wordings
from storage import sources

KYIV = ZoneInfo("Europe/Kyiv")

STATEMENTS = 5  # about so many a report, and as many about the source
SECONDS = 0.06  # a poll of fifty reports takes about so long

# Where a poll ends: the server has heard the question, or sent half of the answer; the child has the bytes; it has
# answered; so many statements after the BEGIN; at the COMMIT; after it, before the next poll; so many seconds after the
# poll began, wherever that is.
Moment = Literal["asked", "half", "parsing", "parsed", "written", "commit", "after", "instant"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
UNCHANGED: tuple[Moment, ...] = ("asked", "written", "commit", "after", "instant")  # of a poll that is answered 304


class Shared(Protocol):
    """A number that the replay and the life both see."""

    value: Any


@dataclass(frozen=True, slots=True)
class Death:
    """The last poll of a life, and where in it the life ends."""

    poll: int
    moment: Moment
    statements: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Orders:
    """One life: the polls at these instants, the first of them of number `start`, the last its death if it has one."""

    database: Path
    url: str
    start: int
    instants: tuple[int, ...]
    death: Death | None


def deaths(timeline: Timeline, each: int, chance: random.Random) -> Iterator[Death]:
    """One in so many polls; the first of all is the first contact with the source."""
    polls = timeline.polls
    for begin in range(0, len(polls), each):
        number = begin + (chance.randrange(each) if begin else 0)
        if number < len(polls):
            changed = number == 0 or polls[number].entries != polls[number - 1].entries
            moment = chance.choice(MOMENTS if changed else UNCHANGED)
            statements = chance.randrange(STATEMENTS * (len(polls[number].entries) + 1))
            yield Death(number, moment, statements, chance.uniform(0, SECONDS))


def live(orders: Orders, number: Shared, met: Shared) -> None:
    """Polls until there is nothing more, or until death. `number`: of the poll in hand; `met`: 1 + the index of the
    moment at which it died."""
    asyncio.run(_Life(orders, number, met).run())


class _Life:
    def __init__(self, orders: Orders, number: Shared, met: Shared) -> None:
        self._orders, self._number, self._met = orders, number, met
        self._armed: Death | None = None
        self._now = datetime.fromtimestamp(orders.instants[0], UTC)

    async def run(self) -> None:
        orders = self._orders
        _listened(self._statement)
        settings = Settings(_env_file=None, database=orders.database, allow_private_addresses=True)
        async with collecting(settings, Wordings(KYIV, "uk")) as rooms:
            self._plant(rooms.parser)
            [source] = await rooms.collector.seed([orders.url], self._now)
            for number, at in enumerate(orders.instants, orders.start):
                self._number.value, self._now = number, datetime.fromtimestamp(at, UTC)
                self._arm(number)
                source = await sources.get(rooms.db.screens, source.id) or source
                [passed] = await rooms.collector.collect([source], lambda: self._now)
                assert passed.trouble is None, (passed.trouble.reason, passed.trouble.values)
                if self._armed:
                    self._die("after")

    def _arm(self, number: int) -> None:
        death = self._orders.death
        self._armed = death if death and death.poll == number else None
        if self._armed and self._armed.moment == "instant":
            timer = threading.Timer(self._armed.seconds, self._die, ("instant",))
            timer.daemon = True
            timer.start()

    def _meets(self, moment: Moment) -> None:
        if self._armed and self._armed.moment == moment:
            self._die(moment)

    def _die(self, moment: Moment) -> None:
        """As the kernel kills: nothing is finished, nothing is closed."""
        self._met.value = 1 + MOMENTS.index(moment)
        os.kill(os.getpid(), signal.SIGKILL)

    def _plant(self, parser: Parser) -> None:
        feed = parser.feed

        async def read(*job: Any) -> Any:
            reading = asyncio.ensure_future(feed(*job))
            await asyncio.sleep(0)  # until the child has it and is waited for
            self._meets("parsing")
            found = await reading
            self._meets("parsed")
            return found

        vars(parser)["feed"] = read

    def _statement(self, since_begin: int, sql: str) -> None:
        if sql == "COMMIT":
            self._meets("commit")
            self._meets("written")  # there were not so many
        elif self._armed and since_begin >= self._armed.statements:
            self._meets("written")


def _listened(statement: Callable[[int, str], None]) -> None:
    """From now on every statement in a transaction of this process is told before it runs, with its number there."""
    connect = sqlite3.connect

    def connected(*where: Any, **how: Any) -> Any:
        connection = connect(*where, **how)
        since_begin = 0

        def hear(sql: str) -> None:
            nonlocal since_begin
            since_begin = 1 if sql.startswith("BEGIN") else since_begin + bool(since_begin)
            if since_begin:
                statement(since_begin - 1, sql)
            if sql in ("COMMIT", "ROLLBACK"):
                since_begin = 0

        connection.set_trace_callback(hear)
        return connection

    vars(sqlite3)["connect"] = connected
