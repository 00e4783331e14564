"""«Оновлено» is said only when there is something to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.changes import Change, Edit, Growth, change, edit
from storage.model import State

TOLD = State(
    1, 1, 1, 1, "Дрон влучив в автобус, четверо поранених", {"wounded": 4}, datetime(2024, 11, 20, 12, tzinfo=UTC)
)


def test_the_state_that_was_told_has_not_changed() -> None:
    assert change(TOLD, TOLD) is None


def test_a_grown_toll_says_what_it_was_and_became() -> None:
    now = replace(
        TOLD,
        version=2,
        title="Дрон влучив в автобус: загинула жінка, десятеро поранених",
        toll={"wounded": 10, "killed": 1},
    )
    assert change(TOLD, now) == Change((Growth("killed", 0, 1), Growth("wounded", 4, 10)), TOLD.title, now.title)


def test_a_really_different_headline_is_a_change() -> None:
    now = replace(TOLD, version=2, title="У місті оголосили день жалоби")
    assert change(TOLD, now) == Change((), TOLD.title, now.title)


def test_a_mended_comma_is_no_change() -> None:
    assert change(TOLD, replace(TOLD, version=2, title="Дрон влучив в автобус: четверо поранених")) is None


def test_a_lowered_count_alone_is_not_told_as_news() -> None:
    assert (
        change(TOLD, replace(TOLD, version=2, title="Дрон влучив в автобус, двоє поранених", toll={"wounded": 2}))
        is None
    )


def test_a_lowered_count_under_another_headline_is_told_as_a_correction() -> None:
    now = replace(TOLD, version=2, title="Поліція уточнила: дістали поранення двоє", toll={"wounded": 2})

    assert change(TOLD, now) == Change((), TOLD.title, now.title, (Growth("wounded", 4, 2),))


def test_an_older_state_never_follows_a_newer_one() -> None:
    assert change(replace(TOLD, version=3), replace(TOLD, version=2, toll={"wounded": 40})) is None


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("Дрон влучив в автобус, 4 поранених", "Дрон влучив в автобус, 6 поранених"),
        ("Поранено четверо людей", "Поранено шестеро людей"),
        ("Загинула жінка", "Загинули дві жінки"),
        ("Нагороду отримав Іван Коваль", "Нагороду отримав Петро Коваль"),
        ("Обстріляно лікарню в Краматорську", "Обстріляно лікарню в Слов’янську"),
        ("Комендантська година з 22:00", "Комендантська година з 23:00"),
        ("Погиб Олег Иванов", "Погиб Олег Петров"),
    ],
)
def test_another_number_or_name_in_a_headline_is_an_edit_that_matters(was: str, became: str) -> None:
    assert edit((was, ""), (became, "")) == Edit(was, became)


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("У Краматорську зникла вода", "Краматорськ лишився без води"),
        ("Без води 5 тисяч людей", "Без води п’ять тисяч людей"),
        ("Дрон влучив в автобус, 4 поранених", "Дрон влучив в автобус: четверо поранених"),
        ("Рада Донеччини просить допомоги", "Допомоги просить рада Донеччини"),
        ("НА ДОНЕЧЧИНІ ЗНИКЛА ВОДА", "На Донеччині зникла вода"),
        ("Фонд Олега Коваля закрили", "Закрили фонд, який вів Олег Коваль"),
        ("Одна з лікарень закрита", "Лікарню закрито"),
    ],
)
def test_other_words_for_the_same_headline_do_not_matter(was: str, became: str) -> None:
    assert edit((was, ""), (became, "")) is None


def test_a_sentence_of_the_lead_that_tells_another_number_is_shown_alone() -> None:
    was = "Сталося це вранці 15 листопада. Без води лишилися 5 тисяч людей. Ремонт триває."
    became = "Сталося це вранці 15 листопада. Без води лишилися 8 тисяч людей. Ремонт триває."

    assert edit(("Вода", was), ("Вода", became)) == Edit(
        "Без води лишилися 5 тисяч людей.", "Без води лишилися 8 тисяч людей."
    )


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("Без води 5 тисяч людей.", ""),
        ("Без води 5 тисяч людей.", "Без води 5 тисяч людей. Ремонт обіцяють за 3 дні."),
        ("Без води 5 тисяч людей. Ремонт обіцяють за 3 дні.", "Без води 5 тисяч людей."),
        ("Оновлено о 14:30. Без води місто.", "Оновлено о 15:45. Без води місто."),
    ],
)
def test_a_lead_that_was_cut_lengthened_or_stamped_anew_does_not_matter(was: str, became: str) -> None:
    assert edit(("Вода", was), ("Вода", became)) is None


@given(*[st.text(alphabet="абвАБВІ  .:!12’«-\n", max_size=60)] * 4)
def test_any_two_texts_are_compared(title: str, lead: str, other_title: str, other_lead: str) -> None:
    found = edit((title, lead), (other_title, other_lead))

    assert edit((title, lead), (title, lead)) is None
    assert found is None or found.was != found.became
