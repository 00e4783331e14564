"""What a shorter text must still hold to say the same: denials, numbers, quotation marks, doubts and limits."""

from __future__ import annotations

import re
from typing import Final

from bot.editions.phrases import any_of
from bot.judgement.numerals import number
from bot.judgement.words import fold

_WEIGHTY: Final = any_of("weighty", "limits", "doubts")
_FACTS: Final = any_of("weighty", "doubts")
_DENIALS: Final = any_of("denials")
_DOUBTS: Final = any_of("doubts")
_MANY: Final = any_of("many")
_QUANTITY = r"(?<![^\W\d_])(?<![^\W\d_]-)\d+"  # «F-16» counts nothing
_SIGN = re.compile(rf"{_QUANTITY}|[«»\"„“”]")
_COUNT = re.compile(_QUANTITY)
_WORD = re.compile(r"[^\W\d_]+(?:[’ʼ'][^\W\d_]+)*")


def weighty(text: str) -> list[str]:
    """The signs and words of the text that no shorter one may lose, folded and sorted."""
    words = [fold(word) for word in _WEIGHTY.findall(text)]
    return sorted(_SIGN.findall(text) + words + _numerals(text))


def facts(text: str) -> list[str]:
    """Those of them that not even a clause of their own may take with it: denials, numbers, doubts, the dead."""
    return sorted(_COUNT.findall(text) + [fold(word) for word in _FACTS.findall(text)] + _numerals(text))


def denies(text: str) -> bool:
    """Whether the text says that something is not: then every word behind the denial belongs to it."""
    return bool(_DENIALS.search(text))


def doubted(text: str) -> bool:
    """Whether the text itself says that it is not sure."""
    return bool(_DOUBTS.search(text))


def counts(text: str) -> bool:
    """Whether a number stands in the text, in digits or in words."""
    return bool(_numerals(text)) or bool(_MANY.search(text)) or any(sign.isdecimal() for sign in text)


def _numerals(text: str) -> list[str]:
    return [word for word in map(fold, _WORD.findall(text)) if number(word) is not None]
