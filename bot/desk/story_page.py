"""A story as editors see it: who told what when, what it may be one with, and what they can do about either."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Item, State

SHOWN = 10  # reports: with two questions below them the page stays far below 4096 units
ASKED = 2  # questions at a time
IN_A_ROW = 5  # buttons of one sign and a number
TITLE_UNITS, SOURCE_UNITS = 160, 60
_DATA = re.compile(r"t:(open|look|split|same|other|undo):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")
Kind = Literal["open", "look", "split", "same", "other", "undo"]
KINDS: tuple[Kind, ...] = ("open", "look", "split", "same", "other", "undo")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks of a story: `number` is the report to split off, the other story, or the act to undo;
    `stamp` says which page it stood under."""

    kind: Kind
    story_id: int
    stamp: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What was done last to the story, and by whom; `number` is the act's."""

    number: int
    act: str
    editor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A story with its standing reports, oldest first, and the reports of others that may belong to it."""

    story_id: int
    stamp: int
    state: State
    items: Sequence[Item]
    likely: Sequence[Item] = ()
    done: Done | None = None


def read(data: str) -> Ask | None:
    """What the button asks, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    kind = next(each for each in KINDS if each == found[1])
    return Ask(kind, int(found[2]), int(found[3]), int(found[4] or 0))


def opening(story_id: int, reports: int, wording: Wording, *, asked: bool) -> tuple[tuple[Button, ...], ...]:
    """The card's row that leads here; none when a single report tells the story and nothing is asked about it."""
    if reports < 2 and not asked:
        return ()
    label = wording.text("card.button.story.asked") if asked else wording.count("card.button.story", reports)
    return ((Button(label, f"t:open:{story_id}:0"),),)


def show(thread: Thread, wording: Wording, now: datetime) -> Page:
    """The newest reports of the story, each with its button, then the questions with theirs."""
    parts = [wording.html("thread.title", title=shorten(thread.state.title, TITLE_UNITS))]
    first = max(len(thread.items) - SHOWN, 0)
    reports = [
        wording.html("thread.report", number=number, report=_report(item, wording, now))
        for number, item in enumerate(thread.items[first:], first + 1)
    ]
    if first:
        reports.insert(0, Markup("{}").format(wording.count("thread.more", first)))
    parts.append(Markup("\n").join(reports))
    parts += [wording.html("thread.question", report=_report(item, wording, now)) for item in thread.likely[:ASKED]]
    if thread.done is not None:
        at = wording.moment(thread.done.at, now)
        parts.append(wording.html(f"thread.done.{thread.done.act}", editor=thread.done.editor, at=at))
    return Page(Markup("\n\n").join(parts), _keyboard(thread, first, wording))


def _report(item: Item, wording: Wording, now: datetime) -> Markup:
    source, title = shorten(item.source, SOURCE_UNITS), shorten(item.title, TITLE_UNITS)
    headline = Markup('<a href="{}">{}</a>').format(item.url, title) if item.url else Markup("{}").format(title)
    return wording.html("thread.told", at=wording.moment(item.published_at, now), source=source, headline=headline)


def _keyboard(thread: Thread, first: int, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    for item in thread.likely[:ASKED]:
        assert item.story_id is not None  # only told stories are asked about
        rows.append(
            (
                Button(wording.text("thread.button.same"), _data("same", thread, item.story_id), style="success"),
                Button(wording.text("thread.button.other"), _data("other", thread, item.story_id)),
            )
        )
    if len(thread.items) > 1:
        splits = [
            Button(wording.text("thread.button.split", number=number), _data("split", thread, item.id))
            for number, item in enumerate(thread.items[first:], first + 1)
        ]
        rows += [tuple(splits[start : start + IN_A_ROW]) for start in range(0, len(splits), IN_A_ROW)]
    if thread.done is not None:
        rows.append((Button(wording.text("thread.button.undo"), _data("undo", thread, thread.done.number)),))
    rows.append((Button(wording.text("thread.button.refresh"), _data("look", thread)),))
    return tuple(rows)


def _data(kind: Kind, thread: Thread, number: int = 0) -> str:
    tail = f":{number}" if number else ""
    return f"t:{kind}:{thread.story_id}:{thread.stamp}{tail}"
