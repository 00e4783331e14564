"""Serves the sample day: four newspapers on loopback, each with its feed, articles and pictures."""

import hashlib
import json
import logging
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.playground import sample_day
from bot.playground.sample_day import Entry, Source

log = logging.getLogger(__name__)

MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
WIDTH, HEIGHT = 640, 360  # large enough for a link preview with a big picture


@dataclass(frozen=True, slots=True)
class Newsstand:
    """Where the newspapers are: the feed's URL, and the site's without a slash at its end, by source name."""

    urls: dict[str, str]
    homes: dict[str, str]


@asynccontextmanager
async def serve(now: Callable[[], datetime], port: int = 0, sources: Sequence[Source] = ()) -> AsyncIterator[Newsstand]:
    """The newsstand, open until the block ends; each newspaper on a port of its own, from `port` on (0: any). Those of
    the sample day when none are given."""
    sources = sources or sample_day.sources()
    press = _press()
    homes = {}
    async with AsyncExitStack() as stack:
        for number, source in enumerate(sources):
            runner = web.AppRunner(_site(Newspaper(source, now, press)), access_log=None, shutdown_timeout=1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", port + number if port else 0).start()
            homes[source.name] = "http://{}:{}".format(*runner.addresses[0])
            log.info("newspaper %s at %s", source.name, homes[source.name])
        urls = {source.name: homes[source.name] + source.feed for source in sources}
        yield Newsstand(urls, homes)


@dataclass(frozen=True, slots=True)
class Newspaper:
    """One newspaper that answers over HTTP by the given clock."""

    source: Source
    now: Callable[[], datetime]
    press: Environment

    async def feed(self, request: web.Request) -> web.Response:
        """The feed as it stands, or 304 when the asker has it already."""
        now, home = self.now(), _home(request)
        entries = sample_day.entries(self.source, now)
        if self.source.format == "json":
            text = json.dumps(_json_feed(self.source, home, entries), ensure_ascii=False, indent=1)
        else:
            changed_at = sample_day.changed_at(self.source, now)
            template = f"{self.source.format}.xml.j2"
            text = self._print(template, home=home, entries=entries, changed_at=changed_at)
        return self._answer(request, text, MEDIA_TYPES[self.source.format], now)

    async def front(self, request: web.Request) -> web.Response:
        """The front page: headlines with times and no dates, some of them under two headings."""
        now, media_type = self.now(), MEDIA_TYPES[self.source.format]
        entries = sample_day.entries(self.source, now)
        text = self._print("front.html.j2", entries=entries, media_type=media_type)
        return self._answer(request, text, "text/html", now)

    async def article(self, request: web.Request) -> web.Response:
        """The article with OpenGraph and JSON-LD; 410 when withdrawn, 404 when there is none."""
        now, home = self.now(), _home(request)
        page = sample_day.page(self.source, request.path, now)
        if page.entry is None:
            return self._response(self._print("missing.html.j2", status=page.status), "text/html", page.status)
        linked = _linked(self.source, home, page.entry)
        text = self._print("article.html.j2", home=home, entry=page.entry, linked=linked)
        return self._answer(request, text, "text/html", now)

    async def picture(self, request: web.Request) -> web.Response:
        """The placeholder of an item that has a picture; 404 for any other."""
        known = {f"/img/{item.id}.png" for item in self.source.items if item.photo is not None}
        if request.path not in known:
            raise web.HTTPNotFound
        return web.Response(body=picture(request.path), content_type="image/png")

    def _print(self, template: str, **values: Any) -> str:
        return self.press.get_template(template).render(source=self.source, **values)

    def _response(self, text: str, media_type: str, status: int = 200) -> web.Response:
        # A sign that windows-1251 lacks (the minus of a frost) travels as &#8722;.
        body = text.encode(self.source.encoding, "xmlcharrefreplace")
        # RFC 8259 gives JSON no charset.
        charset = None if media_type.endswith("json") else self.source.encoding
        return web.Response(body=body, status=status, content_type=media_type, charset=charset)

    def _answer(self, request: web.Request, text: str, media_type: str, now: datetime) -> web.Response:
        etag = hashlib.sha256(text.encode()).hexdigest()[:16]
        changed_at = sample_day.changed_at(self.source, now)
        has_it = _has_it(request, etag, changed_at)
        response = web.Response(status=304) if has_it else self._response(text, media_type)
        response.etag = etag
        response.last_modified = changed_at
        response.headers["Cache-Control"] = "max-age=60"
        return response


def picture(path: str) -> bytes:
    """A PNG of one colour, always the same for the same path."""
    # Muted: the same placeholder stands beside news of the dead.
    colour = bytes(88 + byte // 4 for byte in zlib.crc32(path.encode()).to_bytes(4, "big")[1:])
    size = WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big")
    row = bytes(1 + WIDTH // 8)
    # One bit a pixel and a palette of one colour: https://www.w3.org/TR/png-3/#11IHDR
    chunks = (b"IHDR" + size + bytes((1, 3, 0, 0, 0)), b"PLTE" + colour, b"IDAT" + zlib.compress(row * HEIGHT))
    body = b"".join(_chunk(chunk) for chunk in (*chunks, b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(chunk: bytes) -> bytes:
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


def _site(newspaper: Newspaper) -> web.Application:
    site = web.Application()
    site.router.add_get(newspaper.source.feed, newspaper.feed)
    site.router.add_get("/", newspaper.front)
    site.router.add_get("/img/{name}", newspaper.picture)
    site.router.add_get("/{path:.+}", newspaper.article)
    return site


def _press() -> Environment:
    press = Environment(loader=PackageLoader("bot.playground", "day"), autoescape=True, undefined=StrictUndefined)
    press.filters["rfc822"] = lambda at: format_datetime(at.astimezone(sample_day.ZONE))
    press.filters["iso"] = _iso
    press.filters["clock"] = lambda at: f"{at.astimezone(sample_day.ZONE):%H:%M}"
    press.filters["size_bytes"] = lambda path: len(picture(path))
    return press


def _iso(at: datetime) -> str:
    return at.astimezone(sample_day.ZONE).isoformat()


def _home(request: web.Request) -> str:
    return str(request.url.origin())


def _has_it(request: web.Request, etag: str, changed_at: datetime) -> bool:
    # RFC 9110, 13.1.3: the date counts only where no ETag is given.
    if request.if_none_match:
        return any(known.value in (etag, "*") for known in request.if_none_match)
    return request.if_modified_since is not None and changed_at <= request.if_modified_since


def _json_feed(source: Source, home: str, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """https://www.jsonfeed.org/version/1.1/"""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "description": source.about,
        "home_page_url": f"{home}/",
        "feed_url": home + source.feed,
        "language": source.language,
        "items": [_json_item(home, entry) for entry in entries],
    }


def _json_item(home: str, entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": home + entry.path,
        "title": entry.title,
        "content_text": entry.lead,
        "date_published": _iso(entry.published_at),
        "date_modified": _iso(entry.updated_at),
        "tags": list(entry.sections),
    }
    return item if entry.image is None else {**item, "image": entry.image}


def _linked(source: Source, home: str, entry: Entry) -> dict[str, Any]:
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": home + entry.path,
        "headline": entry.title,
        "description": entry.lead,
        "articleSection": list(entry.sections),
        "inLanguage": source.language,
        "datePublished": _iso(entry.published_at),
        "dateModified": _iso(entry.updated_at),
        "publisher": {"@type": "Organization", "name": source.title},
    }
    return linked if entry.image is None else {**linked, "image": entry.image}
