"""Which of a page's pictures a card may show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.intake import entries
from bot.intake.articles import Picture

SMALL: Final = 400  # pixels; Telegram blows a narrower picture up to the width of the message
TINY: Final = 100  # an icon, a counter, a face beside a name
# Never a photograph, and never one when nothing else stands in the name («avatar-3-premiere» is news).
_NEVER = re.compile(
    r"placeholder|no[_-]?(?:image|photo|picture|img|foto)(?![a-z])|(?<![a-z0-9])1x1(?![a-z0-9])|favicon|apple-touch|gravatar|"
    r"zaglushka|заглушка|(?<![a-z])(?:og|fb|share|social|site|seo)[_-]?default|default[_-]?(?:og|share|social|image|img|pic|photo|thumb)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:default|pixel|blank|spacer|icon|avatar|dummy|fallback|empty|stub|transparent)[\W\d_]*", re.IGNORECASE
)
_LOGO = re.compile(r"(?:^|[^a-z])logo(?:type|s)?(?![a-z])|логотип", re.IGNORECASE)
_COUNTER = re.compile(
    r"feedburner|/pixel|counter|doubleclick|mc\.yandex|googletagmanager|facebook\.com/tr", re.IGNORECASE
)
_WIDE = re.compile(
    r"(?<![0-9a-z])(\d{2,4})x(\d{1,4})(?![0-9])|[?&;,/](?:w|width|wid)[=_:/](\d{2,4})(?![0-9])", re.IGNORECASE
)
WORDS: Final = 3  # «misto-logo-2024» is the site's mark, «pozhezha-bilia-ofisu-google-z-logo» a photograph


def best(voices: Iterable[tuple[Picture, ...]], logos: Iterable[str], base: str) -> str | None:
    """The absolute address of the largest picture of the first voice that has a usable one.

    A narrow picture gives way to a wider one of a later voice.
    """
    marks = {found for one in logos if (found := entries.absolute(one, base))}
    usable: list[tuple[bool, int, int, str]] = []
    for voice, pictures in enumerate(voices):
        for one in pictures:
            address = entries.absolute(one.url, base)
            if address and address not in marks and is_usable(address, one):
                width = one.width or width_in(address)
                usable.append((0 < width < SMALL, voice, -width, address))
    return min(usable, key=lambda one: one[:3])[3] if usable else None


def is_usable(address: str, said: Picture) -> bool:
    """Whether it is a picture of something: no counter, icon, placeholder or logo by its size or name."""
    if any(0 < size < TINY for size in (said.width, said.height)) or 0 < width_in(address) < TINY:
        return False
    path = urlsplit(address).path
    stem, _, ending = unquote(path).rstrip("/").rpartition("/")[2].rpartition(".")
    name = stem or ending
    if ending.lower() in {"svg", "ico"} or _COUNTER.search(address) or _NEVER.search(name) or _ALONE.fullmatch(name):
        return False
    return not (_LOGO.search(name) and len(re.findall(r"[^\W\d_]{3,}", name)) <= WORDS)


def width_in(address: str) -> int:
    """The width that an address names (`-800x600.jpg`, `?w=800`), 0 when it names none."""
    found = _WIDE.search(address)
    return int(found[1] or found[3]) if found else 0
