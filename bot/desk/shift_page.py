"""Handing the shift over (screens, E24): what the next editor finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.desk import card_care
from bot.desk.content import headline
from bot.desk.notices import when
from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

TITLE_UNITS = 40
WATCHED = 4  # titles


@dataclass(frozen=True, slots=True)
class Shift:
    """What stands at this moment: posts that wait for a second source, the queue, stories under embargo, posts that
    wait for a second editor, drafts, what is overdue, and the names of paused channels."""

    watched: Sequence[Post]
    queue: Sequence[Post]
    embargoed: Sequence[Post]
    pending: int
    drafts: int
    overdue: int
    paused: Sequence[str]


def show(shift: Shift, wording: Wording, now: datetime, taken: tuple[datetime, str] | None = None) -> Page:
    """The page; once it was `taken` (when, by whom) there is nothing to press."""
    lines = [wording.html("shift.title", clock=wording.clock(now)), *_lines(shift, wording, now)]
    if len(lines) == 1:
        lines.append(wording.html("shift.none"))
    if taken is not None:
        lines.append(wording.html("shift.taken", at=when(taken[0], wording, now), editor=taken[1]))
        return Page(Markup("\n").join(lines))
    button = Button(wording.text("shift.button.take"), f"x:shift:{int(now.timestamp())}:0", style="success")
    return Page(Markup("\n").join(lines), ((button,),))


def _lines(shift: Shift, wording: Wording, now: datetime) -> list[Markup]:
    lines = []
    if shift.watched:
        titles = "; ".join(shorten(headline(each.content), TITLE_UNITS) or "…" for each in shift.watched[:WATCHED])
        lines.append(wording.html("shift.watch", titles=titles + ("; …" if len(shift.watched) > WATCHED else "")))
    following = next((each.due_at for each in shift.queue if each.due_at is not None), None)
    if following is not None:
        lines.append(wording.html("shift.queue", number=len(shift.queue), at=wording.moment(following, now)))
    ends = max((each.embargo_at for each in shift.embargoed if each.embargo_at is not None), default=None)
    if ends is not None:
        until = card_care.until(ends, wording, now)
        lines.append(wording.html("shift.embargo", number=len(shift.embargoed), until=until))
    for key, number in (("pending", shift.pending), ("overdue", shift.overdue), ("drafts", shift.drafts)):
        if number:
            lines.append(wording.html(f"shift.{key}", number=number))
    if shift.paused:
        lines.append(wording.html("shift.paused", channels=", ".join(shift.paused)))
    return lines
