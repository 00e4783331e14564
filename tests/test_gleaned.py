"""What the extra [articles] adds to a page that does not say its day, its lead or its author plainly."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.intake import gleaned
from bot.intake.articles import Article
from bot.intake.parse import Parser

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 2, 16, 22, 0, tzinfo=UTC)  # of the 17th in Kyiv
PAGE = "<html><title>Міст відкрили</title><p>17 лютого".encode()
BARE = Article("Міст відкрили", site="Місто")
WHOLE = replace(BARE, lead="Рух пустили вранці.", author="Олена Коваль", published_at=NOW)


class Document:
    """What the extra says of a page."""

    def __init__(self, date: str | None = None, description: str | None = None, author: str | None = None) -> None:
        self.date, self.description, self.author = date, description, author


def filled(article: Article, said: Document, page: bytes = PAGE) -> Article:
    return gleaned.filled(article, lambda *_, **__: said, page, None, "https://misto.ua/71", NOW, KYIV)


def test_what_the_page_does_not_say_is_gleaned() -> None:
    article = filled(BARE, Document("2026-02-17", "Рух пустили вранці.", "Олена Коваль; Іван Лис"))

    assert article == replace(BARE, published_at=MIDNIGHT, lead="Рух пустили вранці.", author="Олена Коваль, Іван Лис")


def test_what_the_page_says_stays() -> None:
    article = filled(replace(WHOLE, author=None), Document("2020-01-01", "Інше", "Олена Коваль"))

    assert article == WHOLE


@pytest.mark.parametrize(
    "said",
    [
        Document("2026-03-01", "Міст відкрили!", "Місто"),
        Document("давно", "Подробиці читайте на сайті", "https://misto.ua/olena"),
        Document(),
    ],
)
def test_tomorrow_a_repeated_title_and_the_site_itself_are_nothing(said: Document) -> None:
    assert filled(BARE, said) == BARE


def test_a_page_that_says_all_is_not_given_to_it() -> None:
    def asked(*_: Any, **__: Any) -> Document:
        raise AssertionError("asked")

    assert gleaned.filled(WHOLE, asked, PAGE, None, "https://misto.ua/71", NOW, KYIV) == WHOLE


@pytest.mark.parametrize("trouble", [ValueError, TypeError, RecursionError, MemoryError, SyntaxError])
def test_what_it_stumbles_over_is_read_by_us_alone(trouble: type[Exception]) -> None:
    def stumbling(*_: Any, **__: Any) -> Document:
        raise trouble

    assert gleaned.filled(BARE, stumbling, PAGE, None, "https://misto.ua/71", NOW, KYIV) == BARE


def test_a_page_that_would_take_it_seconds_is_not_given_to_it() -> None:
    long = PAGE + b"<p>x" * (gleaned.LONGEST // 4)

    assert filled(BARE, Document("2026-02-17"), long) == BARE


async def test_the_child_reads_the_author_where_the_extra_is_installed() -> None:
    page = '<html><title>Міст відкрили</title><span class="posted-by">Олена Коваль</span><p>Рух.'.encode()
    async with Parser() as parser:
        article = await parser.page(page, None, "https://misto.ua/71", NOW, KYIV)

    assert article.author == ("Олена Коваль" if gleaned.extractor() else None)
