"""A text with its entities as our own HTML: what `markup.read` reads back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import escape

_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
         "blockquote": "blockquote", "code": "code", "pre": "pre"}  # fmt: skip

_LAID = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    opens: str
    closes: str
    laid: bool = False  # over anything: it may be cut in two and looks the same


def typeset(text: str, entities: Iterable[Mapping[str, Any]] = ()) -> str:
    """The HTML of the text with these MessageEntity (UTF-16 units). What Telegram finds by itself (hashtags,
    addresses) and what it grants only to some (mentions, custom emoji) is left to it."""
    raw = text.encode("utf-16-le")
    size = len(raw) // 2
    spans = [span for each in entities if (span := _span(each, size)) is not None]
    spans.sort(key=lambda span: (span.laid, span.start, -span.end))
    bounds = sorted({0, size, *(at for span in spans for at in (span.start, span.end))})
    pieces: list[str] = []
    opened: list[_Span] = []
    for at, until in pairwise(bounds):
        opened = _turn(pieces, opened, [span for span in spans if span.start <= at < span.end])
        pieces.append(str(escape(raw[2 * at : 2 * until].decode("utf-16-le", "replace"))))
    _turn(pieces, opened, [])
    return "".join(pieces)


def _turn(pieces: list[str], opened: list[_Span], wanted: list[_Span]) -> list[_Span]:
    """What is open from here on, the outermost first. Where marks cross, what is laid over is cut: a link is not."""
    same = next((place for place, (one, other) in enumerate(zip(opened, wanted, strict=False)) if one is not other),
                min(len(opened), len(wanted)))  # fmt: skip
    pieces += [span.closes for span in reversed(opened[same:])]
    pieces += [span.opens for span in wanted[same:]]
    return wanted


def _span(each: Mapping[str, Any], size: int) -> _Span | None:
    start, end = max(int(each["offset"]), 0), min(int(each["offset"]) + int(each["length"]), size)
    if start >= end:
        return None
    match each["type"]:
        case "text_link":
            return _Span(start, end, f'<a href="{escape(each["url"])}">', "</a>")
        case "expandable_blockquote":
            return _Span(start, end, "<blockquote expandable>", "</blockquote>")
        case kind if kind in _TAGS:
            return _Span(start, end, f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>", laid=kind in _LAID)
    return None
