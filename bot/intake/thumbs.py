"""The picture of a row of headlines, however its page delays the loading of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.intake import entries, pictures
from bot.intake.articles import Picture, pixels
from bot.intake.rows import Part

_LAZY: Final = (
    "data-bttrlazyloading-lg-src", "data-bttrlazyloading-md-src", "data-bttrlazyloading-sm-src",
    "data-bttrlazyloading-xs-src", "data-srcset", "data-lazy-srcset", "srcset", "data-original", "data-src",
    "data-lazy-src", "data-lazy", "data-url", "src",
)  # fmt: skip
_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]{1,2000})", re.IGNORECASE)


def first(inside: Iterable[Part], base: str) -> str | None:
    """The first picture that is no placeholder, in its largest size; lazy attributes before `src`."""
    for one in inside:
        if one.tag in {"img", "source", "amp-img"}:
            said = one.node.attributes
            size = (pixels(said.get("width")), pixels(said.get("height"))) if one.tag == "img" else (0, 0)
            for name in _LAZY:
                if found := _usable(_largest(said.get(name) or "") if "srcset" in name else said.get(name), size, base):
                    return found
        elif one.tag != "-text" and "url(" in (style := one.node.attributes.get("style") or ""):
            found = _usable(match[1] if (match := _STYLE.search(style)) else None, (0, 0), base)
            if found:
                return found
    return None


def _usable(address: str | None, size: tuple[int, int], base: str) -> str | None:
    found = None if (address or "").strip().startswith("data:") else entries.absolute(address, base)
    return found if found and pictures.is_usable(found, Picture(found, *size)) else None


def _largest(srcset: str) -> str:
    """The address with the largest width or density of a srcset."""
    best, width = "", -1.0
    for candidate in re.split(r",\s+", srcset[:8_000])[:30]:
        address, _, said = candidate.strip().partition(" ")
        digits = said.strip().rstrip("wxh, ")
        size = float(digits) if re.fullmatch(r"\d{1,5}(?:\.\d{1,3})?", digits) else 0.0
        if address and size > width:
            best, width = address.rstrip(","), size
    return best
