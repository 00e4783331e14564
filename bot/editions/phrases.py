"""The words of `phrases.toml`, ready to be looked for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def phrases(*kinds: str) -> str:
    """A pattern of all whole words and phrases of these kinds, to stand within a larger one."""
    known = tomllib.loads(resources.files("bot.editions").joinpath("phrases.toml").read_text("utf-8"))
    return rf"(?<!\w)(?:{'|'.join(each for kind in kinds for each in known[kind])})(?![\w’ʼ'])"


def any_of(*kinds: str) -> re.Pattern[str]:
    """Finds the words of these kinds, in capitals or not."""
    return re.compile(phrases(*kinds), re.IGNORECASE)
