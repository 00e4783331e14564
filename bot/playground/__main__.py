"""`python -m bot.playground WORLD [--port N]`: the playground in a process of its own, which may be killed.

WORLD is a file that `keep` wrote; it is written again after every event, so that a reader sees what landed.
The first line of the output is the server's URL.
"""

import argparse
import asyncio
import pickle
import sys
from pathlib import Path

from bot.playground.people import Telegram
from bot.playground.server import serve


def keep(telegram: Telegram, path: Path) -> None:
    """Writes the world to the file, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(pickle.dumps(telegram))
    fresh.replace(path)


def load(path: Path) -> Telegram:
    """The world that the file keeps. Only for files of one's own: pickle runs what it reads."""
    telegram: Telegram = pickle.loads(path.read_bytes())  # noqa: S301
    return telegram


async def run(path: Path, port: int) -> None:
    """Serves until it is cancelled or killed."""
    telegram = load(path)
    async with serve(telegram, port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        while True:
            keep(telegram, path)
            await telegram.rung()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.playground", description=__doc__)
    parser.add_argument("world", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(run(options.world, options.port))


if __name__ == "__main__":
    main()
