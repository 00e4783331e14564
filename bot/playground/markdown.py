"""MarkdownV2, parsed as TDLib's parse_markdown_v2 does."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from bot.playground import links
from bot.playground.entities import Entity, in_order, width
from bot.playground.markup import END
from bot.playground.references import UnparsableError, date_format, integer, link

RESERVED = "_*[]()~`>#+-=|{}.!\n"
PRE = ("code", "pre", "pre_code")
# How TDLib names them when their end is missing
TITLES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "pre_code": "PreCode", "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji", "blockquote": "BlockQuote",
}  # fmt: skip
MARKS = {"*": "bold", "~": "strikethrough", "[": "text_link"}
ENDS = {
    "bold": "*", "code": "`", "pre": "```", "pre_code": "```", "text_link": "]", "underline": "__",
    "strikethrough": "~", "spoiler": "||", "custom_emoji": "]",
}  # fmt: skip


@dataclass
class Open:
    type: str
    argument: str
    offset: int
    place: int
    begin: int


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities in order, not cleaned or trimmed. Raises UnparsableError."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text + END * 3
        self.size = len(text)
        self.place = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[Open] = []
        self.entities: list[Entity] = []
        self.quoting = False
        self.may_quote = True

    def read(self) -> tuple[str, list[Entity]]:
        while self.place < self.size:
            self._step()
            self.place += 1
        if self.quoting:
            self._end_quote()
        if self.open:
            raise self._endless(self.open[-1])
        return "".join(self.out), in_order(self.entities)

    def _put(self, char: str) -> None:
        self.out.append(char)
        self.offset += width(char)

    def _byte(self, place: int) -> int:
        return len(self.text[:place].encode())

    def _endless(self, tag: Open) -> UnparsableError:
        at = self._byte(tag.place)
        return UnparsableError(f"Can't find end of {TITLES[tag.type]} entity at byte offset {at}")

    def _at(self, mark: str) -> bool:
        return self.text.startswith(mark, self.place)

    def _step(self) -> None:
        char, following = self.text[self.place], self.text[self.place + 1]
        if char == "\\" and END < following <= "~":
            self.place += 1
            self._put(following)
            self.may_quote = self.may_quote if following == "\r" else following == "\n"
            return
        inside = bool(self.open) and self.open[-1].type in PRE
        if char not in ("`" if inside else RESERVED):
            self._put(char)
            self.may_quote = self.may_quote and char == "\r"
        elif self._ends():
            self._close()
        else:
            self._begin(char)

    def _ends(self) -> bool:
        if not self.open:
            return False
        following = self.text[self.place + 1]
        if self.quoting and self._at("\n") and (self.place + 1 == self.size or following != ">"):
            return True
        kind = self.open[-1].type
        if kind == "italic":
            return self._at("_") and following != "_"
        return kind in ENDS and self._at(ENDS[kind])

    def _begin(self, char: str) -> None:
        begin, argument = self.place, ""
        kind = MARKS.get(char, "")
        if char == "\n":
            self._put(char)
            self.may_quote = True
            return
        if char == "_":
            kind = "underline" if self._at("__") else "italic"
        elif self._at("||"):
            kind = "spoiler"
        elif self._at("!["):
            kind = "custom_emoji"
        elif char == "`":
            kind, argument = self._begin_code()
        elif char == ">" and self.may_quote:
            if self.quoting:
                return
            kind, self.quoting = "blockquote", True
        if not kind:
            raise UnparsableError(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        self.place += kind in ("underline", "spoiler", "custom_emoji")
        self.open.append(Open(kind, argument, self.offset, begin, len(self.out)))

    def _begin_code(self) -> tuple[str, str]:
        """The kind and the language; the place is left before the code."""
        if not self._at("```"):
            return "code", ""
        self.place += 3
        match = re.compile(r"[^ \t\r\n\0\v`]*").match(self.text, self.place)
        end = match.end() if match else self.place
        kind, language = "pre", ""
        if end != self.place and end < self.size and self.text[end] != "`":
            kind, language = "pre_code", self.text[self.place : end]
            self.place = end
        if self.text[self.place] in "\r\n":
            pair = self.text[self.place : self.place + 2]
            self.place += 2 if pair in ("\r\n", "\n\r") else 1
        self.place -= 1
        return kind, language

    def _close(self) -> None:
        tag = self.open[-1]
        kind = tag.type
        if self._at("\n") and kind != "blockquote":
            kind = self._expandable(tag)
            tag = self.open[-1]
        if kind in ("blockquote", "expandable_blockquote"):
            self.quoting = False
            self._put("\n")
            self.may_quote = True
            self.entities.append(Entity(kind, tag.offset, self.offset - tag.offset))
        else:
            empty = self.offset == tag.offset
            found = self._closed(tag, self.offset - tag.offset)
            self.entities += [] if empty else found
        self.open.pop()

    def _expandable(self, tag: Open) -> str:
        """`||` at the end of a quote's line folds the quote."""
        directly = tag.place == self.place - 2
        after_return = tag.place == self.place - 3 and self.out[-1:] == ["\r"]
        if tag.type != "spoiler" or not (directly or after_return):
            raise self._endless(tag)
        self.open.pop()
        if self.open[-1].type != "blockquote":
            raise self._endless(self.open[-1])
        return "expandable_blockquote"

    def _closed(self, tag: Open, length: int) -> list[Entity]:
        if tag.type == "text_link":
            url = self._url() if self.text[self.place + 1] == "(" else "".join(self.out[tag.begin :])
            return link(url, tag.offset, length)
        if tag.type == "custom_emoji":
            if self.text[self.place + 1] != "(":
                raise UnparsableError("The entity must contain a tg://emoji or tg://time URL")
            return [_special(self._url(), tag.offset, length)]
        self.place += len(ENDS.get(tag.type, "_")) - 1
        return [Entity(tag.type, tag.offset, length, tag.argument)]

    def _url(self) -> str:
        self.place += 2
        begin, url = self.place, []
        while self.place < self.size and self.text[self.place] != ")":
            if self.text[self.place] == "\\" and END < self.text[self.place + 1] <= "~":
                self.place += 1
            url.append(self.text[self.place])
            self.place += 1
        if self.text[self.place] != ")":
            raise UnparsableError(f"Can't find end of a URL at byte offset {self._byte(begin)}")
        return "".join(url)

    def _end_quote(self) -> None:
        kind, tag = "blockquote", self.open[-1]
        if tag.type == "spoiler" and tag.place == self.size - 2:
            self.open.pop()
            kind = "expandable_blockquote"
        if self.open[-1].type == "blockquote":
            tag = self.open.pop()
            if self.offset != tag.offset:
                self.entities.append(Entity(kind, tag.offset, self.offset - tag.offset))


def _special(url: str, offset: int, length: int) -> Entity:
    """A custom emoji or a date. Raises UnparsableError for any other link."""
    match = re.match(r"tg:(?://)?(emoji|time)/?\?([^#]*)", links.lower(url))
    values = parse_qs(match[2]) if match else {}
    if match and match[1] == "emoji" and re.fullmatch("-?[0-9]{1,19}", values.get("id", [""])[0]):
        return Entity("custom_emoji", offset, length, number=int(values["id"][0]))
    unix = integer(values.get("unix", [""])[0])
    if match and match[1] == "time" and unix > 0:
        original = parse_qs(url.partition("?")[2].partition("#")[0])
        return Entity("date_time", offset, length, date_format(original.get("format", [""])[0]), unix)
    raise UnparsableError("Invalid tg://emoji or tg://time URL specified")
