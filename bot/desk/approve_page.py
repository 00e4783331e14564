"""Four eyes (screens, E18): a post that waits for a second editor, and the newsroom's own word on it."""

from __future__ import annotations

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

TITLE_UNITS = 300


@dataclass(frozen=True, slots=True)
class Pending:
    """A post with who asked and when, the time that it would go at, and whether it may go without a second editor."""

    post: Post
    editor: str
    asked_at: datetime
    slot: datetime
    alone: bool


def show(found: Pending, wording: Wording, now: datetime) -> Page:
    """E18, with the way out for a lone editor."""
    post = found.post
    lines = [
        wording.html("approve.waits", at=when(found.asked_at, wording, now), editor=found.editor),
        Markup("<b>{}</b>").format(shorten(headline(post.content), TITLE_UNITS) or "…"),
        *card_care.lines(post, wording, now),
        wording.html("approve.alone" if found.alone else "approve.needed"),
    ]
    slot = wording.moment(found.slot, now)
    rows = [
        (Button(wording.text("approve.button.yes", slot=slot), _data("approve", post), style="success"),),
        (
            Button(wording.text("approve.button.rework"), _data("rework", post)),
            Button(wording.text("card.button.edit"), f"q:edit:{post.id}:{post.row_version}"),
        ),
        (
            Button(wording.text("card.button.preview"), f"q:view:{post.id}:{post.row_version}"),
            Button(wording.text("card.button.now"), f"q:now:{post.id}:{post.row_version}"),
        ),
    ]
    if found.alone:
        rows.append((Button(wording.text("approve.button.alone"), _data("alone", post)),))
    return Page(Markup("\n").join(lines), tuple(rows))


def habit(wording: Wording, *, on: bool) -> Page:
    """Whether the newsroom wants four eyes, and the switch."""
    key = "approve.habit.on" if on else "approve.habit.off"
    button = "approve.button.off" if on else "approve.button.on"
    rows = (
        (Button(wording.text(button), "x:blind:0:0" if on else "x:eyes:0:1"),),
        (Button(wording.text("channel.button.all"), "h:list:0:0"),),
    )
    return Page(wording.html(key), rows)


def _data(act: str, post: Post) -> str:
    return f"x:{act}:{post.id}:{post.row_version}"
