"""What a button of a list carries: which page, and of which moment, so that pages do not jump as news comes in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, seconds

_CARRIED = re.compile(r"([a-z])(?::([0-9]{1,4})(?::([0-9]{1,12})(?::([0-9]{1,10}))?)?)?")


@dataclass(frozen=True, slots=True)
class View:
    """A page from 1 of a list as it was at `at`, with nothing newer than the item `anchor`.

    None: not fixed yet, so the list is as it is now and fixes it.
    """

    page: int = 1
    anchor: int | None = None
    at: datetime | None = None


def data(kind: str, view: View | None = None) -> str:
    """The callback data of a button: «l» opens a list afresh, «l:2:1830:1732356360» turns its page."""
    if view is None:
        return kind
    carried = f"{kind}:{view.page}"
    if view.anchor is not None:
        carried += f":{view.anchor}"
        carried += f":{seconds(view.at)}" if view.at else ""
    return carried


def read(carried: str, now: datetime) -> tuple[str, View] | None:
    """The kind and the view in callback data; None when it was not made here. A view of the future is of now."""
    found = _CARRIED.fullmatch(carried)
    if found is None:
        return None
    kind, page, anchor, at = found.groups()
    shown_at = min(instant(int(at)), now) if at else None
    return kind, View(max(1, int(page or 1)), int(anchor) if anchor else None, shown_at)
