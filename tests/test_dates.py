"""Dates as feeds and pages write them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import dates

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)  # 12:00 in Kyiv


def at(*parts: int) -> datetime:
    return datetime(*parts[:3], *parts[3:], tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Tue, 03 Mar 2026 08:05:09 +0200", at(2026, 3, 3, 6, 5, 9)),
        ("3 Mar 26 08:05 GMT", at(2026, 3, 3, 8, 5)),
        ("Tue,3 Mar 2026 8:05:09 EET", at(2026, 3, 3, 6, 5, 9)),
        ("Wed, 03 Jun 2026 08:05:09 EEST", at(2026, 6, 3, 5, 5, 9)),
        ("Tue, 03 Mar 2026 08:05:09 MSK", at(2026, 3, 3, 5, 5, 9)),
        ("Tue, 03 Mar 2026 08:05:09 +0000 (UTC)", at(2026, 3, 3, 8, 5, 9)),
        ("Tue Mar  3 08:05:09 2026", at(2026, 3, 3, 6, 5, 9)),
        ("Вт, 3 бер 2026 08:05:09 +0200", at(2026, 3, 3, 6, 5, 9)),
        ("вторник, 3 марта 2026 г. в 08:05", at(2026, 3, 3, 6, 5)),
        ("3 березня 2026 року, 08:05 (за Києвом)", at(2026, 3, 3, 6, 5)),
        ("2026-03-03T08:05:09.123Z", at(2026, 3, 3, 8, 5, 9)),
        ("20260303T080509+02", at(2026, 3, 3, 6, 5, 9)),
        ("2026-W10-2", at(2026, 3, 2, 22)),
        ("1772532309", at(2026, 3, 3, 10, 5, 9)),
        ("03.03.2026, 08:05", at(2026, 3, 3, 6, 5)),
        ("03/31/2026 8:05 PM", at(2026, 3, 31, 17, 5)),
        ("2026-03-03 24:00:00", at(2026, 3, 3, 22)),
    ],
)
def test_every_way_to_write_a_date_is_read(said: str, expected: datetime) -> None:
    assert dates.read(said, KYIV, NOW) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("сьогодні, 09:30", at(2026, 2, 18, 7, 30)),
        ("вчора о 9:05", at(2026, 2, 17, 7, 5)),
        ("5 хвилин тому", NOW - timedelta(minutes=5)),
        ("полчаса назад", NOW - timedelta(minutes=30)),
        ("2 hours ago", NOW - timedelta(hours=2)),
        ("11:59", at(2026, 2, 18, 9, 59)),
        ("23:10", at(2026, 2, 17, 21, 10)),  # not yet today, hence yesterday's
        ("31 грудня, 10:00", at(2025, 12, 31, 8)),
    ],
)
def test_what_lacks_a_day_or_a_year_is_the_last_such_before_now(said: str, expected: datetime) -> None:
    assert dates.read(said, KYIV, NOW) == expected


@pytest.mark.parametrize(
    "said",
    ["", "Маріуполь", "Tue, 31 Feb 2026 10:00:00 +0200", "0001-01-01T00:00:00Z", "Mon, 30 Nov -0001 00:00:00 +0000",
     "1970-01-01T00:00:00Z", "2026-13-45", "25:99", "Марко о 15"],
)  # fmt: skip
def test_no_date_is_none(said: str) -> None:
    assert dates.read(said, KYIV, NOW) is None


def test_an_hour_that_spring_skips_is_an_hour_later() -> None:
    assert dates.read("29 березня 2026, 03:30", KYIV, NOW) == at(2026, 3, 29, 1, 30)  # 04:30 on the clock


def test_the_future_is_believed_for_ten_minutes() -> None:
    assert dates.clamp(NOW + timedelta(minutes=10), NOW) == NOW + timedelta(minutes=10)
    assert dates.clamp(NOW + timedelta(minutes=11), NOW) == NOW
    assert dates.clamp(NOW - timedelta(days=9), NOW) == NOW - timedelta(days=9)


@given(st.integers(700_000_000, 4_000_000_000), st.sampled_from([-300, 0, 120, 180, 345]))
def test_a_date_with_an_offset_comes_back_as_it_was(seconds: int, minutes: int) -> None:
    said = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))

    assert dates.read(said.isoformat(), KYIV, NOW) == said
    assert dates.read(said.strftime("%a, %d %b %Y %H:%M:%S %z"), KYIV, NOW) == said


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_dates(said: str) -> None:
    found = dates.read(said, KYIV, NOW)

    assert found is None or (found.tzinfo is UTC and found.year >= 1990)
