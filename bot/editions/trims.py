"""The ways to make a headline shorter by leaving something out; each gives the shorter texts, the best first.

None of them knows what must stay (`truth` does): each knows only where one part ends and another begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.editions import asides, circumstances, epithets, tails
from bot.editions.grammar import joined, kinds
from bot.editions.phrases import phrases
from bot.editions.truth import counts

Trim = Callable[[str], Iterator[str]]

_TIME = re.compile(rf"(?:^|\s){phrases('times')}(?=\s|$)", re.IGNORECASE)
_ONE_MORE = re.compile(r"\s(?:ще|ещё|еще) (?:одн\w+|один)(?=\s)", re.IGNORECASE)
_REGION = re.compile(
    r"\s(?:(?P<in>[ув]) [А-ЯЁІЇЄҐ][\w’ʼ'-]+(?:ій|ому|ой|ом) (?:області|районі|краї|громаді|области|районе|крае)"
    r"|[А-ЯЁІЇЄҐ][\w’ʼ'-]+(?:ої|ой|ого) (?:області|обл\.?|району|района|края|краю|области|громади))"
    r"(?: РФ| Росії| России)?(?=\s[^A-ZА-ЯЁІЇЄҐ]|,|$)"
)


def time(text: str) -> Iterator[str]:
    """Without a word of time, which the edition's own day says; but a number is a number of its time."""
    for found in () if counts(text) else _TIME.finditer(text):
        before = text[: found.start()].split()
        if not (before and "PREP" in kinds(before[-1])):  # «від сьогодні»
            yield joined(text[: found.start()], text[found.end() :])


def one_more(text: str) -> Iterator[str]:
    """«Ще одне село» as «село»."""
    for found in _ONE_MORE.finditer(text):
        yield joined(text[: found.start()], text[found.end() :])


def region(text: str) -> Iterator[str]:
    """«В Торецьку Донецької області» as «в Торецьку», «Новоросійськ у Краснодарському краї РФ» as «Новоросійськ»."""
    for found in _REGION.finditer(text):
        before = text[: found.start()].split()
        if before and before[-1][:1].isupper() and before[-1][-1].isalpha() and (found["in"] or _placed(before)):
            yield joined(text[: found.start()], text[found.end() :])


def _placed(before: list[str]) -> bool:
    return len(before) > 1 and "PREP" in kinds(before[-2])


BEFORE: tuple[Trim, ...] = (
    asides.pun, time, epithets.title, epithets.incumbent, epithets.given, one_more, region,
    asides.circumstance, asides.sequel, asides.about, asides.others,
)  # fmt: skip
BEHIND: tuple[Trim, ...] = (tails.clause, tails.addition, tails.second, circumstances.cause)
TRIMS: tuple[Trim, ...] = (tails.teaser, *BEFORE, *BEHIND, epithets.ornament)
# What these leave out a reader would rather keep: they are worth it only where they make a fragment.
BOLD: tuple[Trim, ...] = (
    epithets.echo, epithets.adverb, epithets.manner, epithets.instrument, epithets.epithet, epithets.make, asides.agent,
    circumstances.reason, circumstances.origin, circumstances.protest,
)  # fmt: skip
LAST: tuple[Trim, ...] = (circumstances.place,)
# What cuts nothing that a denial denies.
WITHIN_DENIALS: frozenset[Trim] = frozenset(
    {tails.teaser, tails.clause, epithets.title, epithets.incumbent, epithets.given}
)
# What is no number of anything: «ще одне село» is a village, «Герань-2» a make.
UNWEIGHED: frozenset[Trim] = frozenset({one_more, epithets.make})
# These leave out a whole clause, and with it what only limited it.
CLAUSES: frozenset[Trim] = frozenset({tails.teaser, tails.clause, asides.pun})
