"""`python bench/collect.py DIR…`: `python -m bot collect` on every feed below the folders, through the real door.

The files are served on the loopback address, so fetching, the parsing child, identity, stories and the database all
take part. Prints per folder: files, read, items taken in, refused with each reason, and seconds per file beside the
seconds that feedparser alone takes for the same bytes in this process.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

import feedparser
from aiohttp import web

from bot.intake.passes import Pass
from bot.rooms import collecting
from bot.settings import Settings
from bot.wording import Wordings

SKIPPED = {".md", ".txt", ".tsv", ".jsonl", ".py", ".html"}
NOON = datetime(2026, 11, 20, 10, tzinfo=UTC)
AT_ONCE = 20


def feeds(folder: Path) -> list[Path]:
    """Every file below the folder that may be a feed, by name."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in SKIPPED and not path.name.startswith(("LICENSE", "README"))
    )


def content(path: Path) -> bytes:
    """The bytes as a server would send them."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


async def measure(folder: Path) -> None:
    """One folder's row."""
    files = feeds(folder)
    bodies = {f"/{number}-{quote(path.name)}": content(path) for number, path in enumerate(files)}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=bodies[quote(request.path)], content_type="application/octet-stream")

    app = web.Application()
    app.router.add_get("/{name:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    home = "http://{}:{}".format(*runner.addresses[0])
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(_env_file=None, database=Path(place) / "bench.db", allow_private_addresses=True)
        async with collecting(settings, Wordings(settings.timezone, settings.language)) as rooms:
            began = perf_counter()
            these = await rooms.collector.seed([home + path for path in bodies], NOON)
            passes = []
            for start in range(0, len(these), AT_ONCE):
                passes += await rooms.collector.collect(these[start : start + AT_ONCE], lambda: NOON)
            seconds = perf_counter() - began
            items = await rooms.db.slow.value("SELECT count(*) FROM item")
    await runner.cleanup()
    _print(folder, passes, items, seconds, _alone(bodies.values()))


def _alone(bodies: Iterable[bytes]) -> float:
    began = perf_counter()
    for body in bodies:
        feedparser.parse(body, sanitize_html=False)
    return perf_counter() - began


def _print(folder: Path, passes: list[Pass], items: int, seconds: float, alone: float) -> None:
    refused = Counter(one.trouble.reason for one in passes if one.trouble is not None)
    count = max(len(passes), 1)
    reasons = ", ".join(f"{reason} {number}" for reason, number in refused.most_common()) or "none"
    print(
        f"{folder.name}: {len(passes)} files, {len(passes) - refused.total()} read, {items} items, refused: {reasons}; "
        f"{1000 * seconds / count:.0f} ms a file, {seconds / max(alone, 1e-9):.1f} times feedparser alone"
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        asyncio.run(measure(Path(name)))
