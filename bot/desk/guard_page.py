"""E8 on the card: what was told already, what is new here, and what can be done about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Before
from storage.model import Post

TITLE_UNITS = 200
NEW_UNITS = 300
_DATA = re.compile(r"u:([a-z]{2,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")


@dataclass(frozen=True, slots=True)
class Match:
    """A telling that a post would repeat. `url` leads to it, '' when it cannot be opened; `new` is what the post says
    beyond it, '' when nothing was found; `renews`: its words can be changed to those of the post."""

    before: Before
    url: str = ""
    new: str = ""
    renews: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks: an act on a post as its row stood then, with an argument (0: none)."""

    act: str
    post_id: int
    version: int
    argument: int = 0


def read(data: str) -> Ask | None:
    """What the button asks, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    return Ask(found[1], int(found[2]), int(found[3]), int(found[4] or 0)) if found else None


def data(act: str, post: Post, argument: int | None = None) -> str:
    """Callback data: `u:<act>:<post>:<row version>[:<argument>]`."""
    tail = "" if argument is None else f":{argument}"
    return f"u:{act}:{post.id}:{post.row_version}{tail}"


def show(post: Post, match: Match, at: datetime | None, wording: Wording, now: datetime, *, held: bool = False) -> Page:
    """E8. `at` is the time that was asked for, None for «Зараз»; `held`: the post was to go out now, and did not."""
    before = match.before
    title = shorten(next(iter(before.text.splitlines()), "").strip(), TITLE_UNITS)
    told = wording.html(f"guard.told.{before.how}", at=wording.moment(before.at, now), title=title)
    new = wording.html("guard.new", new=shorten(match.new, NEW_UNITS)) if match.new else wording.html("guard.nothing")
    heading = "guard.title.held" if held else "guard.title.queue" if before.how == "queue" else "guard.title"
    return Page(Markup("\n").join([wording.html(heading), told, new]), _keyboard(post, match, at, wording, now))


def _keyboard(
    post: Post, match: Match, at: datetime | None, wording: Wording, now: datetime
) -> tuple[tuple[Button, ...], ...]:
    stamp = 0 if at is None else int(at.timestamp())
    anyway = wording.text("guard.button.now")
    if at is not None:
        anyway = wording.text("guard.button.anyway", at=wording.moment(at, now))
    instead = (Button(wording.text("guard.button.instead"), data("instead", post, match.before.post_id)),)
    reply = (Button(wording.text("guard.button.reply"), data("below", post, stamp)),)
    return (
        (Button(wording.text("guard.button.open"), url=match.url),) if match.url else (),
        instead if match.renews else (),
        reply if match.before.message_id is not None else (),
        (Button(anyway, data("anyway", post, stamp)),),
        (
            Button(wording.text("guard.button.not"), data("not", post)),
            Button(wording.text("card.button.back"), data("back", post)),
        ),
    )
