"""An editor's own words in a draft: how long they may be, and what a reply means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.editions.choosing import Choice
from bot.editions.fragments import fragment, opening
from bot.editions.packing import units

LIMITS: Final[dict[str, int]] = {
    "a": 80,  # two of them and «Головне за тиждень: » fit a title of 200
    "b": 80,
    "line": 140,  # screens, C1: a line is one sentence of at most so many characters
}
RESTORES: Final = ("-", "—", "–")  # a reply that takes the own words away, as at a source's section


class Unfit(Exception):
    """The reply cannot stand in the edition: it holds no word, or is too long by `over` UTF-16 units."""

    def __init__(self, over: int = 0) -> None:
        super().__init__(f"{over} too long" if over else "no words")
        self.over = over


def read(said: str, what: str) -> str | None:
    """The words of a reply as they will be printed, on one line; None when it takes the editor's own away."""
    words = " ".join(said.split())
    if words in RESTORES:
        return None
    if what != "line" and not words.endswith("…") and not words.endswith(".."):
        words = words.removesuffix(".").rstrip()  # the title puts its own between the two
    if not any(sign.isalnum() for sign in words):
        raise Unfit
    if (over := units(words) - LIMITS[what]) > 0:
        raise Unfit(over)
    return words


def leads(told: Sequence[Choice]) -> list[Choice]:
    """The stories whose fragments make the title, the first of them first."""
    left, found = list(told), list[Choice]()
    for made in opening([each.headline for each in told]):
        lead = next(each for each in left if fragment(each.headline) == made)
        left.remove(lead)
        found.append(lead)
    return found
