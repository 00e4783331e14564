"""Which language a text is in, from what was declared and from its letters."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_BELARUSIAN = re.compile("[ўЎ]")
_CYRILLIC = re.compile("[А-Яа-яІіЇїЄєҐґЁёЎў]")
_LATIN = re.compile("[A-Za-z]")
_TAG = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_NICKNAMES = {"ua": "uk", "ukr": "uk", "rus": "ru", "eng": "en", "by": "be"}
_IN_PATH = frozenset({"uk", "ua", "ukr", "ru", "rus", "en", "eng"})

ENOUGH = 2  # one foreign letter is a name or a quotation; two without any of ours are a language


def code(declared: str | None) -> str | None:
    """The two- or three-letter code of a language tag (`uk-UA` → `uk`, `ua` → `uk`), None when it is none."""
    found = _TAG.match((declared or "").strip())
    if found is None:
        return None
    short = found.group().lower()
    return _NICKNAMES.get(short, short)


def in_path(url: str | None) -> str | None:
    """The language that the first part of the address names (`/ru/news/1` → `ru`), None when it names none."""
    try:
        parts = urlsplit(url or "").path.split("/")
    except ValueError:
        return None
    first = parts[1].lower() if len(parts) > 1 else ""
    return _NICKNAMES.get(first, first) if first in _IN_PATH else None


def by_letters(text: str) -> str | None:
    """uk, ru, be or en when the letters say so; None for too little text or a script that several share."""
    if _BELARUSIAN.search(text):
        return "be"
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru"
    latin = len(_LATIN.findall(text))
    return "en" if latin >= 20 and not _CYRILLIC.search(text) and text.isascii() else None


def settle(text: str, url: str | None, declared: tuple[str | None, ...]) -> str | None:
    """The language of a text: as declared (first that says anything), as in the address, else by letters.

    Letters overrule a declaration when they exclude it: a Ukrainian site's feed is often labelled `ru`.
    """
    named = next((found for tag in declared if (found := code(tag))), None) or in_path(url)
    if named not in {"uk", "ru", None}:
        return named
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if named == "ru" and ukrainian >= ENOUGH and not russian:
        return "uk"
    if named == "uk" and russian >= ENOUGH and not ukrainian:
        return "ru"
    return named or by_letters(text)
