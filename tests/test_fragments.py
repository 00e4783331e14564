"""«Головне за день: A. B»: short where it can be short, whole and true always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.fragments import fragment


@pytest.mark.parametrize(
    ("headline", "short"),
    [
        ("Америка передасть Україні протипіхотні міни", "Америка передасть Україні протипіхотні міни"),
        (
            "Окупанти виводять ППО з Євпаторії для захисту Кримського мосту — АТЕШ",
            "Окупанти виводять ППО з Євпаторії",
        ),
        ("Росіяни захопили ще одне село на Донеччині — DeepState", "Росіяни захопили ще одне село на Донеччині"),
        ("У Києві підтвердили атаку на арсенал у Новгородській області РФ", "У Києві підтвердили атаку на арсенал"),
        (
            "Путін не застосує ядерну зброю проти України: західні ЗМІ назвали причину",
            "Путін не застосує ядерну зброю проти України",
        ),
    ],
)
def test_a_headline_is_shortened_where_a_phrase_ends(headline: str, short: str) -> None:
    assert fragment(headline) == short


@pytest.mark.parametrize(
    "headline",
    [
        "У захопленій Горлівці внаслідок скидання вибухонебезпечного предмета з БПЛА постраждали люди",
        "В окупованій Горлівці дрон атакував маршрутку: 10 людей поранено",
        "Росія з початку повномасштабної війни депортувала з України понад 19 тисяч дітей",
        "Україна пообіцяла не застосовувати американські міни в густонаселених районах",
        "Війська увійшли до центру селища на півночі області без бою",
    ],
)
def test_what_would_change_the_meaning_stays(headline: str) -> None:
    assert fragment(headline) == headline


def test_a_claim_of_the_russian_side_keeps_its_source() -> None:
    headline = "Рух Кримським мостом перекривали на дві години — Міноборони РФ"

    assert fragment(headline) == headline


def test_a_doubt_keeps_its_source() -> None:
    headline = "Ворог імовірно готує новий наступ на півдні — ISW"

    assert fragment(headline) == headline


@given(st.text(max_size=200))
def test_a_fragment_is_the_beginning_of_its_headline(headline: str) -> None:
    assert " ".join(headline.split()).startswith(fragment(headline))
