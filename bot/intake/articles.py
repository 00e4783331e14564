"""An article's page as values: what its voices say (OpenGraph, JSON-LD, microdata, the eye) and what is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """What a card needs of an article. Text is plain, addresses are absolute http(s), `published_at` is aware UTC.

    `image` is the largest usable picture; `canonical` lies on the page's own site; None or "" where the page
    is silent.
    """

    title: str
    lead: str = ""
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    canonical: str | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's address as written and its size in pixels, 0 where it is not said."""

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What one voice of a page says: texts plain and folded, addresses and dates as written, the best first."""

    titles: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    dates: tuple[str, ...] = ()
    language: str | None = None
    addresses: tuple[str, ...] = ()
    site: str = ""
    logos: tuple[str, ...] = ()


def filled(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that say anything, in order."""
    return tuple(text for text in texts if text)


def pixels(said: object) -> int:
    """A width or height as sites write them: 1200, "1200", "1200px"; 0 for what is none."""
    digits = (
        str(said).strip().removesuffix("px").strip().partition(".")[0] if isinstance(said, str | int | float) else ""
    )
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
