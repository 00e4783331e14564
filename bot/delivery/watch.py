"""The second clock: monotonic seconds for pacing, holding back and looking twice. No setting of the machine's clock
moves it."""

from __future__ import annotations

import asyncio
import contextlib
import time


class Watch:
    """Called, it says how many seconds have passed; tests let them pass `speed` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed

    def __call__(self) -> float:
        return time.monotonic() * self._speed

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Returns when the event is set or after so many of these seconds; None: only at the event."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for: in Python 3.11 it may swallow a cancellation that meets the event.
            async with asyncio.timeout(None if seconds is None else seconds / self._speed):
                await event.wait()
