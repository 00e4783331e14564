"""Telegram's HTML, parsed as TDLib's parse_html does: same text, same entities, same complaints."""

import re
from dataclasses import dataclass, replace

from bot.playground import links
from bot.playground.entities import Entity, in_order, width
from bot.playground.references import (
    UnparsableError,
    date_format,
    emoji_id,
    integer,
    link,
    reference,
)

TAGS = frozenset({
    "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji",
    "tg-time", "span", "pre", "code", "blockquote",
})  # fmt: skip
SIMPLE = {
    "i": "italic", "em": "italic", "b": "bold", "strong": "bold", "s": "strikethrough",
    "strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline",
    "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
PLAIN = re.compile("[^<&]+")
SURROGATE = re.compile("[\ud800-\udfff]")
END = "\0"  # TDLib reads the byte after the last one, and takes it for white space


@dataclass
class Open:
    """A tag that was opened and not closed yet."""

    name: str
    argument: str
    date: int
    offset: int
    begin: int


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities in order, not cleaned or trimmed. Raises UnparsableError."""
    if "\0" in text:
        raise UnparsableError("Text must not contain null bytes")
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text + END
        self.size = len(text)
        self.place = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[Open] = []
        self.entities: list[Entity] = []
        self.surrogates = False

    def read(self) -> tuple[str, list[Entity]]:
        while self.place < self.size:
            char = self.text[self.place]
            if char == "<":
                self._tag()
                continue
            if char == "&":
                decoded, self.place = reference(self.text, self.place)
            else:
                decoded = PLAIN.match(self.text, self.place, self.size)[0]  # type: ignore[index]
                self.place += len(decoded)
            self.surrogates |= SURROGATE.search(decoded) is not None
            self.out.append(decoded)
            self.offset += width(decoded)
        if self.open:
            name = self.open[-1].name
            raise UnparsableError(f'Can\'t find end tag corresponding to start tag "{name}"')
        if self.surrogates:
            raise UnparsableError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        plain = [replace(one, argument="") if one.type == "code" else one for one in self.entities]
        return "".join(self.out), in_order(plain)

    def _byte(self, place: int) -> int:
        return len(self.text[:place].encode())

    def _skip(self, stop: str) -> str:
        """What stands before the next of these characters, which becomes the place."""
        begin = self.place
        while self.text[self.place] not in stop:
            self.place += 1
        return self.text[begin : self.place]

    def _skip_spaces(self) -> None:
        while self.text[self.place] in links.SPACES and self.text[self.place] != END:
            self.place += 1

    def _tag(self) -> None:
        begin = self.place
        self.place += 1
        if self.text[self.place] == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)
        self.place += 1

    def _start_tag(self, begin: int) -> None:
        name = links.lower(self._skip(links.SPACES + ">"))
        if self.text[self.place] == END:
            raise UnparsableError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if name not in TAGS:
            raise UnparsableError(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        tag = Open(name, "", 0, self.offset, len(self.out))
        while self.text[self.place] != ">":
            self._skip_spaces()
            if self.text[self.place] == ">":
                break
            self._attribute(tag, begin)
        if name == "span" and tag.argument != "spoiler":
            at = self._byte(begin)
            raise UnparsableError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.open.append(tag)

    def _attribute(self, tag: Open, begin: int) -> None:
        name = self._skip(links.SPACES + "=>/\"'")
        if not name:
            at = self._byte(begin)
            raise UnparsableError(f'Empty attribute name in the tag "{tag.name}" at byte offset {at}')
        self._skip_spaces()
        unclosed = f'Unclosed start tag "{tag.name}" at byte offset {self._byte(begin)}'
        if self.text[self.place] != "=":
            if self.text[self.place] == END:
                raise UnparsableError(unclosed)
            if tag.name == "blockquote" and name == "expandable":
                tag.argument = "1"
            return
        self.place += 1
        self._skip_spaces()
        if self.text[self.place] == END:
            raise UnparsableError(unclosed)
        value = self._quoted() if self.text[self.place] in "\"'" else self._token()
        if self.text[self.place] == END:
            raise UnparsableError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        _keep(tag, name, value)

    def _token(self) -> str:
        begin = self.place
        while re.match(r"[0-9A-Za-z.-]", self.text[self.place]):
            self.place += 1
        if self.text[self.place] not in links.SPACES + ">":
            raise UnparsableError(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return links.lower(self.text[begin : self.place])

    def _quoted(self) -> str:
        quote = self.text[self.place]
        self.place += 1
        value = []
        while self.text[self.place] not in (quote, END):
            here = self.place
            if self.text[here] == "&":
                char, self.place = reference(self.text, here)
            else:
                char, self.place = self.text[here], here + 1
            value.append(char)
        if self.text[self.place] == quote:
            self.place += 1
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise UnparsableError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self.place += 1
        name = links.lower(self._skip(links.SPACES + ">"))
        self._skip_spaces()
        if self.text[self.place] != ">":
            raise UnparsableError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        tag = self.open[-1]
        if name and name != tag.name:
            at = self._byte(begin)
            raise UnparsableError(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self._close(tag, self.offset - tag.offset)
        self.open.pop()

    def _close(self, tag: Open, length: int) -> None:
        if tag.name in SIMPLE:
            self.entities.append(Entity(SIMPLE[tag.name], tag.offset, length))
        elif tag.name in ("pre", "code"):
            self._close_code(tag, length)
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if tag.argument else "blockquote"
            self.entities.append(Entity(kind, tag.offset, length))
        elif tag.name == "a":
            self.entities += link(tag.argument or "".join(self.out[tag.begin :]), tag.offset, length)
        elif tag.name == "tg-emoji":
            self.entities.append(Entity("custom_emoji", tag.offset, length, number=emoji_id(tag.argument)))
        else:
            style = date_format(tag.argument)
            if tag.date > 0:
                self.entities.append(Entity("date_time", tag.offset, length, style, tag.date))

    def _close_code(self, tag: Open, length: int) -> None:
        """`<pre><code class="language-…">`, either way round, is one entity with a language."""
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last.offset, last.length) == (tag.offset, length)
        if last and same and tag.name == "pre" and last.type == "code" and last.argument:
            self.entities[-1] = replace(last, type="pre_code")
        elif last and same and tag.name == "code" and last.type == "pre" and tag.argument:
            self.entities[-1] = replace(last, type="pre_code", argument=tag.argument)
        else:
            argument = tag.argument if tag.name == "code" else ""
            self.entities.append(Entity(tag.name, tag.offset, length, argument))


def _keep(tag: Open, name: str, value: str) -> None:
    match tag.name, name:
        case "a", "href":
            tag.argument = value
        case "code", "class":
            tag.argument = value[9:] if value.startswith("language-") else tag.argument
        case "span", "class":
            tag.argument = value[3:] if value.startswith("tg-") else tag.argument
        case ("tg-emoji", "emoji-id") | ("tg-time", "format"):
            tag.argument = value
        case "blockquote", "expandable":
            tag.argument = "1"
        case "tg-time", "unix":
            tag.date = integer(value)
