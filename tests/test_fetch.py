"""Asking sites politely and within limits, against a server on this machine."""

import asyncio
import contextlib
import gzip
import itertools
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import brotli
import pytest
from aiohttp import web

from bot.intake import addresses
from bot.intake.fetch import Answer, Fetcher, Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(**pages: Handler) -> AsyncIterator[int]:
    """A site on 127.0.0.1 whose /name is answered by the handler of that name; its port."""
    app = web.Application()
    for name, handler in pages.items():
        app.router.add_get(f"/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw(answer: bytes) -> AsyncIterator[int]:
    """A server that says these bytes to anybody and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def says(body: bytes = b"", status: int = 200, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=named)

    return handler


async def asked(port: int, page: str, fetch: Fetcher | None = None, **conditions: str) -> Answer:
    async with fetch or Fetcher(allow_private=True) as open_fetch:
        return await open_fetch.get(f"http://127.0.0.1:{port}/{page}", **conditions)


async def refusal(port: int, page: str, fetch: Fetcher | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        await asked(port, page, fetch)
    return refused.value


async def test_an_answer_tells_what_the_next_poll_needs() -> None:
    page = says(b"<rss/>", ETag='"1"', Cache_Control="public, max-age=600", Age="100", Retry_After="90")
    async with site(feed=page) as port:
        answer = await asked(port, "feed")

    assert (answer.status, answer.body, answer.etag) == (200, b"<rss/>", '"1"')
    assert (answer.max_age, answer.retry_after) == (timedelta(seconds=500), timedelta(seconds=90))
    assert (answer.url, answer.permanent_url) == (f"http://127.0.0.1:{port}/feed", None)


async def test_an_unchanged_feed_is_not_sent_again() -> None:
    async def feed(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == '"1"' and "If-Modified-Since" in request.headers
        return web.Response(status=304 if known else 200, headers={"ETag": '"1"'})

    async with site(feed=feed) as port:
        answer = await asked(port, "feed", etag='"1"', last_modified="Tue, 17 Feb 2026 10:00:00 GMT")

    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body)[2:-4], brotli.compress]
)
async def test_every_usual_compression_is_opened(pack: Callable[[bytes], bytes]) -> None:
    name = {gzip.compress: "gzip", brotli.compress: "br"}.get(pack, "deflate")
    async with site(feed=says(pack(b"<rss/>" * 99), Content_Encoding=name)) as port:
        assert (await asked(port, "feed")).body == b"<rss/>" * 99


async def test_a_moved_feed_tells_its_new_address_only_when_it_moved_for_ever() -> None:
    pages = {
        "old": says(status=301, Location="/new"),
        "busy": says(status=302, Location="/old"),
        "new": says(b"<rss/>"),
    }
    async with site(**pages) as port:
        moved, guest = await asked(port, "old"), await asked(port, "busy")

    assert moved.permanent_url == moved.url == f"http://127.0.0.1:{port}/new"
    assert (guest.url, guest.permanent_url) == (moved.url, None)


async def test_an_endless_redirect_ends() -> None:
    async with site(round=says(status=302, Location="/round")) as port:
        assert (await refusal(port, "round")).reason == "redirects"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://0x7f.1/", "http://[::1]/",
     "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://169.254.169.254/latest", "http://10.0.0.1/",
     "http://0.0.0.0/"],
)  # fmt: skip
async def test_the_newsrooms_own_network_is_never_asked(url: str) -> None:
    async with Fetcher() as fetch:
        with pytest.raises(Refused) as refused:
            await fetch.get(url)

    assert refused.value.reason == "private_address"


async def test_a_redirect_into_the_private_network_is_refused() -> None:
    async with site(secret=says(b"secret")) as inner:
        pages = {"out": says(status=302, Location=f"http://127.0.0.1:{inner}/secret"), "ok": says(b"<rss/>")}
        async with site(**pages) as port:
            trusted = frozenset({("127.0.0.1", port)})

            assert (await asked(port, "ok", Fetcher(trusted=trusted))).body == b"<rss/>"
            assert (await refusal(port, "out", Fetcher(trusted=trusted))).reason == "private_address"


async def test_behind_a_proxy_private_names_are_refused_before_it_is_asked() -> None:
    async with site(feed=says(b"<rss/>")) as port:
        fetch = Fetcher(proxy=f"http://127.0.0.1:{port}")
        assert (await refusal(port, "feed", fetch)).reason == "private_address"


@pytest.mark.parametrize(
    ("url", "reason"),
    [("ftp://misto.ua/", "scheme"), ("file:///etc/passwd", "scheme"), ("http://a:b@misto.ua/", "credentials"),
     ("http://", "bad_url"), ("http://[::1", "bad_url"), ("http://misto.ua:99999/", "bad_url"),
     ("http://2130706433/", "bad_url")],
)  # fmt: skip
async def test_what_is_no_web_address_is_refused(url: str, reason: str) -> None:
    async with Fetcher() as fetch:
        with pytest.raises(Refused) as refused:
            await fetch.get(url)

    assert refused.value.reason == reason


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity"])
async def test_a_body_beyond_the_limit_is_left_in_the_wire(encoding: str) -> None:
    zeros = b"\x00" * 30_000_000
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": lambda body: gzip.compress(body, 1), "deflate": lambda body: zlib.compress(body, 1),
        "br": lambda body: brotli.compress(body, quality=1), "identity": bytes,
    }  # fmt: skip
    body = pack[encoding](zeros)
    async with site(bomb=says(body, Content_Encoding=encoding)) as port:
        assert (await refusal(port, "bomb")).reason == "too_big"


async def test_a_server_that_drips_is_left() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.02)

    async with site(drip=drip, feed=says(b"<rss/>")) as port, Fetcher(True) as fetch:
        dripping = asyncio.create_task(fetch.get(f"http://localhost:{port}/drip"))
        good = await asyncio.wait_for(fetch.get(f"http://127.0.0.1:{port}/feed"), 60)
        with pytest.raises(Refused) as refused:
            await asyncio.wait_for(dripping, 60)

    assert (good.body, refused.value.reason) == (b"<rss/>", "slow")


@pytest.mark.parametrize("dripped", [None, 30], ids=["for ever", "over all redirects"])
async def test_who_drips_a_head_is_left_while_who_thinks_long_is_waited_for(dripped: int | None) -> None:
    left, serving = asyncio.Event(), set[asyncio.Task[None] | None]()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        writer.write(b"HTTP/1.1 302 Found\r\nX: ")
        with contextlib.suppress(ConnectionError):
            for _ in itertools.count() if dripped is None else range(dripped):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
            writer.write(b"\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def think(request: web.Request) -> web.Response:
        await left.wait()  # longer than any answer that has begun may take
        return web.Response(body=b"<rss/>")

    async with (
        await asyncio.start_server(drip, "127.0.0.1", 0) as server,
        site(feed=think) as port,
        Fetcher(True, seconds=60) as fetch,
    ):
        thinking = asyncio.create_task(fetch.get(f"http://127.0.0.1:{port}/feed"))
        with pytest.raises(Refused) as refused:
            async with asyncio.timeout(30):
                await fetch.get(f"http://localhost:{server.sockets[0].getsockname()[1]}/")
        left.set()
        answer = await asyncio.wait_for(thinking, 30)
        await asyncio.gather(*filter(None, serving))

    assert (refused.value.reason, answer.body) == ("slow", b"<rss/>")


async def test_a_head_that_never_ends_is_left() -> None:
    left = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        await reader.read()  # until the other side has had enough
        writer.close()
        await writer.wait_closed()
        left.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await refusal(port, "", Fetcher(True, seconds=0.2))).reason == "slow"
        await left.wait()


async def test_a_name_that_turns_to_the_private_network_between_two_requests_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meant = iter(["127.0.0.1", "10.0.0.1"])

    async def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(meant), port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)  # the phone book, not our code
    async with (
        site(feed=says(status=302, Location="/feed")) as port,
        Fetcher(trusted=frozenset({("127.0.0.1", port)})) as fetch,
    ):
        with pytest.raises(Refused) as refused:
            await fetch.get(f"http://turncoat.example:{port}/feed")

    assert (refused.value.reason, refused.value.values["address"]) == ("private_address", "10.0.0.1")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "bad_length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nx", "too_big"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "bad_encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc", "bad_encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 3\r\n\r\nabc", "bad_encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", "bad_encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlonger", "bad_answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "bad_answer"),
        (b"", "bad_answer"),
    ],
)
async def test_an_answer_that_lies_is_refused(said: bytes, reason: str) -> None:
    async with raw(said) as port:
        assert (await refusal(port, "")).reason == reason


async def test_an_error_of_the_server_tells_when_to_come_back() -> None:
    async with site(busy=says(status=429, Retry_After="120")) as port:
        refused = await refusal(port, "busy")

    assert (refused.reason, refused.values) == ("http_status", {"status": 429, "retry_after": timedelta(minutes=2)})


async def test_nobody_answers_is_a_refusal() -> None:
    async with raw(b"") as port:
        pass

    assert (await refusal(port, "")).reason == "connection"


async def test_a_host_is_asked_one_request_at_a_time() -> None:
    inside, most = 0, 0

    async def page(request: web.Request) -> web.Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        return web.Response(body=b"<rss/>")

    async with site(a=page, b=page) as port, Fetcher(True) as fetch:
        await asyncio.gather(*(fetch.get(f"http://127.0.0.1:{port}/{name}") for name in "abab"))

    assert most == 1


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("100.64.0.1", False), ("224.0.0.1", False), ("fe80::1%eth0", False),
     ("fc00::1", False), ("2002:7f00:1::", False), ("::ffff:8.8.8.8", True), ("::127.0.0.1", False), ("ff02::1", False),
     ("misto", False)],
)  # fmt: skip
def test_public_addresses_are_told_from_private_ones(address: str, open_to_all: bool) -> None:
    assert addresses.public(address) is open_to_all
