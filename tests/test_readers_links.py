"""Deep links: what they open, that they fit, and that a broken one is a welcome."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.readers import views
from bot.readers.finds import token
from bot.readers.views import QUERY_BYTES, link, opened
from storage import items
from tests.conftest import NOON, House, headlines, labels, put

LINKS = (
    st.tuples(st.sampled_from(views.LISTS), st.just(""))
    | st.tuples(st.just("news"), st.integers(0, 10**12 - 1).map(str))
    | st.tuples(st.just("section"), st.text().map(token))
    | st.tuples(st.just("search"), st.text(min_size=1).filter(lambda text: bool(text.split())))
)


def payload(address: str) -> str:
    return address.partition("?start=")[2]


async def follow(home: House, kind: str, carried: str = "") -> str:
    """The page that the reader sees who taps such a link."""
    home.telegram.follow(home.reader, link("holovne_bot", kind, carried))
    await home.work()
    return home.last.text


async def test_a_link_opens_one_item(home: House) -> None:
    lead = "Насоси запустили вранці. Тиск ще слабкий."
    item = await put(home.db, "Краматорськ: воду <повернули>", section="Комунальне", lead=lead)

    text = await follow(home, "news", str(item.id))

    assert text == "Краматорськ: воду <повернули>\nКомунальне, 14:02\n\nНасоси запустили вранці."
    assert {"type": "text_link", "offset": 0, "length": 29, "url": item.url} in home.last.entities
    assert labels(home.last) == [["Останні", "Сьогодні"], ["‹ Меню"]]


async def test_a_link_opens_a_section_a_search_and_the_lists(home: House) -> None:
    await put(home.db, "Обстріл Горлівки: двоє загиблих", section="Окупація")

    assert (await follow(home, "section", token("ОКУПАЦІЯ"))).startswith("🗂 Окупація")
    assert (await follow(home, "search", "горлівка")).startswith("🔎 горлівка · 1 новина")
    for kind, title in (("latest", "🕑 Останні"), ("today", "☀️ Головне"), ("top", "⭐ Найважливіше")):
        text = await follow(home, kind)
        assert text.startswith(title)
        assert headlines(text) == ["Обстріл Горлівки: двоє загиблих"]


async def test_a_page_that_a_link_opened_turns(home: House) -> None:
    for number in range(6):
        await put(home.db, f"Вода {number}", section="Комунальне")
    for kind, carried, onward in (("search", "вода", "Наступні ›"), ("section", token("Комунальне"), "Старіші ›")):
        await follow(home, kind, carried)

        await home.tap(onward)

        assert len(headlines(home.last.text)) == 1


async def test_a_link_to_what_is_no_news_any_more_is_a_welcome(home: House) -> None:
    gone = await put(home.db, "Неправда про воду")
    promo = await put(home.db, "Підпишіться на нас", kind="promo")
    async with home.db.transaction() as tx:
        await items.withdraw(tx, gone.id, "недостовірно", NOON)

    for number in (gone.id, promo.id, 10**12 - 1, 0):
        assert (await follow(home, "news", str(number))).startswith("Вітаємо!")


@pytest.mark.parametrize(
    "broken",
    ["fix_512", "news_", "news_x", "news_1234567890123", "section_Війна", "search_", "search_A", "search__-_-",
     "search_0L_QvtC60YDQvtCy0YHRjNA", "search_ICAg", "x" * 64, "today_1", "TODAY", "старт", "latest x"],
)  # fmt: skip
async def test_a_broken_link_is_a_welcome(home: House, broken: str) -> None:
    texts = await home.say(f"/start {broken}")

    assert texts[-1].startswith("Вітаємо!")


async def test_a_query_in_the_first_screen_is_not_taken_for_a_link(home: House) -> None:
    await put(home.db, "latest")
    await home.say("пошук top")

    await home.tap("‹ Меню")

    assert home.last.text.startswith("Вітаємо!")


@given(LINKS)
def test_a_link_comes_back_as_it_was_made_and_fits(made: tuple[str, str]) -> None:
    kind, carried = made

    address = link("@holovne_bot", kind, carried)

    assert address.startswith("https://t.me/holovne_bot?start=")
    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", payload(address))
    back = opened(payload(address))
    assert back is not None
    assert back[0] == kind
    words = " ".join(carried.split())
    if kind != "search" or len(words.encode()) <= QUERY_BYTES:
        assert back[1] == (words if kind == "search" else carried)
    else:
        assert words.startswith(back[1])
        assert len(back[1].encode()) <= QUERY_BYTES
        assert words[len(back[1])] == " " or " " not in back[1]


@given(st.text(max_size=80) | st.from_regex(r"(news|section|search)_[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_no_payload_breaks_the_reading_of_it(given_payload: str) -> None:
    back = opened(given_payload)

    assert back is None or opened(payload(link("bot", *back))) is not None


@pytest.mark.parametrize(
    ("kind", "carried"), [("news", "x"), ("news", ""), ("section", "Війна"), ("search", " \n"), ("fix", "1")]
)
def test_no_link_is_made_that_would_not_open(kind: str, carried: str) -> None:
    with pytest.raises(ValueError, match=kind):
        link("holovne_bot", kind, carried)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=64))
async def test_whatever_follows_start_is_answered(home: House, tail: str) -> None:
    said = home.telegram.say(home.chat, home.reader, f"/start {tail}")

    await home.work()

    assert home.last.message_id > said.message_id
