"""The bot that the crash machine kills: a real process with the real composition root. It may die at a named step."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import resource
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.__main__ import _until_told_to_stop
from bot.app import opened
from bot.delivery.watch import Watch
from bot.rooms import machine_clock
from bot.settings import Settings

TOKEN = "42:TEST"
CHANNEL = "@novyny"
DIGESTS = (time(13, 0), time(13, 1))
FULL_SECONDS = 0.4  # so long a disk that fills at a step stays full


class Shared(Protocol):
    """A number that the machine and the bot's process both see."""

    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of the bot's work: when a statement that reads like `sql` begins, at the COMMIT of its transaction, or
    at the first statement after that COMMIT."""

    sql: str
    when: Literal["before", "commit", "after"] = "before"


def _three(name: str, sql: str) -> dict[str, Step]:
    moments: tuple[Literal["before", "commit", "after"], ...] = ("before", "commit", "after")
    return {f"{name}, {when}": Step(sql, when) for when in moments}


STEPS: dict[str, Step] = {
    **_three("update stored", r'INSERT INTO "update"'),
    **_three("link taken", r"INSERT INTO post "),
    **_three("update done", r'UPDATE "update" SET done_at'),
    **_three("post released", r"UPDATE post SET state = 'publishing'"),
    **_three("edition made", r"INSERT INTO edition "),
    "parcel claimed, before": Step(r"UPDATE outbox SET state = 'claimed'"),
    "parcel claimed, commit": Step(r"UPDATE outbox SET state = 'claimed'", "commit"),
    **_three("send recorded", r"UPDATE outbox SET state = 'sent'"),
    "message recorded, before": Step(r"INSERT INTO message "),
    **_three("card shown", r"UPDATE message SET shown_version"),
    "heart started, before": Step(r"(INSERT INTO|UPDATE) heartbeat"),
}
DOUBTS: dict[str, Step] = _three("doubt noted", r"UPDATE outbox SET state = 'doubt'")


@dataclass(frozen=True, slots=True)
class Orders:
    """How one life of the bot goes. At `step` it dies, or its disk is full for a while; without one it lives on.

    Its parser costs twice as much as the rest of a start, and has nothing to do when every link is known: without
    `parser` it does not start, which the bot says and bears.
    """

    database: Path
    url: str
    desk: int
    speed: float
    log: Path
    parser: bool
    step: Step | None = None
    deed: Literal["die", "fill"] = "die"


class Trap:
    """Listens to the statements of every connection of this process, and does the deed at the step, once."""

    def __init__(self, step: Step, deed: Callable[[], None]) -> None:
        self._sql = re.compile(r"\s*" + step.sql.replace(" ", r"\s+"))
        self._when = step.when
        self._deed = deed
        self._waits_for: Literal["statement", "commit", "next", "nothing"] = "statement"

    def set(self) -> None:
        """From now on every connection that is opened is listened to."""
        connect = sqlite3.connect

        def connected(*where: Any, **how: Any) -> Any:
            connection = connect(*where, **how)
            connection.set_trace_callback(self._statement)
            return connection

        vars(sqlite3)["connect"] = connected

    def _statement(self, sql: str) -> None:
        if self._waits_for == "statement" and self._sql.match(sql):
            self._waits_for = "commit"
            if self._when == "before":
                self._spring()
        elif self._waits_for == "commit" and sql in ("COMMIT", "ROLLBACK"):
            self._waits_for = "next" if sql == "COMMIT" else "statement"
            if self._when == sql.lower():
                self._spring()
        elif self._waits_for == "next":
            self._spring()

    def _spring(self) -> None:
        self._waits_for = "nothing"
        self._deed()


def die() -> None:
    """As the kernel kills: nothing is finished, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill() -> None:
    """No file of this process can grow or be written, until a moment later."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    later = threading.Timer(FULL_SECONDS, _room)
    later.daemon = True
    later.start()


def _room() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def live(orders: Orders, ahead_seconds: Shared, sprung: Shared) -> None:
    """One life, from start to SIGTERM or death. The newsroom's clock is so far ahead of the machine's; `sprung` counts
    the lives that came to their step."""
    logging.raiseExceptions = False  # a full disk takes no log either
    logging.basicConfig(filename=orders.log, level=logging.WARNING, format=f"{os.getpid()} %(name)s %(message)s")
    os.dup2(os.open(orders.log, os.O_WRONLY | os.O_APPEND), 2)
    if not orders.parser:
        sys.executable = "/bin/false"
    if orders.step is not None:
        deed = die if orders.deed == "die" else fill

        def spring() -> None:
            sprung.value += 1
            deed()

        Trap(orders.step, spring).set()
    try:
        asyncio.run(_run(orders, lambda: machine_clock() + timedelta(seconds=ahead_seconds.value)))
    except BaseException:
        _room()  # to write down what it died of
        raise


async def _run(orders: Orders, clock: Callable[[], datetime]) -> None:
    settings = Settings(
        _env_file=None,
        token=TOKEN,
        channel=CHANNEL,
        admin_chat=orders.desk,
        api_url=orders.url,
        database=orders.database,
        digest_times=DIGESTS,
        digest_size=30,
        roundup_time=None,
        undo_seconds=0,
    )
    async with opened(settings, clock, watch=Watch(orders.speed)) as app:
        await _until_told_to_stop(app.run())
