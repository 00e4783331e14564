"""When a row of headlines or of a sitemap is of: a whole instant, a day without a time, a time without a day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake import dates, datewords

SAID: Final = 120  # characters in which a date is looked for
MANY: Final = 12  # texts of one row
_BARE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:Z|[+-]\d\d:?\d\d)?")
_CLOCK = re.compile(r"(?<![\d.:/-])([01]?\d|2[0-3])(?::([0-5]\d)(?::[0-5]\d)?|\.(1[3-9]|[2-5]\d))(?![\d:]|\.\d)")
_DAY_MONTH = re.compile(r"(?<![\d./])(\d\d?)[./](\d\d)(?![\d/]|\.\d)")
_HINT = re.compile(r"\d|[^\W\d_]{2}")
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=[/-])")
_MACHINE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d?:?\d\d.*|\d{9,13}")
_WEEKDAYS: Final = (
    r"пн|понеділ(?:ок|ка|ку)|понедельник\w?|mon(?:day)?",
    r"вт|вівтор(?:ок|ка|ку)|вторник\w?|tue(?:s(?:day)?)?",
    r"ср|серед[аиуі]|сред[аыуе]|wed(?:nesday)?",
    r"чт|четвер\w{0,2}|thu(?:r(?:s(?:day)?)?)?",
    r"пт|п['’ʼ]?ятниц[яіюи]|пятниц[аыуе]|fri(?:day)?",
    r"сб|субот[аиуі]|суббот[аыуе]|sat(?:urday)?",
    r"нд|вс|неділ[яіюи]|воскресень[еяю]|sun(?:day)?",
)
_NUMBERED = "|".join(f"(?P<d{number}>{form})" for number, form in enumerate(_WEEKDAYS))
_WEEKDAY = re.compile(rf"(?<!\w)(?:{_NUMBERED})(?!\w)")
_HALF = re.compile(r"\s*([ap])\.?m\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_BESIDE: Final = frozenset({
    "о", "об", "в", "у", "во", "р", "рік", "року", "г", "год", "года", "at", "am", "pm", "t", "z", "тому",
    "назад", "ago",
})  # fmt: skip
_CLOCK_WORDS = re.compile(r"\b(?:о|об|в|у|во|at)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known: `at` (aware UTC), else the local `day`, else the wall `clock`, else nothing."""

    at: datetime | None = None
    day: date | None = None
    clock: time | None = None


def is_day(word: str) -> bool:
    """Whether a word names a month, a weekday or a day like «вчора»."""
    said = word.lower()
    return said in datewords.DAYS_AGO or datewords.month(said) is not None or bool(_WEEKDAY.fullmatch(said))


def is_only(text: str) -> bool:
    """Whether a text is a date or a time and nothing else."""
    words = [word.lower() for word in _WORD.findall(text[:SAID])]
    if len(text) > SAID or not (any(map(str.isdigit, text)) or any(map(is_day, words))):
        return False
    return all(is_day(word) or word in _BESIDE or datewords.unit_seconds(word) is not None for word in words)


def bare(text: str) -> date | None:
    """The day of a W3C date without a time of day, None for anything else."""
    found = _BARE.fullmatch(text.strip())
    return _date(*map(int, found.groups())) if found else None


def latest(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """The last second of the day, or now while the day lasts and before it.

    Who wrote only the day wrote it at the latest then; its midnight would make this noon's news twelve hours old.
    """
    return min(datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC), now)


def joined(day: date, clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant of a wall time on a day, clamped as dates.clamp does."""
    return dates.clamp(datetime.combine(day, clock, zone).astimezone(UTC), now)


def in_address(url: str | None, zone: ZoneInfo, now: datetime) -> date | None:
    """The day that stands in an address (`/2025/07/18/`), None when there is none or it lies ahead."""
    found = _IN_ADDRESS.search(url or "")
    day = _date(*map(int, found.groups())) if found else None
    return day if day and day <= now.astimezone(zone).date() else None


def read(texts: Iterable[str], zone: ZoneInfo, now: datetime) -> Stamp:
    """The first whole instant in the texts, else the first day and the first clock that stand in them."""
    day: date | None = None
    clock: time | None = None
    for text, _ in zip(texts, range(MANY), strict=False):
        stamp = _one(text, zone, now)
        if stamp.at is not None:
            return stamp
        day, clock = day or stamp.day, clock or stamp.clock
    if day and clock:
        return Stamp(joined(day, clock, zone, now))
    return Stamp(day=day, clock=clock)


def _one(text: str, zone: ZoneInfo, now: datetime) -> Stamp:
    said = " ".join(text[:SAID].split())
    if not _HINT.search(said):
        return Stamp()
    if (day := bare(said)) is not None:
        return Stamp(day=day)
    found = _CLOCK.search(said)
    if found is None or _MACHINE.fullmatch(said):
        return _whole(said, zone, now)
    clock = _clock(found, said[found.end() :])
    rest = _CLOCK_WORDS.sub(" ", f"{said[: found.start()]} {said[found.end() :]}")
    if dates.read(rest, zone, now) is not None:
        at = dates.read(said, zone, now)
        return Stamp(dates.clamp(at, now)) if at else Stamp()
    day = _named(rest, clock, zone, now)
    return Stamp(joined(day, clock, zone, now)) if day else Stamp(clock=clock)


def _clock(found: re.Match[str], rest: str) -> time:
    hour, half = int(found[1]), _HALF.match(rest)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half[1].lower() == "p" else 0)
    return time(hour, int(found[2] or found[3]))


def _whole(said: str, zone: ZoneInfo, now: datetime) -> Stamp:
    """A machine's date, «5 хвилин тому», or only a day."""
    at = dates.read(said, zone, now)
    if at is None:
        day = _named(said, None, zone, now)
        return Stamp(day=day)
    here = at.astimezone(zone)
    if here.time() == time() and not _MACHINE.fullmatch(said):
        return Stamp(day=here.date())
    return Stamp(dates.clamp(at, now))


def _named(said: str, clock: time | None, zone: ZoneInfo, now: datetime) -> date | None:
    """The last day so called: «п’ятниця», or «18.07» without a year, which needs a clock beside it."""
    here = now.astimezone(zone)
    found = _WEEKDAY.search(said.lower())
    if found:
        back = (here.weekday() - int(str(found.lastgroup)[1:])) % 7
        ahead = back == 0 and clock is not None and clock > (here + dates.AHEAD).time()
        return here.date() - timedelta(days=7 if ahead else back)
    numbers = _DAY_MONTH.search(said) if clock is not None else None
    if numbers is None:
        return None
    day = _date(here.year, int(numbers[2]), int(numbers[1]))
    return _date(here.year - 1, day.month, day.day) if day and day > here.date() + timedelta(days=1) else day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
