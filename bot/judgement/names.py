"""Whose name a text tells: a person named in full stays private unless an office or every reader knows them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

from bot.judgement.words import fold, parses

_CAPITAL = re.compile(r"[А-ЯЁІЇЄҐ][а-яёіїєґ’ʼ'-]+$")
_OFFICE = re.compile(
    r"(?:екс|экс|віце|вице|прем.єр|премьер|врио|держ|гос|ген|нар)?-?(?:"
    r"(?:през[иі]дент|м[іи]н[іи]стр|секретар|прем.єр|премьер|губернатор|речни[кц]|представник|представител|депутат|"
    r"спікер|спикер|командувач|командующ|головком|главком|генерал|начальник|канцлер|корол|принц|патріарх|патриарх|"
    r"прокурор|радник|советник|керівник|руководител|лідер|лидер|омбудсмен|уповноважен|уполномоченн|сенатор|"
    r"конгре[сc]{1,2}мен|комісар|комиссар|генсек|нардеп|мундеп)\w{0,5}"
    r"|(?:глав|голов)(?:а|и|у|ою|і|ы|е|ой)|м[еэ]р(?:а|у|ом|ові|ка|ки|ці)?|пос(?:ол|ла|лу|лом|лові))$"
)
_AGED = re.compile(r"\d+-?(?:річн|летн)\w*$|(?:хлопч|хлопец|дівчин|дитин|немовля|мальчик|девочк|реб[её]н|младен)\w*$")
_OF_NAMES = re.compile(r"\w+(?:енк[оау]?|ч?ук[аоу]?|швіл[іи]|швил[иі]|дзе)$")
_OPENING = re.compile(r"((?:[^\W\d_]+[-’ʼ' ]?){1,3}):\s")
_NO_NAME = re.compile(r"Рад[аиіуо]\w?|Біл[аоіу]\w{0,2}|Бел[аоу]\w{0,2}|Слав[аиіуы]|Зор[яіюе]\w?|Воля|Люди")
_NEAR: Final = 5  # words before a name in which its office stands: «президент Сполучених Штатів Америки Дональд»
_SIGNS: Final = '«»“”„"(),.:;!?…–—'


def private(words: Sequence[str]) -> list[slice]:
    """Where names of people stand whom neither an office nor the newsroom's list makes public, in order."""
    found, place = [], 0
    while place < len(words):
        end = _name_end(words, place)
        if end > place:
            if not _office(words, place, end) and not any(known(word) for word in words[place:end]):
                found.append(slice(place, end))
            place = end
        else:
            place += 1
    return found


def known(word: str) -> bool:
    """Whether every reader knows whom this surname, in any case, means."""
    return bool(_listed("people").fullmatch(fold(word.strip(_SIGNS))))


def split(text: str) -> tuple[str, str]:
    """What is said, and the dash with who says it, '' when nobody is named: «… загинули двоє», « — Філашкін»."""
    found = _spoken().search(text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def said_by(text: str) -> str:
    """Who says it, as the headline names them behind its dash or before its colon; '' when it does not."""
    behind = split(text)[1].strip(" ,—–-")
    before = _OPENING.match(text)
    return behind or (before[1] if before and voice(before[1]) else "")


def voice(words: str) -> bool:
    """Whether the words begin with a source: an institution, an office, a known name."""
    return trusted(words) or any(map(known, words.split()[:1])) or bool(re.match(_voices(), fold(words)))


def trusted(source: str) -> bool:
    """Whether a fact of this source may be told in short without it."""
    return source.strip(_SIGNS + " -") in _public()["speakers"]


def office(word: str) -> bool:
    """Whether the word names an office: «президент», «ексглава», «міністерка»."""
    return bool(_OFFICE.match(word.strip(_SIGNS).lower()))


def first_name(word: str) -> bool:
    """Whether the word, in any case, may be a first name: «Рада» of «Рада Європи» may, but is none."""
    return (
        word[:1].isupper()
        and not _NO_NAME.fullmatch(word)
        and any("Name" in str(parse.tag) for parse in parses(word.strip(_SIGNS).lower()))
    )


def _name_end(words: Sequence[str], place: int) -> int:
    """Where the name that begins here ends: a first name and a surname, or a child's first name; its own place when
    none does."""
    first, after = words[place].strip(_SIGNS), words[place + 1 : place + 3]
    aged = place > 0 and bool(_AGED.search(words[place - 1].lower()))
    alone = place + int(aged and first_name(first))
    if not after or not _CAPITAL.match(first) or words[place][-1] in _SIGNS or _adjective(first):
        return alone
    second = after[0].strip(_SIGNS)
    if not (_CAPITAL.match(second) and (first_name(first) or _OF_NAMES.match(second))):
        return alone
    return (
        place + 2 + int(len(after) > 1 and after[0][-1] not in _SIGNS and bool(_CAPITAL.match(after[1].strip(_SIGNS))))
    )


def _office(words: Sequence[str], place: int, end: int) -> bool:
    return any(office(word) for word in [*words[max(0, place - _NEAR) : place], *words[end : end + 3]])


def _adjective(word: str) -> bool:
    return all(parse.tag.POS == "ADJF" for parse in parses(word.lower()))


@cache
def _voices() -> str:
    return rf"(?:{'|'.join(_public()['voices'])})"


@cache
def _spoken() -> re.Pattern[str]:
    """A dash at the end with a name behind it, or with a word for a source."""
    return re.compile(rf",?\s+[—–-]\s+(?=[«\"]?[A-ZА-ЯЁІЇЄҐ]|(?i:{_voices()}))[^—–]{{2,40}}$")


@cache
def _public() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("bot.judgement").joinpath("public.toml").read_text("utf-8"))


@cache
def _listed(which: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_public()[which])})\w{{0,6}}")
