"""Sections and towns: what is offered, what a tap opens, and that a button of last month still knows its section."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.finds import named, sections, token
from bot.wording import Wordings
from tests.conftest import KYIV, MINUTE, NOON, House, headlines, labels, put

UK = Wordings(KYIV).default


async def test_sections_with_news_of_the_month_are_offered_most_of_it_first(home: House) -> None:
    for number in range(3):
        await put(home.db, f"Вибори {number}", section="Політика")
    for number in range(2):
        await put(home.db, f"Обстріл {number}", section="ОКУПАЦІЯ")
    await put(home.db, "Евакуація", section="Окупація")
    await put(home.db, "Фронт", section="Війна")
    await put(home.db, "Давнє", NOON - timedelta(days=31), section="Спорт")
    await put(home.db, "Підпишіться", section="Реклама", kind="promo")

    texts = await home.say("/section")

    assert texts[-1] == "🗂 Розділи з новинами за 30 днів\nОберіть розділ або просто напишіть назву міста."
    assert labels(home.last) == [["ОКУПАЦІЯ", "Політика", "Війна"], ["🔄 Оновити", "‹ Меню"]]


async def test_a_tap_opens_a_section_and_the_way_back(home: House) -> None:
    await put(home.db, "Вибори", section="Політика")
    await put(home.db, "Обстріл", section="ОКУПАЦІЯ")
    await put(home.db, "Евакуація", NOON - 2 * MINUTE, section="Окупація")
    await home.say("розділи")

    await home.tap("Окупація")

    assert home.last.text.startswith("🗂 Окупація · станом на 14:06\n")
    assert headlines(home.last.text) == ["Евакуація", "Обстріл"]
    assert labels(home.last) == [["🔄 Оновити", "‹ Розділи", "‹ Меню"]]
    await home.tap("‹ Розділи")
    assert home.last.text.startswith("🗂 Розділи")


@pytest.mark.parametrize("words", ["Окупація", "окупації", "ОКУПАЦІЮ", "окупація  "])
async def test_a_section_is_named_in_any_form(home: House, words: str) -> None:
    await put(home.db, "Обстріл Горлівки", section="Окупація")
    await put(home.db, "Окупація триває", section="Війна")

    texts = await home.say(f"/section {words}")

    assert texts[-1].startswith("🗂 Окупація")
    assert headlines(texts[-1]) == ["Обстріл Горлівки"]


async def test_a_town_is_searched_for(home: House) -> None:
    await put(home.db, "У Краматорську повернули воду", section="Комунальне")

    texts = await home.say("/section Краматорськ")

    assert texts[-1].startswith("🔎 Краматорськ · 1 новина")
    assert headlines(texts[-1]) == ["У Краматорську повернули воду"]


async def test_a_sections_pages_do_not_jump_while_news_comes_in(home: House) -> None:
    for number in range(1, 8):
        await put(home.db, f"Новина {number}", NOON - (8 - number) * MINUTE, section="Війна")
    await home.say("/section війна")
    await put(home.db, "Щойно", NOON, section="Війна")
    home.now = NOON + 10 * MINUTE

    await home.tap("Старіші ›")

    assert headlines(home.last.text) == ["Новина 2", "Новина 1"]
    assert home.last.text.startswith("🗂 Війна · станом на 14:06\n")
    await home.tap("‹ Новіші")
    assert headlines(home.last.text)[0] == "Новина 7"
    await home.tap("🔄 Оновити")
    assert headlines(home.last.text)[0] == "Щойно"


async def test_a_button_of_a_section_without_news_shows_those_that_have(home: House) -> None:
    await put(home.db, "Матч", NOON - timedelta(days=20), section="Спорт")
    await put(home.db, "Фронт", section="Війна")
    await home.say("/section")
    home.now = NOON + timedelta(days=20)

    await home.tap("Спорт")

    assert home.last.text.startswith("🗂 Розділи")
    assert labels(home.last)[0] == ["Війна"]


async def test_a_story_in_two_languages_counts_once_and_under_the_readers_name(home: House) -> None:
    first = await put(home.db, "Обстріл", section="Війна")
    await put(home.db, "Обстрел", section="Война", language="ru", story=first.story_id)
    home.reader.language_code = "ru"

    await home.say("/section")

    assert labels(home.last)[0] == ["Война"]


async def test_a_newsroom_without_sections_says_what_to_do(home: House) -> None:
    await put(home.db, "Новина")

    texts = await home.say("/section")

    assert texts[-1] == UK.text("section.none")
    assert labels(home.last) == [["Останні", "Сьогодні"], ["🔄 Оновити", "‹ Меню"]]


@given(st.text())
def test_a_section_keeps_its_token_in_every_spelling(name: str) -> None:
    assert token(name) == token(f" {name} ")
    assert len(token(name)) == 10


@given(st.lists(st.tuples(st.text(alphabet="аА'’ б", max_size=4), st.integers(1, 9)), max_size=8))
def test_names_that_differ_in_case_are_one_section_whatever_the_order(told: list[tuple[str, int]]) -> None:
    found = sections(told)

    assert {section.token for section in found} == {
        section.token for section in sections(random.sample(told, len(told)))
    }
    assert len({section.token for section in found}) == len(found)
    spelled = [spelling for section in found for spelling in section.spellings]
    assert sorted(spelled) == sorted(name for name, _ in told if name.strip(" '’"))
    assert all(named(section.name, found) == section for section in found)
