"""When two alike texts still tell two events: another day of a daily series, another town under fire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.judgement.junk import junk
from bot.judgement.terms import plain, stems
from bot.judgement.toll import toll_of
from storage.model import Toll

SERIES_GAP = timedelta(hours=12)  # a daily series may be told twice within a morning, never across days
CLOSE_GAP = timedelta(hours=8)  # within it people hurt in one town are nearer than the words about them
CLOSER = 0.14  # with counts that agree: «кількість поранених зросла» repeats few words of the first report
NEAR = 0.1  # the same, while only one tells a count
FARTHER = -0.18  # a later count is less than half: another blow on the same town
ELSEWHERE = -0.07  # headlines that name nobody and no place in common
TEMPLATE = 0.4  # share of common words beside the names from which a headline is a form with a blank
LEAST_WORDS = 3  # a shorter text says too little to be alike

_SERIES: Final = re.compile(
    r"\b(?:за (?:минулу |прошлу )?добу|за сутки|за прошедшие сутки|минулої доби|минулу ніч|зведення|сводка|"
    r"погод\w*|прогноз\w*|курс\w* валют|графік\w* відключен|deep ?state|просунули|продвинулись|"
    r"головне за|главное за|генштаб\w*: |за тиждень|за неделю)"
)
_EVERYWHERE: Final = frozenset({"укра", "роси", "росс"})  # in half of the headlines of a war
_STRUCK = re.compile(
    r"обстр[іе]л|\bудар(?:и|у|ом|ив|или|ил)?\b|влучи|влучан|завал|вибух|взрыв"
    r"|рятувальн\w* (?:операц|робот)|спасательн\w* операц"
)
_MONTHS: Final = (
    "січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд|янв|фев|мар|апр|мая|июн|июл|авг|сент|окт|ноя|дек"
)
_DATE = re.compile(rf"\b(\d{{1,2}})(?:-\w+)?(?:\.\d\d\b|\s(?={_MONTHS}))")
_NAME = re.compile(r"(?<=[^.!?:»\s]\s)«?([А-ЯІЇЄҐA-Z][\w'’ʼ-]+)")
_FIRST_NAME = re.compile(r"^\W*(?:У|В|На|Під|Біля|Возле|Под|По)\s+([А-ЯІЇЄҐA-Z][\w'’ʼ-]+)")


@dataclass(frozen=True, slots=True)
class Sign:
    """What sets a text apart from its look-alikes."""

    title: str
    words: int
    series: bool
    dates: frozenset[str]
    names: frozenset[str]
    rest: frozenset[str]
    toll: Toll
    struck: bool
    at: datetime


@lru_cache(maxsize=500)
def sign(title: str, text: str, words: int, at: datetime) -> Sign:
    """The signs of a text of so many words; `text` begins with the title."""
    lower = text.casefold()
    names = frozenset(name[:4] for name in stems(plain(" ".join(_named(title))))) - _EVERYWHERE
    rest = frozenset(stem for stem in stems(plain(title)) if stem[:4] not in names)
    series = bool(_SERIES.search(lower)) or junk(title) is not None
    lead = text[len(title) :]
    toll = toll_of(title, lead)
    struck = bool(toll) or bool(_STRUCK.search(lower))
    return Sign(title, words, series, frozenset(_DATE.findall(lower)), names, rest, toll, struck, at)


def _named(title: str) -> list[str]:
    """Words with a capital inside the headline, or after its first preposition; no abbreviations."""
    return [name for name in _NAME.findall(title) + _FIRST_NAME.findall(title) if not name.isupper()]


def kinship(one: Sign, other: Sign) -> float:
    """What to add to the likeness of two texts for where, when and how many people were hurt."""
    if one.names and other.names and one.names.isdisjoint(other.names):
        return ELSEWHERE
    if not (one.struck and other.struck and one.names & other.names) or one.series or other.series:
        return 0.0
    if abs(one.at - other.at) > CLOSE_GAP:
        return 0.0
    early, late = sorted((one, other), key=lambda sign: sign.at)
    if any(2 * late.toll[which] < count for which, count in early.toll.items() if which in late.toll):
        return FARTHER
    return CLOSER if one.toll and other.toll else NEAR


def apart(one: Sign, other: Sign) -> bool:
    """Whether the two cannot be one event, however alike they look."""
    if min(one.words, other.words) < LEAST_WORDS:
        return plain(one.title) != plain(other.title)
    return _another_day(one, other) or _another_place(one, other)


def _another_day(one: Sign, other: Sign) -> bool:
    if not (one.series and other.series):
        return False
    if one.dates and other.dates and one.dates.isdisjoint(other.dates):
        return True
    return abs(one.at - other.at) > SERIES_GAP


def _another_place(one: Sign, other: Sign) -> bool:
    if not (one.names and other.names) or not one.names.isdisjoint(other.names):
        return False
    either = one.rest | other.rest
    return bool(either) and len(one.rest & other.rest) / len(either) >= TEMPLATE
