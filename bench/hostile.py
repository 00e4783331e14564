"""What hostile servers cost: `PYTHONPATH=. python bench/hostile.py DIR_OF_DATA [WORD]` (only tricks with the word).

Each trick is served on the loopback address by a process of its own and goes through the real Fetcher and the real
Parser; the files of hostile-feeds too. Printed for each: what became of it, the seconds that it took, how much memory
the child and the bot's process took beyond their rest, and the longest time that the event loop was busy with
something else while a task wished to wake every millisecond (processor time of its thread, since on a busy machine
other programs stop it too). A star marks what misses its bar. The last rows tell how long
a good feed waits that is asked beside the slow ones.
"""

from __future__ import annotations

import asyncio
import csv
import multiprocessing
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from bench import hostile_bodies
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser

NOW, KYIV = datetime(2026, 2, 18, 10, tzinfo=UTC), ZoneInfo("Europe/Kyiv")
MOST_SECONDS, MOST_MB, MOST_BLOCKED_MS = 2.0, 100.0, 50.0
TICK_SECONDS = 0.001
GOOD = "/good"
# Where no reader of feeds has any business; the last two are addresses of the cloud's own servers.
FORBIDDEN = (
    "http://127.0.0.1:1/", "http://10.0.0.1/", "http://192.168.0.1/", "http://[::1]/", "http://[fe80::1]/",
    "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://0x7f.1/", "http://169.254.169.254/latest/",
    "http://[fd00:ec2::254]/", "file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/xml,<rss/>",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one trick cost."""

    told: str
    seconds: float
    child_mb: float
    bot_mb: float
    blocked_ms: float

    def row(self, name: str) -> str:
        """The figures side by side; one that misses its bar has a star."""
        figures = (
            (self.seconds, MOST_SECONDS, "8.2f"), (self.child_mb, MOST_MB, "8.0f"), (self.bot_mb, MOST_MB, "8.0f"),
            (self.blocked_ms, MOST_BLOCKED_MS, "8.0f"),
        )  # fmt: skip
        shown = "".join(f"{value:{form}}{'*' if value > most else ' '}" for value, most, form in figures)
        return f"{name[:44]:44}{shown}  {self.told[:70]}"


class Watch:
    """While it is open: the longest standstill of the loop, and the most memory of this process and of the child."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self.blocked_ms, self.child_mb = 0.0, 0.0
        self._rest: dict[int, float] = {}

    async def __aenter__(self) -> Watch:
        _forget_the_peak()
        self._bot_rest = _memory("self", "VmRSS")
        self._look()
        self._task = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(2 * TICK_SECONDS)
        self._task.cancel()
        self._look()
        self.bot_mb = _memory("self", "VmHWM") - self._bot_rest

    async def _tick(self) -> None:
        while True:
            self._look()
            last = thread_time()
            await asyncio.sleep(TICK_SECONDS)
            self.blocked_ms = max(self.blocked_ms, (thread_time() - last) * 1000)

    def _look(self) -> None:
        pid = self._parser.pid
        if pid is not None:
            taken = _memory(str(pid), "VmHWM")
            rest = self._rest.setdefault(pid, taken)
            self.child_mb = max(self.child_mb, taken - rest)


def _forget_the_peak() -> None:
    """VmHWM begins anew: https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html"""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory(pid: str, name: str) -> float:
    """Megabytes of a process, 0 where it has just died."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(name)), 0.0)


async def _cost(fetch: Fetcher, url: str) -> Cost:
    async with Parser() as parser:  # each trick meets a fresh child, so that its memory is its own
        watch = Watch(parser)
        began = perf_counter()
        async with watch:
            told = await _told(fetch, parser, url)
        seconds = perf_counter() - began
    return Cost(told, seconds, watch.child_mb, watch.bot_mb, watch.blocked_ms)


async def _told(fetch: Fetcher, parser: Parser, url: str) -> str:
    try:
        answer = await fetch.get(url)
        feed = await parser.feed(answer.body, answer.content_type, answer.url, NOW, KYIV)
    except (Refused, UnreadableFeed) as error:
        return f"refused: {error.reason}"
    first = feed.reports[0].title if feed.reports else "–"
    return f"{len(feed.reports)} items, {'; '.join(feed.notes) or 'as it is'}: {first}"


async def main(folder: Path, word: str) -> None:
    """Print the table, or the rows whose trick has the word."""
    files = sorted((folder / "hostile-feeds").glob("*.xml"))
    tricks = hostile_bodies.tricks() | {f"/{one.name}": hostile_bodies.whole(one.read_bytes()) for one in files}
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(tricks, theirs), daemon=True)
    server.start()
    port = ours.recv()
    home = f"http://127.0.0.1:{port}"
    print(f"{'trick':44}{'s':>8} {'child':>8} {'bot MB':>8} {'ms':>8}   what became of it")
    print(f"{'bar':44}{MOST_SECONDS:8.2f} {MOST_MB:8.0f} {MOST_MB:8.0f} {MOST_BLOCKED_MS:8.0f}")
    async with Fetcher(trusted=frozenset({("127.0.0.1", port)})) as fetch:
        await _cost(fetch, home + GOOD)  # what is imported late is not the first trick's
        for path in (one for one in tricks if word in one):
            print((await _cost(fetch, home + path)).row(path[1:]), flush=True)
        for url in (one for one in FORBIDDEN if word in one):
            print((await _cost(fetch, url)).row(url), flush=True)
            print((await _cost(fetch, f"{home}/to?{url}")).row(f"… after a redirect: {url}"), flush=True)
        _turn_over(port)
        print(
            (await _cost(fetch, f"http://turncoat.example:{port}/to?http://turncoat.example/")).row("DNS turned over")
        )
        await _beside(fetch, home)
    server.terminate()
    _expected(folder / "hostile-feeds" / "expected.tsv")


async def _beside(fetch: Fetcher, home: str) -> None:
    """How long a good feed takes that is asked while three hosts that drip are being asked."""
    drips = [asyncio.create_task(_drained(fetch, home.replace("127.0.0.1", host))) for host in _OTHERS]
    await asyncio.sleep(0.05)
    print((await _cost(fetch, home + GOOD)).row("a good feed while three others drip"))
    began = perf_counter()
    await asyncio.gather(*drips)
    print(f"the last of the three that drip was left {perf_counter() - began:.2f} s after it")


_OTHERS = ("drip-one.example", "drip-two.example", "drip-three.example")


async def _drained(fetch: Fetcher, home: str) -> None:
    try:
        await fetch.get(f"{home}/slow loris of a body")
    except Refused as error:
        assert error.reason == "slow", error.reason


def _turn_over(port: int) -> None:
    """Names of this table: turncoat.example is here when it is asked first and in a private network afterwards."""
    loop = asyncio.get_running_loop()
    real: Callable[..., Awaitable[Any]] = loop.getaddrinfo
    asked: list[str] = []

    async def lookup(host: str, at: Any, **more: Any) -> Any:
        if not str(host).endswith(".example"):
            return await real(host, at, **more)
        asked.append(host)
        private = host == "turncoat.example" and asked.count(host) > 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1" if private else "127.0.0.1", at))]

    vars(loop)["getaddrinfo"] = lookup


def _serve(tricks: dict[str, hostile_bodies.Trick], pipe: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode().replace("%20", " ")
        trick = hostile_bodies.redirect(unquote(path.partition("?")[2])) if path.startswith("/to?") else tricks[path]
        try:
            await trick(writer)
        except OSError as error:
            assert isinstance(error, ConnectionError), error
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _expected(table: Path) -> None:
    print("\nwhat a good reader gives:")
    with table.open(encoding="utf-8") as lines:
        for name, wanted in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            print(f"  {name:18}{wanted}")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit("python bench/hostile.py DIR_OF_DATA [WORD]")
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if sys.argv[2:] else ""))
