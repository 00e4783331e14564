"""When two alike texts still tell two events: another day of a daily series, another town under fire."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.judgement.junk import junk
from bot.judgement.names import split
from bot.judgement.terms import plain, stems
from bot.judgement.toll import toll_of
from storage.model import Toll

SERIES_GAP = timedelta(hours=12)  # a daily series may be told twice within a morning, never across days
CLOSE_GAP = timedelta(hours=8)  # within it people hurt in one town are nearer than the words about them
LATER = timedelta(hours=12)  # until then a town and its one news of the hour may be told in quite other words
LATER_BLOW = timedelta(hours=24)  # so much later fewer people hurt are no slow source
CLOSER = 0.14  # with counts that agree: «кількість поранених зросла» repeats few words of the first report
NEAR = 0.1  # the same, while only one tells a count
FARTHER = -0.18  # a later count is less than half, or hours later just less: another blow on the same town
ELSEWHERE = -0.07  # headlines that name nobody and no place in common; also one of a series with none
ONLY_THERE = -0.18  # headlines that share a name, and no word beside it and who says it
TEMPLATE = 0.6  # share of common words beside the names from which a headline is a form with a blank
LEAST_WORDS = 3  # a shorter text says too little to be alike

_SERIES: Final = re.compile(
    r"\b(?:за (?:минулу |прошлу )?добу|за сутки|за прошедшие сутки|минулої доби|минулу ніч|зведення|сводка|"
    r"погод(?:[аиіуые]|ою|ой|н\w+)\b|прогноз\w*|курс\w* валют|графік\w* відключен|deep ?state|просунули|продвинулись|"
    r"головне за|главное за|генштаб\w*: |за тиждень|за неделю|"
    r"(?:[зс]би[тл]|запуст|випуст|выпуст)\w*(?:\W+\w+){0,5}?\W+(?:дрон|ракет|шахед|бпла|безпілотн|беспилотн)|"
    r"тривог\w* (?:у|в|через|оголо)|тревог\w* (?:в|из-за|объяв)|(?:балістичн|баллистическ)\w+ (?:загроз|угроз))"
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
_PLACE = re.compile(
    r"\b(?i:у|в|на|по|до|під|под|над|біля|возле|около|поблизу|проти|против|(?:обстр[іе]л|атак[ую]ва|атакова|вразил)\w*)"
    r"\s+([А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+)"
)
_SEQUEL = re.compile(
    r"зросл|вирос|вырос|возрос|збільш|увелич|\bпомер|\bумер|скончал|підозр|подозр|розслід|расслед|завершен|завершил"
    r"|жалоб|траур|попрощал|впізна|опозна|відновл|восстанов|минул\w+ (?:тижн|доб)|раніше|ранее|накануне"
)
_REGION = re.compile(r"[щч]ин[аиіуоы]|област|район")


@dataclass(frozen=True, slots=True)
class Sign:
    """What sets a text apart from its look-alikes."""

    title: str
    words: int
    series: bool
    dates: frozenset[str]
    names: frozenset[str]
    rest: frozenset[str]
    said: frozenset[str]
    toll: Toll
    struck: bool
    towns: frozenset[str]
    regions: frozenset[str]
    sequel: bool
    at: datetime


@lru_cache(maxsize=500)
def sign(title: str, text: str, words: int, at: datetime) -> Sign:
    """The signs of a text of so many words; `text` begins with the title."""
    lower = text.casefold()
    names = _beginnings(_named(title))
    rest, told = _beside(names, title), split(title)[0]
    said = rest if told == title else _beside(names, told)
    series = bool(_SERIES.search(lower)) or junk(title) is not None
    lead = text[len(title) :]
    toll = toll_of(title, lead)
    struck = bool(toll) or bool(_STRUCK.search(lower))
    towns, regions = _places(title) if struck else (frozenset(), frozenset())
    dates = frozenset(_DATE.findall(lower))
    sequel = struck and bool(_SEQUEL.search(lower))
    return Sign(title, words, series, dates, names, rest, said, toll, struck, towns, regions, sequel, at)


def _named(title: str) -> list[str]:
    """Words with a capital inside the headline, or after its first preposition; no abbreviations."""
    return [name for name in _NAME.findall(title) + _FIRST_NAME.findall(title) if not name.isupper()]


def _places(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """Towns, and regions, that something happened in, by their beginnings."""
    found = _PLACE.findall(title)
    regions = {name for name in found if _REGION.search(name)}
    return _beginnings(name for name in found if name not in regions), _beginnings(regions)


def _beside(names: frozenset[str], title: str) -> frozenset[str]:
    """Beginnings of the headline's words that are no names."""
    return frozenset(stem for stem in stems(plain(title)) if stem[:4] not in names)


def _beginnings(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name[:4] for name in stems(plain(" ".join(names)))) - _EVERYWHERE


def kinship(one: Sign, other: Sign) -> float:
    """What to add to the likeness of two texts for where, when and how many people were hurt."""
    if one.names.isdisjoint(other.names) and ((one.names and other.names) or one.series != other.series):
        return ELSEWHERE
    if not (one.struck and other.struck and one.names & other.names) or one.series or other.series:
        return ONLY_THERE if _only_there(one, other) else 0.0
    early, late = sorted((one, other), key=lambda sign: sign.at)
    close = late.at - early.at <= CLOSE_GAP
    if _fewer(early, late, 2 if close else 1):
        return FARTHER
    if not close:
        return 0.0
    return CLOSER if one.toll and other.toll else NEAR


def _only_there(one: Sign, other: Sign) -> bool:
    """Whether reports of different hours share a name, and no word beside it and whoever says it."""
    if abs(one.at - other.at) <= LATER or one.names.isdisjoint(other.names):
        return False
    return one.said.isdisjoint(other.said)


def apart(one: Sign, other: Sign) -> bool:
    """Whether the two cannot be one event, however alike they look."""
    if min(one.words, other.words) < LEAST_WORDS:
        return plain(one.title) != plain(other.title)
    return (
        _another_day(one, other)
        or _another_place(one, other)
        or _another_target(one, other)
        or _another_blow(one, other)
    )


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


def _another_blow(one: Sign, other: Sign) -> bool:
    """A place struck again. The dead of one blow do not become fewer from day to day, and a day later it is told
    only with news of its own: more of them, a rescue that ended, a suspect."""
    early, late = sorted((one, other), key=lambda sign: sign.at)
    if late.at - early.at < LATER_BLOW:
        return False
    again = early.towns & late.towns or early.regions & late.regions
    return _fewer(early, late, 1) or bool(again and not late.sequel and not _fewer(late, early, 1))


def _fewer(early: Sign, late: Sign, times: int) -> bool:
    return any(times * late.toll[which] < count for which, count in early.toll.items() if which in late.toll)


def _another_target(one: Sign, other: Sign) -> bool:
    """Two towns under fire, or two regions; a town may lie in the other's region, so these are not compared."""
    comparable = (one.towns and other.towns) or (one.regions and other.regions)
    return bool(comparable) and (one.towns | one.regions).isdisjoint(other.towns | other.regions)
