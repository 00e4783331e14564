"""The child that reads feeds: it may die, the newsroom's poll may not."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.intake import discovery, lists, pages
from bot.intake.discovery import Candidate
from bot.intake.feeds import Feed, UnreadableFeed
from bot.intake.parse import Parser

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
GOOD = b"<rss><channel><item><title>good</title><pubDate>17.02.2026 17:36</pubDate><link>http://m.ua/1</link></item></channel></rss>"
PAGE = (
    '<html lang="uk"><title>Міст</title><meta property="article:tag" content="мости">'
    '<meta property="article:published_time" content="2026-02-17T17:36:00">'
).encode()
LIST = (
    '<p class="few"><a href="/">Головна сторінка міста</a></p><ul>'
    + "".join(f'<li><b>10:0{n}</b> <a href="/a/{n}">У місті відкрили міст номер {n}</a></li>' for n in (3, 2, 1))
    + "</ul>"
).encode()
SLOW = b"<rss><channel><item>" + b"<category>a</category>" * 100_000  # quadratic in feedparser


@pytest_asyncio.fixture
async def parser() -> AsyncIterator[Parser]:
    async with Parser(seconds=0.7) as parser:
        yield parser


async def ask(parser: Parser, body: bytes) -> Feed:
    return await parser.feed(body, None, "http://m.ua/feed", NOW, KYIV)


def item(inside: bytes) -> bytes:
    return b"<rss><channel><item><title>x</title>" + inside + b"</item></channel></rss>"


async def test_a_feed_comes_back_from_the_child_as_it_was_read(parser: Parser) -> None:
    feed = await ask(parser, GOOD)

    assert feed.reports[0].title == "good"
    assert feed.reports[0].published_at == datetime(2026, 2, 17, 15, 36, tzinfo=UTC)
    assert feed.reports[0].sections == ()


@pytest.mark.parametrize(
    ("bomb", "reasons"),
    [
        (item(b"<a " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b"/>"), {"too_many_attributes"}),
        (item(b"<a>" * 200_000), {"too_deep"}),
        (item(b"<title>" + b"x" * 20_000_000 + b"</title>"), {"too_big"}),
        (SLOW, {"too_slow"}),
        (b"<rss>" + b"<" * 4_000_000, {"too_slow", "too_big", "crashed"}),
    ],
    ids=["attributes", "depth", "title", "categories", "openings"],
)
async def test_a_bomb_costs_one_job_and_no_more(parser: Parser, bomb: bytes, reasons: set[str]) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        await ask(parser, bomb)

    assert refused.value.reason in reasons
    assert (await ask(parser, GOOD)).reports[0].title == "good"


async def test_a_page_comes_back_beside_feeds_as_it_was_read(parser: Parser) -> None:
    page = await parser.page(PAGE, None, "http://m.ua/1", NOW, KYIV)
    feed = await ask(parser, GOOD)

    assert (page, feed.reports[0].title) == (pages.read(PAGE, None, "http://m.ua/1", NOW, KYIV), "good")
    assert (page.tags, page.published_at) == (("мости",), datetime(2026, 2, 17, 15, 36, tzinfo=UTC))


async def test_what_is_no_page_is_refused_by_the_child_too(parser: Parser) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        await parser.page(GOOD, None, "http://m.ua/1", NOW, KYIV)

    assert refused.value.reason == "not_page"


async def test_a_list_of_headlines_comes_back_as_it_was_read(parser: Parser) -> None:
    found = await parser.list(LIST, None, "http://m.ua/news", NOW, KYIV)
    chosen = await parser.list(LIST, None, "http://m.ua/news", NOW, KYIV, ".few")

    assert found == lists.read(LIST, None, "http://m.ua/news", NOW, KYIV) and len(found.reports) == 3
    assert [report.title for report in chosen.reports] == ["Головна сторінка міста"]


async def test_a_sites_addresses_come_back_as_they_were_found(parser: Parser) -> None:
    found = await parser.site(PAGE, None, "http://m.ua/", NOW, KYIV)

    assert found == discovery.candidates(PAGE, None, "http://m.ua/")
    assert found[-1] == Candidate("http://m.ua/", "page")


async def test_a_selector_that_finds_nothing_is_named_by_the_child_too(parser: Parser) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        await parser.list(LIST, None, "http://m.ua/news", NOW, KYIV, ".row")

    assert (refused.value.reason, refused.value.values) == ("no_rows", {"selector": ".row"})


async def test_an_index_of_sitemaps_comes_back_with_what_to_read_next(parser: Parser) -> None:
    feed = await ask(parser, b"<sitemapindex><sitemap><loc>/news-1.xml</loc></sitemap></sitemapindex>")

    assert feed.more == ("http://m.ua/news-1.xml",)


@pytest.mark.parametrize(
    "bomb",
    [
        b"<title>a</title><a " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b">",
        b"<title>a</title>" + b"<div>" * 900_000,
        b"<title>a</title>" + b"<b><i><a><font>" * 100_000,
        b"<title>a</title>" + b"<a>" * 1_700_000,
    ],
    ids=["attributes", "depth", "formatting", "links"],
)
async def test_a_bomb_of_a_page_costs_one_job_and_no_more(parser: Parser, bomb: bytes) -> None:
    with contextlib.suppress(UnreadableFeed):  # cut, killed or out of memory: all the same to the next job
        await parser.page(bomb, None, "http://m.ua/1", NOW, KYIV)

    assert (await ask(parser, GOOD)).reports[0].title == "good"


async def test_an_entity_bomb_never_expands(parser: Parser) -> None:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    feed = await ask(
        parser, b'<!DOCTYPE r [<!ENTITY l0 "lol">' + levels + b"]>" + item(b"<description>&l9;</description>")
    )

    assert feed.reports[0].lead == "&l9;"


async def test_a_job_given_up_never_answers_the_next(parser: Parser) -> None:
    job = asyncio.create_task(ask(parser, SLOW))
    for _ in range(9):  # until the job is in the pipe
        await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert (await ask(parser, GOOD)).reports[0].title == "good"


async def test_a_killed_child_is_replaced(parser: Parser) -> None:
    (child,) = children()
    os.kill(child, 9)

    with pytest.raises(UnreadableFeed) as refused:
        await ask(parser, GOOD)
    assert refused.value.reason == "crashed"
    assert (await ask(parser, GOOD)).reports[0].title == "good"


async def test_the_child_has_no_secrets_and_leaves_no_zombie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:secret")
    async with Parser() as parser:
        (child,) = children()
        assert b"BOT_" not in environment(child)
        await asyncio.gather(*(ask(parser, GOOD) for _ in range(3)))

    assert not children()


def children() -> list[int]:
    """Parsing children of this process; tests of other files may have left other helpers beside them."""
    every = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in every if b"bot.intake.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()
