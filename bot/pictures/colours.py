"""The newsroom's colours, and whether its words can be read on them."""

from __future__ import annotations

import re
from typing import Final

Colour = tuple[int, int, int]
# https://www.w3.org/TR/WCAG22/#contrast-minimum; a card's letters are large, but a phone shows them small
READABLE: Final = 4.5
_COLOUR = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)


def colour(text: str) -> Colour:
    """«10243e» or «#10243e». Raises ValueError for anything else."""
    found = _COLOUR.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """How well one is seen on the other: 1 not at all, 21 black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(each: Colour) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in each)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
