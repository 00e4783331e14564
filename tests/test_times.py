"""An editor writes a time as people say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.free import APART, slots, tomorrow
from bot.desk.times import LONGEST, read

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2024, 11, 20, 12, 6, tzinfo=UTC)  # Wednesday, 14:06 in Kyiv


@pytest.mark.parametrize(
    ("said", "wall"),
    [
        ("18:40", "2024-11-20 18:40"),
        ("о 18:40", "2024-11-20 18:40"),
        ("18.40", "2024-11-20 18:40"),
        ("9:05", "2024-11-21 09:05"),
        ("завтра 9", "2024-11-21 09:00"),
        ("завтра о 9:30", "2024-11-21 09:30"),
        ("Сьогодні о 20", "2024-11-20 20:00"),
        ("післязавтра 8:15", "2024-11-22 08:15"),
        ("у пн о 8", "2024-11-25 08:00"),
        ("в понедельник в 8", "2024-11-25 08:00"),
        ("у п’ятницю о 17:00", "2024-11-22 17:00"),
        ("в середу о 10", "2024-11-27 10:00"),
        ("через 20 хв", "2024-11-20 14:26"),
        ("через годину", "2024-11-20 15:06"),
        ("через пів години", "2024-11-20 14:36"),
        ("+1 год", "2024-11-20 15:06"),
        ("+90 хв", "2024-11-20 15:36"),
        ("через 2 часа", "2024-11-20 16:06"),
        ("in 20 min", "2024-11-20 14:26"),
        ("tomorrow at 9", "2024-11-21 09:00"),
        ("25.11 9:30", "2024-11-25 09:30"),
        ("25.11.2024 о 9", "2024-11-25 09:00"),
        ("02.01 12:00", "2025-01-02 12:00"),
    ],
)
def test_what_an_editor_means(said: str, wall: str) -> None:
    at = read(said, NOW, KYIV)

    assert at is not None
    assert at.astimezone(KYIV).strftime("%Y-%m-%d %H:%M") == wall


@pytest.mark.parametrize(
    "said",
    [
        "",
        "завтра",
        "9",
        "25:00",
        "18:75",
        "31.02 10:00",
        "через 0 хв",
        "сьогодні о 9",
        "поранено 10 людей",
        "о 18:40 у Краматорську пролунав вибух",
        "у Торецьку о 8",
        "через 5000 год",
    ],
)
def test_what_is_no_time_is_text(said: str) -> None:
    assert read(said, NOW, KYIV) is None


@given(st.text(max_size=40))
def test_a_time_is_always_ahead(said: str) -> None:
    at = read(said, NOW, KYIV)

    assert at is None or NOW < at <= NOW + LONGEST


def test_tomorrow_at_nine_is_nine_on_the_night_of_the_clocks() -> None:
    at = read("завтра 9", datetime(2026, 3, 28, 12, tzinfo=UTC), KYIV)

    assert at == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_the_next_free_slot_is_not_beside_an_edition_or_another_post() -> None:
    at_18 = datetime(2024, 11, 20, 16, tzinfo=UTC)
    at_1430 = datetime(2024, 11, 20, 12, 30, tzinfo=UTC)

    walls = [at.astimezone(KYIV).strftime("%H:%M") for at in slots(NOW, KYIV, [at_1430, at_18], count=4)]

    assert walls == ["15:30", "16:30", "17:30", "18:30"]


def test_late_in_the_evening_the_next_slot_is_tomorrow() -> None:
    late = datetime(2024, 11, 20, 21, tzinfo=UTC)

    assert slots(late, KYIV, [], count=1) == [datetime(2024, 11, 21, 6, 30, tzinfo=UTC)]
    assert [at.astimezone(KYIV).hour for at in tomorrow(late, KYIV)] == [8, 12]


@given(st.lists(st.integers(0, 2000), max_size=20))
def test_free_slots_keep_their_distance(minutes: list[int]) -> None:
    taken = [NOW + timedelta(minutes=each) for each in minutes]

    for at in slots(NOW, KYIV, taken, count=5):
        assert all(abs(at - other) >= APART for other in taken)
