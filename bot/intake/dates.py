"""Dates as feeds and pages write them, read into aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.intake import datewords

OLDEST = 1990  # before the first news site: 1970 is an empty clock, 0001 an empty database
AHEAD = timedelta(minutes=10)  # a server's clock may be wrong by this much and still be believed
LONGEST = 200  # characters; a date has 40

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<nth>\d{3})(?!\d)|-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?"
    r"|-?(?P<month>\d\d?)(?:-?(?P<day>\d\d?))?)?"
    r"(?:(?:T|t|\s+|_)(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?)?"
    r"\s*(?P<zone>Z|z|UTC|GMT|[+\-−]\d\d(?::?\d\d)?(?::?\d\d)?)?(?:\[[\w/+-]+\])?"
)
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_TIME = re.compile(
    r"(?<![\d.:/-])(?P<hour>\d\d?)(?P<sign>[:.])(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?![\d.]*\d)\s*(?P<half>[ap]\.?m\b\.?)?"
)
_HALF = re.compile(r"(?<![\d:.])(?P<hour>\d\d?)\s*(?P<half>[ap]\.?m\b\.?)")
_OFFSET = re.compile(
    r"(?:\b(?:gmt|utc|ut)\s*)?(?<![\d/-])(?P<sign>[+\-−])(?P<hours>\d\d?):?(?P<minutes>\d\d)?(?!\d|[-./]\d)"
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\d:.])\d{1,4}(?![\d:])")
_AGO = re.compile(r"(?:(\d{1,4}|пів|пол)\s*)?([^\W\d_]+)\.?\s+(?:тому|назад|ago)\b")
_KYIV_WORDS = re.compile(r"за київ\w*(?: час\w*)?|київськ\w+ час\w*|по киев\w*|киевск\w+ врем\w*|kyiv time|europe/kyiv")


def read(text: str | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The instant in UTC, None when the text holds none or one before 1990.

    A date without a zone is the given zone's; without a time, its midnight; a time alone or a day without a
    year is the last such before `now`. A time that the spring night skips is an hour later on the clock.
    """
    said = " ".join((text or "")[:LONGEST].split()).strip(" \"'")
    if not said:
        return None
    try:
        found = _machine(said, zone) or _human(said.lower().replace("’", "'"), zone, now)
        found = found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None
    return found if found and found.year >= OLDEST else None


def clamp(published_at: datetime, now: datetime) -> datetime:
    """The instant itself up to AHEAD of now, else now: a post dated tomorrow would lead every list till then."""
    return published_at if published_at <= now + AHEAD else now


def _machine(said: str, zone: ZoneInfo) -> datetime | None:
    """Unix seconds or milliseconds, ISO 8601 in any of its forms."""
    if found := _UNIX.fullmatch(said):
        seconds = int(found[1]) if found[1] else int(found[2]) // 1000
        return datetime.fromtimestamp(seconds, UTC)
    found = _ISO.fullmatch(said)
    if found is None:
        return None
    year = int(found["year"])
    if found["week"]:
        day = date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    elif found["nth"]:
        day = date(year, 1, 1) + timedelta(days=int(found["nth"]) - 1)
    else:
        day = date(year, int(found["month"] or 1), int(found["day"] or 1))
    parts = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    return _joined(day, tuple(parts), _iso_zone(found["zone"]) or zone)


def _iso_zone(said: str | None) -> tzinfo | None:
    if not said:
        return None
    if said[0] not in "+-−":
        return UTC
    digits = said[1:].replace(":", "")
    return _fixed(said[0], int(digits[:2]), int(digits[2:4] or 0))


def _fixed(sign: str, hours: int, minutes: int) -> tzinfo | None:
    """A fixed offset; None for more than any place on Earth has, so that the newsroom's zone is taken."""
    total = hours * 60 + minutes
    if total > 15 * 60:
        return None
    return timezone(timedelta(minutes=total if sign == "+" else -total))


def _joined(day: date, clock: tuple[int, ...], zone: tzinfo) -> datetime:
    """24:00 is the next day's midnight; a leap second is the second before it."""
    hour, minute, second = clock
    if (hour, minute, second) == (24, 0, 0):
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(hour, minute, min(second, 59) if second <= 60 else second), zone)


def _human(said: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Words: «5 хвилин тому», «вчора о 9:05», RFC 822 and everything that looks like it."""
    if found := _AGO.search(said):
        return _ago(found, now)
    if datewords.JUST_NOW.fullmatch(said.rstrip(".!")):
        return now
    clock, rest = _clock(said)
    place, rest = _zone(rest, clock is not None)
    here = now.astimezone(place or zone)
    words = _WORD.findall(rest)
    back = next((datewords.DAYS_AGO[word] for word in words if word in datewords.DAYS_AGO), None)
    if back is not None:
        return _joined(here.date() - timedelta(days=back), clock or (0, 0, 0), place or zone)
    day = _day(rest, words, here.date())
    if day is not None:
        return _joined(day, clock or (0, 0, 0), place or zone)
    if clock is None or len(words) > 2 or re.search(r"\d", rest):
        return None
    today = _joined(here.date(), clock, place or zone)
    return today if today <= now + AHEAD else _joined(here.date() - timedelta(days=1), clock, place or zone)


def _ago(found: re.Match[str], now: datetime) -> datetime | None:
    word = found[2]
    half = next((form for form in ("пів", "пол") if word.startswith(form)), "")
    seconds = datewords.unit_seconds(word.removeprefix(half))
    if seconds is None:
        return None
    amount = 0.5 if half or found[1] in {"пів", "пол"} else float(found[1] or 1)
    return now - timedelta(seconds=amount * seconds)


def _clock(said: str) -> tuple[tuple[int, int, int] | None, str]:
    """The time of day and the text without it. A dot separates hours only when no colon stands anywhere."""
    found = next((one for one in _TIME.finditer(said) if one["sign"] == ":"), None)
    if found is None:
        found = _HALF.search(said) or next((one for one in _TIME.finditer(said) if int(one["minute"]) > 12), None)
    if found is None:
        return None, said
    parts = found.groupdict()
    hour, half = int(parts["hour"]), (parts["half"] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    rest = f"{said[: found.start()]} {said[found.end() :]}"
    return (hour, int(parts.get("minute") or 0), int(parts.get("second") or 0)), rest


def _zone(rest: str, timed: bool) -> tuple[tzinfo | None, str]:
    """The zone named after a time, and the text without it; brackets are only a remark beside an offset."""
    if not timed:
        return None, rest
    if _KYIV_WORDS.search(rest):
        return ZoneInfo("Europe/Kyiv"), _KYIV_WORDS.sub(" ", rest)
    if found := _OFFSET.search(_BRACKETS.sub(" ", rest)) or _OFFSET.search(rest):
        hours, minutes = found["hours"], int(found["minutes"] or 0)
        return _fixed(found["sign"], int(hours), minutes), _BRACKETS.sub(" ", rest).replace(found[0], " ", 1)
    for word in reversed(_WORD.findall(rest)):
        hours_east = datewords.offset_hours(word)
        if hours_east is not None:
            return timezone(timedelta(hours=hours_east)), re.sub(rf"\b{word}\b", " ", rest)
    return None, rest


def _day(rest: str, words: list[str], today: date) -> date | None:
    """The calendar day in digits or with a month's name; None when there is none."""
    if found := re.search(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)", rest):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMERIC.search(rest):
        day, month, year = int(found[1]), int(found[3]), _year(found[4])
        # Europe writes the day first; only a «month» above 12 shows that America wrote it.
        return date(year, day, month) if month > 12 else date(year, month, day)
    named = next((number for word in words if (number := datewords.month(word))), None)
    if named is None:
        return None
    numbers = _NUMBER.findall(re.sub(r"(?<=\d)(?:st|nd|rd|th|-?(?:го|е|ого))\b", "", rest))
    days = [number for number in numbers if len(number) <= 2]
    years = [number for number in numbers if len(number) == 4]
    if not days:
        return None
    if years or len(days) > 1:
        return date(_year(years[0] if years else days[1]), named, int(days[0]))
    found_day = date(today.year, named, int(days[0]))
    return found_day if found_day <= today + timedelta(days=1) else found_day.replace(year=today.year - 1)


def _year(digits: str) -> int:
    """Two digits as in RFC 2822: 00–49 are this century's, 50–99 the last one's."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 50 else 1900)
