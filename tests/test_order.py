"""The board: what goes out and when, another day, another order (screens, E6 and E7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import care, order_page
from bot.desk.order_page import Step
from bot.playground import Message, User
from bot.wording import Wordings
from storage import posts
from storage.model import Content, Post
from tests.conftest import KYIV, MINUTE, NOON, House, labels
from tests.test_late import MONEY, TRAINS, WATER, Shift

LONG = "Дуже довгий заголовок допису про те, як у місті повернули воду й світло"


class Board(Shift):
    """The desk at work, with the board."""

    async def open(self) -> Message:
        await self.house.say("/queue", self.house.desk, self.house.editor)
        return self.board

    @property
    def board(self) -> Message:
        shown = [each for each in self.house.telegram.messages(self.house.desk) if each.by_bot and each.buttons]
        return next(each for each in reversed(shown) if each.buttons[-1].get("callback_data", "")[:2] in ("b:", "x:"))

    async def press(self, button: str, who: User | None = None, **more: bool) -> str:
        tap = await self.tap(button, who, self.board, **more)
        return str(tap.answer["text"]) if tap.answer else ""

    async def times(self, *every: Post) -> list[str]:
        found = [await posts.get(self.house.db.screens, each.id) for each in every]
        clock = self.house.wordings.default.clock
        return [clock(each.due_at) for each in found if each is not None and each.due_at is not None]


@pytest.fixture
async def desk(home: House) -> Board:
    return Board(home, home.dispatcher.workflow_data["desk"].easel)


async def three(desk: Board) -> list[Post]:
    pairs = ((TRAINS, "14:30"), (MONEY, "15:30"), (WATER, "16:30"))
    return [await desk.queued(title, wall) for title, wall in pairs]


async def test_the_boards_numbers_lead_to_the_cards_and_it_is_pinned(desk: Board) -> None:
    made = await three(desk)

    board = await desk.open()

    cards = [await desk.card(post) for post in made]
    group = str(desk.house.desk.id).removeprefix("-100")
    assert labels(board) == [
        ["1", "2", "3"], ["‹ Вчора", "Завтра ›"], ["➕ Допис", "🔀 Порядок", "⏸ Пауза"], ["🔄 Оновити"],
    ]  # fmt: skip
    assert [each["url"] for each in board.buttons[:3]] == [
        f"https://t.me/c/{group}/{card.message_id}" for card in cards
    ]
    assert board.pinned


async def test_neighbours_swap_their_times(desk: Board) -> None:
    first, second, third = await three(desk)
    await desk.open()
    await desk.press("🔀 Порядок")
    await desk.press(f"15:30 {MONEY}")
    shown = desk.board.text

    said = await desk.press("⬆️ Вище")

    assert shown.splitlines() == [f"🔀 Пересуваємо: «{MONEY}»", "Зараз 15:30, місце 2 з 3 у черзі.",
                                  "Сусідні дописи обміняються часом."]  # fmt: skip
    assert said == f"Тепер 14:30. «{TRAINS}» — 15:30"
    assert await desk.times(first, second, third) == ["15:30", "14:30", "16:30"]
    assert "місце 1 з 3" in desk.board.text


async def test_the_last_becomes_the_next_and_the_others_move_by_one(desk: Board) -> None:
    first, second, third = await three(desk)
    await desk.open()
    await desk.press("🔀 Порядок")
    await desk.press(f"16:30 {WATER}")

    said = await desk.press("⏫ Наступною")

    assert said == "Тепер 14:30. Решта зсунулася на один слот"
    assert await desk.times(third, first, second) == ["14:30", "15:30", "16:30"]


async def test_an_embargo_does_not_move_up(desk: Board) -> None:
    _, second, _ = made = await three(desk)
    card = await desk.card(second)
    desk.house.telegram.say(desk.house.desk, desk.house.editor, "Ембарго до 15:00", reply_to=card.message_id)
    await desk.house.work()
    await desk.open()
    await desk.press("🔀 Порядок")
    await desk.press(f"15:30 {MONEY}")

    said = await desk.press("⬆️ Вище")

    assert said == "Ембарго до 15:00. Спершу зніміть його"
    assert await desk.times(*made) == ["14:30", "15:30", "16:30"]


async def test_a_stale_button_moves_nothing_and_says_who_was_first(desk: Board) -> None:
    _, second, _ = await three(desk)
    await desk.open()
    await desk.press("🔀 Порядок")
    await desk.press(f"15:30 {MONEY}")
    await desk.press("⬆️ Вище")

    said = await desk.press(f"x:up:{second.id}:{second.row_version}", desk.second, stale=True)

    assert said == "Картку змінено о 14:06 (Оля). Показую новий стан"


async def test_the_board_is_everybodys_again_after_three_minutes(desk: Board) -> None:
    await three(desk)
    await desk.open()
    await desk.press("🔀 Порядок")

    desk.house.now += 3 * MINUTE
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.house.deliver()

    assert desk.board.text.startswith("📋 Черга на сьогодні")


async def test_tomorrow_and_yesterday_are_pages_of_the_same_message(desk: Board) -> None:
    await three(desk)
    board = await desk.open()

    await desk.press("Завтра ›")
    tomorrow = desk.board.text
    await desk.press("‹ Черга")
    await desk.press("‹ Вчора")

    assert desk.board.message_id == board.message_id
    assert tomorrow.splitlines()[2] == "1. 09:00 Дайджест"
    assert desk.board.text.splitlines() == ["📋 Вчора, пт, 22 листопада", "", "Цього дня нічого немає."]


async def test_what_went_out_today_is_on_the_page_of_its_day(desk: Board) -> None:
    await desk.queued(TRAINS, "14:10")
    await desk.ring("14:10")
    desk.house.now += timedelta(days=1)
    await desk.open()

    await desk.press("‹ Вчора")

    assert f"✅ {TRAINS}" in desk.board.text


async def test_the_boards_pause_is_one_tap(desk: Board) -> None:
    await three(desk)
    await desk.open()
    board = desk.board

    said = await desk.press("⏸ Пауза")

    shown = next(each for each in desk.house.telegram.messages(desk.house.desk) if each.message_id == board.message_id)
    assert said == "Пауза: у канал іде лише термінове"
    assert "⏸ Пауза: іде лише термінове" in shown.text


def _queue(count: int) -> list[Post]:
    return [
        Post(number, 1, "queued", 1, 1, NOON + number * MINUTE, True, True, NOON, 1, NOON, 1, Content(LONG))
        for number in range(1, count + 1)
    ]


@given(st.integers(1, 8), st.integers(0, 9), st.sampled_from(["up", "down", "first", "last"]))
def test_another_order_loses_and_doubles_no_slot(count: int, post_id: int, step: Step) -> None:
    queue = _queue(count)
    before = {post.id: post.due_at for post in queue}

    after = before | {post.id: at for post, at in order_page.moved(queue, post_id, step)}

    assert sorted(after.values(), key=lambda at: at or datetime.min.replace(tzinfo=UTC)) == list(before.values())
    if step == "first" and post_id in after:
        assert after[post_id] == queue[0].due_at


def test_every_label_and_toast_of_the_order_fits() -> None:
    for wording in Wordings(KYIV):
        pages = [order_page.pick(_queue(12), wording, NOON), order_page.order(_queue(3)[1], _queue(3), wording, NOON)]
        assert all(len(button.label) <= 32 for page in pages for row in page.keyboard for button in row)
        assert all(len(row) <= 3 for page in pages for row in page.keyboard)
        said = wording.text("order.toast.swapped", at="завтра о 14:30", other="я" * 24, then="завтра о 15:30")
        assert len(said) <= 70
