"""Routine that «лише найважливіше» leaves out: a headline the newsroom prints because it always does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.judgement.words import words


class Routine(NamedTuple):
    """One kind of junk: what its texts look like, and whether the lead tells it too."""

    pattern: re.Pattern[str]
    lead: bool


Routines = Mapping[str, Routine]


def junk(title: str, lead: str = "", known: Routines | None = None) -> str | None:
    """The key of the routine that this is; None when it may be news. The first kind in the file wins."""
    headline, rest = _spaced(title), _spaced(lead)
    for key, routine in (default_routines() if known is None else known).items():
        if routine.pattern.search(headline) or (routine.lead and routine.pattern.search(rest)):
            return key
    return None


def routines(toml: str) -> Routines:
    """The newsroom's own list. Raises tomllib.TOMLDecodeError or re.error for a file that cannot be read."""
    return {
        key: Routine(re.compile("|".join(kind["patterns"])), bool(kind.get("lead", False)))
        for key, kind in tomllib.loads(toml).items()
    }


@cache
def default_routines() -> Routines:
    return routines(resources.files(__package__).joinpath("junk.toml").read_text("utf-8"))


def _spaced(text: str) -> str:
    """Folded words with one space between, so that a pattern need not know dashes and quotation marks."""
    return " ".join(words(text))
