"""The readers' pages whatever comes in: they fit a message, and buttons say what they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.readers import pages, views
from bot.readers.finds import Section, ordered, query, token
from bot.readers.show import MENU, TAPS
from bot.readers.views import View
from bot.screen import Page
from bot.wording import Wordings
from storage.model import Item
from tests.conftest import KYIV, NOON, House

UK = Wordings(KYIV).default


@settings(max_examples=100)
@given(st.text(max_size=64))
def test_no_callback_data_breaks_the_reading_of_it(carried: str) -> None:
    read = views.read(carried, NOON)

    assert read is None or (read[1].page >= 1 and (read[1].at is None or read[1].at <= NOON))


@given(
    st.integers(1, 9999),
    st.integers(0, 10**12 - 1),
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=NOON.replace(tzinfo=None)),
    st.just("") | st.text().map(token),
)
def test_a_button_carries_its_view_in_few_bytes(page: int, anchor: int, at: datetime, section: str) -> None:
    view = View(page, anchor, at.replace(tzinfo=NOON.tzinfo, microsecond=0), section)

    carried = views.data("l", view)

    assert views.read(carried, NOON) == ("l", view)
    assert views.read(views.opening("l", view), NOON) == ("l", View(token=section))
    assert len(carried.encode()) <= 64


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=3))
async def test_any_words_are_answered(home: House, texts: Sequence[str]) -> None:
    for text in texts:
        said = home.telegram.say(home.chat, home.reader, text)
        await home.work()
        if said.text:  # Telegram takes away what cannot be seen
            assert home.last.message_id > said.message_id


def item(number: int, title: str, *, url: str = "https://own.ua/1", section: str = "") -> Item:
    return Item(
        number, 1, "news", title, "", url, "uk", (section,) if section else (), NOON, NOON, 1, "x" * 500, "f", False,
        story_id=number,
    )  # fmt: skip


@given(st.text(min_size=1, max_size=3000), st.text(max_size=500), st.text(min_size=1, max_size=pages.QUERY_LETTERS))
def test_every_page_fits_a_message_whatever_sources_send(title: str, section: str, question: str) -> None:
    shown = [item(number, title * 4, url="https://own.ua/" + "x" * 1980, section=section) for number in range(100)]

    page = pages.found(UK, question, shown, View(20, 10**12), NOON, more=True, private=True)

    plain = page.text.striptags()
    assert len(plain.encode("utf-16-le")) // 2 <= 4096
    assert len(page.text.encode()) <= 32_768  # more is refused before it is read
    assert_keyboard(page)


def test_keyboards_are_small() -> None:
    for page in (
        pages.start(UK, "Новини"),
        pages.latest(UK, [item(number, "Вода") for number in range(100)], View(2, 1830, NOON), NOON, private=True),
        pages.nothing_found(UK, "вода", [(1, "ю" * 300), (2, "б")], "ю " * 100, private=True),
        pages.sections(UK, [], private=True),
        pages.section(UK, "Ю" * 300, [item(number, "Вода") for number in range(9)], View(), NOON, private=True),
        pages.news(UK, replace(item(1, "Вода"), lead="ю" * 2000), NOON, private=True),
        pages.too_long(UK, private=True),
        pages.help_page(UK, MENU),
    ):
        assert_keyboard(page)


def assert_keyboard(page: Page) -> None:
    for row in page.keyboard:
        assert len(row) <= 3
        assert sum(len(button.label) for button in row) <= 44
        for button in row:
            assert len(button.label) <= 32
            assert len(button.data.encode()) <= 64
            assert button.data[0] in TAPS


@given(st.lists(st.text(min_size=1, max_size=80), max_size=30))
def test_any_sections_stand_in_three_rows_that_a_phone_shows_whole(names: list[str]) -> None:
    known = [Section(name, (name,), token(name)) for name in names if query(name)]

    page = pages.sections(UK, known, private=True)

    assert_keyboard(page)
    shown = [button for row in page.keyboard for button in row if button.data.startswith("c")]
    assert [button.data for button in shown] == [f"c.{each.token}:1" for each in known[:9]]
    assert all(button.label.strip() for button in shown)


def test_an_items_first_sentence_ends_where_it_ends() -> None:
    for lead, first in (
        ("Воду дали о 14.00. Потім зникла.", "Воду дали о 14.00."),
        ("На вул. миру прорив! Їдуть слюсарі.", "На вул. миру прорив!"),
        ("«Води немає!» Так каже мер.", "«Води немає!»"),
        ("Без крапки", "Без крапки"),
    ):
        page = pages.news(UK, replace(item(1, "Вода"), lead=lead), NOON, private=True)
        assert page.text.striptags().endswith(f" {first}"), lead
        assert page.text.endswith(f"\n\n{first}")


def test_long_headlines_are_cut_between_words() -> None:
    assert pages.clip("Вода  є\n всюди", 40) == "Вода є всюди"
    assert pages.clip("Вода є, всюди", 8) == "Вода є…"
    assert pages.clip("Водопостачання", 8) == "Водопос…"


def test_a_headline_without_a_page_is_not_linked() -> None:
    for url in ("", "javascript:alert(1)", "https://own.ua/" + "x" * 3000):
        page = pages.latest(UK, [item(1, "Вода", url=url)], View(), NOON, private=True)
        assert "<a" not in page.text


def test_what_cannot_be_seen_is_not_asked() -> None:
    assert query(" вода\u200b\n\tє\x00 ") == "вода є"
    assert ordered([item(1, "Вода"), replace(item(2, "Дайджест"), kind="digest")], set(), ("uk", "uk")) == [
        item(1, "Вода")
    ]
