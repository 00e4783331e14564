"""Whose name a title may say: those in office and those whom all know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judgement.names import known, office, private, said_by, split, trusted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("У Лиманську загинув Іван Коваль", ["Іван Коваль"]),
        ("Історія Назара Вовка з Лиманська", ["Назара Вовка"]),
        ("Знайшли мертвого Івана Коваля", ["Івана Коваля"]),
        ("Після Олени Сич виступав хор", ["Олени Сич"]),
        ("Зникла 13-річна Софія", ["Софія"]),
        ("Врятували хлопчика Назара", ["Назара"]),
        ("Помер учитель Петро Сало", ["Петро Сало"]),
        ("Убит Иван Петров", ["Иван Петров"]),
        ("Мер Лиманська Іван Коваль подав у відставку", []),
        ("Речниця поліції Олена Сич назвала причину", []),
        ("Олена Сич, речниця поліції, назвала причину", []),
        ("Володимир Зеленський відвідав Покровськ", []),
        ("Верховна Рада ухвалила бюджет", []),
        ("У Часовому Яру тривають бої", []),
        ("Біла Церква лишилася без води", []),
        ("Рада Європи скликає засідання", []),
    ],
)
def test_a_private_person_is_found_by_a_full_name(text: str, names: list[str]) -> None:
    words = text.split()

    assert [" ".join(words[found]) for found in private(words)] == names


@pytest.mark.parametrize(
    ("headline", "who"),
    [
        ("Загинули двоє — Філашкін", "Філашкін"),
        ("Загинули двоє, — обласна прокуратура", ""),
        ("Поранено трьох – поліція", "поліція"),
        ("Прокуратура: один загиблий", "Прокуратура"),
        ("Філашкін: двоє загиблих", "Філашкін"),
        ("Удар по Лиманську: двоє загиблих", ""),
        ("Загинула жінка", ""),
    ],
)
def test_a_voice_stands_behind_the_dash_or_before_the_colon(headline: str, who: str) -> None:
    assert said_by(headline) == who


def test_offices_and_sources_are_known_in_their_forms() -> None:
    assert all(map(office, ("президента", "ексміністр", "Мер", "посла", "главой")))
    assert not any(map(office, ("мертвого", "після", "после", "секунди", "головна")))
    assert known("Зеленському")
    assert trusted("DeepState")
    assert not trusted("Міноборони РФ")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    said, dash = split(text)

    assert said + dash == text
    assert all(found.start < found.stop <= len(text.split()) for found in private(text.split()))
    said_by(text)
