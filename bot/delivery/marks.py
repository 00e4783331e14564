"""A text as readers of Telegram see it: cleaned, with what is bold, a link, a quote.

Telegram shows the same look in more than one way: bold is cut in two by a hashtag within it, marks on white space
are kept or dropped. Here one look has one form, so two texts are seen alike exactly when they are equal. What Telegram
does is in clean_input_string_with_entities and fix_formatted_text (https://github.com/tdlib/td, MessageEntity.cpp);
tests ask the library itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

_LAID = ("bold", "italic", "underline", "strikethrough", "spoiler")  # lie over anything but code, cut and joined
_QUOTES = ("blockquote", "expandable_blockquote")
_RANKS = {"pre": 1, "code": 2, "date_time": 3}  # of two that begin and end together the first stays
_VERBATIM = frozenset(_RANKS)  # nothing else is marked within
# A person is mentioned only when Telegram knows them, a custom emoji shown only when the bot may use it.
_GRANTED = frozenset({"text_mention", "custom_emoji"})
_KNOWN = frozenset({*_LAID, *_QUOTES, *_RANKS, *_GRANTED, "text_link"})
_GONE = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
_TURNS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_BLANK = " \n"
_HOST = re.compile(r"(?:[-.\w!$,~*'();&+=]|%[0-9a-f]{2}|[^\x00-\x7f])+", re.ASCII | re.IGNORECASE)
_USER = re.compile(r"(?:[-.\w!$,~*'();&+=:]|%[0-9a-f]{2}|[^\x00-\x7f])*", re.ASCII | re.IGNORECASE)
_OWN = re.compile(r"(tg|ton):(?://)?(?!http)@?([-\w]+)((?:[/?#].*)?)", re.ASCII | re.IGNORECASE | re.DOTALL)
_WEB = re.compile(r"(?:(https?)://)?([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]", re.IGNORECASE)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # Telegram lowers these letters only


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """What is marked, in UTF-16 units, from a visible sign to a visible sign; `detail` is the link's address, the
    language of code, or the instant and the format of a time."""

    offset: int
    length: int
    kind: str
    detail: str = ""

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen of a text: without white space around it, its marks in order."""

    text: str
    marks: tuple[Mark, ...] = ()


def seen(text: str, entities: Iterable[Mapping[str, Any]] = ()) -> Seen:
    """How Telegram shows the text with these MessageEntity (UTF-16 units), but for what it finds by itself
    (hashtags, addresses …), mentions of people and custom emoji."""
    clean, places = _cleaned(text)
    ink = _ink(clean)
    stood = [_moved(mark, places, ink) for mark in _standing(list(_marks(entities)))]
    solid = [mark for mark in stood if mark.kind not in _LAID]
    verbatim = [mark for mark in solid if mark.kind in _VERBATIM]
    laid = [piece for kind in _LAID for piece in _without(_joined(stood, kind), verbatim)]
    begin = ink[0] if ink else 0
    shown = [_printed(mark, ink, begin) for mark in [*solid, *laid] if mark.length > 0 and mark.kind not in _GRANTED]
    return Seen(clean.strip(_BLANK), tuple(sorted(shown)))


def address(url: str) -> str:
    """The address of a link as Telegram keeps it, '' when it takes it for none."""
    if re.match("(?:tg|ton):", url, re.IGNORECASE):
        own = _OWN.fullmatch(url)
        path = _path(own[3]) if own else ""
        return f"{own[1].lower()}://{own[2].lower()}{path[path.startswith('/?') :]}" if own else ""
    web = _WEB.fullmatch(url)
    host = _host(web[2]) if web else ""
    return f"{(web[1] or 'http').lower()}://{host}{_path(web[3])}" if web and host else ""


def _path(rest: str) -> str:
    """What stands behind the host, with a stroke before it."""
    path = "/" + rest.rstrip(" \t\r\n\v").removeprefix("/")
    return "".join(sign if sign > " " else f"%{ord(sign):02X}" for sign in path)


def _host(place: str) -> str:
    """The host with its port and the user before it, '' when it is none."""
    user, at, server = place.rpartition("@")
    name, port = server.translate(_LOWER), ""
    if found := re.fullmatch(r"(.+):0*([0-9]+)", name):
        name, port = found[1], f":{found[2]}"
        if not 0 < int(found[2]) <= 65535:
            return ""
    named = "." in name and name != "." and _HOST.fullmatch(name) and _USER.fullmatch(user)
    return f"{user}{at if user else ''}{name}{port}" if named or _IPV6.fullmatch(name) else ""


def _marks(entities: Iterable[Mapping[str, Any]]) -> Iterator[Mark]:
    for each in entities:
        kind, detail = str(each["type"]), ""
        if kind not in _KNOWN or each["length"] <= 0:
            continue
        if kind == "text_link":
            detail = address(str(each.get("url") or ""))
            if not detail:
                continue
            kind = "text_mention" if re.match(r"tg://user/?\?", detail) else kind
        elif kind == "pre":
            detail = str(each.get("language") or "")
        elif kind == "date_time":
            detail = f"{each.get('unix_time') or 0} {each.get('date_time_format') or ''}".rstrip()
        yield Mark(each["offset"], each["length"], kind, detail)


def _standing(marks: Sequence[Mark]) -> list[Mark]:
    """Those that Telegram lets stand: of links, code and times that overlap the first, none across a quote's border."""
    solid: list[Mark] = []
    quotes: list[Mark] = []
    for mark in sorted(marks, key=_order):
        row = quotes if mark.kind in _QUOTES else solid
        if mark.kind not in _LAID and (not row or mark.offset >= row[-1].end):
            row.append(mark)
    within = [mark for mark in solid if not any(_crosses(mark, quote) for quote in quotes)]
    return [*quotes, *within, *(mark for mark in marks if mark.kind in _LAID)]


def _order(mark: Mark) -> tuple[int, int, int, bool]:
    return mark.offset, -mark.length, _RANKS.get(mark.kind, 9 if mark.kind == "custom_emoji" else 4), not mark.detail


def _crosses(mark: Mark, quote: Mark) -> bool:
    overlaps = mark.offset < quote.end and quote.offset < mark.end
    return overlaps and not (quote.offset <= mark.offset and mark.end <= quote.end)


def _cleaned(text: str) -> tuple[str, list[int]]:
    """The text without what Telegram takes out of it, and where each UTF-16 unit of the old one is in it."""
    kept, places, at = [], [], 0
    for sign in text:
        width = 2 if sign > "\uffff" else 1
        places += [at, at + 1][:width]
        if sign not in _GONE:
            kept.append(" " if sign < " " and sign != "\n" else sign)
            at += width
    clean = _TURNS.sub(lambda run: "\u200c" * len(run[0]), "".join(kept))
    return clean, [*places, at]


def _ink(text: str) -> list[int]:
    """The UTF-16 units that are not white space."""
    units, at = [], 0
    for sign in text:
        width = 2 if sign > "\uffff" else 1
        if sign not in _BLANK:
            units += [at, at + 1][:width]
        at += width
    return units


def _moved(mark: Mark, places: Sequence[int], ink: Sequence[int]) -> Mark:
    """The mark counted in visible units of the cleaned text: there is no white space to be or not to be marked."""
    begin, end = (bisect_left(ink, places[min(place, len(places) - 1)]) for place in (mark.offset, mark.end))
    return replace(mark, offset=begin, length=end - begin)


def _joined(marks: Sequence[Mark], kind: str) -> list[Mark]:
    """All of one kind, those that overlap or touch as one."""
    whole: list[Mark] = []
    for mark in sorted(mark for mark in marks if mark.kind == kind):
        if whole and mark.offset <= whole[-1].end:
            whole[-1] = replace(whole[-1], length=max(whole[-1].end, mark.end) - whole[-1].offset)
        else:
            whole.append(mark)
    return whole


def _without(marks: Sequence[Mark], verbatim: Sequence[Mark]) -> Iterator[Mark]:
    """What is left of the marks outside of code."""
    for mark in marks:
        at = mark.offset
        for code in verbatim:
            if at < code.end and code.offset < mark.end:
                yield replace(mark, offset=at, length=code.offset - at)
                at = code.end
        yield replace(mark, offset=at, length=mark.end - at)


def _printed(mark: Mark, ink: Sequence[int], begin: int) -> Mark:
    """The mark in UTF-16 units of the text that begins at `begin`."""
    first, last = ink[mark.offset], ink[mark.end - 1]
    return replace(mark, offset=first - begin, length=last + 1 - first)
