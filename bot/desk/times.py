"""When an editor means: «18:40», «завтра 9», «у пн о 8», «через 20 хв», «+1 год», in three languages."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.editions.slots import instant

LONGEST = timedelta(days=60)  # a later time is a slip of the finger
_DAY = timedelta(days=1)

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s*(?:год\w*|ч(?:ас\w*)?\.?))?"
_AT = r"(?:(?:о|об|в|у|во|на|at)\s+)?"
_ON = r"(?:(?:у|в|во|на|on)\s+)?"
_NEAR = {"сьогодні": 0, "сегодня": 0, "today": 0, "завтра": 1, "tomorrow": 1, "післязавтра": 2, "послезавтра": 2}
_WEEKDAYS = (
    ("пн", "понеділ", "понедел", "mon"),
    ("вт", "вівтор", "вторник", "tue"),
    ("ср", "серед", "сред", "wed"),
    ("чт", "четвер", "четверг", "thu"),
    ("пт", "п'ятниц", "пятниц", "fri"),
    ("сб", "субот", "суббот", "sat"),
    ("нд", "неділ", "вс", "воскрес", "sun"),
)
_STEP = re.compile(
    r"(?:через|за|\+|in)\s*(?P<count>\d{1,4}|пів|півтори|пол)?\s*"
    r"(?P<unit>хв\w*|мин\w*|min\w*|m|год\w*|час\w*|ч|h\w*|д(?:ень|ні|нів|ня|ней)|days?)\.?"
)
_ONLY_CLOCK = re.compile(rf"{_AT}(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})")
_DAY_WORD = re.compile(rf"(?P<day>{'|'.join(sorted(_NEAR, key=len, reverse=True))})(?:,?\s+{_AT}{_CLOCK})?")
_WEEKDAY = re.compile(rf"{_ON}(?P<weekday>[а-яіїєґ']+|[a-z]+)\.?,?\s+{_AT}{_CLOCK}")
_DATE = re.compile(rf"(?P<date>\d{{1,2}})\.(?P<month>\d{{1,2}})(?:\.(?P<year>\d{{4}}))?,?\s+{_AT}{_CLOCK}")


def read(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant meant (UTC), None when the text is no time. A clock time alone is the next such, today or
    tomorrow; a day needs its clock time. What is past, or further than LONGEST away, is no time either."""
    said = " ".join(text.casefold().replace("’", "'").replace("ʼ", "'").split()).strip(" .!")
    here = now.astimezone(zone)
    at = _step(said, now)
    if at is None and (found := _ONLY_CLOCK.fullmatch(said)) and (wall := _wall(found)):
        at = instant(here.date(), wall, zone)
        at = at if at > now else instant(here.date() + _DAY, wall, zone)
    if at is None and (day := _day(said, here.date())):
        at = instant(day[0], day[1], zone)
    return at if at is not None and now < at <= now + LONGEST else None


def _step(said: str, now: datetime) -> datetime | None:
    found = _STEP.fullmatch(said)
    if not found:
        return None
    count = {"пів": 0.5, "пол": 0.5, "півтори": 1.5, None: 1.0}.get(found["count"])
    number = float(found["count"]) if count is None else count
    unit = found["unit"]
    minutes = 1 if unit.startswith(("хв", "мин", "m")) else 60 if unit.startswith(("год", "ч", "h")) else 24 * 60
    return now + timedelta(minutes=number * minutes)


def _day(said: str, today: date) -> tuple[date, time] | None:
    """The calendar day and the wall time in the words, None when they name none."""
    if (found := _DAY_WORD.fullmatch(said)) and found["hour"] and (wall := _wall(found)):
        return today + _NEAR[found["day"]] * _DAY, wall
    if (found := _DATE.fullmatch(said)) and (wall := _wall(found)):
        return _dated(found, today, wall)
    if (found := _WEEKDAY.fullmatch(said)) and (wall := _wall(found)):
        number = next((place for place, stems in enumerate(_WEEKDAYS) if found["weekday"].startswith(stems)), None)
        if number is not None:
            return today + ((number - today.weekday()) % 7 or 7) * _DAY, wall
    return None


def _dated(found: re.Match[str], today: date, wall: time) -> tuple[date, time] | None:
    year = int(found["year"] or today.year)
    try:
        day = date(year, int(found["month"]), int(found["date"]))
        if not found["year"] and day < today:
            day = day.replace(year=year + 1)
    except ValueError:
        return None
    return day, wall


def _wall(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
