"""What a row of headlines says of its time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.intake import stamps
from bot.intake.stamps import Stamp

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 7, 18, 12, 0, tzinfo=UTC)  # a Friday, 15:00 in Kyiv


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ("18 июля 2025, 13:25", "2025-07-18 13:25"),
        ("Олена Коваль 18 июля 2025, 13:25", "2025-07-18 13:25"),
        ("сьогодні, 13:25", "2025-07-18 13:25"),
        ("Вчора о 9:05", "2025-07-17 09:05"),
        ("П’ятниця, 13:25", "2025-07-18 13:25"),
        ("п'ятниця, 18:00", "2025-07-11 18:00"),
        ("в среду, 09:10", "2025-07-16 09:10"),
        ("18.07 13:25", "2025-07-18 13:25"),
        ("30.12, 13:25", "2024-12-30 13:25"),
        ("2025-07-18T13:25:00+03:00", "2025-07-18 13:25"),
        ("1752834300", "2025-07-18 13:25"),
        ("5 хвилин тому", "2025-07-18 14:55"),
        ("Jul 18, 2025 1:25 PM", "2025-07-18 13:25"),
        ("19 липня 2025, 10:00", "2025-07-18 15:00"),
    ],
)
def test_a_day_with_a_time_is_an_instant(said: str, local: str) -> None:
    at = stamps.read([said], KYIV, NOW).at

    assert at is not None and f"{at.astimezone(KYIV):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("said", "stamp"),
    [
        ("13:25", Stamp(clock=time(13, 25))),
        ("13.25", Stamp(clock=time(13, 25))),
        ("1:25 PM", Stamp(clock=time(13, 25))),
        ("Політика | 13:25", Stamp(clock=time(13, 25))),
        ("18 липня", Stamp(day=date(2025, 7, 18))),
        ("Середа, 16 липня", Stamp(day=date(2025, 7, 16))),
        ("вчора", Stamp(day=date(2025, 7, 17))),
        ("2025-07-16", Stamp(day=date(2025, 7, 16))),
        ("У Києві 5 людей", Stamp()),
        ("25:61", Stamp()),
        ("31.02 10:00", Stamp(clock=time(10))),
    ],
)
def test_half_a_date_stays_a_half(said: str, stamp: Stamp) -> None:
    assert stamps.read([said], KYIV, NOW) == stamp


def test_halves_in_two_texts_make_an_instant() -> None:
    assert stamps.read(["Політика", "17 липня", "09:30"], KYIV, NOW).at == datetime(2025, 7, 17, 6, 30, tzinfo=UTC)


def test_a_headline_with_a_number_is_no_date() -> None:
    assert all(map(stamps.is_only, ["13:25", "18 липня 2025 р., 13:25", "Вчора о 9:05", "5 хвилин тому", "П'ятниця"]))
    assert not any(map(stamps.is_only, ["У місті 5 людей", "13:25 Міст відкрито", "Вчора відкрили міст", "Міст"]))


def test_the_day_in_an_address_is_read_unless_it_lies_ahead() -> None:
    assert stamps.in_address("https://m.ua/2025/07/17/mist/", KYIV, NOW) == date(2025, 7, 17)
    assert stamps.in_address("https://m.ua/2025/07/19/mist/", KYIV, NOW) is None
    assert stamps.in_address("https://m.ua/2025/13/40/mist/", KYIV, NOW) is None
