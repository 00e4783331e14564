"""What may be left out at the end of a headline: a promise, a clause, a cause, a place. Each gives the shorter text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.editions.grammar import (
    FEWEST,
    SIGNS,
    acts,
    bare,
    cases,
    closed,
    kinds,
    rests,
    size,
    stands,
    tells,
    to_come,
    unquoted,
    was,
)
from bot.editions.phrases import any_of, phrases
from bot.judgement import names
from bot.judgement.people import noun_of

MUCH = 5  # words: a shorter head without a verb or a name is a pun that the tail explains
_BORDER = re.compile(  # where a clause ends: no full stop behind «ім.» or «обл.»
    r"\s*[:;]\s|\s[—–-]\s|(?<=[^\W\d_]{4})[.!]\s+(?=[A-ZА-ЯЁІЇЄҐ«])|(?<=[»”\"])\.\s+(?=[A-ZА-ЯЁІЇЄҐ«])|,\s|\s\((?=[^()]*\)$)"
)
# What follows makes the clause before it mean something else, or is what somebody says, asks or wants there.
_BOUND = re.compile(rf"(?:[—–-] )?{phrases('bound')}", re.IGNORECASE)
_NEXT = re.compile(r"[:;]\s|\s[—–-]\s|[.!]\s")
_VAGUE = any_of("vague")
_WHICH = re.compile(r"(?:[а-яёіїєґ]+ )?(?:як(?:ий|а|е|і|ого|ої|их|ому|ою|им)|котор\w+)\b", re.IGNORECASE)
_PURPOSE = re.compile(r"(?:щоб|чтобы|аби)\b", re.IGNORECASE)
TEASER = re.compile(rf"(?:[—–-] )?{phrases('teasers')}", re.IGNORECASE)
_SECOND = re.compile(r"\s(?:та|і|й|и)\s(?=(?P<next>[^\W\d_]+))")
_ADDED = re.compile(
    r",? (?:а також|а также|та ще|і ще|и ещё|и еще|та|і|и) (?:біля|у|в|на|по|під|около|под|возле)\s", re.IGNORECASE
)


def teaser(text: str) -> Iterator[str]:
    """Without «: що відомо», «(ФОТО)», «. У чому її суть»: a promise of more, and no news."""
    for border in reversed(list(_BORDER.finditer(text))):
        head, tail = text[: border.start()].rstrip(SIGNS), text[border.end() :]
        promise = border[0].strip() != "," and TEASER.match(tail)
        if (
            promise
            and closed(head)
            and size(head) >= FEWEST
            and rests(head.split())
            and ("(" in border[0] or _news(head))
        ):
            yield head + "!" * border[0].startswith("!")


def clause(text: str) -> Iterator[str]:
    """Without the last clause or sentence, where what stands before it is a whole sentence."""
    for border in reversed(list(_BORDER.finditer(text))):
        head, tail, sign = text[: border.start()].rstrip(SIGNS), text[border.end() :], border[0].strip()
        purpose = _PURPOSE.match(tail) and to_come(head)  # «пригрозила відключити …, щоб …»
        if (
            (_BOUND.match(tail) and not purpose)
            or _attributed(text[: border.start()], sign, tail)
            or _apposed(head, sign, tail)
            or _meant(head, sign, tail)
            or not stands(head, border=sign)
        ):
            continue
        if sign == "," and _listed(tail):
            continue  # the rest of a list, «Нікополь, Марганець», or who somebody is, «екс-голова ради»
        if not (acts(head.split()[0]) and sign == ":" and not was(head.split()[0])):  # «Виробляють ракети: хто?»
            yield head


def _meant(head: str, sign: str, tail: str) -> bool:
    """Whether only the clause behind says who or what it is: «обговорили питання, які …», «поїде співачка, яка …»."""
    last = bare(head.split()[-1])
    if _VAGUE.fullmatch(last) and sign in (",", ":", "—", "–", "-"):
        return True
    somebody = head[-1].isalpha() and noun_of(last) in ("one", "many")
    return sign == "," and somebody and (bool(_WHICH.match(tail)) or _participle(tail))


def _participle(tail: str) -> bool:
    """Whether it begins with «запущених з моря», «сбивший пешехода»."""
    first, second = [kinds(word) for word in [*tail.split(), ""][:2]]
    return "PRTF" in first or ("ADJF" in first and "PREP" in second)


def _listed(tail: str) -> bool:
    """Whether nothing is told behind the comma: no deed, no circumstance, nothing about the one before it."""
    words, said = tail.split(), _NEXT.split(tail)[0]
    if _PURPOSE.match(tail) or _WHICH.match(tail) or kinds(words[0]) & {"PREP", "PRTF", "GRND", "PRTS", "ADJS"}:
        return False
    if _participle(tail):
        return False
    return not any(tells(word) or kinds(word) & {"GRND"} for word in unquoted(said) if word[:1].islower())


def _news(head: str) -> bool:
    """Whether it tells something, names somebody or says much: «Рекордне зростання» alone is a promise too."""
    said = unquoted(head)
    if "," in head and not any(map(tells, said)):
        return False
    return len(said) >= MUCH or any(map(tells, said)) or any(word[:1].isupper() for word in said[1:])


def _attributed(head: str, sign: str, tail: str) -> bool:
    """Whether the dash names who says it, with or without more behind."""
    return sign in ("—", "–", "-") and (head.rstrip().endswith(",") or names.voice(tail))


def _apposed(head: str, sign: str, tail: str) -> bool:
    """Whether the dash goes on with the word before it: «визнати державою — спонсором тероризму»."""
    last, first = cases(head.split()[-1]), cases(tail.split()[0])
    return sign in ("—", "–", "-") and "ablt" in last & first and "nomn" not in last


def addition(text: str) -> Iterator[str]:
    """Without «, а також біля …», «та ще біля …» at the end."""
    for found in reversed(list(_ADDED.finditer(text))):
        if stands(text[: found.start()]):
            yield text[: found.start()]


def second(text: str) -> Iterator[str]:
    """Without the second of two deeds: «провели операцію та стабілізували …»."""
    for found in reversed(list(_SECOND.finditer(text))):
        head = text[: found.start()]
        if acts(found["next"]) and stands(head) and was(found["next"]):
            yield head
