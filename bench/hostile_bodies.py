"""What hostile servers say, for bench/hostile.py: each trick writes its answer to a connection."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from functools import partial

import brotli

Trick = Callable[[asyncio.StreamWriter], Awaitable[None]]

CHUNK = 65_536
DRIP_SECONDS = 0.2
OPEN, END = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>', b"</channel></rss>"
TEXT = "Новини Донбасу: їжак і ґанок"


def tricks() -> dict[str, Trick]:
    """Each trick by its path."""
    zeros = bytes(200_000_000)
    titled = f"<item><title>{TEXT}</title><link>http://m.ua/1</link></item>"
    feed = f"<?xml version='1.0' encoding='utf-8'?><rss><channel>{titled}</channel></rss>"
    return {
        "/good": whole(feed.encode()),
        "/entity bomb": whole(_lol()),
        "/quadratic entities": whole(_quadratic()),
        "/XXE": whole(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + OPEN + item(b"&x;") + END),
        "/200,000 attributes": whole(OPEN + b"<item><a " + _attributes() + b"/></item>" + END),
        "/200,000 tags in one another": whole(OPEN + b"<item>" + b"<a>" * 200_000),
        "/200,000 items": whole(OPEN + item(b"x") * 200_000 + END),
        "/100,000 items, 5 MB": whole(OPEN + item(b"x") * 100_000 + END),
        "/500 items of 4 MB": whole(OPEN + _long() + END),
        "/100,000 categories": whole(OPEN + b"<item>" + b"<category>a</category>" * 100_000),
        "/4,000,000 openings": whole(b"<rss>" + b"<" * 4_000_000),
        "/5 MB of ampersands": whole(OPEN + item(b"&" * 5_000_000) + END),
        "/5 MB of references": whole(OPEN + item(b"&#1108;" * 700_000) + END),
        "/20 MB title": whole(OPEN + item(b"x" * 20_000_000) + END),
        "/5 MB title": whole(OPEN + item(b"x" * 5_000_000) + END),
        "/JSON nested 1,000,000 deep": whole(
            b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 1_000_000
        ),
        "/slow loris of a head": loris(b"HTTP/1.1 200 OK\r\nX-A: "),
        "/slow loris of a body": loris(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>"),
        "/endless redirects": redirect("/endless%20redirects"),
        "/gzip bomb of 200 MB": whole(gzip.compress(zeros, 9), "gzip"),
        "/deflate bomb of 200 MB": whole(zlib.compress(zeros, 9), "deflate"),
        "/br bomb of 200 MB": whole(brotli.compress(zeros, quality=5), "br"),
        "/gzip in gzip": whole(gzip.compress(gzip.compress(zeros, 9)), "gzip"),
        "/gzip of many members": whole(gzip.compress(b"") * 200_000, "gzip"),
        "/gzip that is none": whole(b"plain words", "gzip"),
        "/longer than said": whole(feed.encode(), length=20),
        "/shorter than said": whole(feed.encode(), length=9_999),
        "/NUL bytes": whole(OPEN + item(b"a\x00b\x00c") + END),
        "/cp1251 called utf-8": whole(feed.encode("cp1251")),
        "/UTF-16": whole(feed.replace("utf-8", "utf-16").encode("utf-16")),
        "/UTF-16 called utf-8": whole(feed.encode("utf-16-le")),
    }


def item(title: bytes) -> bytes:
    return b"<item><title>" + title + b"</title></item>"


def whole(body: bytes, encoding: str = "", length: int | None = None) -> Trick:
    """An answer at once, its length as it is or as said."""
    said = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {length or len(body)}\r\n"
    packed = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    return partial(_say, (said + packed + "\r\n").encode() + body)


def redirect(place: str) -> Trick:
    return partial(_say, f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())


def loris(start: bytes) -> Trick:
    """A byte now and then, for ever."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)

    return drip


async def _say(answer: bytes, writer: asyncio.StreamWriter) -> None:
    for start in range(0, len(answer), CHUNK):
        writer.write(answer[start : start + CHUNK])
        await writer.drain()


def _lol() -> bytes:
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{names}]>'.encode() + OPEN[21:] + item(b"&l9;") + END


def _quadratic() -> bytes:
    return b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]>' + OPEN[21:] + item(b"&a;" * 20_000) + END


def _attributes() -> bytes:
    return b" ".join(b'a%d="1"' % number for number in range(200_000))


def _long() -> bytes:
    text = (TEXT + ". ") * 85
    entry = "<item><title>{0} {1}</title><description>{1}</description><link>http://m.ua/{0}</link></item>"
    return "".join(entry.format(number, text) for number in range(500)).encode()
