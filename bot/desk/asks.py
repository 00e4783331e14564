"""What a button of pauses, of the board and of a card's care asks for: `x:<act>:<number>:<version>[:<more>]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DATA = re.compile(r"x:([a-z]{2,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,8}))?")


@dataclass(frozen=True, slots=True)
class Ask:
    """An act, on the thing with this number, in this version (0: none is counted). `more` is a day, 0: none."""

    act: str
    number: int
    version: int
    more: int = 0


def read(data: str) -> Ask | None:
    """What a button carries, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    return Ask(found[1], int(found[2]), int(found[3]), int(found[4] or 0)) if found else None
