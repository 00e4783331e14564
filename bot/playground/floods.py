"""Flood limits, off until asked for: 1 message a second to a chat, 20 a minute to a group, 30 a second in all."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.refusals import RefusedError


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds."""

    count: int
    seconds: float


@dataclass
class Floods:
    """Counts what lands. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""

    clock: Callable[[], float]
    enabled: bool = False
    chat: Limit = Limit(3, 3.0)  # one a second, with bursts of three
    group: Limit = Limit(20, 60.0)
    overall: Limit = Limit(30, 1.0)
    landed: dict[tuple[int, int], deque[float]] = field(default_factory=dict)

    def on(self, chat: Limit | None = None, group: Limit | None = None, overall: Limit | None = None) -> None:
        """Begins to refuse what comes too fast; the limits may be other ones."""
        self.enabled = True
        self.chat, self.group = chat or self.chat, group or self.group
        self.overall = overall or self.overall

    def off(self) -> None:
        self.enabled = False

    def check(self, bot_id: int, chat_id: int, count: int = 1) -> None:
        """Counts these messages. Raises RefusedError(429) with whole seconds of this world's clock."""
        if not self.enabled:
            return
        now = self.clock()
        limits = [(0, self.overall), (chat_id, self.chat)]
        if chat_id < 0:
            limits.append((chat_id, self.group))
        wait = max(self._wait((bot_id, key), limit, now, count) for key, limit in limits)
        if wait > 0:
            after = max(1, math.ceil(wait))
            raise RefusedError(429, f"Too Many Requests: retry after {after}", retry_after=after)
        for key in (0, chat_id):
            self.landed.setdefault((bot_id, key), deque(maxlen=1000)).extend([now] * count)

    def _wait(self, key: tuple[int, int], limit: Limit, now: float, count: int) -> float:
        recent = [at for at in self.landed.get(key, ()) if at > now - limit.seconds]
        room = limit.count - len(recent)
        if count <= room or not recent:
            return 0.0
        first_to_leave = recent[min(len(recent), count - room) - 1]
        return first_to_leave + limit.seconds - now
