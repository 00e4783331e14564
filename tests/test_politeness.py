"""A source is asked as often as the newsroom wishes, never sooner than its server allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.intake.politeness import LONGEST, MOST_OBEYED, next_poll

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
intervals = st.timedeltas(timedelta(seconds=1), timedelta(hours=6))
wishes = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))


def test_a_well_source_is_asked_after_the_newsrooms_interval() -> None:
    assert next_poll(NOON, FIVE) == NOON + FIVE


def test_a_server_that_asks_for_more_rest_gets_it_and_for_less_does_not() -> None:
    assert next_poll(NOON, FIVE, wished=timedelta(minutes=20)) == NOON + timedelta(minutes=20)
    assert next_poll(NOON, FIVE, wished=timedelta(minutes=1)) == NOON + FIVE


def test_each_failure_doubles_the_rest_up_to_an_hour() -> None:
    minutes = [(next_poll(NOON, FIVE, failures=count) - NOON) // timedelta(minutes=1) for count in range(7)]

    assert minutes == [5, 10, 20, 40, 60, 60, 60]


def test_a_wish_of_a_year_is_a_mistake() -> None:
    assert next_poll(NOON, FIVE, wished=timedelta(days=365)) == NOON + MOST_OBEYED


@given(intervals, st.integers(0, 10**6), wishes)
def test_no_source_is_asked_too_soon_nor_forgotten(interval: timedelta, failures: int, wish: timedelta | None) -> None:
    wait = next_poll(NOON, interval, failures=failures, wished=wish) - NOON

    assert wait >= interval
    assert wait >= min(wish or timedelta(0), MOST_OBEYED)
    assert wait <= max(interval, LONGEST, MOST_OBEYED)


@given(intervals, st.integers(0, 40), wishes)
def test_another_failure_never_shortens_the_rest(interval: timedelta, failures: int, wish: timedelta | None) -> None:
    once = next_poll(NOON, interval, failures=failures, wished=wish)

    assert next_poll(NOON, interval, failures=failures + 1, wished=wish) >= once
