"""Sets an edition in type: chosen stories in, whole messages out. Every text comes from a template or a catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup

from bot.delivery.markup import UnreadableMarkup, read
from bot.editions.choosing import Choice
from bot.editions.forms import BUILT_IN, Form, Forms
from bot.editions.fragments import opening
from bot.editions.named import section_of
from bot.editions.packing import GAP, Packed, TooLong, pack, shorten, units
from bot.editions.rubrics import Rubric
from bot.editions.slots import Slot
from bot.editions.tongue import Line, Masthead, UnusableForm
from bot.editions.updates import change_words
from bot.newsroom import Newsroom
from bot.wording import Wording

HEADLINE_UNITS = 300  # a headline is one sentence of ≤ 140 characters; twice that is already somebody's mistake
TITLE_UNITS = 200
MOST_ENTITIES = 90  # https://limits.tginfo.me: Telegram forgets what is formatted beyond a hundred; the head has some
GAPS = {"roundup": Markup("\n"), "weekly": Markup("\n")}
STRANGE_UNITS = 40
_STRANGE = re.compile(r"""<(?!/[a-z-]+>|[a-z-]+(?:\s+[a-z-]+(?:="[^"<>]*")?)*>)""")
Fragments = tuple[str | None, str | None]  # an editor's own, None: made from the headline


@dataclass(frozen=True, slots=True)
class Sheet:
    """An edition in type: its title ('' for a digest), its messages, and each line as it was printed."""

    title: str
    parts: tuple[Packed, ...]
    lines: tuple[Markup, ...]


def print_sheet(
    rubric: Rubric,
    choices: Sequence[Choice],
    wording: Wording,
    newsroom: Newsroom,
    *,
    slot: Slot,
    signature: str = "",
    fragments: Fragments = (None, None),
    forms: Forms = BUILT_IN,
) -> Sheet:
    """The edition as it goes out. Raises TooLong when one line does not fit a message, UnusableForm when a template of
    the newsroom's own cannot set it or leaves out what a reader must be told."""
    title = edition_title(rubric.kind, choices, wording, fragments) if rubric.habits.titled else ""
    subscribe = newsroom.channel if newsroom.channel.startswith("@") else ""
    masthead = Masthead(title, slot.wall_time, subscribe, section_of(rubric.name), signature)
    form = forms.form(rubric.kind, wording)
    told = [_line(choice, wording, slot.at) for choice in choices]
    lines = tuple(form.entry(each) for each in told)
    head, tail = form.head(masthead), form.tail(masthead)
    if forms.own:
        _check(form, masthead, head, tail, list(zip(told, lines, strict=True)))
    parts = pack(head, lines, tail, gap=GAPS.get(rubric.kind, GAP))
    return Sheet(title, tuple(parts), lines)


def print_somehow(
    rubric: Rubric,
    choices: Sequence[Choice],
    wording: Wording,
    newsroom: Newsroom,
    *,
    slot: Slot,
    signature: str,
    fragments: Fragments,
    forms: Forms,
) -> tuple[Sheet, UnusableForm | None]:
    """The same, set with the built-in templates when the newsroom's own cannot; then with what is wrong with them."""
    plain = partial(
        print_sheet, rubric, choices, wording, newsroom, slot=slot, signature=signature, fragments=fragments
    )
    try:
        return plain(forms=forms), None
    except UnusableForm as fault:
        return plain(), fault
    except TooLong as error:
        if not forms.own:
            raise
        return plain(), UnusableForm(f"{rubric.kind}.html.j2", 0, "long", str(error.units))


def edition_title(kind: str, choices: Sequence[Choice], wording: Wording, own: Fragments = (None, None)) -> str:
    """«Головне за день: A. B» of the first two stories or an editor's fragments; of one when both do not fit."""
    return title_of(kind, [choice.headline for choice in choices], wording, own)


def title_of(kind: str, headlines: Sequence[str], wording: Wording, own: Fragments = (None, None)) -> str:
    """The same of these headlines."""
    made = opening(headlines)
    fragments = [mine or theirs for mine, theirs in zip(own, made, strict=False)]
    title = wording.text(f"{kind}.title", fragments=". ".join(fragments))
    if units(title) > TITLE_UNITS and fragments:
        title = wording.text(f"{kind}.title", fragments=fragments[0])
    return shorten(title, TITLE_UNITS)


def update_words(choice: Choice, wording: Wording, now: datetime) -> str:
    """«оновлено» with what changed since the channel told it, and when that was; '' when it tells it first."""
    told, changed = choice.told, choice.change
    if told is None or changed is None:
        return ""
    moment, clock = wording.moment(told.at, now), wording.clock(told.at)
    at = wording.at(told.at) if moment == clock else moment
    return change_words(told, changed, at, wording)


def _line(choice: Choice, wording: Wording, now: datetime) -> Line:
    item = choice.item
    source = "" if item.own or _names_source(choice.headline) else item.source
    return Line(shorten(choice.headline, HEADLINE_UNITS), item.url, source, update_words(choice, wording, now))


def _names_source(headline: str) -> bool:
    return any(f" {dash} " in headline for dash in "—–")


def _check(form: Form, edition: Masthead, head: Markup, tail: Markup, lines: Sequence[tuple[Line, Markup]]) -> None:
    """Raises UnusableForm when Telegram would not read what was set, or a reader would not be told who says it."""
    if edition.title not in _read(form.name, head)[0]:
        raise UnusableForm(form.name, 0, "untold", "edition.title")
    _read(form.name, tail)
    entities = 0
    for line, markup in lines:
        text, links = _read(form.line_name, markup)
        entities += len(links)
        for field in ("headline", "source", "update"):
            if " ".join(getattr(line, field).split()) not in " ".join(text.split()):
                raise UnusableForm(form.line_name, 0, "untold", f"line.{field}")
        if line.url and line.url not in [link.get("url") for link in links if link["length"]] and line.url not in text:
            raise UnusableForm(form.line_name, 0, "untold", "line.url")
    if entities > MOST_ENTITIES:
        raise UnusableForm(form.line_name, 0, "entities", str(entities))


def _read(name: str, markup: Markup) -> tuple[str, list[dict[str, Any]]]:
    """The text and its entities, as `read`; of tags only those written so that Telegram cannot take them otherwise."""
    if strange := _STRANGE.search(markup):
        raise UnusableForm(name, 0, "markup", shorten(markup[strange.start() :], STRANGE_UNITS))
    try:
        return read(str(markup))
    except UnreadableMarkup as error:
        raise UnusableForm(name, 0, "markup", str(error)) from None
