"""Another order of the queue (screens, E7): neighbours change their times, so no slot is lost or doubled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot.desk.content import headline
from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

MOST = 12  # posts to pick from: a row each
LABEL_UNITS = 32  # of a button: screens allow no more
TITLE_UNITS = 120
Step = Literal["up", "down", "first", "last"]


def moved(queue: Sequence[Post], post_id: int, step: Step) -> list[tuple[Post, datetime]]:
    """The posts whose times change, each with its new time; none when it stands there already. `queue` are a channel's
    posts in their order."""
    ids = [each.id for each in queue]
    if post_id not in ids:
        return []
    place = ids.index(post_id)
    to = {"up": place - 1, "down": place + 1, "first": 0, "last": len(ids) - 1}[step]
    if not 0 <= to < len(ids) or to == place:
        return []
    after = [*queue[:place], *queue[place + 1 :]]
    after.insert(to, queue[place])
    times = [each.due_at for each in queue]
    return [(post, at) for post, at in zip(after, times, strict=True) if at is not None and post.due_at != at]


def pick(posts: Sequence[Post], wording: Wording, now: datetime) -> Page:
    """Which post is moved."""
    rows = [
        (
            Button(
                _label(each, each.due_at, wording, now),
                f"x:order:{each.id}:0",
            ),
        )
        for each in posts[:MOST]
        if each.due_at is not None
    ]
    key = "order.pick" if rows else "order.none"
    return Page(wording.html(key), (*rows, (Button(wording.text("board.button.back"), "x:queue:0:0"),)))


def _label(post: Post, at: datetime, wording: Wording, now: datetime) -> str:
    when = wording.brief(at, now)
    return f"{when} {shorten(headline(post.content), LABEL_UNITS - len(when) - 1) or '…'}"


def order(post: Post, queue: Sequence[Post], wording: Wording, now: datetime) -> Page:
    """Where it stands, and the ways to move it."""
    ids = [each.id for each in queue]
    place = ids.index(post.id)
    assert post.due_at is not None  # it is queued
    lines = [
        wording.html("order.title", title=shorten(headline(post.content), TITLE_UNITS) or "…"),
        wording.html("order.place", at=wording.moment(post.due_at, now), place=place + 1, count=len(ids)),
        wording.html("order.how"),
    ]
    top, bottom = place == 0, place == len(ids) - 1

    def button(step: Step, *, disabled: bool) -> Button:
        return Button(wording.text(f"order.button.{step}"), f"x:{step}:{post.id}:{post.row_version}", disabled=disabled)

    rows = (
        (button("up", disabled=top), button("down", disabled=bottom)),
        (button("first", disabled=top), button("last", disabled=bottom)),
        (
            Button(wording.text("order.button.other"), "x:pick:0:0"),
            Button(wording.text("order.button.done"), "x:queue:0:0"),
        ),
    )
    return Page(Markup("\n").join(lines), rows)
