"""Leaves a server that has begun to answer and drips, be it the head or the body; the wait for a first byte is its own.

aiohttp shows its callers no byte before the head is whole, so the bytes are counted where they come out of the wire.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Final

import aiohttp
from aiohttp.connector import Connection

GRACE_SECONDS: Final = 1.5  # of an answer that has begun
SLOWEST: Final = 2_048  # bytes a second on the whole after that: a modem of 1995 brings more, a slow loris one

_counting: ContextVar[Callable[[int], None]] = ContextVar("counting")  # what one request hears of its bytes


class Patience:
    """With one address and wherever it sends on: what a redirect has used up is not given to the next one."""

    def __init__(self) -> None:
        self._left_seconds = GRACE_SECONDS

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """One request through a Connector; TimeoutError when too little of its answer came for the time it took."""
        loop, open_ = asyncio.get_running_loop(), True
        async with asyncio.timeout(None) as limit:

            def count(size_bytes: int) -> None:
                if open_ and not limit.expired():  # a TLS connection that is being closed still delivers
                    limit.reschedule((limit.when() or loop.time() + self._left_seconds) + size_bytes / SLOWEST)

            _counting.set(count)
            try:
                yield
            finally:
                open_, until = False, limit.when()
                if until is not None:
                    self._left_seconds = min(GRACE_SECONDS, max(0.0, until - loop.time()))


class Connector(aiohttp.TCPConnector):
    """Counts what comes over each of its connections for the request that made it."""

    async def connect(self, *asked: Any, **more: Any) -> Connection:
        """A connection, as of any connector."""
        connection = await super().connect(*asked, **more)
        if connection.transport is not None and connection.protocol is not None:
            connection.transport.set_protocol(_Counted(connection.protocol, _counting.get()))
        return connection


class _Counted(asyncio.Protocol):
    """Hands on to aiohttp's own protocol whatever happens on the wire."""

    def __init__(self, inner: asyncio.Protocol, count: Callable[[int], None]) -> None:
        self._inner, self._count = inner, count

    def data_received(self, data: bytes) -> None:
        self._count(len(data))
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
