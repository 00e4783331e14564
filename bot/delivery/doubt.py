"""What looking has shown of a send whose answer was lost. Ids of a chat's messages are looked at one after another.

Absence is bounded evidence, never proof: it counts after two looks, the second a minute after the connection ended
(a call in the air lands within seconds), each over twenty ids beyond the last message that is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.delivery.likeness import Verdict

BEYOND = 20  # ids without a message, one after another, until a look ends
MOST = 400  # ids looked at: a chat that grew by so many since is looked at by a person
AGAIN_SECONDS = 60.0  # after the connection ended
BUSY_SECONDS = 120.0  # of 429: then a person is faster
LOOKS = 2

Outcome = Literal["found", "absent", "many", "unlike", "long"]


@dataclass
class Look:
    """One walk over the ids that follow `number`'s beginning; it can be interrupted and goes on where it was."""

    number: int
    at_least: int = 0  # holes up to this id say nothing: in private the numbers of all chats are mixed
    seen: int = 0
    misses: int = 0
    same: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)

    def miss(self) -> None:
        """No message has this id."""
        self.misses += self.number > self.at_least
        self._on()

    def meet(self, likeness: Verdict) -> None:
        """A message has this id; a service message and one that is known as another are "other"."""
        self.misses = 0
        if likeness == "same":
            self.same.append(self.number)
        elif likeness == "unsure":
            self.unsure.append(self.number)
        self._on()

    def close(self) -> None:
        """Nothing that follows can be it."""
        self.misses = BEYOND

    @property
    def over(self) -> bool:
        """Whether there is nothing more to look at."""
        return self.misses >= BEYOND or self.seen >= MOST

    @property
    def outcome(self) -> Outcome:
        """What the walk has shown once it is over."""
        if len(self.same) == 1:  # words that are only like ours are somebody else's on the same event
            return "found"
        if self.same or len(self.unsure) > 1:
            return "many"
        if self.unsure:
            return "unlike"
        return "long" if self.misses < BEYOND else "absent"

    def _on(self) -> None:
        self.seen += 1
        self.number += 1
