"""Packs whole entries into as few messages as hold them. HTML is never cut; a text too long is shortened before."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# https://core.telegram.org/bots/api#sendmessage: 1–4096 characters after entities parsing. The server counts
# code points, clients UTF-16 units; the larger of the two is safe for both.
MESSAGE_LIMIT = 4096
RAW_LIMIT_BYTES = 32_768  # tdlib refuses a longer text before it parses it
GAP = Markup("\n\n")
_TAG = re.compile(r"<[^>]*>")


class TooLong(Exception):
    """One entry alone is longer than a message."""

    def __init__(self, units: int) -> None:
        super().__init__(f"{units} UTF-16 units")
        self.units = units


@dataclass(frozen=True, slots=True)
class Packed:
    """One message, and the indexes of the entries that stand in it."""

    text: Markup
    entries: tuple[int, ...]


def visible(markup: Markup) -> str:
    """The text a reader sees of markup that we made ourselves."""
    return html.unescape(_TAG.sub("", markup))


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram's clients count."""
    return len(text.encode("utf-16-le")) // 2


def shorten(text: str, limit: int) -> str:
    """The text when it has at most `limit` UTF-16 units, else its whole words that fit, with « …» behind them."""
    if units(text) <= limit:
        return text
    room = text.encode("utf-16-le")[: 2 * max(limit - 2, 0)].decode("utf-16-le", "ignore")
    whole = room if text[len(room) : len(room) + 1].isspace() else room.rsplit(None, 1)[0] if " " in room else room
    return f"{whole.rstrip(' ,;:—–-')} …"


def pack(
    head: Markup, entries: Sequence[Markup], tail: Markup, *, gap: Markup = GAP, limit: int = MESSAGE_LIMIT
) -> list[Packed]:
    """Messages in order: head above the first entry, tail below the last, `gap` between. An empty head or tail
    takes no room. Raises TooLong when an entry with its head and tail does not fit even alone."""
    messages: list[Packed] = []
    standing: list[int] = []

    def text(indexes: Sequence[int], *, last: bool) -> Markup:
        first = not messages
        pieces = [head] * first + [entries[index] for index in indexes] + [tail] * last
        return gap.join(piece for piece in pieces if piece)

    def fits(indexes: Sequence[int], *, last: bool) -> bool:
        whole = text(indexes, last=last)
        return units(visible(whole)) <= limit and len(whole.encode()) <= RAW_LIMIT_BYTES

    for index in range(len(entries)):
        last = index == len(entries) - 1
        if standing and not fits([*standing, index], last=last):
            messages.append(Packed(text(standing, last=False), tuple(standing)))
            standing = []
        if not fits([*standing, index], last=last):
            raise TooLong(units(visible(text([*standing, index], last=last))))
        standing.append(index)
    if standing:
        messages.append(Packed(text(standing, last=True), tuple(standing)))
    return messages
