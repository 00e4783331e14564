"""Polls over real HTTP: what is asked, what is taken in, and whose failure is whose."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import web

from bot.intake.collect import Collector
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.intake.passes import Pass
from bot.intake.printing import lines
from bot.intake.pushed import Rejected, read
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import sources
from storage.database import Database
from storage.model import Source

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the child that reads feeds is started once

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KYIV = ZoneInfo("Europe/Kyiv")
UK = Wording("uk", KYIV)


@dataclass
class Site:
    """A newspaper whose answers the test sets: a body, or a status; and what it was asked."""

    entries: list[str] = field(default_factory=list)
    title: str = "Новини"
    status: int = 200
    body: str | None = None
    extra: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append({name: value for name, value in request.headers.items() if name.startswith("If-")})
        self.heard.set()
        etag = self.headers.get("ETag")
        if etag and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=self.headers)
        kind = "application/json" if self.body and self.body.startswith("{") else "application/rss+xml"
        body = self.rss() if self.body is None else self.body
        return web.Response(status=self.status, text=body, content_type=kind, headers=self.headers)

    def rss(self) -> str:
        rows = "".join(
            f"<item><title>{escape(title)}</title><link>{self.url}/article/{1000 + number}-x</link>"
            f"<pubDate>{format_datetime(NOON - (len(self.entries) - number) * MINUTE)}</pubDate></item>"
            for number, title in reversed(list(enumerate(self.entries, 1)))
        )
        head = f"<title>{self.title}</title>{self.extra}"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{rows}</channel></rss>'


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Site]:
    app = web.Application()
    app.router.add_get("/rss", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@dataclass
class Desk:
    """The collector with a clock that only tests move."""

    db: Database
    collector: Collector
    now: datetime = NOON

    async def poll(self, *, after: timedelta = timedelta(0)) -> list[Pass]:
        self.now += after
        return await self.collector.collect(await sources.all_of(self.db.screens), lambda: self.now)

    async def source(self, number: int = 1) -> Source:
        found = await sources.get(self.db.screens, number)
        assert found is not None
        return found

    async def notes(self) -> list[str]:
        rows = await self.db.screens.all("SELECT payload_json ->> 'text' AS text FROM outbox ORDER BY id")
        return [row["text"] for row in rows]

    async def titles(self) -> list[str]:
        return [row["title"] for row in await self.db.screens.all("SELECT title FROM item_now ORDER BY id")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def parser() -> AsyncIterator[Parser]:
    async with Parser() as child:
        yield child


@pytest_asyncio.fixture(loop_scope="module")
async def file(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path_factory.mktemp("desk") / "newsroom.db") as db:
        yield db


@pytest_asyncio.fixture(loop_scope="module")
async def desk(file: Database, parser: Parser) -> AsyncIterator[Desk]:
    newsroom = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")
    async with Fetcher(allow_private=True) as fetch:
        yield Desk(file, Collector(file, fetch, parser, newsroom, UK, interval=5 * MINUTE))


@pytest_asyncio.fixture(loop_scope="module")
async def site(desk: Desk) -> AsyncIterator[Site]:
    """One newspaper, known and never read."""
    async with served(Site(["Перша", "Друга"])) as newspaper:
        await desk.collector.seed([newspaper.url + "/rss"], NOON)
        yield newspaper


# Politeness


async def test_a_known_state_is_asked_about_and_not_fetched_again(desk: Desk, site: Site) -> None:
    site.headers = {"ETag": '"7"', "Last-Modified": "Wed, 20 Nov 2024 11:00:00 GMT"}

    [first], [second], [third] = [await desk.poll(after=5 * MINUTE) for _ in range(3)]

    known = {"If-None-Match": '"7"', "If-Modified-Since": "Wed, 20 Nov 2024 11:00:00 GMT"}
    assert site.asked == [{}, known, known]
    assert [each.unchanged for each in (first, second, third)] == [False, True, True]
    assert (await desk.source()).etag == '"7"'


async def test_a_server_that_gives_no_etag_any_more_is_not_asked_with_the_old_one(desk: Desk, site: Site) -> None:
    site.headers = {"ETag": '"7"'}
    await desk.poll()
    site.headers = {}

    await desk.poll(after=5 * MINUTE)
    await desk.poll(after=5 * MINUTE)

    assert site.asked == [{}, {"If-None-Match": '"7"'}, {}]


async def test_the_next_poll_is_in_five_minutes_or_when_the_feed_wishes(desk: Desk, site: Site) -> None:
    await desk.poll()
    plain = (await desk.source()).due_at
    site.extra = "<ttl>20</ttl>"
    await desk.poll()
    by_ttl = (await desk.source()).due_at
    site.headers = {"Cache-Control": "max-age=1800"}
    await desk.poll()

    assert (plain, by_ttl) == (NOON + 5 * MINUTE, NOON + 20 * MINUTE)
    assert (await desk.source()).due_at == NOON + 30 * MINUTE


async def test_a_server_in_trouble_is_asked_less_and_less_or_when_it_says(desk: Desk, site: Site) -> None:
    site.status = 503
    waits = []
    for _ in range(5):
        await desk.poll()
        waits.append(((await desk.source()).due_at - NOON) // MINUTE)
    site.headers = {"Retry-After": "7200"}
    await desk.poll()

    assert waits == [10, 20, 40, 60, 60]
    assert (await desk.source()).due_at == NOON + 120 * MINUTE


async def test_only_what_is_due_is_polled(desk: Desk, site: Site) -> None:
    await desk.poll()

    early = await desk.collector.collect_due(lambda: NOON + 4 * MINUTE)
    due = await desk.collector.collect_due(lambda: NOON + 5 * MINUTE)

    assert (len(early), len(due), len(site.asked)) == (0, 1, 2)


# Trouble


async def test_a_broken_source_does_not_stop_the_others(desk: Desk) -> None:
    broken = [Site(status=500), Site(body="Вітаємо!"), Site(body="<html><body>Вітаємо</body></html>")]
    async with served(broken[0]), served(broken[1]), served(broken[2]), served(Site(["Новина"])) as well:
        gone = "http://127.0.0.1:9/rss"
        await desk.collector.seed([gone, *(each.url + "/rss" for each in (*broken, well))], NOON)

        passes = await desk.poll()

    assert [one.trouble is not None for one in passes] == [True, True, True, True, False]
    assert await desk.titles() == ["Новина"]


async def test_half_a_sign_in_one_entry_does_not_stop_the_poll(desk: Desk, site: Site) -> None:
    entries = [{"id": "1", "url": f"{site.url}/article/1001-x", "title": "Ціла новина"}]
    entries.append({"id": "2", "url": f"{site.url}/article/1002-x", "title": "Пів \ud83d знака"})
    site.body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "\ud83d", "items": entries})

    [one] = await desk.poll()

    assert one.trouble is None
    assert sorted(await desk.titles()) == ["Пів ? знака", "Ціла новина"]


async def test_three_failures_in_a_row_make_one_note(desk: Desk, site: Site) -> None:
    site.status = 503
    counted = []
    for _ in range(5):
        await desk.poll(after=10 * MINUTE)
        counted.append(len(await desk.notes()))

    assert counted == [0, 0, 1, 1, 1]
    assert await desk.notes() == [
        "📡 <b>Джерело мовчить: 127.0.0.1</b>\n"
        "Сайт відповів помилкою 503.\n"
        f"Адреса: {site.url}/rss\n"
        "Бот питатиме рідше, інші джерела працюють."
    ]


async def test_a_recovery_forgets_the_failures_and_a_new_trouble_is_told_anew(desk: Desk, site: Site) -> None:
    async def fail(times: int) -> None:
        site.status = 500
        for _ in range(times):
            await desk.poll(after=10 * MINUTE)

    await fail(2)
    site.status = 200
    await desk.poll(after=10 * MINUTE)
    well = await desk.source()
    await fail(2)
    quiet = await desk.notes()
    await fail(1)
    site.status = 200
    await desk.poll(after=10 * MINUTE)
    await fail(3)

    assert (well.failures, well.trouble, well.trouble_at) == (0, None, None)
    assert quiet == []
    assert len(await desk.notes()) == 2


async def test_what_a_source_holds_after_failing_at_first_is_still_history(desk: Desk, site: Site) -> None:
    site.status = 500
    await desk.poll()
    site.status = 200
    await desk.poll(after=10 * MINUTE)
    site.entries.append("Третя")
    await desk.poll(after=10 * MINUTE)

    rows = await desk.db.screens.all("SELECT title, history FROM item_now ORDER BY id")
    assert [(row["title"], row["history"]) for row in rows] == [("Перша", 1), ("Друга", 1), ("Третя", 0)]


async def test_a_poll_that_was_cancelled_leaves_neither_items_nor_words(desk: Desk, site: Site) -> None:
    async with desk.db.transaction():  # the writer is busy, so the poll waits with what it fetched
        poll = asyncio.create_task(desk.poll())
        await site.heard.wait()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)

    assert await desk.titles() == []
    await desk.poll()
    assert await desk.titles() == ["Перша", "Друга"]


async def test_a_refused_push_leaves_no_words_behind(desk: Desk, site: Site) -> None:
    await desk.poll()
    unknown = read({"url": "https://nd.dn.ua/article/5555-x", "withdrawn": True})

    with pytest.raises(Rejected):
        await desk.collector.push(unknown, lambda: NOON)

    assert len(await sources.all_of(desk.db.screens)) == 1


# Names and order


async def test_a_source_takes_its_feeds_name_at_first_contact_only(desk: Desk, site: Site) -> None:
    before = (await desk.source()).name
    await desk.poll()
    site.title = "Новини — тепер і в Telegram"
    await desk.poll()

    assert (before, (await desk.source()).name) == ("127.0.0.1", "Новини")


async def test_an_editors_name_for_a_source_wins(desk: Desk, site: Site) -> None:
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE source SET name = 'Наш сайт'")

    await desk.poll()

    assert (await desk.source()).name == "Наш сайт"


async def test_the_first_source_of_the_list_is_the_newsrooms_own(desk: Desk) -> None:
    urls = [f"https://{name}.ua/rss" for name in ("nd", "second", "third")]

    seeded = await desk.collector.seed(urls, NOON)
    again = await desk.collector.seed(["https://fourth.ua/rss", *reversed(urls)], NOON + MINUTE)

    assert [source.url for source in seeded] == urls
    assert [source.own for source in seeded] == [True, False, False]
    assert [(source.url, source.own) for source in again if source.own] == [("https://nd.ua/rss", True)]


async def test_the_site_is_the_newsrooms_own_also_when_its_cms_spoke_first(desk: Desk) -> None:
    await desk.collector.push(read({"url": "https://nd.ua/article/1001-x", "title": "Новина"}), lambda: NOON)

    [site] = await desk.collector.seed(["https://nd.ua/rss"], NOON)

    assert site.own


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("https://novosti.dn.ua/rss", "novosti.dn.ua"),
        ("https://www.pravda.com.ua/rss", "pravda.com.ua"),
        ("https://news.liga.net/rss", "liga.net"),
        ("https://feeds.bbci.co.uk/rss", "bbci.co.uk"),
        ("http://127.0.0.1:8080/rss", "127.0.0.1:8080"),
    ],
)
async def test_everything_under_one_name_is_one_voice(desk: Desk, url: str, family: str) -> None:
    [source] = await desk.collector.seed([url], NOON)

    assert source.family == family


# In the terminal


async def test_a_pass_is_told_in_plain_words(desk: Desk, site: Site) -> None:
    feed = site.url + "/rss"
    told = [lines((await desk.poll())[0], UK)]
    site.entries[1] = "Друга, виправлена"
    site.entries += [f"Ще {number}" for number in range(1, 12)]
    told.append(lines((await desk.poll())[0], UK))
    site.headers = {"ETag": '"7"'}
    await desk.poll()
    told.append(lines((await desk.poll())[0], UK))
    site.headers, site.status = {}, 404
    told.append(lines((await desk.poll())[0], UK))

    assert told[0] == [
        f"{feed}: перше знайомство, це вже історія, а не новини: 2 нові, 0 змінених, 0 уже було.",
        "  + 13:59 Перша",
        "  + 14:00 Друга",
    ]
    assert told[1][:2] == [f"{feed}: 11 нових, 1 змінена, 1 уже була.", "  … і ще 2"]
    assert len(told[1]) == 12
    assert told[1][-1] == "  + 14:00 Ще 11"
    assert told[2:] == [[f"{feed}: без змін."], [f"{feed}: не прочитано. Сайт відповів помилкою 404."]]
