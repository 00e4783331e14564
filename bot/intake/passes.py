"""How one poll of a source went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.wording import Wording
from storage.model import Item, Source, What


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one report, and the item that it is."""

    what: What
    item: Item


@dataclass(frozen=True, slots=True)
class Worry:
    """What the editors should know of a source that does not do its work, and since when it does not.

    errors: it cannot be read; rows: its page opens and shows no list; empty: its feed is well and holds nothing;
    silent: it tells nothing new. `words`: what was seen, in a sentence, '' when the kind says it all.
    """

    kind: Literal["errors", "rows", "empty", "silent"]
    since_at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """What arrived, or the trouble that kept it away. `unchanged`: the server had nothing newer."""

    source: Source
    arrivals: tuple[Arrival, ...] = ()
    trouble: Refused | UnreadableFeed | None = None
    unchanged: bool = False

    def counted(self, what: What) -> int:
        """How many reports were new, updated or duplicate."""
        return sum(arrival.what == what for arrival in self.arrivals)


def trouble_words(wording: Wording, error: Refused | UnreadableFeed) -> str:
    """What went wrong with a source, in a sentence."""
    return wording.text(f"trouble.{error.reason}", **error.values)
