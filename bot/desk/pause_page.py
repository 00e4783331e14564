"""The pause of a channel (screens, E14): only what is urgent goes out, nothing is lost, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.desk.notices import when
from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Pause
from storage.model import Channel

MOST = 10  # lines: with the heading and what follows it the message stays within fifteen
TITLE_UNITS = 80
LABEL_UNITS = 26  # of a button: screens allow 32 with its mark
STEP = timedelta(minutes=15)  # screens, E14
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post whose time fell into the pause; `url` leads to its card, '' when that has no address."""

    due_at: datetime
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause with what its message tells. `channel` is '' when the newsroom has one; `editions` is how many fell into
    it; after its end `waiting` are those that it moved, and `undo` says whether it can last on."""

    pause: Pause
    channel: str
    editor: str
    waiting: Sequence[Waiting] = ()
    editions: int = 0
    ended_by: str = ""
    undo: bool = False


def show(found: Paused, wording: Wording, now: datetime) -> Page:
    """The message as it should stand now."""
    return _over(found, wording, now) if found.pause.ended_at is not None else _lasting(found, wording, now)


def choose(channels: Sequence[Channel], wording: Wording, *, board: bool = False) -> Page:
    """Which channel, when there are several; on the `board` with the way back to the queue."""
    place = int(board)
    rows = [
        (
            Button(
                wording.text(
                    "pause.button.show" if each.paused_at is not None else "pause.button.one",
                    channel=shorten(" ".join(each.title.split()) or each.chat, LABEL_UNITS),
                ),
                f"x:{'shown' if each.paused_at is not None else 'pause'}:{each.id}:{place}",
            ),
        )
        for each in channels
    ]
    if any(each.paused_at is None for each in channels):
        rows.append((Button(wording.text("pause.button.all"), f"x:pause:0:{place}"),))
    if board:
        rows.append((Button(wording.text("board.button.back"), "x:queue:0:0"),))
    return Page(wording.html("pause.which"), tuple(rows))


def _lasting(found: Paused, wording: Wording, now: datetime) -> Page:
    pause, count = found.pause, len(found.waiting)
    begun = wording.html("pause.begun", at=when(pause.since_at, wording, now), editor=found.editor)
    held = [wording.count("pause.posts", count)] if count else []
    held += [wording.count("pause.editions", found.editions)] if found.editions else []
    told = wording.html("pause.held", what=wording.text("late.and").join(held)) if held else wording.html("pause.none")
    rows = [(Button(wording.text("pause.button.resume"), _data("resume", pause), style="success"),)]
    if count:
        rows.append((Button(wording.count("pause.button.spread", count), _data("spread", pause)),))
        rows.append((Button(wording.text("pause.button.each"), _data("each", pause)),))
    return Page(_text([_titled("pause.title", found, wording), begun + " " + told], found, wording, now), tuple(rows))


def _over(found: Paused, wording: Wording, now: datetime) -> Page:
    pause = found.pause
    assert pause.ended_at is not None  # it is over
    at = when(pause.ended_at, wording, now)
    said = wording.html(f"pause.over.{pause.act}", at=at, editor=found.ended_by)
    row = (Button(wording.text("pause.button.undo"), _data("undo", pause)),) if found.undo else ()
    return Page(_text([_titled("pause.title.over", found, wording), said], found, wording, now), (row,))


def _titled(key: str, found: Paused, wording: Wording) -> Markup:
    title = wording.html(key)
    return title if not found.channel else Markup("{} · {}").format(title, shorten(found.channel, TITLE_UNITS))


def _text(head: Sequence[Markup], found: Paused, wording: Wording, now: datetime) -> Markup:
    lines = [_line(place, each, wording, now) for place, each in enumerate(found.waiting[:MOST], start=1)]
    if len(found.waiting) > MOST:
        lines.append(Markup("{}").format(wording.count("late.more", len(found.waiting) - MOST)))
    return Markup("\n").join([*head, *lines])


def _line(place: int, each: Waiting, wording: Wording, now: datetime) -> Markup:
    title = shorten(each.title, TITLE_UNITS) or "…"
    named = Markup('<a href="{}">{}</a>').format(each.url, title) if each.url else Markup("{}").format(title)
    return Markup("{}. <b>{}</b> {}").format(place, wording.brief(each.due_at, now), named)


def _data(act: str, pause: Pause) -> str:
    return f"x:{act}:{pause.id}:{pause.version}"
