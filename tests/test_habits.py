"""What a source's items tell of it: how often it publishes, when it has fallen silent, whether its clock lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.intake.habits import (
    FRESH,
    SLACK,
    calls_local_time_utc,
    corrected,
    gap_seconds,
    proves_clock,
    silent_since,
)
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)  # 14:00 in Kyiv, two hours ahead
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def every(gap: timedelta, until: datetime, count: int = 20) -> list[tuple[datetime, datetime]]:
    """Items that lie `gap` apart, each seen when it came out, the last at `until`."""
    return [(until - number * gap, until - number * gap) for number in range(count)]


def dated(*ages: timedelta) -> list[Report]:
    return [Report(f"Новина {age}", published_at=NOON - age) for age in ages]


def test_one_long_weekend_does_not_change_what_is_usual() -> None:
    told = every(HOUR, NOON, 10) + every(HOUR, NOON - 3 * DAY, 10)

    assert gap_seconds(told) == 3600


def test_a_few_items_make_no_habit() -> None:
    assert gap_seconds(every(HOUR, NOON, 5)) is None
    assert gap_seconds(every(HOUR, NOON, 6)) == 3600


def test_items_without_dates_that_came_together_say_nothing_of_a_habit() -> None:
    assert gap_seconds([(NOON, NOON)] * 30) is None


def test_silence_is_three_usual_gaps_and_at_least_six_hours() -> None:
    hourly, seldom = every(HOUR, NOON, 30), every(4 * HOUR, NOON)

    def since(told: list[tuple[datetime, datetime]], gap: timedelta, after: timedelta) -> datetime | None:
        return silent_since(told, gap // timedelta(seconds=1), NOON - DAY, KYIV, NOON + after)

    assert [since(hourly, HOUR, after) for after in (6 * HOUR, 6 * HOUR + MINUTE)] == [None, NOON]
    assert [since(seldom, 4 * HOUR, after) for after in (12 * HOUR, 12 * HOUR + MINUTE)] == [None, NOON]


def test_the_night_of_a_source_that_sleeps_is_no_silence() -> None:
    evening = NOON + 6 * HOUR  # 20:00 in Kyiv
    told = [(at, at) for day in range(3) for at in (evening - day * DAY - number * HOUR for number in range(12))]

    def since(after: timedelta) -> datetime | None:
        return silent_since(told, 3600, NOON - 9 * DAY, KYIV, evening + after)

    assert since(10 * HOUR) is None  # 6:00: four hours of the evening
    assert since(12 * HOUR) is None
    assert since(12 * HOUR + MINUTE) == evening


def test_a_source_that_was_asked_to_speak_again_is_not_silent_since_before() -> None:
    told = every(HOUR, NOON, 30)
    woken_at = NOON + 20 * DAY

    assert silent_since(told, 3600, woken_at, KYIV, woken_at + HOUR) is None


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(1, 10**6))
def test_silence_once_begun_lasts_until_something_new(after: timedelta, gap: int) -> None:
    told = every(HOUR, NOON, 12)

    if silent_since(told, gap, NOON - DAY, KYIV, NOON + after) is not None:
        assert silent_since(told, gap, NOON - DAY, KYIV, NOON + after + 7 * HOUR) == NOON


def test_three_entries_as_far_ahead_as_the_zone_are_a_clock_that_lies() -> None:
    ahead = dated(-118 * MINUTE, -90 * MINUTE, -40 * MINUTE, 3 * HOUR)

    assert calls_local_time_utc(ahead, KYIV, NOON)


def test_announcements_and_a_clock_a_little_fast_are_no_such_clock() -> None:
    two = dated(-118 * MINUTE, -90 * MINUTE, HOUR)
    concerts = dated(-100 * MINUTE, -90 * MINUTE, -DAY, -2 * DAY)
    fast = dated(-20 * MINUTE, -15 * MINUTE, -10 * MINUTE)

    assert [calls_local_time_utc(one, KYIV, NOON) for one in (two, concerts, fast)] == [False, False, False]


def test_in_a_newsroom_that_lives_by_utc_nothing_can_be_told() -> None:
    assert not calls_local_time_utc(dated(-MINUTE, -20 * MINUTE, -40 * MINUTE), ZoneInfo("UTC"), NOON)


@given(st.lists(st.timedeltas(-3 * DAY, 3 * DAY), max_size=30))
def test_a_source_whose_entries_are_in_the_past_is_believed(ages: list[timedelta]) -> None:
    reports = dated(*ages)

    if calls_local_time_utc(reports, KYIV, NOON):
        newest = max(report.published_at for report in reports if report.published_at)
        assert NOON + 2 * HOUR - FRESH <= newest <= NOON + 2 * HOUR + SLACK


def test_its_dates_are_read_by_its_own_clock_also_in_summer() -> None:
    winter = Report("Сніг", published_at=datetime(2024, 1, 20, 14, 0, tzinfo=UTC))
    summer = Report("Спека", published_at=datetime(2024, 7, 20, 14, 0, tzinfo=UTC))

    read = corrected([winter, summer, Report("Без дати")], KYIV)

    assert [report.published_at and report.published_at.hour for report in read] == [12, 11, None]


def test_what_was_not_there_five_minutes_ago_came_out_since_and_not_two_hours_ago() -> None:
    polled_at = NOON - 5 * MINUTE
    ages = [2 * HOUR + 3 * MINUTE, 2 * HOUR, HOUR, 3 * MINUTE, -MINUTE, 4 * HOUR, 9 * MINUTE]

    proofs = [proves_clock(NOON - age, KYIV, polled_at, NOON) for age in ages]

    #        came out since, as labelled | either | labelled in the future | labelled before the last poll too
    assert proofs == [True, True, False, False, False, None, False]


def test_after_a_night_without_polls_a_late_entry_proves_nothing() -> None:
    polled_at = NOON - 10 * HOUR

    assert [proves_clock(NOON - age * HOUR, KYIV, polled_at, NOON) for age in (2, 4, 9)] == [None, None, None]


@given(st.timedeltas(timedelta(0), DAY), st.timedeltas(timedelta(0), DAY))
def test_a_clock_that_lies_never_proves_that_it_is_right(polled_before: timedelta, age: timedelta) -> None:
    """Whatever came out since the last poll, and is read by the zone's clock as it was meant."""
    if age <= polled_before:
        assert proves_clock(NOON - age, KYIV, NOON - polled_before, NOON) is not True
