"""The words that dates are written with: months, zones, days, units. Ukrainian, Russian, English."""

from __future__ import annotations

import re
from typing import Final

# Whole forms and usual abbreviations, so that «Марко» is no month. Stems first, then every case ending.
_MONTHS: Final = (
    r"січ(?:\.|ень|н\w{1,2})?|янв(?:ар\w{1,3})?|jan(?:uary)?",
    r"лют(?:ий|ого|ому|им|\.)?|фев(?:р|рал\w{1,2})?|feb(?:r|ruary)?",
    r"бер(?:ез|езень|езн\w{1,2})?|мар(?:т|та|те|ту|том)?|mar(?:ch)?",
    r"кві(?:т|тень|тн\w{1,2})?|апр(?:ел\w{1,2})?|apr(?:il)?",
    r"тра(?:в|вень|вн\w{1,2})?|ма[йяюе]|маем|may",
    r"чер(?:в|вень|вн\w{1,2})?|июн\w{0,2}|jun(?:e)?",
    r"лип(?:ень|н\w{1,2})?|июл\w{0,2}|jul(?:y)?",
    r"сер(?:п|пень|пн\w{1,2})?|авг(?:уст\w{0,2})?|aug(?:ust)?",
    r"вер(?:ес|есень|есн\w{1,2})?|сен(?:т|тябр\w{1,2})?|sep(?:t|tember)?",
    r"жов(?:т|тень|тн\w{1,2})?|окт(?:ябр\w{1,2})?|oct(?:ober)?",
    r"лис(?:т|топ|топад\w{0,2})?|ноя(?:б|бр\w{1,2})?|nov(?:ember)?",
    r"гру(?:д|день|дн\w{1,2})?|дек(?:абр\w{1,2})?|dec(?:ember)?",
)
_MONTH = re.compile("|".join(f"(?P<m{number}>{form})" for number, form in enumerate(_MONTHS, 1)))

# Hours from UTC. Abbreviations of several zones (CST, IST, BST) mean what feeds most often mean.
_HOURS: Final[dict[str, float]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "msd": 4, "trt": 3, "fet": 3,
    "samt": 4, "get": 4, "azt": 4, "amt": 4, "gst": 4, "yekt": 5, "uzt": 5, "pkt": 5, "ist": 5.5, "omst": 6,
    "almt": 6, "novt": 7, "krat": 7, "ict": 7, "wib": 7, "irkt": 8, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9,
    "kst": 9, "yakt": 9, "vlat": 10, "aest": 10, "aedt": 11, "magt": 11, "pett": 12, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9,
    "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "art": -3, "brt": -3,
}  # fmt: skip

DAYS_AGO: Final = {
    "сьогодні": 0, "сегодня": 0, "today": 0,
    "вчора": 1, "учора": 1, "вчера": 1, "yesterday": 1,
    "позавчора": 2, "позавчера": 2,
}  # fmt: skip
JUST_NOW = re.compile(r"щойно|тільки що|только что|just now|зараз|сейчас")
_SECONDS: Final = (
    (re.compile(r"сек|sec"), 1),
    (re.compile(r"хв|мин|min"), 60),
    (re.compile(r"год|час|hour|hr|h$"), 3600),
    (re.compile(r"дн|ден|день|доб|сут|day"), 86400),
    (re.compile(r"тиж|нед|week"), 604800),
)


def month(word: str) -> int | None:
    """1 to 12 for a month's name in any case or abbreviation; lower case expected."""
    found = _MONTH.fullmatch(word.rstrip("."))
    return int(str(found.lastgroup)[1:]) if found else None


def offset_hours(word: str) -> float | None:
    """Hours east of UTC for a zone's abbreviation, None for a word that is none."""
    return _HOURS.get(word)


def unit_seconds(word: str) -> int | None:
    """Seconds in the unit that a word begins to name («хвилин» → 60)."""
    return next((seconds for form, seconds in _SECONDS if form.match(word)), None)
