"""A post's reactions against the channel's own curve, and where nobody asks for applause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.echo import FEWEST, LEAST, echo, grave

USUAL = [6, 8, 9, 10, 10, 10, 11, 12, 14, 40]  # of ten posts; one of them was a sensation


def test_a_post_is_measured_by_what_the_channels_posts_usually_get() -> None:
    assert echo(25, USUAL) == 2.5
    assert echo(10, USUAL) == 1.0
    assert echo(0, USUAL) == 0.0


def test_a_young_channel_has_no_curve() -> None:
    assert echo(25, USUAL[: FEWEST - 1]) is None


def test_where_readers_hardly_react_one_reader_is_no_sensation() -> None:
    assert echo(5, [0, 1, 1, 2, 2, 2, 2, 3, 3, 9]) is None
    assert echo(5, [0] * 50) is None


@given(st.integers(0, 10_000), st.lists(st.integers(0, 10_000), max_size=40))
def test_more_reactions_never_make_a_smaller_echo(total: int, others: list[int]) -> None:
    one, more = echo(total, others), echo(total + 1, others)

    assert (one is None) == (more is None)
    assert one is None or (more is not None and 0 <= one <= more <= (total + 1) / LEAST + 0.01)


@pytest.mark.parametrize(
    "text",
    [
        "У Краматорську є загиблі",
        "Поранено людей у Дружківці",
        "Внаслідок удару загинула жінка",
        "В Селидово погибли двое, ещё трое ранены",
        "Помер поранений під час обстрілу водій",
        "Окупанти вбили фермера біля Лимана",
        "Дитина постраждала від вибуху",
    ],
)
def test_where_people_died_or_were_wounded_it_is_known_without_a_number(text: str) -> None:
    assert grave({}, ["Зведення за ранок", text])


def test_a_counted_toll_is_enough() -> None:
    assert grave({"killed": 2}, ["Удар по Краматорську"])
    assert grave({"wounded": 1}, [])


@pytest.mark.parametrize(
    "text",
    ["У Краматорську повернули воду", "Хмільник пожертвував на школу", "Завтра умеренный ветер", "Збито п’ять дронів"],
)
def test_other_news_is_not_grave(text: str) -> None:
    assert not grave({}, [text])
    assert not grave({"killed": 0}, [text])
