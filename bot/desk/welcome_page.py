"""A channel made the bot its administrator: what the editors are asked, and the few steps that set it up."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from bot.desk.channel_page import LABEL_UNITS, data, sections_line, titled
from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import LANGUAGES, Wording
from storage.editorial import Welcome
from storage.model import Channel

RIGHTS: Final = ("post", "edit", "delete")


def question(what: Welcome, by: str, wording: Wording) -> Page:
    """Whether the newsroom publishes there, and what the bot may do; `by` names who made it administrator, or ''."""
    named = _named(what)
    if what.state in ("left", "declined"):
        again = () if what.state == "left" else (Button(wording.text("welcome.button.yes"), _of("yes", what)),)
        return Page(wording.html(f"welcome.{what.state}", channel=named), (again,))
    rights = [wording.html(f"welcome.right.{each}.{'yes' if each in what.rights else 'no'}") for each in RIGHTS]
    head = wording.html("welcome.question", channel=named, name=what.name or wording.text("channel.nameless"))
    who = wording.html("welcome.by", editor=shorten(by, LABEL_UNITS)) if by else wording.html("welcome.by.stranger")
    lines = [head, who, *rights]
    if "post" not in what.rights:
        lines.append(wording.html("welcome.remedy"))
    rows = (
        (
            Button(wording.text("welcome.button.yes"), _of("yes", what), style="success"),
            Button(wording.text("welcome.button.no"), _of("no", what)),
        ),
        (Button(wording.text("alarm.button.again"), _of("rights", what)),),
    )
    return Page(Markup("\n").join(lines), rows)


def languages(channel: Channel, wording: Wording) -> Page:
    """The first step: what it speaks."""
    row = tuple(
        Button(wording.text(f"source.button.language.{each}"), data("wlang", channel, each)) for each in LANGUAGES
    )
    return Page(wording.html("welcome.language", channel=titled(channel)), (row, _cancel(channel, wording)))


def sections(channel: Channel, wording: Wording) -> Page:
    """The second: what it tells of."""
    row = (
        Button(wording.text("welcome.button.all"), data("wall", channel)),
        Button(wording.text("welcome.button.choose"), data("pick", channel, "wsec", "0")),
    )
    text = wording.html("welcome.sections", channel=titled(channel))
    return Page(text, (row, _cancel(channel, wording)))


def schedule(channel: Channel, first: Channel, wording: Wording) -> Page:
    """The last: when it speaks."""
    like = wording.text("welcome.button.like", channel=shorten(first.title or first.chat, 18))
    rows = (
        (Button(like, data("wlike", channel), style="success"),),
        (
            Button(wording.text("welcome.button.own"), data("wown", channel)),
            Button(wording.text("welcome.button.hand"), data("whand", channel)),
        ),
        _cancel(channel, wording),
    )
    told = sections_line(channel.sections, wording)
    return Page(wording.html("welcome.schedule", channel=titled(channel), sections=told), rows)


def _cancel(channel: Channel, wording: Wording) -> tuple[Button, ...]:
    return (Button(wording.text("source.button.cancel"), data("wstop", channel)),)


def _of(act: str, what: Welcome) -> str:
    return f"h:{act}:{what.chat_id}:0"


def _named(what: Welcome) -> str:
    return shorten(" ".join(what.title.split()), 60) or what.chat
