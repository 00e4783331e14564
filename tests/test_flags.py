"""Who is named in a text, and which place: what an editor is asked about, and the text without it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.flag_cut import cut
from bot.editions.packing import units
from bot.judgement.cautions import UnreadableCaution, caution, default_caution
from bot.judgement.clearing import cuts, without
from bot.judgement.flags import found
from storage.model import Content

ASKED = default_caution()
WORDS = [
    "Марія", "Коваль", "17-річна", "загинула", "вул.", "Паркова", "5", "школу", "№", "«Вежа»", ",", "—", ".", "удар",
    "\n", "дитина", "К.", "поранено", "ТЕС", "🕯", "улице", "8-летняя", "голова",
]  # fmt: skip


def told(text: str) -> list[tuple[str, str]]:
    return [(flag.kind, flag.words) for flag in found(text, ASKED)]


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("У селі загинула 17-річна Марія К., учениця", [("child", "Марія К.")]),
        ("Погибла 8-летняя Аня Коваль", [("child", "Аня Коваль")]),
        ("Хлопчик Сашко досі в лікарні після удару", [("child", "Сашко")]),
        ("Сашко Коваль, 10 років, виграв конкурс", [("child", "Сашко Коваль")]),
        ("Загинув Іван Гнатенко — голова громади", [("victim", "Іван Гнатенко")]),
        ("Серед загиблих — Ганна Коваль", [("victim", "Ганна Коваль")]),
        ("Загинула Ганна Коваль, дружина керівника лікарні", [("victim", "Ганна Коваль")]),
        ("В больнице умерла раненая Анна Гнатенко", [("victim", "Анна Гнатенко")]),
        ("Удар по місту: будинок на вул. Парковій, 5 горить", [("street", "вул. Парковій, 5")]),
        ("Тело нашли на улице Парковой", [("street", "улице Парковой")]),
        ("Удар по вулиці Соборній, 12:09", [("street", "вулиці Соборній")]),  # a time is no house
        ("Двоє поранених на Парковій вулиці", [("street", "Парковій вулиці")]),
        ("Влучання у школу № 5", [("strike", "школу № 5")]),
        ("Росіяни вдарили по заводу «Вежа»", [("strike", "заводу «Вежа»")]),
        ("Атака на Зуївську ТЕС", [("strike", "ТЕС")]),
    ],
)
def test_a_name_or_a_place_is_flagged(text: str, flagged: list[tuple[str, str]]) -> None:
    assert told(text) == flagged


@pytest.mark.parametrize(
    "text",
    [
        "Двоє поранених, — голова області Іван Гнатенко",
        "Троє загинули внаслідок удару, — Ганна Коваль",
        "Президент Іван Гнатенко відвідав поранених",
        "Зеленський вручив нагороди родинам загиблих",
        "На вулиці Парковій полагодили дорогу",
        "Після атаки на вулиці важко дихати",
        "У школі № 5 відкрили новий клас",
        "СБУ вдарила по складу «Вежа» в Росії",
        "Українські дрони атакували порт «Вежа»",
        "30-річна Ганна Коваль виграла конкурс",
        "Ганні Коваль на 10 років заборонили виступати",
        "За вбивство засудили Петра Коваля",
    ],
)
def test_who_speaks_or_serves_and_what_is_harmless_is_not(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "cleared"),
    [
        ("Загинула 17-річна Марія К., учениця", "Загинула 17-річна дівчина, учениця"),
        ("Поховали 12-річного Сашка Коваля", "Поховали 12-річного хлопчика"),
        ("Погибла 8-летняя Аня Коваль", "Погибла 8-летняя девочка"),
        ("Хлопчик Сашко досі в лікарні", "Хлопчик досі в лікарні"),
        ("Серед загиблих — Ганна Коваль", "Серед загиблих — жінка"),
        ("Удар: горить будинок на вул. Парковій, 5", "Удар: горить будинок"),
        ("На Парковій вулиці знайшли тіло", "Знайшли тіло"),
        ("Влучання у школу № 5 вранці", "Влучання у школу вранці"),
        ("Атака на Зуївську ТЕС", "Атака на Зуївську ТЕС"),
    ],
)
def test_the_words_are_taken_out_by_rule(text: str, cleared: str) -> None:
    assert without(text, cuts(text, found(text, ASKED))) == cleared


def test_what_is_bold_below_moves_along() -> None:
    text = "🕯 Загинула 17-річна Марія К.\n\nПохорон у суботу"
    bold = {"type": "bold", "offset": units(text) - units("у суботу"), "length": units("у суботу")}
    whole = {"type": "bold", "offset": 0, "length": units("🕯 Загинула 17-річна Марія К.")}

    after = cut(Content(text, (whole, bold)), cuts(text, found(text, ASKED)))

    spans = [after.text.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])] for e in after.entities]
    assert [span.decode("utf-16-le") for span in spans] == ["🕯 Загинула 17-річна дівчина", "у суботу"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=24).map(" ".join))
def test_whatever_is_written_flags_stand_in_the_text_and_cuts_apart(text: str) -> None:
    flags = found(text, ASKED)
    made = cuts(text, flags)

    assert all(text[flag.at] == flag.words and flag.words in flag.sentence for flag in flags)
    assert all(before[0].stop <= after[0].start for before, after in pairwise(made))
    after = cut(Content(text, ({"type": "bold", "offset": 0, "length": units(text)},)), made)
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= units(after.text) for e in after.entities)


def test_a_newsroom_asks_about_its_own_words() -> None:
    own = caution('[victim]\nwords = ["затопле"]\n')

    assert [flag.words for flag in found("Затоплено подвір’я: Ганна Коваль чекає допомоги", own)] == ["Ганна Коваль"]
    assert found("Загинула Ганна Коваль", own) == ()


@pytest.mark.parametrize(
    "toml", ["[victims]\n", "[victim]\nword = []\n", "[victim]\nwords = 5\n", '[street]\nkinds = ["("]\n', "x"]
)
def test_a_file_that_means_nothing_is_refused(toml: str) -> None:
    with pytest.raises(UnreadableCaution):
        caution(toml)
