"""What a report's words say to the judgement. Reading is slow and ranking frequent, so what was read is remembered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.judgement.junk import junk
from bot.judgement.words import words

LEAD_LETTERS = 400  # of the lead: what is far down is background
READ = 16_384  # reports remembered: a busy day and half of the next; at most about 30 MB
LEXICONS = 4  # the newsroom's taste, the default, the learned one, and one to spare
STEM_LETTERS, LEAST_LETTERS = 4, 4  # beginnings of words by which stories are compared; shorter words join sentences

_URGENT: Final = re.compile("^\\W*[❗‼⚡🔴🚨]|^\\W*(?:терміново|срочно|молния|breaking)\\b", re.IGNORECASE)

Stems = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Kinds of words by number, in the order of the lexicon, and those of the headline and of the lead alone; which
    routine it is, None when it may be news; whether its source put a mark of urgency before it; beginnings of its
    longer words."""

    kinds: tuple[int, ...]
    headline: frozenset[int]
    lead: frozenset[int]
    junk: str | None
    urgent: bool
    stems: frozenset[str]


class Lexicon:
    """Kinds of weighty words, each with its stems, ready to be found."""

    def __init__(self, kinds: Sequence[Stems]) -> None:
        self._by_first: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for kind, stems in enumerate(kinds):
            for first, *rest in stems:
                self._by_first[first].append((kind, tuple(rest)))
        self._lengths = sorted({len(first) for first in self._by_first})

    def kinds(self, told: Sequence[str]) -> frozenset[int]:
        """The kinds that the folded words are of."""
        found: set[int] = set()
        for place, word in enumerate(told):
            for length in self._lengths:
                for kind, rest in self._by_first.get(word[:length], ()):
                    if kind not in found and _follow(rest, told, place + 1):
                        found.add(kind)
        return frozenset(found)


@lru_cache(maxsize=LEXICONS)
def lexicon(kinds: tuple[Stems, ...]) -> Lexicon:
    """The same lexicon for the same stems, so that what was read with it is found again."""
    return Lexicon(kinds)


def heard(known: Lexicon, title: str, lead: str) -> Heard:
    return _heard(known, title, lead[:LEAD_LETTERS])


@lru_cache(maxsize=READ)
def _heard(known: Lexicon, title: str, lead: str) -> Heard:
    headline, rest = words(title), words(lead)
    above, below = known.kinds(headline), known.kinds(rest)
    stems = frozenset(word[:STEM_LETTERS] for word in headline + rest if len(word) >= LEAST_LETTERS)
    urgent = bool(_URGENT.search(title))
    return Heard(tuple(sorted(above | below)), above, below - above, junk(title, lead), urgent, stems)


def _follow(rest: Sequence[str], told: Sequence[str], after: int) -> bool:
    """Whether the next words begin, with at most one between, as the stem's other parts do."""
    for part in rest:
        near = (place + 1 for place in range(after, min(after + 2, len(told))) if told[place].startswith(part))
        after = next(near, 0)
        if not after:
            return False
    return True
