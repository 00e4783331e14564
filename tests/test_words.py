"""A reader types a word in any form, on any keyboard, and finds the news."""

from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement import words
from bot.judgement.words import fold, index_keys, keys, match


def found(query: str, *titles: str) -> list[int]:
    """Numbers of the titles that the search finds, from 1."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(title, lead, content='', tokenize='unicode61')")
    for number, title in enumerate(titles, 1):
        database.execute("INSERT INTO t(rowid, title, lead) VALUES (?, ?, ?)", (number, index_keys(title), ""))
    expression = match(query)
    if expression is None:
        return []
    rows = database.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (expression,)).fetchall()
    database.close()
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("горлівка", "Аварія в окупованій Горлівці"),
        ("горлівці", "Окупована Горлівка без тепла"),
        ("обстріл", "Росіяни обстрілюють передмістя"),
        ("люди", "Двох людей шукають"),
        ("взрыв", "В порту слышали взрывы"),
        ("раненый", "В больнице пятеро раненых"),
        ("об'єкт", "Пошкоджено обʼєкти енергетики"),
        ("обʼєкту", "Пошкоджено об’єкт енергетики"),
        ("пятеро", "П’ятеро дітей повернулися"),
        ("ОБСТРІЛ", "обстрілом пошкоджено школу"),
        ("oбстpiл", "Обстріл пошкодив школу"),
        ("еще", "Ещё один дом"),
        ("atacms", "Удар ракетами ATACMS"),
        ("вода горлівка", "У Горлівці немає води"),
        ("краматорськ міни", "У Краматорську говорили про мінну небезпеку та міни"),
        ("що в горлівці", "Горлівка: аварія"),
        ("cafe", "Нове café у місті"),
    ],
)
def test_a_word_is_found_in_its_other_forms(query: str, title: str) -> None:
    assert found(query, title, "Зовсім інша новина") == [1]


def test_every_word_of_a_search_is_wanted() -> None:
    assert found("вода горлівка", "У Горлівці немає тепла", "Воду дали в Торецьку", "Горлівці дали воду") == [3]


def test_little_words_are_searched_only_when_alone() -> None:
    assert match("і та") is not None
    assert '"на"' not in str(match("на водогоні"))


@pytest.mark.parametrize("query", ["", "   ", '"', "***", "() ^ -", "🚀", "’ʼ'"])
def test_nothing_searchable_is_no_search(query: str) -> None:
    assert match(query) is None


@pytest.mark.parametrize("query", ["NEAR(", "a AND", "NOT b", "title : x", '"', "x*", "a^2", "{title lead}: x", "-a"])
def test_the_language_of_fts5_stays_text(query: str) -> None:
    found(query, "a b x")


@given(st.text(max_size=200))
def test_whatever_is_typed_the_search_answers(text: str) -> None:
    found(text, text[:50])


@given(st.text(max_size=300))
def test_the_index_holds_only_letters_and_digits(text: str) -> None:
    assert re.fullmatch(r"(?:[a-zа-яіїє0-9]+(?: [a-zа-яіїє0-9]+)*)?", index_keys(text))


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="абвгдеєжзиіїклмн' ", max_size=100))
def test_what_is_written_is_found_as_written(text: str) -> None:
    if match(text) is not None:
        assert found(text, text) == [1]


def test_each_word_has_its_own_keys() -> None:
    assert [len(options) > 0 for options in keys("Горлівка та Київ")] == [True, True, True]
    assert "київ" in keys("у Києві")[1]


def test_a_page_in_one_breath_stays_bounded() -> None:
    assert len(index_keys("слово" * 10_000)) <= words.WORD_LETTERS * (words.LEMMAS + 1)
    assert str(match(" ".join(f"слово{number}" for number in range(99)))).count(" AND ") == words.QUERY_WORDS - 1
