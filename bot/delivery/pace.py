"""How fast Telegram takes messages, and who has to wait because it said so. Moments are monotonic seconds.

One Pace is shared by all who send, so that an alarm, a card and an alert do not each believe they are alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in any stretch of so many seconds."""

    count: int
    seconds: float


# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one a second to a chat, 20 a minute
# to a group, 30 a second in all.
CHAT = Limit(1, 1.0)
GROUP = Limit(20, 60.0)
OVERALL = Limit(30, 1.0)
MARGIN_SECONDS = 0.04  # what leaves evenly arrives unevenly, and one refusal costs a whole second
EVERYWHERE = "*"


@dataclass
class Pace:
    """Counts what is sent, holds back what Telegram held back. A limit of None is none."""

    chat: Limit | None = CHAT
    group: Limit | None = GROUP
    overall: Limit | None = OVERALL
    _sent: dict[str, deque[float]] = field(default_factory=dict)
    _held_until: dict[str, float] = field(default_factory=dict)
    _number: dict[str, str] = field(default_factory=dict)  # of a chat by its @name

    def alias(self, name: str | None, number: int) -> None:
        """@name and number are one chat."""
        if name:
            self._number[f"@{name}".lower()] = str(number)

    def names(self, chat: str) -> list[str]:
        """Every name under which parcels may know this chat."""
        key = self._key(chat)
        return [key, *(name for name, number in self._number.items() if number == key)]

    def wait(self, chat: str, moment: float) -> float:
        """Seconds until a message may go to this chat; 0.0: now."""
        key = self._key(chat)
        own = max(self._left(key, moment), self._left(EVERYWHERE, moment), self._room(EVERYWHERE, self.overall, moment))
        own = max(own, self._room(key, self.chat, moment))
        return max(own, self._room(key, self.group, moment)) if _many(key) else own

    def wait_anywhere(self, moment: float) -> float:
        """Seconds until a message may go to any chat at all."""
        return max(self._left(EVERYWHERE, moment), self._room(EVERYWHERE, self.overall, moment))

    def take(self, chat: str, moment: float, count: int = 1) -> None:
        """So many messages leave for this chat."""
        for key in {self._key(chat), EVERYWHERE}:
            self._sent.setdefault(key, deque(maxlen=200)).extend([moment] * count)

    def give_back(self, chat: str) -> None:
        """The last message that left for this chat did not land anywhere."""
        for key in {self._key(chat), EVERYWHERE}:
            if self._sent.get(key):
                self._sent[key].pop()

    def hold(self, chat: str, moment: float, seconds: float) -> None:
        """Nothing goes to this chat (to any, for EVERYWHERE) for so long; a longer hold stays."""
        key = self._key(chat)
        self._held_until[key] = max(moment + seconds, self._held_until.get(key, 0.0))

    def flooded(self, chat: str, moment: float, seconds: float) -> None:
        """Telegram said 429. A chat that we left in peace cannot be what was too much, so then nobody sends."""
        key = self._key(chat)
        limit = self.group if _many(key) else self.chat
        recent = [at for at in self._sent.get(key, ()) if at > moment - (limit.seconds if limit else 1.0)]
        self.hold(key if len(recent) > 1 or _many(key) else EVERYWHERE, moment, seconds)

    def release(self, chat: str) -> None:
        """Whatever this chat was held for is over."""
        self._held_until.pop(self._key(chat), None)

    def closed(self, moment: float) -> list[str]:
        """Chats, under all their names, to which nothing may go now."""
        keys = {key for key in {*self._held_until, *self._sent} - {EVERYWHERE} if self.wait(key, moment) > 0}
        return sorted(name for key in keys for name in self.names(key))

    def opens_in(self, moment: float) -> float | None:
        """Seconds until something that is closed opens; None when nothing is."""
        self._forget(moment)
        waits = [self.wait_anywhere(moment)]
        waits += [self.wait(key, moment) for key in {*self._held_until, *self._sent} - {EVERYWHERE}]
        return min((wait for wait in waits if wait > 0), default=None)

    def _key(self, chat: str) -> str:
        return self._number.get(chat.lower(), chat)

    def _left(self, key: str, moment: float) -> float:
        return max(0.0, self._held_until.get(key, 0.0) - moment)

    def _room(self, key: str, limit: Limit | None, moment: float) -> float:
        """Seconds until the limit has room for one more."""
        sent = self._sent.get(key)
        if limit is None or sent is None or len(sent) < limit.count:
            return 0.0
        return max(0.0, sent[-limit.count] + limit.seconds + MARGIN_SECONDS - moment)

    def _forget(self, moment: float) -> None:
        """Drops what no longer makes anybody wait, so that ten thousand readers take no room."""
        self._held_until = {key: until for key, until in self._held_until.items() if until > moment}
        longest = max((limit.seconds for limit in (self.chat, self.group, self.overall) if limit), default=0.0)
        for key in [key for key, sent in self._sent.items() if not sent or self._over(key, sent, moment, longest)]:
            del self._sent[key]

    def _over(self, key: str, sent: deque[float], moment: float, longest: float) -> bool:
        keep = longest if _many(key) or key == EVERYWHERE else (self.chat.seconds if self.chat else 0.0)
        return sent[-1] + keep + MARGIN_SECONDS <= moment


def _many(key: str) -> bool:
    """Whether the chat is a group or a channel: theirs are negative numbers or names."""
    return key.startswith(("-", "@"))


def unlimited() -> Pace:
    """Paces nobody, but holds back what Telegram holds back."""
    return Pace(chat=None, group=None, overall=None)
