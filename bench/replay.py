"""Nothing missed, nothing twice: recorded feeds served poll by poll to the real collector, which is killed in one poll
of every ten and started again on the same file.

python -m bench.replay DIR… [--every] [--kill 10] [--seed 1]

A DIR holds recordings (*.json.gz, or items.jsonl). Without --every a feed is asked when it had changed, and once more
after each change, when nothing had: what it said is the same, the hours in which it said nothing are left out. The
poll of a death is asked again by the next life. What is expected, and by whose judgement: bench/recording.py.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import multiprocessing
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from bench.recording import Timeline, contradictions, read, rss, telling
from bench.replay_life import MOMENTS, Death, Moment, Orders, Shared, deaths, live
from bench.verdict import COLUMNS, Found, Row, judged

AT_ONCE = 2
SHOWN = 20  # contradictions and faults of one timeline that are printed
_FOUND = """
SELECT v.item_id, item.history, v.title, v.lead, v.url FROM item_version AS v JOIN item ON item.id = v.item_id
 ORDER BY v.item_id, v.version
"""


@dataclass
class Replay:
    """One timeline, its site, and the newsroom that polls it."""

    timeline: Timeline
    database: Path
    nursery: ForkServerContext
    number: Shared = field(init=False)  # of the poll in hand
    met: Shared = field(init=False)  # 1 + the index of the moment at which the life ended
    dead: Counter[Moment] = field(default_factory=Counter)
    life: ForkServerProcess | None = None
    death: Death | None = None  # of this life

    async def run(self, deaths: Iterable[Death]) -> Row:
        """All polls, with these deaths; what is in the file then."""
        self.number, self.met = self.nursery.RawValue("i", 0), self.nursery.RawValue("i", 0)
        async with self._site() as url:
            start = 0
            for self.death in (*deaths, None):
                await self._live(url, start)
                start = self.number.value
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as file:
            rows = file.execute(_FOUND).fetchall()
        found = [Found(item, bool(history), telling(title, lead, url)) for item, history, title, lead, url in rows]
        return judged(self.timeline, self.dead.total(), found)

    async def _live(self, url: str, start: int) -> None:
        death = self.death
        polls = self.timeline.polls[start : death.poll + 1 if death else None]
        orders = Orders(self.database, url, start, tuple(poll.at for poll in polls), death)
        self.met.value = 0
        self.life = self.nursery.Process(target=live, args=(orders, self.number, self.met))
        self.life.start()
        await _ended(self.life)
        if self.life.exitcode != (-signal.SIGKILL if death else 0):
            raise RuntimeError(f"{self.timeline.name}: poll {self.number.value}: it ended by {self.life.exitcode}")
        if death:
            self.dead[MOMENTS[self.met.value - 1]] += 1

    @asynccontextmanager
    async def _site(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_get("/feed", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/feed"
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        number = self.number.value
        moment = self.death.moment if self.death and self.death.poll == number else None
        body = rss(self.timeline, self.timeline.polls[number])
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if moment == "asked":
            self._kill(moment)
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        if moment != "half":
            return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": tag})
        response = web.StreamResponse(headers={"ETag": tag})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        self._kill(moment)
        return response

    def _kill(self, moment: Moment) -> None:
        assert self.life is not None  # it asks
        self.met.value = 1 + MOMENTS.index(moment)
        self.life.kill()


async def _ended(life: ForkServerProcess) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(life.sentinel, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(life.sentinel)
        life.kill()  # only what was cancelled still lives
        life.join()


def nursery() -> ForkServerContext:
    """Where lives begin: a fork of a process that has imported what `collect` imports, which is not aiogram."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "bench.replay_life"])
    return context


async def measure(timelines: Iterable[Timeline], each: int, seed: int) -> tuple[list[Row], Counter[Moment]]:
    """A row for each timeline, printed as it comes; and at which moments the collector died."""
    rows, dead, context, room = list[Row](), Counter[Moment](), nursery(), asyncio.Semaphore(AT_ONCE)

    async def one(timeline: Timeline, folder: Path) -> None:
        nonlocal dead
        async with room:
            replay = Replay(timeline, folder / f"{timeline.name}.db", context)
            rows.append(await replay.run(deaths(timeline, each, random.Random(f"{seed} {timeline.name}"))))
        dead += replay.dead
        tell(rows[-1])

    with TemporaryDirectory() as folder:
        async with asyncio.TaskGroup() as group:
            for timeline in timelines:
                group.create_task(one(timeline, Path(folder)))
    return rows, dead


def tell(row: Row) -> None:
    """One line of the table."""
    line(row.name, [getattr(row, column) for column in COLUMNS])


def line(name: str, values: Sequence[object]) -> None:
    """Printed at once: a run takes minutes."""
    print(f"{name:<16}" + "".join(f"{value:>9}" for value in values), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--every", action="store_true", help="also every poll that found nothing changed")
    parser.add_argument("--kill", type=int, default=10, metavar="N", help="in one poll of so many")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    paths = [path for folder in asked.folders for end in ("*.json.gz", "items.jsonl") for path in folder.glob(end)]
    timelines = [read(path) if asked.every else read(path).changes() for path in sorted(paths)]
    line("timeline", COLUMNS)
    rows, dead = asyncio.run(measure(timelines, asked.kill, asked.seed))
    total = sum(rows, Row("in all"))
    tell(total)
    print("killed:", ", ".join(f"{moment} {dead[moment]}" for moment in MOMENTS))
    disputed = [list(contradictions(timeline)) for timeline in timelines]
    print("for a person to judge:", sum(map(len, disputed)))
    for lines in (*(row.details for row in rows), *disputed):
        print(*lines[:SHOWN], sep="\n", end="\n" if lines else "")
    return 0 if total.well else 1


if __name__ == "__main__":
    sys.exit(main())
