"""Our own HTML read back: the text that Telegram makes of it, with its entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from bot.editions.packing import units

# https://core.telegram.org/bots/api#html-style
_PLAIN = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
}  # fmt: skip
_TAGS = frozenset({*_PLAIN, "a", "pre", "code", "blockquote", "span", "tg-emoji", "tg-time"})
# Telegram reads these references alone; Python's parser knows two thousand more.
_LOOSE = re.compile(r"&(?!(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);)")


class UnreadableMarkup(Exception):
    """Markup that is not the small HTML that the bot makes."""


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    said: Mapping[str, str]
    offset: int
    begin: int  # which piece of text is its first


def read(markup: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its MessageEntity (UTF-16 units), not cleaned. Raises UnreadableMarkup."""
    reader = _Reader()
    reader.feed(_LOOSE.sub("&amp;", markup))
    reader.close()
    if reader.opened:
        raise UnreadableMarkup(f"<{reader.opened[-1].tag}> has no end")
    return "".join(reader.pieces), reader.entities


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.entities: list[dict[str, Any]] = []
        self.opened: list[_Open] = []
        self.at = 0

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        self.at += units(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise UnreadableMarkup(f"<{tag}>")
        said = {name: value or "" for name, value in attrs}
        if tag == "span" and said.get("class") != "tg-spoiler":
            raise UnreadableMarkup("<span> that is no spoiler")
        self.opened.append(_Open(tag, said, self.at, len(self.pieces)))

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened[-1].tag != tag:
            raise UnreadableMarkup(f"</{tag}> without its beginning")
        self._close(self.opened.pop())

    def handle_comment(self, data: str) -> None:
        raise UnreadableMarkup("a comment")

    def handle_decl(self, decl: str) -> None:
        raise UnreadableMarkup("a declaration")

    def handle_pi(self, data: str) -> None:
        raise UnreadableMarkup("an instruction")

    def unknown_decl(self, data: str) -> None:
        raise UnreadableMarkup("a declaration")

    def _close(self, opened: _Open) -> None:
        where = {"offset": opened.offset, "length": self.at - opened.offset}
        match opened.tag:
            case "a":
                url = opened.said.get("href") or "".join(self.pieces[opened.begin :])
                self.entities.append(where | {"type": "text_link", "url": url})
            case "blockquote":
                kind = "expandable_blockquote" if "expandable" in opened.said else "blockquote"
                self.entities.append(where | {"type": kind})
            case "tg-emoji":
                emoji = opened.said.get("emoji-id", "")
                self.entities.append(where | {"type": "custom_emoji", "custom_emoji_id": emoji})
            case "tg-time":
                self._close_time(opened.said, where)
            case "pre" | "code":
                self._close_code(opened, where)
            case tag:
                self.entities.append(where | {"type": _PLAIN.get(tag, "spoiler")})

    def _close_time(self, said: Mapping[str, str], where: dict[str, Any]) -> None:
        moment = int(said["unix"]) if re.fullmatch("[0-9]{1,10}", said.get("unix", "")) else 0
        if moment:
            style = _time_format(said.get("format", ""))
            self.entities.append(where | {"type": "date_time", "unix_time": moment, "date_time_format": style})

    def _close_code(self, opened: _Open, where: dict[str, Any]) -> None:
        """`<pre><code class="language-…">`, either way round, is one entity with a language."""
        named = opened.said.get("class", "") if opened.tag == "code" else ""
        language = named.removeprefix("language-") if named.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        both = {last.get("type"), opened.tag} == {"pre", "code"} and last.items() >= where.items()
        if both and (language or last.get("language")):
            last.update(type="pre", language=language or last["language"])
        else:
            self.entities.append(where | {"type": opened.tag, "language": language})


def _time_format(letters: str) -> str:
    """The letters in Telegram's own order: the day of the week, the date short or long, the time likewise."""
    if letters in ("r", "R"):
        return "r"
    if set(letters) - set("wWdDtT"):
        raise UnreadableMarkup("<tg-time> in a strange format")
    chosen = (next((letter for letter in pair if letter in letters), "") for pair in ("wW", "dD", "tT"))
    return "".join(chosen).replace("W", "w")
