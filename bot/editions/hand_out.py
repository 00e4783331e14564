"""Copies the built-in templates out, for the newsroom to change. A file that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from bot.editions.forms import NAMES, built_in

What = Literal["written", "same", "kept"]


def hand_out(folder: Path) -> Iterator[tuple[str, What]]:
    """Each template's name and what became of it: written, the same already, or kept as the newsroom changed it.
    Raises OSError when the folder cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        text = built_in(name)
        try:
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            yield name, "written"
        except FileExistsError:
            yield name, "same" if _holds(folder / name, text) else "kept"


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:  # a folder of that name
        return False
