"""Link preview cards, made of the OpenGraph that the demo's newspapers serve. Nothing else is ever fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

import aiohttp

from bot.playground.shapes import Json, Message

MOST_BYTES = 2_000_000  # our newspapers' pages have some thousands
SECONDS = aiohttp.ClientTimeout(total=5)


class Cards:
    """The card of every link that was asked for; like Telegram it looks at a page once."""

    def __init__(self, session: aiohttp.ClientSession, homes: Iterable[str], ready: Callable[[], None]) -> None:
        self._session = session
        self._homes = frozenset(homes)
        self._ready = ready
        self._cards: dict[str, Json | None] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def known(self, url: str) -> Json | None:
        """The page's card; None while it is being fetched, and when there is none."""
        if url not in self._cards:
            self._cards[url] = None
            if self.ours(url):
                errand = asyncio.create_task(self._fetch(url))
                self._errands.add(errand)
                errand.add_done_callback(self._errands.discard)
        return self._cards[url]

    def ours(self, url: str) -> bool:
        """True for an address of the demo's own newspapers."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" in self._homes

    async def get(self, url: str) -> tuple[bytes, str]:
        """The body, and "" or the trouble: only of our own newspapers."""
        if not self.ours(url):
            return b"", "foreign"
        try:
            async with self._session.get(url, timeout=SECONDS, allow_redirects=False) as answer:
                body = await answer.content.read(MOST_BYTES)
                return (body, "") if answer.status == 200 else (b"", str(answer.status))
        except (aiohttp.ClientError, TimeoutError) as error:
            return b"", type(error).__name__

    async def _fetch(self, url: str) -> None:
        body, trouble = await self.get(url)
        if trouble:
            return
        charset = "windows-1251" if b"windows-1251" in body[:400] else "utf-8"
        found = OpenGraph()
        found.feed(body.decode(charset, "replace"))
        if "og:title" in found.said:
            self._cards[url] = _card(url, found.said)
            self._ready()


class OpenGraph(HTMLParser):
    """Gathers a page's `og:` properties in `said`."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("property") or ""
        if tag == "meta" and name.startswith("og:"):
            self.said.setdefault(name, values.get("content") or "")


def _card(url: str, said: dict[str, str]) -> Json:
    image = said.get("og:image")
    return {
        "url": url,
        "site": said.get("og:site_name", ""),
        "title": said["og:title"],
        "text": said.get("og:description", ""),
        "image": f"/api/picture?url={quote(urljoin(url, image), safe='')}" if image else None,
    }


def link_of(message: Message) -> str | None:
    """The link whose card the message shows: the one it names, else the first in its text; None when it wants none."""
    options = message.link_preview or {}
    if message.media or options.get("is_disabled"):
        return None
    if options.get("url"):
        return str(options["url"])
    for entity in message.entities:
        if entity["type"] == "text_link":
            return str(entity["url"])
        if entity["type"] == "url":
            units = message.text.encode("utf-16-le")  # Telegram counts in UTF-16
            return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
    return None
