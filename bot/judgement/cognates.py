"""One spelling for a word of both languages: «погибли» is read as «загинли», «Николаев» as «Миколаев»."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final

LETTERS: Final = str.maketrans(
    {"і": "и", "ы": "и", "ї": "и", "є": "е", "э": "е", "ё": "е", "ґ": "г", "ъ": None, "ь": None, "'": None, "’": None}
)
_TWICE = re.compile(r"([бвгджзклмнпрстфхцчшщ])\1")


@lru_cache(maxsize=20_000)
def respelled(word: str) -> str:
    """The folded word as both languages may write it."""
    word = _TWICE.sub(r"\1", word)
    known, longest = _beginnings()
    for size in range(min(longest, len(word)), 2, -1):
        if (other := known.get(word[:size])) is not None:
            return other + word[size:]
    return word


@cache
def _beginnings() -> tuple[Mapping[str, str], int]:
    text = resources.files(__package__).joinpath("cognates.toml").read_text("utf-8")
    spelled = {_plain(one): _plain(other) for one, other in tomllib.loads(text).items()}
    return spelled, max(map(len, spelled))


def _plain(word: str) -> str:
    return _TWICE.sub(r"\1", word.translate(LETTERS))
