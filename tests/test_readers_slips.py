"""Slips of the finger: which word was meant, and which was not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.words import fold
from bot.readers.speech import nearest, slips

TITLES = [
    "Обстріл Покровська: двоє загиблих",
    "У Покровську евакуація",
    "В окупованій Горлівці дрон атакував маршрутку",
    "Слов’янськ без води",
    "Курс долара",
    "Краматорськ: воду повернули",
]
WORDS = st.text("абвгде", max_size=7)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("покровск", "Покровськ"),
        ("Покрвоськ", "Покровськ"),
        ("горлвка", "Горлівка"),
        ("ґорлівкаа", "Горлівка"),
        ("словянск", "Слов’янськ"),
        ("крамоторськ", "Краматорськ"),
        ("евакуцаія", "евакуація"),
        ("долаар", "долар"),
        ("кур", None),
        ("курси", "Курс"),
        ("лікарня", None),
        ("Покровськ", None),
        ("", None),
        ("😀😀😀😀😀", None),
    ],
)
def test_the_nearest_word_of_the_headlines_is_meant(typed: str, meant: str | None) -> None:
    assert nearest(typed, TITLES) == meant


def test_of_equally_near_words_the_one_that_is_said_more_often() -> None:
    assert nearest("торецт", ["Торецк", "Торецк", "Торецо"]) == "Торецк"
    assert nearest("торецт", ["Торецо", "Торецк"]) == "Торецо"


def test_no_headlines_mean_nothing() -> None:
    assert nearest("покровск", []) is None


@given(WORDS, WORDS)
def test_slips_are_counted_the_same_both_ways_and_never_beyond_the_most(one: str, other: str) -> None:
    exact = slips(one, other, 20)

    assert exact == slips(other, one, 20)
    assert abs(len(one) - len(other)) <= exact <= max(len(one), len(other))
    assert (exact == 0) == (one == other)
    for most in range(4):
        assert slips(one, other, most) == min(exact, most + 1)


@given(st.text("абвгде", min_size=6, max_size=12), st.data())
def test_one_slip_in_a_long_word_is_always_mended(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    missed, added = word[:place] + word[place + 1 :], word[:place] + "ж" + word[place:]

    for typed in (swapped, missed, added):
        meant = nearest(typed, [f"У місті {word} сьогодні"])
        assert meant is None if fold(typed) == word else meant is not None
