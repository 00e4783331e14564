"""On which day a row was that tells only its time."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import nights
from bot.intake.nights import Row

NOW = datetime(2026, 2, 18, 16, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


def rows(said: str, place: int = 0) -> list[Row]:
    """«*15:50» is loose, «R23:00» is the day's roundup; each row has a headline of its own."""
    return [
        Row(
            f"{place} {number} {one}", time.fromisoformat(one.lstrip("*R")), place, one[0] == "*", "R" * (one[0] == "R")
        )
        for number, one in enumerate(said.split())
    ]


def days(said: str, now: datetime = NOW) -> str:
    return " ".join(map(str, nights.days_ago(rows(said), now)))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("15:50 12:08 11:59 11:59 07:55 23:05 15:33", "0 0 0 0 0 1 1"),
        ("07:40 23:10 23:03 12:00", "0 1 1 1"),
        ("23:40 23:10 00:05 23:50", "1 1 1 2"),
        ("16:05 15:50", "0 0"),
        ("16:30 15:50", "1 1"),
    ],
    ids=["night", "same evening", "midnights", "the site's clock is ahead", "ahead of now"],
)
def test_a_row_later_than_the_one_above_it_lies_behind_a_night(page: str, expected: str) -> None:
    assert days(page) == expected


def test_just_after_midnight_the_evening_is_yesterdays() -> None:
    assert days("00:10 23:50 23:40", NOW.replace(hour=0, minute=20)) == "0 1 1"


def test_the_second_roundup_of_a_day_is_of_the_day_before() -> None:
    assert days("07:40 R23:10 R23:03 12:00") == "0 1 2 2"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("09:00 15:50 15:30 15:10", "0 0 0 0"),
        ("*23:55 15:50 15:30", "1 0 0"),
        ("12:30 12:00 15:50 11:50 11:30", "0 0 0 0 0"),
        ("15:50 15:30 09:00 15:10 15:00", "0 0 0 0 0"),
    ],
    ids=["pinned on top", "promo on top", "raised again", "an old one among them"],
)
def test_a_row_out_of_its_place_does_not_shift_the_rest(page: str, expected: str) -> None:
    assert days(page) == expected


def test_a_roundup_in_a_short_list_is_never_out_of_its_place() -> None:
    assert days("10:00 R23:00 09:40 R23:00 09:20") == "0 1 1 2 2"


def test_a_row_that_stands_in_two_lists_is_of_one_day() -> None:
    sparse = [Row("a", time(10)), Row("b", time(9)), Row("c", time(8))]
    full = [Row("x", time(15), 1), Row("y", time(20), 1), Row("a", time(10), 1), Row("b", time(9), 1)]

    assert nights.days_ago([*sparse, *full], NOW) == [1, 1, 1, 0, 1, 1, 1]


def test_in_mere_text_the_second_list_begins_above_what_comes_again() -> None:
    first, second = rows("15:50 12:08 07:55 23:10 23:03"), rows("15:40 14:00", place=0)
    again = [*first, *(Row(f"new {row.key}", row.clock) for row in second), first[1], first[2]]

    assert nights.days_ago(again, NOW) == [0, 0, 0, 1, 1, 0, 0, 0, 0]


@given(st.lists(st.times(), max_size=60), st.integers(0, 3))
def test_every_row_has_a_day_and_no_day_lies_ahead(clocks: list[time], places: int) -> None:
    page = [Row(str(clock.minute), clock, number % (places + 1)) for number, clock in enumerate(clocks)]

    found = nights.days_ago(page, NOW)

    assert len(found) == len(page) and all(0 <= one <= len(page) for one in found)
    assert all(one or row.clock <= time(16, 10, 59) for one, row in zip(found, page, strict=True))


@given(st.lists(st.integers(1, 1440 * 4), min_size=1, max_size=40, unique=True).map(sorted))
def test_a_page_whose_steps_are_shorter_than_a_day_is_read_as_it_was(minutes_ago: list[int]) -> None:
    steps = [two - one for one, two in zip([0, *minutes_ago], minutes_ago, strict=False)]
    told = [1440 * 4 - one for one in minutes_ago]  # NOW is a whole minute: 16:00 is 960
    clocks = [(960 + one) % 1440 for one in told]
    expected = [(960 - one) // 1440 for one in minutes_ago]
    page = [
        Row(str(one), time(clock // 60, clock % 60), daily=str(one)) for one, clock in zip(told, clocks, strict=True)
    ]

    if max(steps) < 1440 - 11:  # a time up to ten minutes ahead is a clock that runs fast, not yesterday's
        assert nights.days_ago(page, NOW) == [-one for one in expected]
