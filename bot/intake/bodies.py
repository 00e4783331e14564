"""Bytes of a feed made into text that a parser can trust: charset, repairs, the cheap refusals of bombs."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

from bot.intake import charsets, inflate

LIMIT_BYTES: Final = 5 * 1024 * 1024  # the largest of 279 real feeds is 2.9 MB
ITEMS: Final = 1_000  # a newsroom publishes 70 a day; feedparser needs 43 s for 200,000
ATTRIBUTES: Final = 1_000  # in one tag; feedparser needs more than 60 s for 200,000
DEPTH: Final = 500  # tags open at once; real feeds with HTML left unescaped stay below 60

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PROLOG = re.compile(r"\A\s*(?:<\?xml\b[^>]*\?>)?\s*", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*(\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+(\w+)\s+(?:"([^"&<%]{0,100})"|'([^'&<%]{0,100})')\s*>""")
# One tag with its quoted values, in which < and > may stand; possessive, so that no bomb makes it go back.
_WHOLE_TAG = re.compile(r"""<[A-Za-z][^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+""")
_LONG_TEXT = re.compile(rf"({_WHOLE_TAG.pattern}>)([^<]{{200,}}+)(?=</)")
_ATTRIBUTE = re.compile(r"""[\w:.-]\s*=\s*["']""")
_TAG = re.compile(r"<(/?)[A-Za-z_][^<>]*>")
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)


class UnreadableFeed(Exception):
    """A feed that cannot be read: `reason` is a key of the catalogues, `values` fill its sentence."""

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values


def text(body: bytes, content_type: str | None) -> tuple[str, tuple[str, ...]]:
    """The body as text without a byte order mark, NULs or space around it, and what had to be repaired.

    A document that is gzip itself (`sitemap.xml.gz`) is opened. Raises UnreadableFeed("too_big") above LIMIT_BYTES,
    "bad_encoding" for broken gzip and "empty" when nothing is left.
    """
    if body.startswith(b"\x1f\x8b"):
        body = _opened(body)
    if len(body) > LIMIT_BYTES:
        raise UnreadableFeed("too_big", size_bytes=len(body), limit_bytes=LIMIT_BYTES)
    decoded, notes = charsets.decode(body, content_type)
    clean = _NOT_XML.sub("", decoded)
    if clean != decoded:
        notes += ("control_characters",)
    if clean[:1].isspace() and not clean.isspace():
        notes += ("leading_space",)
    clean = clean.strip()
    if not clean:
        raise UnreadableFeed("empty")
    return clean, notes


def _opened(body: bytes) -> bytes:
    engine = inflate.Inflater("gzip", LIMIT_BYTES)
    try:
        engine.take(body)
        return engine.finish()
    except inflate.TooBig as error:
        raise UnreadableFeed("too_big", size_bytes=LIMIT_BYTES + 1, limit_bytes=LIMIT_BYTES) from error
    except inflate.Broken as error:
        raise UnreadableFeed("bad_encoding") from error


def markup(source: str) -> tuple[str, tuple[str, ...]]:
    """XML text with a prolog of ours, no DTD, only XML's own entities, at most ITEMS items; and the repairs.

    Raises UnreadableFeed for what a parser would need minutes for: "too_many_attributes", "too_deep".
    """
    source, notes = _without_dtd(_PROLOG.sub("", source, count=1))
    source, cut = _shortened(source)
    _refuse_bombs(source)
    parts = _CDATA.split(source)
    repaired = "".join(_one_line(part) if part.startswith("<![CDATA[") else _repaired(part) for part in parts)
    return '<?xml version="1.0" encoding="utf-8"?>' + repaired, notes + cut


def _without_dtd(source: str) -> tuple[str, tuple[str, ...]]:
    """No DTD is ever obeyed; its short plain entities are filled in by hand, the others stay as typed."""
    found = _DOCTYPE.search(source, 0, min(len(source), 200_000))
    if found is None:
        return source, ()
    names = {name: one or two for name, one, two in _ENTITY.findall(found.group(1) or "")}
    source = source[: found.start()] + source[found.end() :]
    if not found.group(1):
        return source, ()
    # Without references inside an entity, growth is at most 100 characters a reference: no bomb.
    return _NAMED.sub(lambda ref: names.get(ref[1], ref[0]), source), ("dtd_removed",)


def _shortened(source: str) -> tuple[str, tuple[str, ...]]:
    """The first ITEMS items and everything that stands after the last one, so that the XML stays whole."""
    ends = [found.end() for found in _ITEM_END.finditer(source)]
    if len(ends) > ITEMS:
        return source[: ends[ITEMS - 1]] + source[ends[-1] :], ("too_many_items",)
    starts = [found.start() for found in _ITEM_START.finditer(source)]
    if len(starts) > 2 * ITEMS:  # items that nobody closed
        return source[: starts[ITEMS]], ("too_many_items",)
    return source, ()


def _refuse_bombs(source: str) -> None:
    for found in _WHOLE_TAG.finditer(source):
        if found.end() - found.start() < 2 * ATTRIBUTES:
            continue
        count = len(_ATTRIBUTE.findall(found.group()))
        if count > ATTRIBUTES:
            raise UnreadableFeed("too_many_attributes", count=count)
    if source.count("<") < DEPTH:
        return
    depth = 0
    for found in _TAG.finditer(_CDATA.sub("", source)):
        if found[1]:
            depth = max(0, depth - 1)
        elif not found.group().endswith("/>"):
            depth += 1
            if depth > DEPTH:
                raise UnreadableFeed("too_deep", depth=depth)


def _repaired(part: str) -> str:
    """Unescaped & escaped and HTML's names as characters: one of them makes a strict parser give up."""
    part = _LONG_TEXT.sub(_as_cdata, _BARE_AMPERSAND.sub("&amp;", part))
    return "".join(
        piece if piece.startswith("<![CDATA[") else _NAMED.sub(_numbered, piece) for piece in _CDATA.split(part)
    )


def _as_cdata(found: re.Match[str]) -> str:
    """Escaped HTML as CDATA: expat makes a call of every reference and line, half the time of a long feed."""
    if found[2].count("&") < 8:
        return found[0]
    text = _NOT_XML.sub("", unescape(found[2]))
    return found[0] if "]]>" in text else found[1] + _one_line(f"<![CDATA[{text}]]>")


def _one_line(cdata: str) -> str:
    """Line ends mean nothing in HTML; in plain text they part the paragraphs and stay."""
    return cdata.replace("\r", " ").replace("\n", " ") if "<" in cdata[9:] else cdata


def _numbered(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    characters = html5.get(name + ";")
    if characters is None:
        return f"&amp;{name};"
    return "".join(f"&#{ord(sign)};" for sign in characters)
