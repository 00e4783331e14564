"""An address in, an answer out: politely, within limits, and never from inside the newsroom's own network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin

import aiohttp

from bot.intake import headers
from bot.intake.admit import Gate
from bot.intake.answers import Answer, Refused, host_of, onward
from bot.intake.bodies import LIMIT_BYTES
from bot.intake.hurry import Connector, Patience
from bot.intake.inflate import Broken, Inflater, TooBig

__all__ = ["Answer", "Fetcher", "Refused"]

SECONDS: Final = 15.0  # a site that needs longer is down for its readers too
REDIRECTS: Final = 5
USER_AGENT: Final = "Holovne/0.1 (newsroom feed reader)"
_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.6, */*;q=0.1"
)
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_FOR_EVER: Final = frozenset({301, 308})
_SAID_AGAIN: Final = frozenset({307, 308})  # what is posted is posted there too: RFC 9110 §15.4
_ENCODINGS: Final = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br"}
_NO_TIMEOUT: Final = aiohttp.ClientTimeout(total=None)  # asyncio.timeout around all hops is the only one
# The first that fits; aiohttp's kinds overlap.
_REASONS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    ((aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError), "bad_url"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientPayloadError, "bad_length"),
    ((aiohttp.ClientResponseError, aiohttp.ServerDisconnectedError), "bad_answer"),
    ((aiohttp.ClientError, OSError), "connection"),
    (ValueError, "bad_answer"),
)


class Fetcher:
    """One HTTP session; at most one request at a time to each host.

    Without allow_private every address is checked on the connection itself, after DNS and each redirect.
    Behind a proxy the proxy makes the connection: then the host is resolved and checked before it is handed
    over, and a name that changes in between, or that only the proxy can resolve, is the proxy's to refuse.
    `trusted` are (address, port) pairs on a private network that may be asked nevertheless.
    """

    def __init__(
        self,
        allow_private: bool = False,
        proxy: str | None = None,
        *,
        trusted: frozenset[tuple[str, int]] = frozenset(),
        limit_bytes: int = LIMIT_BYTES,
        seconds: float = SECONDS,
    ) -> None:
        self._proxy = proxy
        self._gate = Gate(allow_private, proxied=proxy is not None, trusted=trusted)
        self._limit, self._seconds = limit_bytes, seconds
        self._session: aiohttp.ClientSession | None = None
        self._hosts: dict[str, tuple[asyncio.Lock, int]] = {}

    async def __aenter__(self) -> Self:
        # A kept connection would be one whose address was checked long ago; polls are minutes apart anyway.
        connector = Connector(socket_factory=self._gate.socket, force_close=True, use_dns_cache=False)
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate, br"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """The answer behind at most REDIRECTS redirects.

        Raises Refused with one of the reasons: bad_url, scheme, credentials, private_address, redirects,
        too_big, slow, dns, connection, tls, bad_length, bad_encoding, bad_answer, http_status (with status
        and retry_after).
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        return await self._walk(url, {name: value for name, value in asked.items() if value}, None)

    async def post(self, url: str, form: Mapping[str, str]) -> None:
        """Sends a form, also on from one https address to another; what is answered beside a 2xx is not read.

        Raises Refused as `get` does.
        """
        await self._walk(url, {}, form)

    async def _walk(self, url: str, conditions: dict[str, str], form: Mapping[str, str] | None) -> Answer:
        loop = asyncio.get_running_loop()
        left, here, permanent, patience = self._seconds, url, True, Patience()
        for _ in range(REDIRECTS + 1):
            host = host_of(here)
            async with self._turn(host):  # the wait for one's turn is not the server's slowness
                began = loop.time()
                try:
                    async with asyncio.timeout(left):
                        found = await self._hop(here, host, conditions, form, patience)
                except TimeoutError as error:
                    raise Refused("slow", seconds=self._seconds) from error
                left = max(0.0, left - (loop.time() - began))
            if isinstance(found, Answer):
                return replace(found, permanent_url=here if permanent and here != url else None)
            status, here = found
            permanent = permanent and status in _FOR_EVER
        raise Refused("redirects", limit=REDIRECTS)

    async def _hop(
        self, url: str, host: str, conditions: dict[str, str], form: Mapping[str, str] | None, patience: Patience
    ) -> Answer | tuple[int, str]:
        """One request: an Answer, or the status of a redirect and where it leads."""
        if self._session is None:
            raise RuntimeError("a Fetcher fetches inside `async with`")
        turned_away = await self._gate.expect(host, url)
        asking = self._session.request(
            "GET" if form is None else "POST",
            url,
            data=form,
            headers=conditions,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=_NO_TIMEOUT,
        )
        try:
            async with patience.answering(), asking as response:
                return await self._answer(response, url) if form is None else _accepted(response, url)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                raise  # ours, around all hops
            if turned_away:
                raise Refused("private_address", host=host, address=turned_away[0]) from error
            raise Refused(_reason(error), host=host) from error

    async def _answer(self, response: aiohttp.ClientResponse, url: str) -> Answer | tuple[int, str]:
        status, said = response.status, response.headers
        if status in _MOVED and (place := said.get("Location", "").strip()):
            return status, urljoin(url, place)
        if status >= 400:
            raise Refused("http_status", status=status, retry_after=headers.retry_after(said))
        if status != 200 and status != 304:
            raise Refused("bad_answer", host=response.url.host, status=status)
        return Answer(
            status=status,
            url=url,
            permanent_url=None,
            body=b"" if status == 304 else await self._body(response),
            content_type=said.get("Content-Type"),
            etag=said.get("ETag"),
            last_modified=said.get("Last-Modified"),
            retry_after=headers.retry_after(said),
            max_age=headers.max_age(said),
            link=", ".join(said.getall("Link", ())),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The body after decompression; what is too long is left in the wire."""
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise Refused("bad_encoding", encoding=encoding[:40])
        inflater = Inflater(_ENCODINGS[encoding], self._limit)
        try:
            if (response.content_length or 0) > self._limit:
                raise TooBig
            async for chunk in response.content.iter_chunked(65_536):
                inflater.take(chunk)
            return inflater.finish()
        except TooBig as error:
            raise Refused("too_big", limit_bytes=self._limit) from error
        except Broken as error:
            raise Refused("bad_encoding", encoding=encoding) from error

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """One request at a time to a host; a host that nobody waits for is forgotten."""
        lock, users = self._hosts.get(host, (asyncio.Lock(), 0))
        self._hosts[host] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = (lock, users - 1)


def _accepted(response: aiohttp.ClientResponse, url: str) -> Answer | tuple[int, str]:
    status, said = response.status, response.headers
    if status in _SAID_AGAIN and (place := said.get("Location", "").strip()):
        return status, onward(url, place)
    if not 200 <= status < 300:
        raise Refused("http_status", status=status, retry_after=headers.retry_after(said))
    return Answer(status, url, None, b"", None, None, None, None, None)


def _reason(error: Exception) -> str:
    return next((reason for kinds, reason in _REASONS if isinstance(error, kinds)), "connection")
