"""Whatever dies, and whenever: the day's posts, cards and answers stand in Telegram once, and nothing twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.crash_day import Size, fill
from tests.crash_machine import Machine, Trouble, copied, nursery
from tests.crash_table import Row, lines
from tests.crash_troubles import FULL, KILLS, TROUBLES, kills

SPEED = 30.0  # the second look comes a minute after the connection ended: two seconds here
SPEEDS = {"half limits": 8.0}  # else the machine is slower than the limits
AT_ONCE = 8
SEEDS = (1, 2)
RANDOM: dict[str, Trouble] = {f"killed five times, seed {seed}": kills(5) for seed in SEEDS}
SHORT, LONG = Size(posts=5, links=1, readers=2), Size()
# Each step once, where it hurts most: at its COMMIT. Before it, after it and each full disk are the soak's.
STEPS: dict[str, Trouble] = {name: KILLS[name] for name in KILLS if not name.endswith((", before", ", after"))}
DISK = {f"disk full: {name}": FULL[f"disk full: {name}"] for name in ("update stored, before", "send recorded, commit")}
LEFT_TO_THE_SOAK = ("killed five times", "gateway's page", "half an answer")
REST = {name: TROUBLES[name] for name in TROUBLES if name not in LEFT_TO_THE_SOAK}
MATRIX: dict[str, Trouble] = {**STEPS, **RANDOM, **DISK, **REST}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """Every trouble of the matrix, in a newsroom of its own each, many side by side."""
    rows = asyncio.run(_live_through(tmp_path_factory.mktemp("crash")))
    print(*lines(rows.values()), sep="\n")
    return rows


async def _live_through(folder: Path) -> dict[str, Row]:
    room, context = asyncio.Semaphore(AT_ONCE), nursery()
    for size in (SHORT, LONG):
        await fill(folder / f"{size.posts}.db", size)

    async def day(number: int, name: str) -> Row:
        async with room:
            size = SHORT if name in KILLS or name in DISK else LONG
            copied(folder / f"{size.posts}.db", folder / str(number))
            machine = Machine(folder / str(number), context, size, random.Random(number), SPEEDS.get(name, SPEED))
            return await machine.run(name, MATRIX[name])

    rows = await asyncio.gather(*(day(number, name) for number, name in enumerate(MATRIX)))
    return {row.name: row for row in rows}


@pytest.mark.parametrize("name", MATRIX)
def test_whatever_dies_the_day_is_told_once(table: dict[str, Row], name: str) -> None:
    row = table[name]

    assert row.tried > 0, row.details  # else nothing was shown
    assert (row.twice, row.never, row.unfinished) == (0, 0, 0), row.details
    assert not row.fell or name.startswith("disk full"), row.details
