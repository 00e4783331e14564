"""What «оновлено» would say: how the story differs from what the channel told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.judgement.numerals import number
from bot.judgement.terms import plain, stems
from bot.judgement.words import fold, keys
from storage.model import State

_NUMBER = re.compile(r"[^\W\d_]+(?:[’ʼ'][^\W\d_]+)*|\d+")
# Where a sentence or a quotation begins, a capital says nothing.
_NAME = re.compile(r"(?<=[^.!?…:«\"“„(] )[A-ZА-ЯІЇЄҐЁ][\w’ʼ'-]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b")  # «оновлено о 14:30» is no fact of a lead

ALIKE = 0.5  # share of common words from which two headlines say the same: a mended comma is no news


@dataclass(frozen=True, slots=True)
class Growth:
    """A count that is not the one told: `which` is killed or wounded."""

    which: str
    was: int
    became: int


@dataclass(frozen=True, slots=True)
class Change:
    """The counts that grew, and those that were corrected downwards, the dead first; none: the new headline itself is
    what changed."""

    growth: tuple[Growth, ...]
    was: str
    became: str
    lowered: tuple[Growth, ...] = ()


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
    lowered = tuple(
        Growth(which, told.toll[which], count)
        for which, count in sorted(now_state.toll.items())
        if count < told.toll.get(which, 0)
    )
    return Change(growth, told.title, now_state.title, lowered)


def alike(one: str, other: str) -> float:
    """The share of words that two headlines have in common, 0 to 1; 1 for two empty ones."""
    first, second = set(stems(plain(one))), set(stems(plain(other)))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


@dataclass(frozen=True, slots=True)
class Edit:
    """What a text said and says now: two headlines, or the two sentences of a lead that tell it otherwise."""

    was: str
    became: str


def edit(was: tuple[str, str], became: tuple[str, str]) -> Edit | None:
    """What became of a report's title and lead when numbers or names in it were changed; None when only words were.

    A title is compared whole. In a lead, which feeds cut and sites lengthen, only what took another's place counts.
    """
    if any(_gone(was[0], became[0])) or any(_gone(became[0], was[0])):
        return Edit(was[0], became[0])
    before, after = (_CLOCK.sub(" ", lead) for lead in (was[1], became[1]))
    for lost, found in zip(_gone(before, after), _gone(after, before), strict=True):
        if lost and found:
            return Edit(_telling(was[1], lost), _telling(became[1], found))
    return None


def _gone(said: str, now: str) -> tuple[set[str], set[str]]:
    """Numbers of a text that the other does not give, and names that it does not hold in any form; as written."""
    held, given = {form for forms in keys(now) for form in forms}, {count for _, count in _numbers(now)}
    names = set() if said.isupper() else {name for name in _NAME.findall(said) if not _held(name, held)}
    return {written for written, count in _numbers(said) if count not in given}, names


def _held(name: str, held: set[str]) -> bool:
    return all(not forms.isdisjoint(held) for forms in keys(name))


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Each number as it is written with what it counts; «один» is left out, it means «a certain» as often."""
    for written in _NUMBER.findall(text):
        count = int(written) if written.isdecimal() and len(written) < 16 else number(fold(written))
        if count is not None and (count != 1 or written.isdecimal()):
            yield written, count


def _telling(text: str, facts: set[str]) -> str:
    """The first sentence that holds one of the facts."""
    parts = _SENTENCE.split(text)
    return next(part for part in parts if facts.intersection((*_NUMBER.findall(part), *_NAME.findall(part))))
