"""Feeds and pages read in a child process that can be killed: a bomb costs two seconds and no memory of ours."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

import bot
from bot.intake import wire
from bot.intake.articles import Article
from bot.intake.bodies import LIMIT_BYTES, UnreadableFeed
from bot.intake.discovery import Candidate
from bot.intake.entries import Feed

SECONDS: Final = 1.9  # of the processor; the slowest of 279 real feeds takes 0.7, with its fetch a bomb less than two
PATIENCE: Final = 8.0  # times that by the wall clock, on a machine that is busy with something else
START_SECONDS: Final = 20.0  # importing costs 0.3 s; a machine that swaps needs longer
_ROOT: Final = str(Path(bot.__file__).parent.parent)
# The child gets no secrets: of the environment only what Python itself needs.
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZDIR", "PYTHONTZPATH", "SYSTEMROOT", "VIRTUAL_ENV")
_LOST: Final = (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError, ValueError, KeyError, TypeError)

log = logging.getLogger(__name__)


class Parser:
    """One child, one job at a time. A child that is slow, dead or talks nonsense is killed and replaced."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        with contextlib.suppress(UnreadableFeed):  # each job tries again and says so; the bot itself can work
            self._child = await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the child and wait until it is gone."""
        self._drop()
        if self._ending:
            await asyncio.gather(*self._ending)

    async def feed(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
        """What feeds.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("feed", content_type, url, now, zone), body)
        assert isinstance(found, Feed)
        return found

    async def page(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Article:
        """What pages.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("page", content_type, url, now, zone), body)
        assert isinstance(found, Article)
        return found

    async def list(
        self,
        body: bytes,
        content_type: str | None,
        url: str,
        now: datetime,
        zone: ZoneInfo,
        selector: str | None = None,
    ) -> Feed:
        """What lists.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("list", content_type, url, now, zone, selector), body)
        assert isinstance(found, Feed)
        return found

    async def preview(self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
        """What previews.read makes of the body. Raises UnreadableFeed, also with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("preview", content_type, url, now, zone), body)
        assert isinstance(found, Feed)
        return found

    async def site(
        self, body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo
    ) -> tuple[Candidate, ...]:
        """What discovery.candidates finds in the body. Raises UnreadableFeed with "too_slow" and "crashed"."""
        found = await self._job(wire.Job("site", content_type, url, now, zone), body)
        assert isinstance(found, tuple)
        return found

    async def _job(self, job: wire.Job, body: bytes) -> wire.Found:
        if len(body) > LIMIT_BYTES:
            raise UnreadableFeed("too_big", size_bytes=len(body), limit_bytes=LIMIT_BYTES)
        async with self._turn:
            child = self._child = self._child or await self._start()
            try:
                async with asyncio.timeout(self._seconds * PATIENCE):
                    return wire.answered(await _ask(child, wire.request(job), body))
            except (TimeoutError, *_LOST) as error:
                self._drop()
                slow = isinstance(error, TimeoutError) or await child.wait() == -signal.SIGPROF
                log.warning("the child %d %s parsing %s", child.pid, "was too slow" if slow else "died", job.url)
                raise UnreadableFeed("too_slow" if slow else "crashed") from error
            except asyncio.CancelledError:
                self._drop()  # or the next job would be given this one's answer
                raise

    async def _start(self) -> Process:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= {"PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
        command = (sys.executable, "-m", "bot.intake.child", str(self._seconds))
        child = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, cwd=_ROOT
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await _hear(child)
        except (TimeoutError, *_LOST) as error:
            self._end_later(child)
            log.error("the child that parses does not start: %r", error)
            raise UnreadableFeed("no_reader") from error
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


async def _bury(child: Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    await child.communicate()  # reads what is left, so that the pipes close too; no zombie stays


async def _ask(child: Process, *frames: bytes) -> bytes:
    if child.stdin is None:
        raise ValueError("a child without a pipe")
    for one in frames:
        child.stdin.write(wire.HEAD.pack(len(one)))
        child.stdin.write(one)
    await child.stdin.drain()
    return await _hear(child)


async def _hear(child: Process) -> bytes:
    if child.stdout is None:
        raise ValueError("a child without a pipe")
    (length,) = wire.HEAD.unpack(await child.stdout.readexactly(wire.HEAD.size))
    if length > wire.LONGEST:
        raise ValueError("a frame longer than any answer")
    return await child.stdout.readexactly(length)
