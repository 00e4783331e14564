"""What «оновлено» would say: how the story differs from what the channel told of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.judgement.terms import plain, stems
from storage.model import State

ALIKE = 0.5  # share of common words from which two headlines say the same: a mended comma is no news


@dataclass(frozen=True, slots=True)
class Growth:
    """A count that is larger than the one told: `which` is killed or wounded."""

    which: str
    was: int
    became: int


@dataclass(frozen=True, slots=True)
class Change:
    """The counts that grew, the dead first; none: the new headline itself is what changed."""

    growth: tuple[Growth, ...]
    was: str
    became: str


def change(told: State, now_state: State) -> Change | None:
    """What a reader of the told state does not know yet; None when it is not worth telling again."""
    if now_state.version <= told.version:
        return None
    growth = tuple(
        Growth(which, told.toll.get(which, 0), count)
        for which, count in sorted(now_state.toll.items())
        if count > told.toll.get(which, 0)
    )
    if not growth and alike(told.title, now_state.title) >= ALIKE:
        return None
    return Change(growth, told.title, now_state.title)


def alike(one: str, other: str) -> float:
    """The share of words that two headlines have in common, 0 to 1; 1 for two empty ones."""
    first, second = set(stems(plain(one))), set(stems(plain(other)))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0
