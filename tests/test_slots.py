"""Editions keep their wall-clock times over years of DST nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.slots import Timing, due, instant, next_after

KYIV = ZoneInfo("Europe/Kyiv")
DAY_OF_THE_NEWSROOM = [
    Timing("digest", time(9)),
    Timing("digest", time(13)),
    Timing("digest", time(18)),
    Timing("roundup", time(23)),
]
NIGHT = [Timing("digest", time(3, 30)), Timing("digest", time(0)), Timing("roundup", time(23, 59))]


@pytest.mark.parametrize(
    ("zone", "timings"),
    [(KYIV, NIGHT), (ZoneInfo("Australia/Lord_Howe"), DAY_OF_THE_NEWSROOM)],  # the latter moves by half an hour
)
def test_ten_years_of_slots_are_walked_once_each(zone: ZoneInfo, timings: list[Timing]) -> None:
    start, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)

    walked = []
    moment = start
    while (slot := next_after(timings, zone, moment)) is not None and slot.at <= end:
        together = [each for each in due(timings, zone, moment, slot.at) if each.at == slot.at]
        walked += together
        moment = slot.at

    assert walked == due(timings, zone, start, end)
    promises = [(slot.local_date, slot.wall, slot.rubric) for slot in walked]
    assert len(promises) == len(set(promises))
    days = {slot.local_date for slot in walked}
    assert len(days) in (3653, 3654)  # the first local day may have begun before the first instant
    for day in sorted(days)[1:-1]:
        assert sum(slot.local_date == day for slot in walked) == len(timings)


def test_the_evening_roundup_stays_at_23_when_the_clocks_change() -> None:
    walls = {
        slot.at.astimezone(KYIV).strftime("%H:%M")
        for slot in due(DAY_OF_THE_NEWSROOM, KYIV, datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC))
        if slot.rubric == "roundup"
    }

    assert walls == {"23:00"}


def test_half_past_three_happens_once_on_either_night() -> None:
    spring = due(NIGHT[:1], KYIV, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC))
    autumn = due(NIGHT[:1], KYIV, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC))

    assert [slot.at for slot in spring] == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]  # 04:30 by the new clock
    assert [slot.at for slot in autumn] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]  # the first of the two


def test_a_day_may_have_23_or_25_hours() -> None:
    lengths = {
        (instant(day + timedelta(days=1), time(9), KYIV) - instant(day, time(9), KYIV)) / timedelta(hours=1)
        for day in (date(2026, 3, 28), date(2026, 10, 24), date(2026, 11, 20))
    }

    assert lengths == {23, 24, 25}


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_two_stretches_of_time_hold_what_the_whole_holds(a: datetime, first: timedelta, second: timedelta) -> None:
    b, c = a + first, a + first + second

    assert due(NIGHT, KYIV, a, b) + due(NIGHT, KYIV, b, c) == due(NIGHT, KYIV, a, c)


def test_no_timings_have_no_next_slot() -> None:
    assert next_after([], KYIV, datetime(2026, 1, 1, tzinfo=UTC)) is None
