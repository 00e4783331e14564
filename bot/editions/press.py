"""Sets an edition in type: chosen stories in, whole messages out. Every text comes from a template or a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.editions.choosing import Choice
from bot.editions.fragments import fragment
from bot.editions.packing import GAP, Packed, pack, shorten, units
from bot.editions.slots import Slot
from bot.newsroom import Newsroom
from bot.wording import Wording

HEADLINE_UNITS = 300  # a headline is one sentence of ≤ 140 characters; twice that is already somebody's mistake
TITLE_UNITS = 200
GAPS = {"digest": GAP, "roundup": Markup("\n")}


@dataclass(frozen=True, slots=True)
class Line:
    """What a template is told of one story. `source` is named when the headline does not name it itself."""

    headline: str
    url: str
    source: str
    update: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a template is told of the edition. `subscribe` is the channel's @name, '' when it has none."""

    title: str
    wall_time: str
    subscribe: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An edition in type: its title ('' for a digest), its messages, and each line as it was printed."""

    title: str
    parts: tuple[Packed, ...]
    lines: tuple[Markup, ...]


def print_sheet(rubric: str, choices: Sequence[Choice], wording: Wording, newsroom: Newsroom, *, slot: Slot) -> Sheet:
    """The edition as it goes out. Raises TooLong when one line does not fit a message."""
    title = roundup_title(choices, wording) if rubric == "roundup" else ""
    subscribe = newsroom.channel if newsroom.channel.startswith("@") else ""
    masthead = Masthead(title, slot.wall_time, subscribe)
    macros: Any = _template(f"{rubric}.html.j2").make_module({"say": wording})
    lines = tuple(_tidy(macros.entry(_line(choice, wording, slot.at))) for choice in choices)
    parts = pack(_keep(macros.head(masthead)), lines, _keep(macros.tail(masthead)), gap=GAPS[rubric])
    return Sheet(title, tuple(parts), lines)


def roundup_title(choices: Sequence[Choice], wording: Wording) -> str:
    """«Головне за день: A. B» of the first two stories; of one when both do not fit."""
    fragments = [fragment(choice.item.title) for choice in choices[:2]]
    title = wording.text("roundup.title", fragments=". ".join(fragments))
    if units(title) > TITLE_UNITS and fragments:
        title = wording.text("roundup.title", fragments=fragments[0])
    return shorten(title, TITLE_UNITS)


def update_words(choice: Choice, wording: Wording, now: datetime) -> str:
    """«оновлено» with what changed since the channel told it, and when that was; '' when it tells it first."""
    told, changed = choice.told, choice.change
    if told is None or changed is None:
        return ""
    moment, clock = wording.moment(told.at, now), wording.clock(told.at)
    at = wording.at(told.at) if moment == clock else moment
    if not changed.growth:
        return wording.text("update.headline", at=at, was=shorten(told.headline, HEADLINE_UNITS))
    became = ", ".join(wording.count(f"update.now.{each.which}", each.became) for each in changed.growth)
    was = ", ".join(wording.count(f"update.was.{each.which}", each.was) for each in changed.growth if each.was)
    return wording.text("update.toll" if was else "update.toll.first", now=became, was=was, at=at)


def _line(choice: Choice, wording: Wording, now: datetime) -> Line:
    item = choice.item
    source = "" if item.own or _names_source(item.title) else item.source
    return Line(shorten(item.title, HEADLINE_UNITS), item.url, source, update_words(choice, wording, now))


def _names_source(headline: str) -> bool:
    return any(f" {dash} " in headline for dash in "—–")


def _tidy(text: str) -> Markup:
    """A macro's output without the line breaks of its own layout; those that it means are printed."""
    return Markup(text.strip())  # noqa: S704 - made by an autoescaping template


def _keep(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - made by an autoescaping template


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("bot.editions"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
