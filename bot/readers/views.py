"""What a button of a list carries: which page, and of which moment, so that pages do not jump as news comes in.

And what a link to the bot carries, which a button in the channel or a friend may send: a list, an item, a search.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from storage.instants import instant, seconds

PAGE_SIZE = 5  # five headlines with their lines fit one phone screen
LIST_SIZE = 100  # what is older than twenty pages is found by search
PAYLOAD_LETTERS = 64  # https://core.telegram.org/bots/features#deep-linking: A-Z, a-z, 0-9, _ and -
QUERY_BYTES = 42  # as many as base64 makes 56 signs of, and «search_» is seven: 21 Cyrillic letters
LISTS: Final = ("today", "latest", "top")

_SECTION = "[0-9a-f]{10}"
_CARRIED = re.compile(rf"([a-z])(?:\.({_SECTION}))?(?::([0-9]{{1,4}})(?::([0-9]{{1,12}})(?::([0-9]{{1,10}}))?)?)?")
_LINKED = re.compile(rf"(news)_([0-9]{{1,12}})|(section)_({_SECTION})|(search)_([A-Za-z0-9_-]{{2,56}})")


@dataclass(frozen=True, slots=True)
class View:
    """A page from 1 of a list as it was at `at`, with nothing newer than the item `anchor`; `token` is a section's.

    None: not fixed yet, so the list is as it is now and fixes it.
    """

    page: int = 1
    anchor: int | None = None
    at: datetime | None = None
    token: str = ""


def data(kind: str, view: View | None = None) -> str:
    """The callback data of a button: «l» opens a list afresh, «l:2:1830:1732356360» turns its page.

    «c.9f86d08188:2:1830:1732356360» does so in a section.
    """
    if view is None:
        return kind
    carried = f"{opening(kind, view)}:{view.page}"
    if view.anchor is not None:
        carried += f":{view.anchor}"
        carried += f":{seconds(view.at)}" if view.at else ""
    return carried


def opening(kind: str, view: View) -> str:
    """The callback data that opens the same list afresh."""
    return f"{kind}.{view.token}" if view.token else kind


def read(carried: str, now: datetime) -> tuple[str, View] | None:
    """The kind and the view in callback data; None when it was not made here. A view of the future is of now."""
    found = _CARRIED.fullmatch(carried)
    if found is None:
        return None
    kind, token, page, anchor, at = found.groups()
    shown_at = min(instant(int(at)), now) if at else None
    return kind, View(max(1, int(page or 1)), int(anchor) if anchor else None, shown_at, token or "")


def fitted(view: View, total: int) -> View:
    """The view, on the last page when the list has become shorter."""
    return replace(view, page=min(view.page, pages(total)))


def pages(total: int) -> int:
    """How many pages the list has, one when it is empty."""
    return max(1, -(-total // PAGE_SIZE))


def link(bot: str, kind: str, carried: str = "") -> str:
    """The address that opens the bot of this @name: with one of LISTS, «news» and an item's number, «section» and
    its token, or «search» and the words, of which those go along that fit into QUERY_BYTES. Raises ValueError for
    anything else.
    """
    payload = kind if kind in LISTS else f"{kind}_{_encoded(carried) if kind == 'search' else carried}"
    if opened(payload) is None:
        raise ValueError(payload)
    return f"https://t.me/{bot.removeprefix('@')}?start={payload}"


def opened(payload: str) -> tuple[str, str] | None:
    """What a link carried, as `link` took it; None when no link of ours has such a payload."""
    if payload in LISTS:
        return payload, ""
    found = _LINKED.fullmatch(payload)
    if found is None:
        return None
    kind, carried = (part for part in found.groups() if part is not None)
    if kind != "search":
        return kind, carried
    query = _decoded(carried)
    return (kind, query) if query.strip() else None


def _encoded(query: str) -> str:
    text = " ".join(query.encode("utf-8", "ignore").decode().split())
    room = text.encode()[:QUERY_BYTES].decode("utf-8", "ignore")
    # Half a word finds nothing: the whole ones that fit go along, and only a single long one is cut.
    whole = room if room == text or text[len(room)] == " " else room.rpartition(" ")[0] or room
    return urlsafe_b64encode(whole.encode()).decode().rstrip("=")


def _decoded(carried: str) -> str:
    try:
        return urlsafe_b64decode(carried + "=" * (-len(carried) % 4)).decode()
    except ValueError:  # it was cut on its way, or is none of ours
        return ""
