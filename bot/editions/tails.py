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

MUCH = 5  # words: a shorter head without a verb or a name is a pun that the tail explains
CAUSE = re.compile(rf"\s(?=(?:(?P<for>для)|{phrases('causes')})\s)", re.IGNORECASE)
_BORDER = re.compile(  # where a clause ends: no full stop behind «ім.» or «обл.»
    r"\s*[:;]\s|\s[—–-]\s|(?<=[^\W\d_]{4})[.!]\s+(?=[A-ZА-ЯЁІЇЄҐ«])|(?<=[»”\"])\.\s+(?=[A-ZА-ЯЁІЇЄҐ«])|,\s|\s\((?=[^()]*\)$)"
)
# What follows makes the clause before it mean something else, or is what somebody says, asks or wants there.
_BOUND = re.compile(rf"(?:[—–-] )?{phrases('bound')}", re.IGNORECASE)
_PURPOSE = re.compile(r"(?:щоб|чтобы|аби)\b", re.IGNORECASE)
TEASER = re.compile(rf"(?:[—–-] )?{phrases('teasers')}", re.IGNORECASE)
# «Створили загрозу» without «для безпеки» is half a phrase.
_OPEN = any_of("open")
# «Заборонили в Бердянську» without the place would forbid everywhere.
_RULE = any_of("rules")
_PLACE = re.compile(
    r"\s(?=(?:(?P<in>у|в|на)|під|біля|поблизу|под|возле|близ|около)\s(?:[^\W\d_]+(?:ій|ому|ом|ой|ою|им)\s)*"
    r"(?P<name>[А-ЯЁІЇЄҐ][\w’ʼ'-]+))"
)
_TELLING = frozenset({"VERB", "PRTS", "PRTF", "GRND", "PRED", "PREP", "ADJS"})
_SECOND = re.compile(r"\s(?:та|і|й|и)\s(?=(?P<next>[^\W\d_]+))")
_ADDED = re.compile(
    r",? (?:а також|а также|та ще|і ще|и ещё|и еще|та|і|и) (?:біля|у|в|на|по|під|около|под|возле)\s", re.IGNORECASE
)
_COUNTRY = re.compile(r"\b(?:Україн|Украин|США|РФ|Росі|Росси|Європ|Европ|світ|мир)", re.IGNORECASE)


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
            or not stands(head, border=sign)
        ):
            continue
        if sign == "," and not any(kinds(word) & _TELLING for word in tail.split()):
            continue  # the rest of a list: «Нікополь, Марганець»
        if not (acts(head.split()[0]) and sign == ":" and not was(head.split()[0])):  # «Виробляють ракети: хто?»
            yield head


def _news(head: str) -> bool:
    """Whether it tells something, names somebody or says much: «Рекордне зростання» alone is a promise too."""
    said = unquoted(head)
    return len(said) >= MUCH or any(map(tells, said)) or any(word[:1].isupper() for word in said[1:])


def _attributed(head: str, sign: str, tail: str) -> bool:
    """Whether the dash names who says it, with or without more behind."""
    return sign in ("—", "–", "-") and (head.rstrip().endswith(",") or names.voice(tail))


def cause(text: str) -> Iterator[str]:
    """Without the last phrase of cause, purpose or circumstance."""
    for found in reversed(list(CAUSE.finditer(text))):
        head = text[: found.start()]
        words = head.split()
        last = bare(words[-1]) if words else ""
        if found["for"] and not (len(words) > 1 and "PREP" in kinds(words[-2])):
            continue  # «ракети для ППО»; but «вивели ракети з міста для захисту»
        if stands(head) and not _OPEN.fullmatch(last) and not to_come(head):
            yield head


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


def place(text: str) -> Iterator[str]:
    """Without the place at the end, when somebody is told to have done something and no other place is named."""
    found = list(_PLACE.finditer(text))
    if len(found) != 1 or found[0].start() == 0 or _RULE.search(text):
        return
    head, tail = text[: found[0].start()], text[found[0].start() :]
    words = head.split()
    named = words[kinds(words[0]) == {"ADJF"} :] if words else []
    doer = bool(named) and "NOUN" in kinds(named[0]) and "PREP" not in kinds(named[0])
    where = found[0]["in"] is None or "loct" in cases(found[0]["name"])  # «у Лиманську», not «в Румунію»
    if (
        doer
        and where
        and not _OPEN.fullmatch(bare(words[-1]))
        and stands(head)
        and any(map(was, words))
        and not _COUNTRY.search(tail)
        and _only_place(tail)
    ):
        yield head


def _only_place(tail: str) -> bool:
    """Whether nothing but the place stands there: «на півночі області», «в російській Уфі», no verb and no person."""
    return not any(kinds(word) & {"VERB", "INFN", "CONJ"} for word in tail.split()[2:]) and size(tail) <= 4
