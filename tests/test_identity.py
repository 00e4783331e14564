"""Which reports are one item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import twins
from bot.intake.identity import canonical, keys
from storage.model import Report


def first(url: str | None, title: str = "Заголовок", guid: str | None = None, source: str = "s") -> str:
    return keys(Report(title=title, url=url, guid=guid), source)[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://WWW.Misto.ua/novyny/most/",
        "https://m.misto.ua:443/novyny/most?utm_source=telegram&fbclid=1#comments",
        "https://amp.misto.ua/novyny/most/amp/",
        "https://misto.ua/amp/novyny/most",
        "https://misto.ua/novyny/./most?from=rss",
        "https://misto.ua//novyny/mo%73t",
        "https://misto-ua.cdn.ampproject.org/c/s/misto.ua/novyny/most",
    ],
)
def test_one_page_has_one_address(url: str) -> None:
    assert canonical(url) == "https://misto.ua/novyny/most"


def test_what_chooses_the_page_stays() -> None:
    assert canonical("http://misto.ua/?p=123&b=2&a=1") == "https://misto.ua?a=1&b=2&p=123"
    assert canonical("http://misto.ua:8080/x") == "https://misto.ua:8080/x"
    assert canonical("https://місто.укр/новини/міст") == canonical(
        "https://xn--l1aeie2h.xn--j1amh/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%d0%bc%d1%96%d1%81%d1%82"
    )
    assert canonical("https://t.me/s/Misto_News/55?single") == "https://t.me/misto_news/55"
    assert canonical("mailto:a@b.ua") == "mailto:a@b.ua"


@given(st.text("abcАі%2f/?&=#.:;@+ wmp~", max_size=40), st.sampled_from(["https://www.", "http://m.x.ua/", "//", ""]))
def test_a_canonical_address_is_canonical(rest: str, start: str) -> None:
    once = canonical(start + rest)

    assert canonical(once) == once


def test_an_edited_title_keeps_its_identity() -> None:
    before = first("https://novosti.dn.ua/article/9921-pershyi-zagolovok", "Перший заголовок")
    after = first("https://novosti.dn.ua/article/9921-inshyi-zagolovok?utm_source=tg", "Інший заголовок")

    assert before == after == "novosti.dn.ua/article/9921"


def test_the_russian_twin_is_another_item() -> None:
    key = first("https://novosti.dn.ua/ru/article/9921-zagolovok")

    assert key == "novosti.dn.ua/ru/article/9921"
    assert twins.keys([key])[0] == "novosti.dn.ua/article/9921"
    assert twins.keys(["novosti.dn.ua/article/9921"])[0] == key
    assert twins.keys(["guid:s:1"]) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.ua/news/110-brygada-uviishla", "https://m.ua/news/110-brygada-vyishla"),
        ("https://m.ua/news/2026-rik-u-misti", "https://m.ua/news/2026-rik-u-seli"),
        ("https://m.ua/2026/02/17/most", "https://m.ua/2026/02/17/shkola"),
        ("https://m.ua/news/1000-dniv-viiny", "https://m.ua/news/1000-dniv-bez-svitla"),
        ("https://m.ua/?p=123", "https://m.ua/?p=124"),
        ("https://m.ua/news/20260217-most", "https://m.ua/news/20260217-shkola"),
        ("https://m.ua/news/71234-most", "https://m.ua/article/71234-most"),
        ("https://t.me/kanal/101", "https://t.me/kanal/102"),
    ],
)
def test_two_articles_never_share_a_key(one: str, other: str) -> None:
    assert first(one) != first(other)


def test_a_number_after_the_slug_is_the_sites_own() -> None:
    assert first("https://radio.ua/a/stara-nazva/33708931.html") == first("https://radio.ua/a/nova-nazva/33708931.html")
    assert first("https://u.ua/misto/stara-nazva-12345678.html") == first("https://u.ua/misto/nova-12345678.html")


def test_a_guid_counts_only_without_an_address_and_in_its_source() -> None:
    with_address = first("https://misto.ua/novyny/most", guid="5")
    front_page = first("https://misto.ua/", guid="5")

    assert with_address == "https://misto.ua/novyny/most"
    assert front_page == first(None, guid="5") == "guid:s:5"
    assert first(None, guid="5", source="other") != front_page


def test_without_address_and_guid_the_words_are_the_identity() -> None:
    assert first(None, "У місті — світло!") == first(None, "У місті: світло")
    assert first(None, "У місті світло") != first(None, "У селі світло")
