"""What the bot says: the same in every language, in right grammar, and harmless in HTML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.wording import LANGUAGES, LOCALE, Wordings
from tests.conftest import KYIV, NOON

WORDS = Wordings(KYIV)
CYRILLIC, LATIN = re.compile(r"[А-яЁёІіЇїЄєҐґ]"), re.compile(r"[A-Za-z]")
# What a person sees in Latin letters in a Cyrillic text, and rightly.
NAMES = re.compile(
    r"</?(?:a|b|i|u|s|code|pre|blockquote|tg-time|tg-spoiler)\b[^>]*>|/[a-z_]+|BOT_[A-Z_]+|@\w+|Ctrl\+\w"
)
LOOKALIKES = re.compile(r"[aceiopxyABCEHIKMOPTX]{1,2}|[aceiopxy]+")  # «с» of the wrong keyboard; HTTP is a name


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


def messages(language: str) -> dict[str, Message]:
    return {key(message): message for message in CATALOGUES[language] if message.id}


def key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def all_texts(*languages: str) -> list[tuple[str, str, str]]:
    return [
        (language, name, form)
        for language in languages
        for name, message in messages(language).items()
        for form in forms(message)
    ]


def test_every_language_says_the_same_things() -> None:
    for language in LANGUAGES:
        assert messages(language).keys() == messages("uk").keys(), language
        assert not CATALOGUES[language].obsolete
        assert not [name for name, message in messages(language).items() if message.fuzzy]


def test_every_text_is_said_in_all_its_plural_forms() -> None:
    for language in LANGUAGES:
        wanted = CATALOGUES[language].num_plurals
        for name, message in messages(language).items():
            plural = isinstance(message.id, tuple)
            assert plural == isinstance(messages("uk")[name].id, tuple), f"{language} {name}"
            assert not plural or message.id[0] == message.id[1], f"{language} {name}"
            assert len(forms(message)) == (wanted if plural else 1), f"{language} {name}"
            assert all(forms(message)), f"{language} {name}"


def test_every_language_takes_the_same_values() -> None:
    for language, name, form in all_texts(*LANGUAGES):
        assert placeholders(form) == placeholders(forms(messages("uk")[name])[0]), f"{language} {name}"


def test_keys_stand_in_order_so_that_adding_one_is_easy() -> None:
    for language in LANGUAGES:
        text = (LOCALE / f"{language}.po").read_text(encoding="utf-8")
        keys = re.findall(r'^msgid "(.+)"$', text, re.M)
        assert keys == sorted(keys), language
        assert len(keys) == len(set(keys)), language


def test_no_latin_letter_hides_in_a_cyrillic_word() -> None:
    for language, name, form in all_texts("uk", "ru"):
        shown = NAMES.sub(" ", re.sub(r"\{\w+\}", " ", form))
        for word in re.findall(r"[^\W\d_]+", shown):
            assert not (LATIN.search(word) and CYRILLIC.search(word)), f"{language} {name}: {word}"
            assert not LOOKALIKES.fullmatch(word), f"{language} {name}: {word}"


def test_no_letter_of_the_neighbour_language_slips_in() -> None:
    for language, name, form in all_texts("uk", "ru"):
        foreign = "ыэъё" if language == "uk" else "іїєґ"
        assert not set(form.lower()) & set(foreign), f"{language} {name}"
    for language, name, form in all_texts("en"):
        assert not CYRILLIC.search(re.sub("“[^”]*”", "", form)), f"{language} {name}"  # a quoted name may be as it is


def test_quotes_dashes_and_apostrophes_are_typographic() -> None:
    for language, name, form in all_texts(*LANGUAGES):
        shown = NAMES.sub(" ", form)
        assert not set(shown) & set("\"'`"), f"{language} {name}"
        assert " - " not in shown, f"{language} {name}"
        if language != "en":
            assert not set(shown) & set("“”„"), f"{language} {name}"


def test_labels_and_toasts_are_short() -> None:
    for language, name, form in all_texts(*LANGUAGES):
        shown = re.sub(r"\{word\}", "слово" * 4, re.sub(r"\{(pages?|number)\}", "99", form))
        if "button" in name.split("."):
            assert len(shown) <= 32, f"{language} {name}"
        if "toast" in name.split("."):
            assert len(shown) <= 70, f"{language} {name}"


@pytest.mark.parametrize(
    ("number", "uk", "ru", "en"),
    [
        (0, "0 новин", "0 новостей", "0 stories"),
        (1, "1 новина", "1 новость", "1 story"),
        (2, "2 новини", "2 новости", "2 stories"),
        (5, "5 новин", "5 новостей", "5 stories"),
        (11, "11 новин", "11 новостей", "11 stories"),
        (21, "21 новина", "21 новость", "21 stories"),
        (112, "112 новин", "112 новостей", "112 stories"),
        (1004, "1004 новини", "1004 новости", "1004 stories"),
    ],
)
def test_numbers_take_their_plural(number: int, uk: str, ru: str, en: str) -> None:
    assert [WORDS.of(language).count("search.found", number) for language in LANGUAGES] == [uk, ru, en]


def test_a_key_that_a_language_lacks_is_named_with_it() -> None:
    with pytest.raises(KeyError, match=r"nothing\.here.*'ru'"):
        WORDS.of("ru").text("nothing.here")
    with pytest.raises(KeyError, match=r"nothing\.here.*'uk'"):
        WORDS.of("uk").count("nothing.here", 2)


def test_html_escapes_what_it_is_given_and_keeps_its_own() -> None:
    said = WORDS.of("uk").html("search.title", query="<b>&'\"", found=Markup("<i>2</i>"))

    assert said == "🔎 <b>&lt;b&gt;&amp;&#39;&#34;</b> · <i>2</i>"


@given(st.text())
def test_no_value_makes_a_tag(value: str) -> None:
    said = WORDS.of("uk").html("entry.link", url=value, title=value)

    assert said.count("<") == said.count(">") == 2
    assert said.count('"') == 2


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("RU", "ru"),
        ("ru_RU", "ru"),
        ("en-GB", "en"),
        ("pl", "uk"),
        ("", "uk"),
        (None, "uk"),
    ],
)
def test_people_are_answered_in_the_language_of_their_telegram(code: str | None, language: str) -> None:
    assert WORDS.of(code).language == language
    assert Wordings(KYIV, default="ru").of("de").language == "ru"


def test_moments_are_told_by_the_newsrooms_clock() -> None:
    uk, ru, en = WORDS
    yesterday = datetime(2024, 11, 22, 9, 5, tzinfo=UTC)
    earlier, another_year = datetime(2024, 11, 20, 21, 59, tzinfo=UTC), datetime(2023, 12, 31, 22, 0, tzinfo=UTC)

    assert uk.clock(NOON) == uk.moment(NOON, NOON) == "14:06"
    assert [each.moment(yesterday, NOON) for each in (uk, ru, en)] == [
        "вчора об 11:05", "вчера в 11:05", "yesterday at 11:05",
    ]  # fmt: skip
    assert uk.moment(earlier, NOON) == "20 листопада о 23:59"
    assert uk.day(another_year, NOON) == "1 січня"
    assert uk.day(datetime(2023, 12, 31, 21, 59, tzinfo=UTC), NOON) == "31 грудня 2023 року"
    assert uk.day(NOON + timedelta(days=1), NOON) == "завтра"


def test_what_stands_for_days_names_its_day_and_weekday() -> None:
    tomorrow, another_year = datetime(2024, 11, 24, 9, 5, tzinfo=UTC), datetime(2025, 1, 3, 7, 0, tzinfo=UTC)

    assert [each.dated(tomorrow, NOON) for each in WORDS] == [
        "нд, 24 листопада об 11:05", "вс, 24 ноября в 11:05", "Sun, 24 November at 11:05",
    ]  # fmt: skip
    assert [each.brief(tomorrow, NOON) for each in WORDS] == ["нд 24.11, 11:05", "вс 24.11, 11:05", "Sun 24.11, 11:05"]
    uk, _, _ = WORDS
    assert (uk.dated(NOON, NOON), uk.dated_at(NOON, NOON), uk.brief(NOON, NOON)) == ("14:06", "о 14:06", "14:06")
    assert uk.dated_at(another_year, NOON) == "пт, 3 січня 2025 року о 09:00"


def test_yesterday_is_the_day_before_also_when_the_clocks_change() -> None:
    after_the_change = datetime(2024, 10, 27, 22, 30, tzinfo=UTC)  # 00:30 of the 28th; the 27th had 25 hours
    early_on_the_27th = datetime(2024, 10, 26, 21, 30, tzinfo=UTC)  # 00:30 of the 27th

    assert WORDS.default.day(early_on_the_27th, after_the_change) == "вчора"
