"""Markup of other people made into plain text: tags gone, entities decoded once, white space folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Final

from bot.intake.charsets import unmixed

READ = 12_000  # characters of one text: a lead of 2,000 is among the first of them even in heavy markup
STEP = 3_000  # characters at a time: most of a long article is never looked at
ENOUGH = 3_000  # of its text: half again as long as the longest lead
_SILENT: Final = frozenset({"script", "style", "noscript", "figcaption", "svg", "template", "head"})
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_KNOWN = re.compile(
    r"</(?:a|b|i|u|p|em|h[1-6]|li|ul|ol|div|span|strong|font|td|tr|table|blockquote)\s*>|<br\s*/?>|<(?:img|a|p|div|span)\s[^>]*=",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|lt|gt|quot|apos|nbsp|laquo|raquo|[mn]dash|hellip|[lrbs]dquo|[lr]squo);"
)
# Numeric references into C1 mean Windows-1252: https://html.spec.whatwg.org/#numeric-character-reference-end-state
_C1 = {byte: bytes([byte]).decode("cp1252", "ignore") or None for byte in range(0x80, 0xA0)}
_INVISIBLE = dict.fromkeys([*range(0x20), 0x7F, 0xAD, 0x200B, 0x200E, 0x200F, 0x2060, *range(0x202A, 0x202F), 0xFEFF])
for _space in (0x09, 0x0A, 0x0B, 0x0C, 0x0D):
    del _INVISIBLE[_space]
_SIGNS = {**_INVISIBLE, **_C1, 0x85: "…"}
_ODD = re.compile("[" + "".join(map(chr, sorted(_SIGNS))) + "]")  # translate alone costs a tenth of a long feed
_PIXEL = re.compile(
    r"feedburner|feedsportal|/pixel|counter|\.gif\?|doubleclick|mc\.yandex|/smil(?:ey|ies)|emoji", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of plain text in order, and the address of the first picture that is not a counter."""

    paragraphs: tuple[str, ...]
    image: str | None = None

    @property
    def line(self) -> str:
        return " ".join(self.paragraphs)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.image: str | None = None
        self._silence: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silence.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == "img" and self.image is None:
            self.image = _picture(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silence:
            while self._silence.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            # The line ends of the source are no paragraphs; only tags and `text` make those.
            self.pieces.append(data.replace("\n", " "))


def _picture(attributes: dict[str, str | None]) -> str | None:
    for name in ("data-src", "data-lazy-src", "data-original", "src"):
        address = (attributes.get(name) or "").strip()
        if address and not address.startswith("data:"):
            small = {attributes.get("width"), attributes.get("height")} & {"0", "1", "1px"}
            return None if small or _PIXEL.search(address) else address
    return None


def fold(text: str) -> str:
    """One line: invisible signs gone, all white space (no-break too) one plain space."""
    if _ODD.search(text):
        text = text.translate(_SIGNS)
    return " ".join(text.split())


def from_text(text: str) -> Text:
    """Text that never was markup: only folded; what looks like a forgotten entity is repaired."""
    paragraphs = (fold(_once_more(part)) for part in unmixed(text[:READ]).splitlines())
    return Text(tuple(part for part in paragraphs if part))


def from_html(markup: str) -> Text:
    """The text of HTML without scripts, captions and pictures; markup escaped twice is read as markup."""
    markup = unmixed(re.sub(r"<[^>]*\Z", "", markup[:READ]) if len(markup) > READ else markup)
    paragraphs, image = _read(markup)
    if any(_KNOWN.search(part) for part in paragraphs):
        paragraphs, again = _read("\n".join(f"<p>{part}</p>" for part in paragraphs))
        image = image or again
    return Text(tuple(part for part in (fold(_once_more(part)) for part in paragraphs) if part), image)


def _read(markup: str) -> tuple[list[str], str | None]:
    if "<" not in markup:
        return [unescape(markup).replace("\n", " ")], None
    reader = _Reader()
    try:
        for start in range(0, len(markup), STEP):
            reader.feed(markup[start : start + STEP])
            if reader.image and sum(map(len, reader.pieces)) > ENOUGH:
                break
        else:
            reader.close()
    except (AssertionError, ValueError):  # html.parser asserts on some broken declarations
        return [unescape(re.sub(r"<[^>]*>?", " ", markup))], reader.image
    return "".join(reader.pieces).split("\n"), reader.image


def _once_more(text: str) -> str:
    """`&amp;#039;` in a feed leaves `&#039;` here; a headline that means these signs has not been seen."""
    return unescape(text) if _ENTITY.search(text) else text


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending with a whole word and an ellipsis when something was cut."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    space = short.rfind(" ")
    return (short[:space] if space > limit // 2 else short).rstrip(" ,;:—–-") + "…"
