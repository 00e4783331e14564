"""The list of what is overdue reads at a glance, whatever stands in it, and fits a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import late
from bot.desk.late import Line, Question
from bot.screen import Page
from bot.wording import Wordings
from tests.conftest import KYIV, MINUTE, NOON
from tests.test_late import HOUR, UK, at

WORDINGS = Wordings(KYIV)


def page(count: int, editions: int = 0, language: str = "uk", **more: object) -> Page:
    lines = [Line(at("14:10") + number * MINUTE, f"Допис {number}") for number in range(count)]
    lines += [Line(at("18:00"), "", "digest") for _ in range(editions)]
    return late.show(Question(1, 1, lines, **more), WORDINGS.of(language), at("19:00"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("posts_", "editions", "said"),
    [
        (1, 0, "1 допис"),
        (3, 0, "3 дописи"),
        (5, 1, "5 дописів і 1 випуск"),
        (0, 2, "2 випуски"),
        (21, 5, "21 допис і 5 випусків"),
    ],
)
def test_numbers_are_in_right_grammar(posts_: int, editions: int, said: str) -> None:
    assert f"Прострочено: {said}." in page(posts_, editions).text


def test_a_long_list_stays_within_fifteen_lines() -> None:
    text = page(40).text

    assert len(text.splitlines()) <= 15
    assert text.endswith("… і ще 28")


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_rows_fit_a_phone(language: str) -> None:
    for shown in (page(3, 1, language), page(1, 0, language), page(0, 2, language)):
        for row in shown.keyboard:
            assert len(row) <= 3
            assert sum(len(button.label) for button in row) <= 44


def test_an_outage_of_another_day_names_its_day() -> None:
    shown = page(1, gap=(at("14:10") - 24 * HOUR, at("18:00")))

    assert shown.text.startswith("🔌 <b>Бот не працював: пт, 22 листопада о 14:10 — сб, 23 листопада о 18:00</b>")


def test_a_headline_is_text() -> None:
    line = Line(at("14:10"), "<b>Ціни</b> & «лапки»", url="https://t.me/c/1/2")

    text = late.show(Question(1, 1, [line]), UK, NOON).text

    assert '<a href="https://t.me/c/1/2">&lt;b&gt;Ціни&lt;/b&gt; &amp; «лапки»</a>' in text


def test_free_times_begin_with_a_full_minute_and_keep_away_from_what_is_taken() -> None:
    now = at("14:31") + timedelta(seconds=23)

    assert late.times(now, [at("15:05")], 4) == [at(wall) for wall in ("14:42", "14:52", "15:22", "15:32")]


def test_a_story_matters_more_than_a_post_without_one_and_of_equals_the_earlier() -> None:
    assert late.weightiest([(None, at("14:10")), (2.5, at("14:20")), (7.0, at("14:40")), (7.0, at("14:30"))]) == 3
    assert late.weightiest([(None, at("14:20")), (None, at("14:10"))]) == 1
