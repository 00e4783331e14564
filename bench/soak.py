"""Exactly once, for as long as you like: busy days with a real bot that is killed, a Telegram that fails, a disk that
is full and a clock that jumps, all at random; then how many posts, cards and answers were found once, twice, never.

python -m bench.soak --minutes 60 --seed 1
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import shutil
import sys
from collections.abc import Iterable
from dataclasses import replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash_day import Size, fill
from tests.crash_machine import Machine, copied, nursery
from tests.crash_table import Row, lines
from tests.crash_troubles import EVERYTHING, FULL, KILLS, TROUBLES

BUSY = Size(posts=30, headlines=30, links=6, readers=12, seconds=6.0)
AT_ONCE = 3
STOP_SECONDS = 5.0  # SIGTERM finishes the send in hand, records it and exits within
GROUPS = ({"random kills": TROUBLES["killed five times"]}, KILLS, FULL, TROUBLES, EVERYTHING)


async def soak(asked: argparse.Namespace) -> list[Row]:
    """A row for each kind of trouble. Days that went wrong are kept in the folder `kept`, with the bot's log."""
    loop = asyncio.get_running_loop()
    until, rows = loop.time() + 60 * asked.minutes, dict[str, Row]()
    with TemporaryDirectory() as name:
        folder, context = Path(name), nursery()
        numbers = itertools.count() if asked.day is None else iter([asked.day])
        await fill(folder / "template.db", BUSY)

        async def side() -> None:
            while loop.time() < until and (number := next(numbers, None)) is not None:
                row = await day(folder, number, random.Random(f"{asked.seed} {number}"), context, asked.speed)
                if not row.well:
                    shutil.copytree(folder / str(number), asked.kept / f"{asked.seed}-{number}", dirs_exist_ok=True)
                shutil.rmtree(folder / str(number))
                rows[row.name] = rows.get(row.name, Row(row.name)) + row
                if not asked.quiet:
                    tell(number, row)

        await asyncio.gather(*(side() for _ in range(AT_ONCE)))
    return [rows[name] for name in sorted(rows)]


async def day(folder: Path, number: int, chance: random.Random, context: ForkServerContext, speed: float) -> Row:
    """One day with one kind of trouble in it; steps are drawn as often as all that is random together."""
    name, trouble = chance.choice(list(chance.choice(GROUPS).items()))
    copied(folder / "template.db", folder / str(number))
    machine = Machine(folder / str(number), context, BUSY, chance, speed, parser=True, stop_seconds=STOP_SECONDS)
    row = await machine.run(name.partition(",")[0] if name in FULL else name, trouble)
    return replace(row, details=() if row.well else row.details)


def tell(number: int, row: Row) -> None:
    sys.stdout.write(f"{number:>5} {row.name}: {row.once} of {row.expected} {'; '.join(row.details)}\n")
    sys.stdout.flush()


def told(rows: Iterable[Row]) -> bool:
    """Prints the table; whether all is well."""
    rows = list(rows)
    sys.stdout.write("\n".join(lines(rows)) + "\n")
    return all(row.well for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=10.0, help="so many seconds of the bot's watch pass in one")
    parser.add_argument("--day", type=int, help="only this day of the seed, once more")
    parser.add_argument("--kept", type=Path, default=Path("test-artefacts/soak"), help="where days that went wrong go")
    parser.add_argument("--quiet", action="store_true", help="only the table")
    asked = parser.parse_args()
    return 0 if told(asyncio.run(soak(asked))) else 1


if __name__ == "__main__":
    sys.exit(main())
