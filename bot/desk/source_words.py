"""What people's words make of a source: the value that they give it, or what would be one."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk.source_pages import WEIGHTS
from bot.wording import LANGUAGES

VALUE_LETTERS: Final = 100  # of a name or a section
_DASHES: Final = frozenset("-—–")
_OPTIONAL: Final = frozenset({"section", "speak", "zone"})  # a dash takes these away


class Unmeant(Exception):
    """Words that are no such value; `key` is that of the catalogues' sentence on what would be one."""

    def __init__(self, act: str, said: str) -> None:
        super().__init__(act, said)
        self.key, self.said = f"source.bad.{act}", said[:VALUE_LETTERS]


def value(act: str, words: str) -> str:
    """What the words give a source by this act, '' for nothing of its own. Raises Unmeant."""
    said = " ".join(words.split())
    if said in _DASHES and act in _OPTIONAL:
        return ""
    if act == "zone":
        return _zone(said)
    if act == "weigh":
        return _weight(said)
    if act == "speak" and said.lower() not in LANGUAGES:
        raise Unmeant(act, said)
    return said.lower() if act == "speak" else said[:VALUE_LETTERS]


def _zone(said: str) -> str:
    try:
        return ZoneInfo(said).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone
        raise Unmeant("zone", said) from None


def _weight(said: str) -> str:
    try:
        weight = float(said.replace(",", "."))
    except ValueError:
        weight = 0.0
    if weight not in WEIGHTS:
        raise Unmeant("weigh", said)
    return str(weight)
