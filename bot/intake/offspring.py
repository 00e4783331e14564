"""A child process that does jobs for the bot and may die of them: slow, dead or babbling, it is killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

import bot
from bot.intake.frames import HEAD, LONGEST

PATIENCE: Final = 8.0  # times what a job may cost by the wall clock, on a machine that is busy with something else
DYING_SECONDS: Final = 0.5  # between the end of its answers and the end of the child
START_SECONDS: Final = 20.0  # importing costs 0.3 s; a machine that swaps needs longer
_ROOT: Final = str(Path(bot.__file__).parent.parent)
# The child gets no secrets: of the environment only what Python itself needs.
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZDIR", "PYTHONTZPATH", "SYSTEMROOT", "VIRTUAL_ENV")
_LOST: Final = (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError, ValueError, KeyError, TypeError)

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Lost(Exception):
    """A job was not done: the child does not start, took too long or died of it."""

    def __init__(self, reason: Literal["no_reader", "too_slow", "crashed"]) -> None:
        super().__init__(reason)
        self.reason = reason


class Offspring:
    """One child that runs the program, one job at a time; a job costs so many seconds of the processor at most."""

    def __init__(self, program: str, seconds: float) -> None:
        self._program = program
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """Of the child that waits for jobs; None while there is none."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """A child waits for jobs, unless it does not start: the next job tries again."""
        with contextlib.suppress(Lost):
            self._child = self._child or await self._start()

    async def close(self) -> None:
        """End the child and wait until it is gone."""
        self._drop()
        if self._ending:
            await asyncio.gather(*self._ending)

    async def ask(self, read: Callable[[bytes], Answer], *frames: bytes) -> Answer:
        """What `read` makes of the answer to these frames; its ValueError, KeyError and TypeError mean that the child
        babbles. Raises Lost."""
        async with self._turn:
            child = self._child = self._child or await self._start()
            try:
                async with asyncio.timeout(self._seconds * PATIENCE):
                    return read(await _ask(child, *frames))
            except (TimeoutError, *_LOST) as error:
                slow = isinstance(error, TimeoutError) or await _ended(child) == -signal.SIGPROF
                self._drop()
                raise Lost("too_slow" if slow else "crashed") from error
            except asyncio.CancelledError:
                self._drop()  # or the next job would be given this one's answer
                raise

    async def _start(self) -> Process:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= {"PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
        command = (sys.executable, "-m", self._program, str(self._seconds))
        child = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, cwd=_ROOT
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await _hear(child)
        except (TimeoutError, *_LOST) as error:
            self._end_later(child)
            log.error("the child %s does not start: %r", self._program, error)
            raise Lost("no_reader") from error
        except BaseException:
            self._end_later(child)
            raise
        return child

    def _drop(self) -> None:
        if self._child is not None:
            self._end_later(self._child)
            self._child = None

    def _end_later(self, child: Process) -> None:
        """Kill at once; collect the dead in a task of its own, which no cancellation of a job reaches."""
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        task = asyncio.create_task(_bury(child))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


async def _ended(child: Process) -> int | None:
    """What the child that fell silent died of, None when it lives. Asked before it is killed: killing looks for the
    dead itself, and then nobody else learns what they died of."""
    try:
        async with asyncio.timeout(DYING_SECONDS):
            return await child.wait()
    except TimeoutError:
        return None


async def _bury(child: Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    await child.communicate()  # reads what is left, so that the pipes close too; no zombie stays


async def _ask(child: Process, *frames: bytes) -> bytes:
    if child.stdin is None:
        raise ValueError("a child without a pipe")
    for one in frames:
        child.stdin.write(HEAD.pack(len(one)))
        child.stdin.write(one)
    await child.stdin.drain()
    return await _hear(child)


async def _hear(child: Process) -> bytes:
    if child.stdout is None:
        raise ValueError("a child without a pipe")
    (length,) = HEAD.unpack(await child.stdout.readexactly(HEAD.size))
    if length > LONGEST:
        raise ValueError("a frame longer than any answer")
    return await child.stdout.readexactly(length)
