"""What stands in markup beside its tags: character references, links, dates, custom emoji."""

import re

from bot.playground import links
from bot.playground.entities import Entity

NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*))(;?)")


class UnparsableError(ValueError):
    """Markup that cannot be parsed; the message is TDLib's, byte offsets and all."""


def reference(text: str, place: int) -> tuple[str, int]:
    """The character that `&…;` at the place stands for, or "&" itself, and the place after it."""
    match = REFERENCE.match(text, place)
    if match is None:
        return "&", place + 1
    hexadecimal, decimal, name, _ = match.groups()
    if name is not None:
        return (NAMED[name], match.end()) if name in NAMED else ("&", place + 1)
    digits = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    digits &= 0xFFFFFFFF
    size = match.end() - len(match[4]) - place
    if digits == 0 or digits >= 0x10FFFF or size >= 10:
        return "&", place + 1
    return chr(digits), match.end()


def integer(text: str) -> int:
    """The number at the beginning of the text as a signed 32-bit one, as TDLib reads it; 0 when there is none."""
    match = re.match("(-?)([0-9]*)", text)
    number = int(match[2] or 0) if match else 0
    number = -number if match and match[1] else number
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def link(url: str, offset: int, length: int) -> list[Entity]:
    """A link or a mention of a user; none when Telegram would refuse the link."""
    user = links.user_id(url)
    if user:
        return [Entity("text_mention", offset, length, number=user)]
    url = links.checked(url)
    return [Entity("text_link", offset, length, url)] if url else []


def emoji_id(text: str) -> int:
    """A custom emoji's number. Raises UnparsableError."""
    number = int(text) if re.fullmatch("-?[0-9]{1,19}", text) else 0
    if number == 0 or not -(1 << 63) <= number < 1 << 63:
        raise UnparsableError("Invalid custom emoji identifier specified")
    return number


def date_format(text: str) -> str:
    """A date's format in Telegram's own order: "r", or any of w, d or D, t or T. Raises UnparsableError."""
    if text in ("r", "R"):
        return "r"
    if set(text) - set("tTdDwW"):
        raise UnparsableError("Invalid date format used")
    day = "w" if set(text) & set("wW") else ""
    date = "d" if "d" in text else "D" if "D" in text else ""
    time = "t" if "t" in text else "T" if "T" in text else ""
    return day + date + time
