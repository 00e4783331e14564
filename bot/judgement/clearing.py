"""A text without what it is asked about: a name gives way to «жінка», a street goes, a school loses its number.

By rule, so that an editor is shown it before it is saved: a sentence may need another word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.intake.languages import by_letters
from bot.judgement.flags import NAMED, Flag
from bot.judgement.people import noun_of
from bot.judgement.words import fold, parses

Cut = tuple[slice, str]  # what goes, and what stands there instead

_AGED = re.compile(r"(\d{1,3})-?\w*(?:річн|летн)\w*$")
_PREPOSITION = re.compile(
    r",?\s*(?<!\w)(?:на розі|на|по|у|в|біля|поблизу|поруч з|із|зі|з|до|около|возле|рядом с|с|к)\s+$", re.IGNORECASE
)
_WORD_BEFORE = re.compile(r"([\w’ʼ'-]+)\s+$")
_RUSSIAN = re.compile(r"летн(?:ий|яя|его|ей|юю|ему)|\bулиц[еаы]\b|[ыэъ]")
_NEXT = re.compile(r"[\s,—–-]*(\w)")
_TEEN: Final = 13  # «хлопчик» until then
# Of each language: a child, one in their teens, a grown-up; of him and of her.
_PEOPLE: Final = {
    "uk": {"masc": ("хлопчик", "підліток", "чоловік"), "femn": ("дівчинка", "дівчина", "жінка")},
    "ru": {"masc": ("мальчик", "подросток", "мужчина"), "femn": ("девочка", "девушка", "женщина")},
}


def cuts(text: str, flags: Sequence[Flag]) -> tuple[Cut, ...]:
    """What to take out for these flags, in the text's order; nothing for those that need other words altogether."""
    language = "ru" if by_letters(text) == "ru" or _RUSSIAN.search(fold(text)) else "uk"
    found = []
    for flag in flags:
        for at in _everywhere(text, flag.words):
            made = _person(text, at, flag, language) if flag.kind in ("child", "victim") else _place(text, at, flag)
            if made is not None:
                found.append(made)
    return _apart(found)


def without(text: str, made: Sequence[Cut]) -> str:
    """The text after these cuts."""
    for at, instead in reversed(made):
        text = text[: at.start] + instead + text[at.stop :]
    return text


def _everywhere(text: str, words: str) -> list[slice]:
    return [slice(*each.span()) for each in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def _person(text: str, at: slice, flag: Flag, language: str) -> Cut | None:
    before = _WORD_BEFORE.search(text, max(0, at.start - 60), at.start)
    word = before[1] if before else ""
    aged = _AGED.match(word)
    if before and not aged and noun_of(fold(word)) in ("one", "many"):
        return slice(before.end(1), at.stop), ""
    read = _reading([word] if aged else flag.words.split())
    if read is None:
        return None
    gender, case = read
    age = int(aged[1]) if aged else None
    grown = 2 if flag.kind == "victim" and age is None else 0 if age is None or age < _TEEN else 1 if age < 18 else 2
    noun = _in_case(_PEOPLE[language][gender][grown], case)
    if before is None and (at.start == 0 or text[: at.start].rstrip(" «")[-1:] in ("", ".", "!", "?", "\n")):
        noun = noun[:1].upper() + noun[1:]
    return at, noun


def _place(text: str, at: slice, flag: Flag) -> Cut | None:
    if flag.kind == "street":
        before = _PREPOSITION.search(text, max(0, at.start - 20), at.start)
        start = before.start() if before else at.start
        after = _NEXT.match(text, at.stop)
        if after and not text[:start].strip():
            return slice(start, after.end()), after[1].upper()  # the sentence begins with what follows
        return slice(start, at.stop), ""
    name = NAMED.search(flag.words)
    if name is None:
        return None  # one of its kind: without it nothing is told
    kept = flag.words[: name.start()].rstrip()
    return slice(at.start + len(kept), at.start + name.end()), ""


def _reading(words: Sequence[str]) -> tuple[str, str] | None:
    """The gender and the case in which all of these words can stand: a first name with its surname, or an adjective of
    age; None when no reading knows them."""
    common: list[tuple[str, str]] = []
    for word in words[:2]:
        readings = parses(re.sub(r"^\d{1,3}-?(?:ти|и)?-?", "", word).strip(".").lower())
        readings = [each for each in readings if "Name" in each.tag] or readings
        both = [(str(each.tag.gender), str(each.tag.case)) for each in readings if each.tag.gender and each.tag.case]
        common = [each for each in common if each in both] or common or both
    return next((each for each in common if each[0] in ("masc", "femn")), None)


def _in_case(noun: str, case: str) -> str:
    inflected = next((made for each in parses(noun) if each.tag.POS == "NOUN" and (made := each.inflect({case}))), None)
    return str(inflected.word) if inflected is not None else noun


def _apart(found: Sequence[Cut]) -> tuple[Cut, ...]:
    """In order, without those that begin within another."""
    kept: list[Cut] = []
    for each in sorted(found, key=lambda cut: (cut[0].start, -cut[0].stop)):
        if not kept or each[0].start >= kept[-1][0].stop:
            kept.append(each)
    return tuple(kept)
