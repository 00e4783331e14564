"""The newsroom's taste: what adds to a story's importance and how much. Read from TOML, so that it can be changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

from bot.judgement.hearing import Lexicon, Stems, lexicon
from bot.judgement.words import fold, words


class UnreadableTaste(ValueError):
    """The file of weights has a name that means nothing here, or a value that is not a number."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points of each rule; weights.toml says what each stands for."""

    base: float = 0.8
    sources: float = 0.8
    sources_most: float = 2.4
    reports: float = 0.6
    reports_most: float = 1.5
    fresh: float = 2.0
    fresh_most: float = 3.0
    half_life_hours: float = 8.0
    own: float = 0.5
    region: float = 0.7
    official: float = 0.3
    urgent: float = 0.8
    lead: float = 0.5
    words_most: float = 1.5
    killed: float = 0.7
    wounded: float = 0.35
    toll_step: float = 0.2
    toll_most: float = 1.8
    important: float = 2.0
    votes: float = 0.8
    votes_most: float = 2.0
    echo: float = 0.5
    echo_most: float = 1.0
    alike: float = -2.0
    junk: float = -2.5
    junk_ceiling: float = 1.0

    @property
    def half_life(self) -> timedelta:
        return timedelta(hours=self.half_life_hours)


@dataclass(frozen=True, slots=True)
class Weighty:
    """Words that weigh alike; any of them counts once. A stem of two words wants both, in order, near each other.
    `headline`: the lead does not count."""

    name: str
    points: float
    stems: Stems
    headline: bool = False

    def within(self, told: Sequence[str]) -> bool:
        return bool(lexicon((self.stems,)).kinds(told))


@dataclass(frozen=True, slots=True)
class Taste:
    """All that a newsroom may weigh its own way. Sections are folded."""

    points: Points
    sections: Mapping[str, float]
    region: Weighty
    officials: Weighty
    words: tuple[Weighty, ...]

    @property
    def lexicon(self) -> Lexicon:
        """The region is kind 0, officials 1, then the words in their order."""
        return lexicon((self.region.stems, self.officials.stems, *(kind.stems for kind in self.words)))


def taste(toml: str) -> Taste:
    """The taste written in TOML. Raises UnreadableTaste."""
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as trouble:
        raise UnreadableTaste(str(trouble)) from trouble
    known = {field.name for field in fields(Points)}
    given = tables.get("points", {})
    if not isinstance(given, dict) or set(given) - known:
        raise UnreadableTaste(f"[points] knows only {', '.join(sorted(known))}")
    try:
        return Taste(
            Points(**{name: float(value) for name, value in given.items()}),
            {fold(name): float(value) for name, value in tables.get("sections", {}).items()},
            _weighty({"name": "region", "points": 0.0, **tables.get("region", {})}),
            _weighty({"name": "officials", "points": 0.0, **tables.get("officials", {})}),
            tuple(map(_weighty, tables.get("words", []))),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as trouble:
        raise UnreadableTaste(str(trouble)) from trouble


@cache
def default_taste() -> Taste:
    return taste(resources.files(__package__).joinpath("weights.toml").read_text("utf-8"))


def _weighty(table: Mapping[str, Any]) -> Weighty:
    stems = tuple(stem for stem in (tuple(words(stem)) for stem in table.get("stems", ())) if stem)
    return Weighty(str(table["name"]), float(table["points"]), stems, bool(table.get("headline", False)))
