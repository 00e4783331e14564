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
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.follow import PAGES
from bot.intake.parse import Parser
from bot.intake.passes import Pass
from bot.intake.politeness import AT_ONCE
from bot.intake.printing import lines
from bot.intake.pushed import Rejected, read
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import catalogue, items, journal, outbox, rechecks, sources
from storage.database import Database
from storage.model import Report, Source

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the child that reads feeds is started once

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KYIV = ZoneInfo("Europe/Kyiv")
UK = Wording("uk", KYIV)


@dataclass
class Site:
    """A newspaper whose answers the test sets: a body, or a status; and what it was asked."""

    entries: list[str] = field(default_factory=list)
    title: str = "Новини"
    status: int = 200
    body: str | None = None
    kind: str = ""
    pages: dict[str, str] = field(default_factory=dict)  # what stands at other paths, or under a query; else 404
    dates: list[datetime] = field(default_factory=list)
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
        if request.path != "/rss" or request.query_string:
            found = self.pages.get(request.query_string or request.path)
            return web.Response(status=200 if found else 404, text=found, content_type="application/xml")
        kind = "application/json" if self.body and self.body.startswith("{") else self.kind or "application/rss+xml"
        body = self.rss() if self.body is None else self.body
        return web.Response(status=self.status, text=body, content_type=kind, headers=self.headers)

    def dated(self, number: int) -> datetime:
        return self.dates[number - 1] if self.dates else NOON - (len(self.entries) - number) * MINUTE

    def rss(self) -> str:
        rows = "".join(
            f"<item><title>{escape(title)}</title><link>{self.url}/article/{1000 + number}-x</link>"
            f"<pubDate>{format_datetime(self.dated(number))}</pubDate></item>"
            for number, title in reversed(list(enumerate(self.entries, 1)))
        )
        head = f"<title>{self.title}</title>{self.extra}"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{rows}</channel></rss>'


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Site]:
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
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

    async def wishes(self) -> list[str]:
        """What messages that stand should show now."""
        rows = await self.db.screens.all(
            "SELECT wanted_json ->> 'text' AS text FROM outbox WHERE wanted_version > 1 ORDER BY id"
        )
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
    site.extra = "<ttl>10</ttl>"
    await desk.poll()
    by_ttl = (await desk.source()).due_at
    site.headers = {"Cache-Control": "max-age=720"}
    await desk.poll()

    assert (plain, by_ttl) == (NOON + 5 * MINUTE, NOON + 10 * MINUTE)
    assert (await desk.source()).due_at == NOON + 12 * MINUTE


async def test_a_server_in_trouble_is_asked_less_and_less_or_when_it_says(desk: Desk, site: Site) -> None:
    site.status = 503
    waits = []
    for _ in range(5):
        await desk.poll()
        waits.append(((await desk.source()).due_at - NOON) // MINUTE)
    site.headers = {"Retry-After": "7200"}
    await desk.poll()

    assert all(least <= wait <= least * 5 / 4 for wait, least in zip(waits, [10, 20, 40], strict=False))
    assert waits[3:] == [60, 60]
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
        "Сайт відповів помилкою 503. Відколи: 14:10.\n"
        f"Адреса: {site.url}/rss\n"
        "Бот питатиме рідше, інші джерела працюють. Якщо адреса не відкривається й у вас, зачекайте; "
        "якщо сайт переїхав, замініть її в /sources."
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


async def test_what_its_page_took_back_stays_away_when_the_cms_says_so_too(desk: Desk, site: Site) -> None:
    await desk.poll()
    async with desk.db.transaction() as tx:
        await items.withdraw(tx, 1, "page", NOON)
    gone = read({"url": f"{site.url}/article/1001-x", "withdrawn": True})

    said = await desk.collector.push(gone, lambda: NOON)

    async with desk.db.transaction() as tx:
        assert (said, await rechecks.give_back(tx, 1)) == (("duplicate", "withdrawn before"), False)


# Habits


async def test_a_source_that_publishes_seldom_is_asked_seldom(desk: Desk, site: Site) -> None:
    site.entries = [f"Новина {number}" for number in range(8)]
    site.dates = [NOON - (8 - number) * HOUR for number in range(8)]

    await desk.poll()

    source = await desk.source()
    assert (source.gap_seconds, source.due_at) == (3600, NOON + 12 * MINUTE)


async def test_after_a_restart_the_sources_are_not_asked_in_one_burst(desk: Desk) -> None:
    urls = [f"https://site{number}.ua/rss" for number in range(AT_ONCE + 3)]
    await desk.collector.seed(urls, NOON)

    await desk.collector.seed(urls, NOON + 60 * MINUTE)

    now = NOON + 60 * MINUTE
    waits = [(source.due_at - now).total_seconds() for source in await sources.all_of(desk.db.screens)]
    assert [max(0, wait) for wait in waits] == [*[0] * AT_ONCE, 5, 10, 15]


async def test_when_the_network_is_back_nobody_waits_for_the_end_of_the_rest(desk: Desk, site: Site) -> None:
    await desk.collector.seed(["http://127.0.0.1:9/rss"], NOON)
    async with desk.db.transaction() as tx:
        for source in await sources.all_of(tx):
            trouble = '{"reason": "connection", "values": {}}'
            await sources.went_wrong(tx, source, now=NOON, due_at=NOON + 20 * HOUR, trouble=trouble)
    desk.now += 5 * MINUTE

    [mended] = await desk.collector.collect([await desk.source(1)], lambda: desk.now)

    assert mended.trouble is None
    assert (await desk.source(2)).due_at <= desk.now + MINUTE


# Addresses


async def test_a_source_that_is_gone_for_ever_is_asked_no_more_and_the_editors_know(desk: Desk, site: Site) -> None:
    site.status = 410
    await desk.poll()

    later = await desk.collector.collect_due(lambda: NOON + 48 * HOUR)

    assert (later, (await desk.source()).state) == ([], "paused")
    assert [note.splitlines()[0] for note in await desk.notes()] == ["⏸ <b>Джерело закрито: 127.0.0.1</b>"]


async def test_a_source_that_moved_for_ever_is_asked_there_from_the_third_time_on(desk: Desk, site: Site) -> None:
    async with served(Site(["Перша", "Друга"])) as there:
        site.status, site.headers = 301, {"Location": there.url + "/rss"}
        addresses = []
        for _ in range(3):
            await desk.poll(after=5 * MINUTE)
            addresses.append((await desk.source()).url)
        there.entries.append("Третя")
        there.url, known = site.url, there.url
        await desk.poll(after=5 * MINUTE)

    assert addresses == [site.url + "/rss", known + "/rss", known + "/rss"]
    assert (len(site.asked), len(there.asked)) == (2, 4)
    assert len(await desk.notes()) == 1
    [third] = await desk.db.screens.all("SELECT history FROM item_now WHERE title = 'Третя'")
    assert third["history"] == 0


async def test_a_site_that_moved_to_another_domain_tells_nothing_twice(desk: Desk, site: Site) -> None:
    await desk.poll()
    async with served(Site(["Перша", "Друга", "Третя"])) as there:
        site.status, site.headers = 301, {"Location": there.url + "/rss"}
        passes = [await desk.poll(after=5 * MINUTE) for _ in range(3)]

    assert [one.counted("new") for [one] in passes] == [1, 0, 0]
    assert await desk.titles() == ["Перша", "Друга", "Третя"]


async def test_a_site_that_an_editor_gave_another_domain_is_the_same_news(desk: Desk, site: Site) -> None:
    await desk.poll()
    async with served(Site(["Перша", "Друга"])) as there:
        async with desk.db.transaction() as tx:
            url = there.url + "/rss"
            await journal.write(tx, "source:address", "source:1", NOON, was=site.url + "/rss", became=url)
            await catalogue.move(tx, 1, url=url, kind="feed", family="nd.ua", now=NOON)
        await desk.poll(after=5 * MINUTE)

    assert await desk.titles() == ["Перша", "Друга"]


async def test_an_address_that_another_source_has_is_not_taken(desk: Desk, site: Site) -> None:
    async with served(Site(["Перша"])) as there:
        await desk.collector.seed([there.url + "/rss"], NOON)
        site.status, site.headers = 308, {"Location": there.url + "/rss"}
        for _ in range(3):
            await desk.poll(after=5 * MINUTE)

    assert [source.url for source in await sources.all_of(desk.db.screens)] == [site.url + "/rss", there.url + "/rss"]


async def test_a_source_that_is_elsewhere_for_now_stays_where_it_is(desk: Desk, site: Site) -> None:
    async with served(Site(["Перша"])) as there:
        site.status, site.headers = 302, {"Location": there.url + "/rss"}
        for _ in range(3):
            await desk.poll(after=5 * MINUTE)

    assert (await desk.source()).url == site.url + "/rss"


async def test_what_a_woken_source_holds_is_history(desk: Desk, site: Site) -> None:
    await desk.poll()
    async with desk.db.transaction() as tx:
        await catalogue.pause(tx, 1)
    site.entries.append("Поки спали")
    async with desk.db.transaction() as tx:
        await catalogue.wake(tx, 1, NOON + HOUR)

    await desk.poll(after=HOUR)

    assert [row["history"] for row in await desk.db.screens.all("SELECT history FROM item ORDER BY id")] == [1, 1, 1]


async def test_what_slides_back_into_a_feed_from_before_the_first_contact_is_history(desk: Desk, site: Site) -> None:
    await desk.poll()
    site.entries = ["Давня", "Перша", "Третя"]  # the second was deleted, so the feed shows one more of before
    site.dates = [NOON - 2 * HOUR, NOON - MINUTE, NOON + 4 * MINUTE]
    site.url += "/x"  # other addresses than the known ones
    site.entries[1] = "Друга"

    await desk.poll(after=5 * MINUTE)

    rows = await desk.db.screens.all("SELECT title, history FROM item_now ORDER BY id")
    assert [(row["title"], row["history"]) for row in rows][2:] == [("Давня", 1), ("Друга", 0), ("Третя", 0)]


async def test_what_came_of_an_address_that_an_editor_changed_meanwhile_is_dropped(desk: Desk, site: Site) -> None:
    source = await desk.source()
    async with desk.db.transaction() as tx:
        await catalogue.move(tx, 1, url="https://nd.ua/rss", kind="feed", family="nd.ua", now=NOON)

    await desk.collector.collect([source], lambda: NOON)

    assert (await desk.titles(), (await desk.source()).first_contact_at) == ([], None)


# Kinds


async def test_the_sitemaps_behind_an_index_are_read_the_newest_five_and_one_lost_does_not_matter(
    desk: Desk, site: Site
) -> None:
    names = [f"/news-{number}.xml" for number in range(7)]
    rows = "".join(
        f"<sitemap><loc>{site.url}{name}</loc><lastmod>{(NOON - place * HOUR).isoformat()}</lastmod></sitemap>"
        for place, name in enumerate(names)
    )
    site.body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    site.headers = {"ETag": '"7"'}
    site.pages = {name: sitemap(site.url, name) for name in names[1:]}

    [first], [second] = await desk.poll(), await desk.poll(after=5 * MINUTE)

    told = [f"Новина з /news-{number}.xml" for number in (4, 3, 2, 1)]
    assert (sorted(await desk.titles()), first.trouble, second.unchanged) == (sorted(told), None, False)


def sitemap(url: str, name: str) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{url}{name}/article</loc><news:news><news:publication_date>{NOON.isoformat()}"
        f"</news:publication_date><news:title>Новина з {name}</news:title></news:news></url></urlset>"
    )


async def test_a_page_is_read_by_the_operators_selector_and_an_alarm_rings_when_its_rows_are_gone(
    desk: Desk, site: Site
) -> None:
    rows = "".join(f'<p class="row"><a href="/a/{n}">У місті відкрили міст номер {n}</a></p>' for n in (3, 2, 1))
    site.body, site.kind = f"<html><body>{rows}</body></html>", "text/html"
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE source SET kind = 'page', selector = '.row'")
    await desk.poll()
    told = await desk.titles()
    site.body = "<html><body><p>Нова сторінка</p></body></html>"

    for _ in range(4):
        await desk.poll(after=5 * MINUTE)

    assert len(told) == 3
    assert [note.splitlines()[0] for note in await desk.notes()] == ["📭 <b>Список новин зник: 127.0.0.1</b>"]


async def test_a_channels_address_in_the_list_is_read_by_its_preview(desk: Desk, site: Site) -> None:
    [seeded] = await desk.collector.seed(["https://t.me/misto_news"], NOON)
    site.body, site.kind = (
        '<html><body><div class="tgme_channel_info"></div><section class="tgme_channel_history">'
        '<div class="tgme_widget_message js-widget_message" data-post="misto_news/7">'
        '<div class="tgme_widget_message_text js-message_text">У місті відкрили новий міст через річку.</div>'
        '<a class="tgme_widget_message_date" href="https://t.me/misto_news/7">'
        '<time datetime="2024-11-20T11:00:00+00:00"></time></a></div></section></body></html>',
        "text/html",
    )
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE source SET kind = 'preview' WHERE id = 1")

    await desk.collector.collect([await desk.source(1)], lambda: NOON)

    assert (seeded.url, seeded.kind, seeded.family) == ("https://t.me/s/misto_news", "preview", "t.me/misto_news")
    assert await desk.titles() == ["У місті відкрили новий міст через річку."]


# Channels that write faster than they are read


def channel(site: Site, *numbers: int) -> str:
    """The page of a channel with these posts, the oldest first, and the way to the ones before."""
    posts = "".join(
        f'<div class="tgme_widget_message js-widget_message" data-post="misto_news/{number}">'
        f'<div class="tgme_widget_message_text js-message_text">У місті відкрили новий міст номер {number}.</div>'
        f'<a class="tgme_widget_message_date" href="https://t.me/misto_news/{number}">'
        f'<time datetime="{(NOON + number * MINUTE).isoformat()}"></time></a></div>'
        for number in numbers
    )
    older = f'<a href="/s/misto_news?before={numbers[0]}" class="js-messages_more" data-before="{numbers[0]}"></a>'
    return (
        '<html><body><div class="tgme_channel_info"></div><section class="tgme_channel_history">'
        f"{older}{posts}</section></body></html>"
    )


async def previewed(desk: Desk, site: Site, *numbers: int) -> None:
    """A channel of which these posts are known."""
    site.body, site.kind = channel(site, *numbers), "text/html"
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE source SET kind = 'preview'")
    desk.now = NOON + 9 * MINUTE
    await desk.poll()


def numbered(titles: list[str]) -> list[int]:
    return [int(title.rpartition(" ")[2].rstrip(".")) for title in titles]


async def test_at_first_contact_with_a_channel_its_past_is_not_read(desk: Desk, site: Site) -> None:
    site.pages = {"before=8": channel(site, 5, 6, 7)}

    await previewed(desk, site, 8, 9)

    assert (numbered(await desk.titles()), len(site.asked)) == ([8, 9], 1)


async def test_posts_that_a_busy_channel_pushed_off_its_page_are_read_down_to_the_known_one(
    desk: Desk, site: Site
) -> None:
    await previewed(desk, site, 8, 9)
    site.body = channel(site, 16, 17)
    site.pages = {"before=16": channel(site, 13, 14), "before=13": channel(site, 7, 9, 11, 12)}

    await desk.poll(after=20 * MINUTE)
    await desk.poll(after=5 * MINUTE)

    assert numbered(await desk.titles()) == [8, 9, 11, 12, 13, 14, 16, 17]
    assert len(site.asked) == 1 + 3 + 1
    assert [row["history"] for row in await desk.db.screens.all("SELECT history FROM item ORDER BY id")] == [
        *[1] * 2, *[0] * 6,
    ]  # fmt: skip


async def test_a_channel_is_followed_back_a_bounded_way(desk: Desk, site: Site) -> None:
    await previewed(desk, site, 1)
    site.body = channel(site, 99)
    site.pages = {f"before={number}": channel(site, number - 1) for number in range(80, 100)}

    await desk.poll(after=5 * HOUR)

    assert numbered(await desk.titles()) == [1, *range(99 - PAGES, 100)]


async def test_an_older_page_that_cannot_be_read_is_tried_once_more_and_does_not_hold_up_the_news(
    desk: Desk, site: Site
) -> None:
    await previewed(desk, site, 8, 9)
    site.body = channel(site, 16, 17)

    [failed] = await desk.poll(after=20 * MINUTE)
    waiting = await desk.titles()
    [read_at_last] = await desk.poll(after=10 * MINUTE)

    assert (failed.trouble is not None, numbered(waiting)) == (True, [8, 9])
    assert (read_at_last.trouble, numbered(await desk.titles())) == (None, [8, 9, 16, 17])


# Silence


async def test_a_source_that_tells_nothing_new_is_told_of_once_and_again_when_it_speaks(desk: Desk, site: Site) -> None:
    site.entries = [f"Новина {number}" for number in range(8)]
    site.dates = [NOON - (8 - number) * HOUR for number in range(8)]
    await desk.poll()
    counted = []
    for _ in range(4):
        await desk.poll(after=2 * HOUR + MINUTE)
        counted.append(len(await desk.notes()))
    silent = await desk.source()
    await arrived(desk)
    site.entries.append("Нарешті")
    site.dates.append(desk.now)
    await desk.poll(after=HOUR)

    assert (counted, silent.alarm) == ([0, 0, 1, 1], "silent")
    assert (await desk.notes())[0].startswith("🔕 <b>Нічого нового: Новини</b>\nОстаннє нове було 14:00")
    assert await desk.wishes() == ["✅ <b>Джерело знову працює: Новини</b>\nТривога: 20:03. Усе гаразд о 23:04."]
    assert (await desk.source()).alarm is None


async def arrived(desk: Desk) -> None:
    """The notes stand in the editors' chat."""
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'sent'")
        for row in await tx.all("SELECT id FROM outbox"):
            await outbox.record(tx, row["id"], -100, 500 + row["id"], "text", 1, desk.now)


async def test_an_alarm_that_nobody_saw_yet_is_dropped_when_all_is_well_again(desk: Desk, site: Site) -> None:
    await desk.poll()
    site.entries = []
    await desk.poll(after=5 * MINUTE)
    site.entries = ["Перша", "Друга"]
    await desk.poll(after=5 * MINUTE)

    assert [row["state"] for row in await desk.db.screens.all("SELECT state FROM outbox")] == ["dropped"]


async def test_a_feed_that_was_always_empty_is_told_of_at_its_second_poll(desk: Desk, site: Site) -> None:
    site.entries = []
    site.headers = {"ETag": '"7"'}
    counted = []
    await desk.poll()
    counted.append(len(await desk.notes()))
    site.headers = {"ETag": '"8"'}
    for _ in range(3):
        await desk.poll(after=5 * MINUTE)
        counted.append(len(await desk.notes()))

    assert counted == [0, 1, 1, 1]  # the third and fourth were «not changed»: as empty as before
    assert (await desk.notes())[0].startswith("📭 <b>Стрічка порожня: Новини</b>")


async def test_the_alarm_of_a_source_that_closed_ends(desk: Desk, site: Site) -> None:
    site.status = 500
    for _ in range(3):
        await desk.poll(after=10 * MINUTE)
    await arrived(desk)
    site.status = 410
    await desk.poll(after=10 * MINUTE)

    assert await desk.wishes() == ["☑️ <b>Тривогу знято: 127.0.0.1</b>\nДжерело призупинено. Тривога: 14:30."]
    assert (await desk.source()).alarm is None


async def test_another_trouble_takes_the_place_of_the_one_that_was_told(desk: Desk, site: Site) -> None:
    await desk.poll()
    site.entries = []
    await desk.poll(after=5 * MINUTE)
    await arrived(desk)
    site.status = 500
    for _ in range(3):
        await desk.poll(after=5 * MINUTE)

    rows = await desk.db.screens.all("SELECT unwanted_at IS NOT NULL AS away FROM outbox ORDER BY id")
    assert [row["away"] for row in rows] == [1, 0]
    assert (await desk.source()).alarm == "errors"


# Clocks


async def test_a_site_that_calls_kyivs_time_utc_is_read_by_kyivs_clock_and_told_of_once(desk: Desk, site: Site) -> None:
    site.entries = ["Перша", "Друга", "Третя"]
    wall = [NOON - 40 * MINUTE, NOON - 20 * MINUTE, NOON - 5 * MINUTE]
    site.dates = [at + 2 * HOUR for at in wall]

    await desk.poll()
    site.entries.append("Четверта")
    site.dates.append(NOON + 2 * HOUR + 4 * MINUTE)
    await desk.poll(after=5 * MINUTE)

    rows = await desk.db.screens.all("SELECT published_at FROM item ORDER BY id")
    assert [row["published_at"] for row in rows] == [int(at.timestamp()) for at in (*wall, NOON + 4 * MINUTE)]
    assert [note.splitlines()[0] for note in await desk.notes()] == ["🕑 <b>Годинник джерела: Новини</b>"]
    assert (await desk.source()).timezone == "Europe/Kyiv"


async def lying(desk: Desk, site: Site) -> None:
    """The site was caught: three entries, each two hours in the future."""
    site.entries = ["Перша", "Друга", "Третя"]
    site.dates = [NOON + 2 * HOUR - ago * MINUTE for ago in (40, 20, 5)]
    await desk.poll()
    assert (await desk.source()).mislabelled_at is not None


async def test_a_site_that_put_its_clock_right_is_believed_again_and_told_of_once(desk: Desk, site: Site) -> None:
    await lying(desk, site)
    site.dates = [at - 2 * HOUR for at in site.dates]

    seen = []
    for name in ("Четверта", "П’ята", "Шоста", "Сьома"):
        site.entries.append(name)
        site.dates.append(desk.now + 4 * MINUTE)
        await desk.poll(after=5 * MINUTE)
        seen.append((await desk.source()).mislabelled_at is None)

    newest = (await desk.db.screens.all("SELECT published_at FROM item ORDER BY id DESC LIMIT 1"))[0]["published_at"]
    assert (seen, newest) == ([False, False, True, True], int(site.dates[-1].timestamp()))
    assert [note.splitlines()[0] for note in await desk.notes()] == [
        "🕑 <b>Годинник джерела: Новини</b>",
        "🕑 <b>Годинник джерела виправлено: Новини</b>",
    ]


async def test_an_entry_from_the_future_between_others_is_a_clock_that_still_lies(desk: Desk, site: Site) -> None:
    await lying(desk, site)
    site.dates = [at - 2 * HOUR for at in site.dates]
    for number, ahead in enumerate([timedelta(0), timedelta(0), 2 * HOUR, timedelta(0), timedelta(0), timedelta(0)]):
        site.entries.append(f"Ще одна {number}")
        site.dates.append(desk.now + ahead + 4 * MINUTE)
        await desk.poll(after=5 * MINUTE)

    assert (await desk.source()).mislabelled_at is not None


async def test_what_came_out_while_the_bot_was_away_does_not_clear_a_clock_that_lies(desk: Desk, site: Site) -> None:
    await lying(desk, site)
    back = NOON + 8 * HOUR
    for ago in (5, 4, 3, 2.5, 2.2):
        site.entries.append(f"Новина {ago}")
        site.dates.append(back - ago * HOUR + 2 * HOUR)

    await desk.poll(after=8 * HOUR)

    assert (await desk.source()).mislabelled_at is not None


async def test_what_a_hub_pushes_of_a_site_whose_clock_lies_was_published_now(desk: Desk, site: Site) -> None:
    await desk.poll()
    async with desk.db.transaction() as tx:
        await sources.mislabels(tx, 1, "Europe/Kyiv", NOON)
    pushed = Feed(reports=(Report("Третя", url=site.url + "/article/1003-x", published_at=NOON),))

    [arrival] = await desk.collector.take_in(await desk.source(), pushed, lambda: NOON + MINUTE)

    assert (arrival.what, arrival.item.published_at, arrival.item.history) == ("new", NOON + MINUTE, False)


async def test_a_hubs_push_of_a_source_that_was_paused_meanwhile_is_dropped(desk: Desk, site: Site) -> None:
    await desk.poll()
    source = await desk.source()
    async with desk.db.transaction() as tx:
        await catalogue.pause(tx, 1)

    taken = await desk.collector.take_in(source, Feed(reports=(Report("Третя", guid="3"),)), lambda: NOON)

    assert (taken, len(await desk.titles())) == ([], 2)


async def test_announcements_from_next_week_are_no_clock_that_lies(desk: Desk, site: Site) -> None:
    site.entries = ["Перша", "Друга", "Третя", "Четверта"]
    site.dates = [NOON + number * 24 * HOUR for number in range(4)]

    await desk.poll()

    rows = await desk.db.screens.all("SELECT published_at FROM item ORDER BY id")
    assert {row["published_at"] for row in rows} == {int(NOON.timestamp())}
    assert await desk.notes() == []


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
