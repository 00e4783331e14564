"""Set in type: the line, its source, what changed, and a title that is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.editions.choosing import Choice
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.editions.press import HEADLINE_UNITS, TITLE_UNITS, Sheet, edition_title, print_sheet, update_words
from bot.editions.rubrics import rubric
from bot.editions.slots import Slot
from bot.judgement.changes import change
from bot.judgement.ranking import Ranked
from bot.newsroom import Newsroom
from bot.wording import Wordings
from storage.model import Item, State, Story, Told
from tests.conftest import KYIV

NINE = datetime(2024, 11, 20, 7, 0, tzinfo=UTC)  # 09:00 in Kyiv
WORDINGS = Wordings(KYIV)
UK = WORDINGS.default
NEWSROOM = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")
DIGEST = Slot("digest", date(2024, 11, 20), time(18), NINE + timedelta(hours=9))
hostile = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=700)


def choice(title: str, *, own: bool = True, url: str = "https://nd.ua/1", source: str = "Наше") -> Choice:
    item = Item(1, 1, "news", title, "", url, "uk", (), NINE, NINE, 1, source, "nd", own)
    state = State(1, 1, 1, 1, title, {}, NINE)
    return Choice(Ranked(Story(1, state, (item,)), 5.0, ()), item)


def updated(was: str, became: str, told_toll: dict[str, int], toll: dict[str, int], told_at: datetime = NINE) -> Choice:
    before = State(1, 1, 1, 1, was, told_toll, NINE)
    after = State(1, 2, 1, 2, became, toll, NINE)
    return replace(choice(became), told=Told(before, "digest", told_at, before.title), change=change(before, after))


def digest_of(*choices: Choice) -> Sheet:
    return print_sheet(rubric("digest", [time(18)]), choices, UK, NEWSROOM, slot=DIGEST)


def test_a_source_is_named_where_neither_the_headline_nor_the_site_names_it() -> None:
    lines = digest_of(
        choice("Воду повернули", own=False, source="Рада & <Ко>"),
        choice("Воду повернули — Філашкін", own=False),
        choice("Воду повернули"),
        choice("Воду повернули", url=""),
    ).lines

    assert lines == (
        '<a href="https://nd.ua/1">Воду повернули</a> — Рада &amp; &lt;Ко&gt;',
        '<a href="https://nd.ua/1">Воду повернули — Філашкін</a>',
        '<a href="https://nd.ua/1">Воду повернули</a>',
        "Воду повернули",
    )


@pytest.mark.parametrize(
    ("told", "toll", "words"),
    [
        ({"killed": 1}, {"killed": 2}, "Оновлено: уже двоє загиблих; о 09:00 повідомляли про одного"),
        ({"wounded": 5}, {"wounded": 21}, "Оновлено: уже 21 поранений; о 09:00 повідомляли про п’ятьох"),
        ({}, {"killed": 1}, "Оновлено: один загиблий; о 09:00 про постраждалих ще не повідомляли"),
        ({"wounded": 4}, {"killed": 1}, "Оновлено: один загиблий; о 09:00 про загиблих ще не повідомляли"),
        (
            {"killed": 1, "wounded": 4},
            {"killed": 2, "wounded": 11},
            "Оновлено: уже двоє загиблих, 11 поранених; "
            "о 09:00 повідомляли про одного загиблого, про чотирьох поранених",
        ),
    ],
)
def test_an_update_says_what_grew_and_what_was_told(told: dict[str, int], toll: dict[str, int], words: str) -> None:
    assert update_words(updated("Удар", "Удар по місту", told, toll), UK, DIGEST.at) == words


def test_an_update_of_yesterdays_news_says_yesterday() -> None:
    grown = updated("Удар", "Удар", {"killed": 1}, {"killed": 2}, NINE - timedelta(hours=14))

    assert update_words(grown, UK, DIGEST.at) == ("Оновлено: уже двоє загиблих; вчора о 19:00 повідомляли про одного")


def test_a_corrected_toll_says_what_was_told() -> None:
    mended = updated("Удар по Лиманську: двоє загиблих", "Поліція уточнила дані", {"killed": 2}, {"killed": 1})

    assert update_words(mended, UK, DIGEST.at) == "Уточнено: один загиблий; о 09:00 повідомляли про двох"


def test_another_headline_is_told_beside_the_first() -> None:
    other = updated("Вода зникла в місті", "Мешканцям роздають продукти", {}, {})

    assert update_words(other, UK, DIGEST.at) == "Оновлено; о 09:00 повідомляли: «Вода зникла в місті»"


def test_what_is_told_first_has_no_such_words() -> None:
    assert update_words(choice("Воду повернули"), UK, DIGEST.at) == ""


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_an_update_is_whole_in_every_language(language: str) -> None:
    grown = updated("Удар", "Удар", {"killed": 11}, {"killed": 12, "wounded": 15}, NINE - timedelta(hours=14))

    words = update_words(grown, WORDINGS.of(language), DIGEST.at)

    assert all(part in words for part in ("11", "12", "15", "19:00"))
    assert "{" not in words


def test_a_title_too_long_for_two_keeps_the_first() -> None:
    long = "Верховна Рада змінила " + "дуже " * 35 + "важливий закон 5"

    title = edition_title("roundup", [choice("США дадуть Україні міни"), choice(long)], UK)

    assert title == "Головне за день: США дадуть Україні міни"


@given(st.lists(hostile.filter(str.strip), min_size=3, max_size=6), st.sampled_from(["digest", "roundup"]))
def test_whatever_a_headline_holds_it_stands_as_text(titles: list[str], name: str) -> None:
    choices = [choice(title, own=number % 2 == 0, source=title) for number, title in enumerate(titles)]

    sheet = print_sheet(rubric(name, [time(18)]), choices, UK, NEWSROOM, slot=replace(DIGEST, rubric=name))

    for each, line in zip(choices, sheet.lines, strict=True):
        shown = line.removeprefix('<a href="https://nd.ua/1">')
        assert shown.count("<") == 1
        headline = shown.partition("</a>")[0]
        if units(each.item.title) <= HEADLINE_UNITS:
            assert headline == escape(each.item.title)
    assert units(sheet.title) <= TITLE_UNITS
    assert all(0 < units(visible(part.text)) <= MESSAGE_LIMIT for part in sheet.parts)
    assert [index for part in sheet.parts for index in part.entries] == list(range(len(titles)))
