"""A source is asked as often as it publishes and the newsroom wishes, never sooner than its server allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.headers import max_age
from bot.intake.politeness import (
    AT_ONCE,
    LONGEST_BROKEN,
    LONGEST_OWN_BROKEN,
    LONGEST_SELDOM,
    MOST_OBEYED,
    OWN_OBEYED,
    START,
    next_poll,
    next_try,
    spread,
)
from storage.model import Source

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIVE = 5 * MINUTE
RIVAL = Source(
    3, "https://x.ua/rss", "Ікс", "feed", "x.ua", False, 1.0, None, None, None, "active", None, None,
    NOON, NOON, None, 0, None, None,
)  # fmt: skip
OWN = replace(RIVAL, id=1, own=True)
floors = st.timedeltas(timedelta(seconds=1), 6 * HOUR)
gaps = st.none() | st.integers(1, 10**8)
wishes = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))


@pytest.mark.parametrize(
    ("usual", "wait"),
    [
        (None, FIVE),
        (MINUTE, FIVE),
        (50 * MINUTE, 10 * MINUTE),
        (5 * HOUR, HOUR),
        (24 * HOUR, HOUR),
        (timedelta(days=7), 6 * HOUR),
    ],
)
def test_a_source_is_asked_five_times_as_often_as_it_publishes(usual: timedelta | None, wait: timedelta) -> None:
    source = replace(RIVAL, gap_seconds=None if usual is None else usual // timedelta(seconds=1))

    assert next_poll(NOON, FIVE, source) == NOON + wait


def test_a_server_that_asks_for_more_rest_gets_it_and_for_less_does_not() -> None:
    assert next_poll(NOON, FIVE, RIVAL, wished=20 * MINUTE) == NOON + 20 * MINUTE
    assert next_poll(NOON, FIVE, RIVAL, wished=MINUTE) == NOON + FIVE


def test_the_newsrooms_own_cache_makes_it_a_quarter_of_an_hour_late_at_most() -> None:
    assert next_poll(NOON, FIVE, OWN, wished=HOUR) == NOON + OWN_OBEYED
    assert next_poll(NOON, FIVE, OWN, wished=HOUR, retry_after=2 * HOUR) == NOON + 2 * HOUR


def test_a_wish_of_a_year_is_a_mistake() -> None:
    assert next_poll(NOON, FIVE, RIVAL, wished=timedelta(days=365)) == NOON + MOST_OBEYED
    assert next_try(NOON, FIVE, RIVAL, 1, retry_after=timedelta(days=365)) == NOON + MOST_OBEYED


def test_sources_that_broke_together_are_not_asked_together_again() -> None:
    waits = {next_try(NOON, FIVE, replace(RIVAL, id=number), 4) - NOON for number in range(1, 21)}

    assert len(waits) > 15
    assert waits == {next_try(NOON, FIVE, replace(RIVAL, id=number), 4) - NOON for number in range(1, 21)}
    assert all(80 * MINUTE <= wait <= 100 * MINUTE for wait in waits)


def test_a_broken_source_is_asked_once_a_day_in_the_end_and_the_newsrooms_own_every_hour() -> None:
    assert next_try(NOON, FIVE, RIVAL, 30) == NOON + LONGEST_BROKEN
    assert next_try(NOON, FIVE, OWN, 30) == NOON + LONGEST_OWN_BROKEN


@given(floors, gaps, wishes, wishes, st.booleans())
def test_no_source_is_asked_too_soon_nor_forgotten(
    floor: timedelta, gap: int | None, wished: timedelta | None, retry_after: timedelta | None, own: bool
) -> None:
    source = replace(RIVAL, gap_seconds=gap, own=own)

    wait = next_poll(NOON, floor, source, wished=wished, retry_after=retry_after) - NOON

    assert wait >= floor
    assert wait >= min(retry_after or timedelta(0), MOST_OBEYED)
    assert own or wait >= min(wished or timedelta(0), MOST_OBEYED)
    assert wait <= max(floor, LONGEST_SELDOM, MOST_OBEYED)


@given(floors, st.integers(1, 40), st.integers(1, 10**6), st.booleans())
def test_another_failure_never_shortens_the_rest(floor: timedelta, failures: int, number: int, own: bool) -> None:
    source = replace(RIVAL, id=number, own=own)
    longest = LONGEST_OWN_BROKEN if own else LONGEST_BROKEN

    once, twice = (next_try(NOON, floor, source, count) - NOON for count in (failures, failures + 1))

    assert once >= floor
    assert twice >= min(once, longest)
    assert once <= max(floor, longest)


@given(st.lists(st.booleans(), max_size=300))
def test_after_a_restart_the_own_site_is_first_and_the_others_follow_one_by_one(owns: list[bool]) -> None:
    overdue = [replace(RIVAL, id=number, own=own) for number, own in enumerate(owns)]

    asked = list(spread(overdue, NOON))

    assert sorted(source.id for source, _ in asked) == [source.id for source in overdue]
    assert [source.own for source, _ in asked] == sorted(owns, reverse=True)
    assert [at for _, at in asked] == sorted(at for _, at in asked)
    assert sum(at == NOON for _, at in asked) == min(len(owns), AT_ONCE)
    assert all(at <= NOON + START for _, at in asked)


@pytest.mark.parametrize(
    ("said", "fresh"),
    [
        ({"Expires": "Wed, 20 Nov 2024 12:30:00 GMT"}, 30 * MINUTE),
        ({"Expires": "Wed, 20 Nov 2024 11:30:00 GMT"}, timedelta(0)),
        ({"Expires": "0"}, None),
        ({"Expires": "Wed, 20 Nov 2024 12:30:00 GMT", "Cache-Control": "max-age=60"}, MINUTE),
        ({"Expires": "Wed, 20 Nov 2024 12:30:00 GMT", "Cache-Control": "no-cache"}, None),
    ],
)
def test_expires_counts_where_nothing_clearer_is_said(said: dict[str, str], fresh: timedelta | None) -> None:
    assert max_age({"Date": "Wed, 20 Nov 2024 12:00:00 GMT"} | said) == fresh
