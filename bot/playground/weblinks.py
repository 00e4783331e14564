"""Links and e-mail addresses in a text, as TDLib's match_urls and fix_url find them."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.playground import links

BAD_END = ".:;,('?!`"
EMAIL = re.compile(
    r"([a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(([a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}",
    re.IGNORECASE | re.ASCII,
)
Span = tuple[int, int]


@cache
def domains() -> frozenset[str]:
    """The top-level domains that make a link of a name without a scheme."""
    return frozenset(Path(__file__).with_name("domains.txt").read_text("utf8").split())


def letter(char: str) -> bool:
    return unicodedata.category(char)[0] == "L"


def word(char: str) -> bool:
    """A letter, a number or an underscore."""
    return char == "_" or unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No")


def _link_sign(char: str) -> bool:
    if "\u2000" <= char <= "\u206f":
        return char in "\u200c\u200d" or "\u2010" <= char <= "\u2015"
    return unicodedata.category(char) not in ("Zs", "Zl", "Zp")


def path_sign(char: str) -> bool:
    return char not in '\n<>"«»' and _link_sign(char)


def user_sign(char: str) -> bool:
    return char not in "\n/[]{}()'`<>\"@«»" and _link_sign(char)


def domain_sign(char: str) -> bool:
    if char < "\u00c0":
        return re.match(r"[A-Za-z0-9._~-]", char) is not None
    return _link_sign(char)


def _path_end(text: str, place: int) -> int:
    """Where the path that begins with / ? or # at the place ends; the place itself when it is no path."""
    if text[place : place + 1] not in ("/", "?", "#"):
        return place
    end = place + 1
    while end < len(text) and path_sign(text[end]):
        end += 1
    while end > place + 1 and text[end - 1] in BAD_END:
        end -= 1
    return end if text[place] == "/" or end > place + 1 else place


def own_links(text: str) -> list[Span]:
    """tg:// and ton:// links."""
    spans, place = [], 0
    while match := re.compile(r"://([A-Za-z0-9_-]{1,253})").search(text, place):
        if len(text[place:].encode()) <= 5:
            break
        before = links.lower(text[: match.start()])
        begin = match.start() - (2 if before.endswith("tg") else 3)
        if not before.endswith(("tg", "ton", "tonsite")):
            place = match.start() + 1
            continue
        place = _path_end(text, match.end())
        spans.append((begin, place))
    return spans


def urls(text: str) -> list[tuple[str, int, int]]:
    """Links and addresses: ("url" or "email", begin, end)."""
    spans = []
    for begin, end in _candidates(text):
        if _email(text[begin:end]):
            spans.append(("email", begin, end))
        elif text[begin:end].startswith("mailto:") and _email(text[begin + 7 : end]):
            spans.append(("email", begin + 7, end))
        elif length := _fixed(text[begin:end]):
            spans.append(("url", begin, begin + length))
    return spans


def _email(text: str) -> bool:
    return EMAIL.fullmatch(text) is not None


def _candidates(text: str) -> list[Span]:
    spans, start = [], 0
    while (dot := text.find(".", start)) >= 0 and dot + 1 < len(text):
        if text[dot + 1] == " ":
            start = dot + 2
            continue
        begin, end, good = _candidate(text, start, dot)
        if good:
            if end > dot + 1:
                spans.append((begin, end))
            while end < len(text) and text[end] == ".":
                end += 1
        else:
            while text[end - 1] != ".":
                end -= 1
        start = max(end, dot + 1)
    return spans


def _candidate(text: str, start: int, dot: int) -> tuple[int, int, bool]:
    """The link around a dot, and whether it is one."""
    begin = _back(text, start, dot, domain_sign)
    end, at = dot, False
    while end < len(text) and (text[end] == "@" or domain_sign(text[end])):
        at |= text[end] == "@"
        end += 1
    if at:
        begin = _back(text, start, begin, user_sign)
    end = _path_end(text, _port_end(text, end))
    while end > dot + 1 and text[end - 1] == ".":
        end -= 1
    good = True
    if begin > start and text[begin - 1] == "@":
        user = _back(text, start, begin - 1, user_sign)
        good = not at and user != begin - 1
        begin = user
    if begin > start:
        begin, prefixed = _prefix(text, start, begin)
        good = good and prefixed
    return begin, end, good


def _back(text: str, start: int, place: int, sign: Callable[[str], bool]) -> int:
    while place > start and sign(text[place - 1]):
        place -= 1
    return place


def _port_end(text: str, place: int) -> int:
    match = re.compile("0*([0-9]+)").match(text, place + 1) if text[place : place + 1] == ":" else None
    if match is None:
        return place
    digits = match[0].lstrip("0")
    return match.end() if digits and len(digits) <= 5 and int(digits) <= 65535 else place


def _protocol_sign(char: str) -> bool:
    if char < "\x80":
        return re.match("[A-Za-z0-9+-]", char) is not None
    return unicodedata.category(char) not in ("Zs", "Zl", "Zp")


def _prefix(text: str, start: int, begin: int) -> tuple[int, bool]:
    """Where the link begins with its scheme, and whether what stands before allows a link."""
    if text[start:begin].endswith("://") and len(text[start:begin].encode()) >= 6:
        protocol = links.lower(text[_back(text, start, begin - 3, _protocol_sign) : begin - 3])
        if protocol.endswith("http") and protocol != "shttp":
            return begin - 7, True
        if protocol.endswith("https"):
            return begin - 8, True
        if protocol.endswith("ftp") and protocol not in ("tftp", "sftp"):
            return begin - 6, True
        return (begin - 10, True) if protocol.endswith("tonsite") else (begin, False)
    before = text[begin - 1]
    return begin, not (word(before) or before in "/#@")


def _fixed(url: str) -> int:
    """How many of its signs are the link; 0 when it is none."""
    match = re.match(r"(?:https?|ftp|tonsite)://", links.lower(url))
    rest = url[match.end() :] if match else url
    domain = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path = rest[len(domain) :]
    domain = domain.partition("@")[2] if "@" in domain else domain
    domain = domain.rpartition(":")[0] if ":" in domain else domain
    if links.lower(domain) == "teiegram.org":
        return 0
    length = len(url) - len(path) + _balanced(path)
    return length if _domain(domain, match is not None) else 0


def _balanced(path: str) -> int:
    """How much of the path stands before a bracket that closes nothing."""
    depth = {"(": 0, "[": 0, "{": 0}
    end = len(path)
    for place, char in enumerate(path):
        if char in depth:
            depth[char] += 1
        elif char in ")]}":
            depth[{")": "(", "]": "[", "}": "{"}[char]] -= 1
            if min(depth.values()) < 0:
                end = place
                break
    while end > 0 and path[end - 1] in BAD_END:
        end -= 1
    return end


def _domain(domain: str, schemed: bool) -> bool:
    parts = domain.split(".")
    if len(parts) == 1 or any(not part or len(part.encode()) >= 64 or part[-1] == "-" for part in parts):
        return False
    if len(parts) == 4 and all(re.fullmatch("0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]", p) for p in parts):
        return True
    if re.fullmatch("[0-9.]*", domain) or len(parts[-1]) <= 1 or "_" in parts[-2]:
        return False
    top = parts[-1]
    if top.startswith("xn--"):
        return re.fullmatch("[A-Za-z0-9]{2,}", top[4:]) is not None
    return "_" not in top and "-" not in top and (schemed or _known(top))


def _known(top: str) -> bool:
    low = top.lower()
    return low in domains() and (low == top or low[:1] != top[:1])
