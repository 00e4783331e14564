"""Another date (screens, E3): the days, the hours of one, and what cannot be pressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk import calendar_page, free
from bot.screen import Page
from bot.wording import Wordings
from storage import posts
from storage.model import Content, Post
from tests.conftest import KYIV, MINUTE, NOON, House, labels
from tests.test_late import MONEY, TRAINS, Shift, at

UK = Wordings(KYIV).default
POST = Post(1, 1, "draft", 1, 3, None, True, True, NOON, 1, NOON, 1, Content(TRAINS))


def _open(page: Page) -> list[str]:
    """The labels that can be pressed, without the way back and the other pages."""
    every = [button for row in page.keyboard[:-1] for button in row]
    return [button.label for button in every if not button.disabled and not {"‹", "›"} & set(button.label)]


@pytest.fixture
async def desk(home: House) -> Shift:
    return Shift(home, home.dispatcher.workflow_data["desk"].easel)


async def test_a_post_gets_its_date_by_taps_alone(desk: Shift) -> None:
    post = await desk.queued(TRAINS, "15:30")
    for button in ("🕐 Перенести", "📅 Інша дата", "пт 29.11", "18:00"):
        await desk.tap(button, shown=await desk.card(post))

    moved = await posts.get(desk.house.db.screens, post.id)

    assert moved is not None
    assert moved.due_at == datetime(2024, 11, 29, 16, tzinfo=UTC)
    assert (await desk.card(post)).text.startswith("📅 У черзі на пт, 29 листопада о 18:00")


async def test_a_stale_month_shows_the_card_as_it_stands(desk: Shift) -> None:
    post = await desk.queued(TRAINS, "15:30")

    tap = await desk.tap(f"x:month:{post.id}:{post.row_version - 1}", shown=await desk.card(post), stale=True)

    assert tap.answer is not None
    assert tap.answer["text"].startswith("Картку змінено")
    assert (await desk.card(post)).text.startswith("📅 У черзі на 15:30")


async def test_a_quarter_of_an_hour_after_the_last_of_the_queue_is_one_tap(desk: Shift) -> None:
    await desk.queued(MONEY, "16:30")
    post = await desk.queued(TRAINS, "15:30")
    await desk.tap("🕐 Перенести", shown=await desk.card(post))
    offered = labels(await desk.card(post))

    await desk.tap("Через 15 хв після попереднього", shown=await desk.card(post))

    moved = await posts.get(desk.house.db.screens, post.id)
    assert ["Через 15 хв після попереднього"] in offered
    assert moved is not None
    assert moved.due_at == at("16:45")


def test_the_days_begin_today_and_end_where_nobody_plans() -> None:
    first = calendar_page.days(POST, date(2024, 11, 1), UK, NOON)  # what a month of an older version asks for
    last = calendar_page.days(POST, date(2025, 6, 1), UK, NOON)

    assert first.text == "📅 <b>сб, 23 листопада — сб, 7 грудня</b>: якого дня?"
    assert (_open(first)[0], _open(first)[-1], _open(last)[-1]) == ("сб 23.11", "сб 7.12", "ср 22.01")
    assert [button.label for button in first.keyboard[-2]] == ["‹ пт 22.11", "нд 8.12 ›"]
    assert [button.disabled for button in first.keyboard[-2]] == [True, False]


def test_every_day_stands_on_exactly_one_page() -> None:
    shown, pages = date(2024, 11, 23), []
    while True:
        page = calendar_page.days(POST, shown, UK, NOON)
        pages.append(_open(page))
        further = page.keyboard[-2][1]
        if further.disabled:
            break
        shown = datetime.strptime(further.data.rpartition(":")[2], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone

    told = [day for page in pages for day in page]
    assert len(told) == len(set(told)) == 61


def test_past_hours_and_hours_of_the_embargo_cannot_be_pressed() -> None:
    embargoed = replace(POST, embargo_at=at("17:00"))

    assert _open(calendar_page.hours(POST, date(2024, 11, 23), UK, NOON))[0] == "15:00"
    assert _open(calendar_page.hours(embargoed, date(2024, 11, 23), UK, NOON))[0] == "17:00"


@pytest.mark.parametrize(("day", "utc"), [(date(2025, 3, 30), 6), (date(2024, 10, 27), 7)])
def test_nine_in_the_morning_is_nine_on_the_days_when_the_clocks_change(day: date, utc: int) -> None:
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - 600 * MINUTE

    page = calendar_page.hours(POST, day, UK, before)

    nine = next(button for row in page.keyboard for button in row if button.label == "09:00")
    told = datetime.fromtimestamp(int(nine.data.rpartition(":")[2]), UTC)
    assert (told.hour, told.astimezone(KYIV).hour) == (utc, 9)


def test_no_row_of_days_is_wider_than_a_phone() -> None:
    for wording in Wordings(KYIV):
        for day in range(0, 60, calendar_page.DAYS):
            page = calendar_page.days(POST, date(2024, 11, 23) + timedelta(days=day), wording, NOON)
            assert all(len(row) <= 3 for row in page.keyboard)
            assert all(len(button.label) <= 32 for row in page.keyboard for button in row)
            assert all(len(button.data.encode()) <= 64 for row in page.keyboard for button in row)


def test_after_the_last_of_the_queue_nothing_is_doubled() -> None:
    taken = [at("15:30"), at("15:50")]

    assert free.following(NOON, [at("15:30")], taken) == at("16:05")
    assert free.following(NOON, [], taken) is None
