"""Finding a site's news where its page names none: over HTTP, the pages read in the child."""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import perf_counter

import pytest
from aiohttp import web

from bot.desk import source_acts
from bot.desk.source_offer import Offer
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from tests.conftest import KYIV, NOON

FRONT = "<html><head><title>Місто</title></head><body><p>Нічого</p></body></html>"
NEWS = """<urlset xmlns:news="n"><url><loc>https://misto.ua/71</loc><news:news><news:title>Міст відкрили</news:title>
<news:publication_date>2024-11-23T12:00:00Z</news:publication_date></news:news></url></urlset>"""
RSS = "<rss><channel><item><title>Міст</title><link>https://misto.ua/71</link></item></channel></rss>"
INDEX = "<sitemapindex><sitemap><loc>{0}/archive.xml</loc></sitemap></sitemapindex>"


class Site:
    """A newspaper whose pages the test sets; `asked` are the paths in order."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": FRONT}
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        page = self.pages.get(request.path)
        return web.Response(status=404) if page is None else web.Response(text=page.replace("{0}", self.url))

    async def found(self) -> Offer:
        """What the bot finds at the site's address."""
        async with Fetcher(allow_private=True) as fetch, Parser() as parser:
            return await source_acts.find(fetch, parser, self.url, NOON, KYIV)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site, app = Site(), web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


async def test_a_sitemap_for_news_that_robots_txt_names_is_followed_first(site: Site) -> None:
    site.pages["/robots.txt"] = "User-agent: *\nSitemap: {0}/map.xml\nSitemap: {0}/deep/news.xml\n"
    site.pages["/deep/news.xml"] = NEWS

    offer = await site.found()

    assert (offer.url, [one.title for one in offer.reports]) == (f"{site.url}/deep/news.xml", ["Міст відкрили"])
    assert site.asked == ["/", "/robots.txt", "/deep/news.xml"]


async def test_the_usual_address_of_a_feed_is_tried_where_robots_txt_names_only_the_archive(site: Site) -> None:
    site.pages["/robots.txt"] = "Sitemap: {0}/map.xml"
    site.pages["/map.xml"] = INDEX
    site.pages["/feed/"] = RSS

    assert (await site.found()).url == f"{site.url}/feed/"


async def test_an_endless_robots_txt_costs_no_more_requests(site: Site) -> None:
    site.pages["/robots.txt"] = "".join(f"Sitemap: {{0}}/{number}/news.xml\n" for number in range(9_000))

    with pytest.raises((Refused, UnreadableFeed)):
        await site.found()

    assert len(site.asked) == source_acts.REQUESTS


@pytest.mark.parametrize("crumb", ["<a href=/rss>", "<!--"])
async def test_a_hostile_page_is_looked_through_in_the_child_in_time(site: Site, crumb: str) -> None:
    site.pages["/"] = FRONT + crumb * (200_000 // len(crumb))

    began = perf_counter()
    with pytest.raises((Refused, UnreadableFeed)):
        await site.found()

    assert perf_counter() - began < 10
    assert len(site.asked) <= source_acts.REQUESTS
