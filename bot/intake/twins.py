"""Which address the same article has in the site's other language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LANGUAGES: Final = ("ru", "ua", "uk", "ukr", "rus")  # as Ukrainian sites write them in their addresses


def keys(known_by: Sequence[str]) -> tuple[str, ...]:
    """The keys that a twin of the item with these keys may be known by, likeliest first; most name nothing.

    The first or the last folder of the path says the language (`…/ru/article/1`, `…/article/1/ua`), or nothing does.
    Keys that hold no address and Telegram's posts have no twins; neither has a front page.
    """
    return tuple(dict.fromkeys(twin for key in known_by for twin in _twins(key)))


def _twins(key: str) -> list[str]:
    if key.startswith(("guid:", "hash:")):
        return []
    scheme, separator, rest = key.rpartition("://")
    host, _, path = rest.partition("/")
    parts = [part for part in path.split("/") if part]
    if host == "t.me" or not parts:
        return []
    said = [place for place in (0, len(parts) - 1) if parts[place] in LANGUAGES]
    bare = [part for place, part in enumerate(parts) if place not in said[:1]]
    if not bare or (len(bare) == 1 and bare[0] in LANGUAGES):
        return []
    forms = [bare, *([language, *bare] for language in LANGUAGES), *([*bare, language] for language in LANGUAGES)]
    return [f"{scheme}{separator}{host}/{'/'.join(form)}" for form in forms if form != parts]
