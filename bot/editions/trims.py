"""The ways to make a headline shorter by leaving something out; each gives the shorter texts, the best first.

None of them knows what must stay (`truth` does): each knows only where one part ends and another begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.editions import tails
from bot.editions.grammar import acts, agree, bare, cases, kinds, stands, tells
from bot.editions.phrases import phrases
from bot.editions.truth import counts, denies
from bot.judgement.names import first_name, known, office

Trim = Callable[[str], Iterator[str]]

_TIME = re.compile(rf"(?:^|\s){phrases('times')}(?=\s|$)", re.IGNORECASE)
_PUN = re.compile(r"(?P<pun>(?:[^\W\d_]+ ){0,2}[^\W\d_]{4,})\. (?P<said>[A-ZА-ЯЁІЇЄҐ][^?]+)")
_ONE_MORE = re.compile(r"\s(?:ще|ещё|еще) (?:одн\w+|один)(?=\s)", re.IGNORECASE)
_ORNAMENT = re.compile(rf"\s{phrases('ornaments')}(?=\s\w)")
_REGION = re.compile(
    r"\s(?:(?P<in>[ув]) [А-ЯЁІЇЄҐ][\w’ʼ'-]+(?:ій|ому|ой|ом) (?:області|районі|краї|громаді|области|районе|крае)"
    r"|[А-ЯЁІЇЄҐ][\w’ʼ'-]+(?:ої|ой|ого) (?:області|обл\.?|району|района|края|краю|области|громади))"
    r"(?: РФ| Росії| России)?(?=\s[^A-ZА-ЯЁІЇЄҐ]|,|$)"
)


def pun(text: str) -> Iterator[str]:
    """«Порожні тарілки. Армія втрачає зв’язок» as its second sentence: the first tells nothing."""
    found = _PUN.fullmatch(text)
    if found is None or tails.TEASER.match(found["said"]):
        return
    if not any(map(tells, found["pun"].split())) and stands(found["said"], border="."):
        yield found["said"]


def time(text: str) -> Iterator[str]:
    """Without a word of time, which the edition's own day says; but a number is a number of its time."""
    for found in () if counts(text) else _TIME.finditer(text):
        before = text[: found.start()].split()
        if not (before and "PREP" in kinds(before[-1])):  # «від сьогодні»
            yield _joined(text[: found.start()], text[found.end() :])


def one_more(text: str) -> Iterator[str]:
    """«Ще одне село» as «село»."""
    for found in _ONE_MORE.finditer(text):
        yield _joined(text[: found.start()], text[found.end() :])


def circumstance(text: str) -> Iterator[str]:
    """«У захопленій Горлівці внаслідок … постраждали люди» without the cause between the place and the deed."""
    for found in tails.CAUSE.finditer(text):
        head, rest = text[: found.start()].split(), text[found.end() :].split()
        if not head or "PREP" not in kinds(head[0]) or len(head) > 4 or any(map(acts, head)) or "," in text:
            continue
        deed = next((at for at, word in enumerate(rest) if acts(word)), None)
        after = next((word for word in rest[deed + 1 : deed + 4] if "NOUN" in kinds(word)), "") if deed else ""
        if deed and after and agree(rest[deed], after) and not denies(" ".join(rest[:deed])):
            yield " ".join([*head, *rest[deed:]])


def region(text: str) -> Iterator[str]:
    """«В Торецьку Донецької області» as «в Торецьку», «Новоросійськ у Краснодарському краї РФ» as «Новоросійськ»."""
    for found in _REGION.finditer(text):
        before = text[: found.start()].split()
        if before and before[-1][:1].isupper() and before[-1][-1].isalpha() and (found["in"] or _placed(before)):
            yield _joined(text[: found.start()], text[found.end() :])


def _placed(before: list[str]) -> bool:
    return len(before) > 1 and "PREP" in kinds(before[-2])


def ornament(text: str) -> Iterator[str]:
    """«Масовану атаку» as «атаку»."""
    for found in _ORNAMENT.finditer(text):
        yield _joined(text[: found.start()], text[found.end() :])


def title(text: str) -> Iterator[str]:
    """«Президент США Дональд Трамп» as «Трамп»."""
    words = text.split()
    for end in range(2, len(words)):
        if not known(words[end]) or words[end][-1:] in '»”"' or not first_name(words[end - 1]):
            continue
        start = next((at for at in range(end - 2, max(-1, end - 6), -1) if office(words[at])), None)
        if start is None or not cases(words[start]) & cases(words[end - 1]):
            continue
        if all(_of_office(each) for each in words[start + 1 : end - 1]):
            while start and kinds(words[start - 1]) <= {"ADJF", "PRTF"}:
                start -= 1
            yield _joined(" ".join(words[:start]), " ".join(words[end:]))


def _of_office(word: str) -> bool:
    return word[-1:].isalpha() and (word[:1].isupper() or bare(word) in ("країни", "держави", "страны", "государства"))


def _joined(before: str, after: str) -> str:
    """Both parts as one sentence, with a capital when its beginning is new."""
    gap = "" if after.lstrip()[:1] in ",.:;" else " "
    joined = f"{before.rstrip()}{gap}{after.lstrip()}".strip()
    return joined if before.strip() else joined[:1].upper() + joined[1:]


BEFORE: tuple[Trim, ...] = (pun, time, title, one_more, region, circumstance)
BEHIND: tuple[Trim, ...] = (tails.clause, tails.addition, tails.second, tails.cause)
TRIMS: tuple[Trim, ...] = (tails.teaser, *BEFORE, *BEHIND, ornament, tails.place)
WITHIN_DENIALS: frozenset[Trim] = frozenset({tails.teaser, tails.clause, title})  # they cut nothing that it denies
