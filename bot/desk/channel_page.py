"""/settings: the newsroom's channels, each with what it is set to and who set it so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

from markupsafe import Markup

from bot.desk import schedule_words
from bot.editions.packing import shorten
from bot.editions.rubrics import Rubric
from bot.screen import Button, Page
from bot.wording import LANGUAGES, Wording
from storage.editorial import Changed, Field, Welcome
from storage.model import Channel

TITLE_UNITS: Final = 60
LABEL_UNITS: Final = 26  # of a button: screens allow 32 with its mark
SECTION_UNITS, SECTIONS_TOLD = 40, 12
SIGNATURE_UNITS: Final = 200  # two lines below an edition
NIGHTS: Final = ("22:00-07:00", "23:00-07:00", "00:00-06:00")
PICTURES: Final = ("none", "preview", "card")
FIELDS: Final[tuple[Field, ...]] = ("language", "sections", "quiet", "signature", "picture", "pins")
_DATA = re.compile(r"h:([a-z]{1,8}):(-?\d{1,16}):(\d{1,9})(?::([a-z0-9]{0,16}))?(?::([a-z0-9-]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks for: an act, the number of a channel (ours, or Telegram's in a welcome; of a post on a card),
    the version that it was shown with, and what more it carries."""

    act: str
    number: int
    version: int
    what: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A channel with what its pages tell: its rubrics, who set what, the sections that reports stand in, the other
    channels. `first`: it is the environment's own; `templates`: the newsroom's own are used; `queued`: posts that left
    the queue with its end."""

    channel: Channel
    rubrics: Sequence[Rubric]
    set_by: Mapping[str, Changed]
    scheduled_by: Mapping[str, Changed] = field(default_factory=dict)
    sections: Sequence[str] = ()
    first: bool = False
    alone: bool = True
    templates: bool = False
    queued: int = 0

    def origin(self, name: str, wording: Wording) -> str:
        """Who says that this field is as it is."""
        return origin(self.set_by.get(name), wording, given=self.first and name == "language")

    def planned_by(self, name: str, wording: Wording) -> str:
        """Who says that this rubric goes out so; the settings speak of the first channel's digest and roundup."""
        return origin(self.scheduled_by.get(name), wording, given=self.first and name in ("digest", "roundup"))


def read(data: str) -> Ask | None:
    """What a button carries, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    return Ask(found[1], int(found[2]), int(found[3]), found[4] or "", found[5] or "") if found else None


def data(act: str, channel: Channel, what: str = "", more: str = "") -> str:
    """What a button of the channel's pages carries."""
    tail = f":{what}:{more}" if more else f":{what}" if what else ""
    return f"h:{act}:{channel.id}:{channel.version}{tail}"


def titled(channel: Channel) -> str:
    """What the channel is called."""
    return shorten(" ".join(channel.title.split()), TITLE_UNITS) or channel.chat


def overview(channels: Sequence[Found], new: Sequence[Welcome], wording: Wording, now: datetime) -> Page:
    """Every channel, and those that could become one."""
    lines = [
        wording.html(
            "channel.line" if each.channel.state == "active" else "channel.line.off",
            channel=titled(each.channel),
            language=wording.text(f"source.language.{each.channel.language}"),
            sections=sections_line(each.channel.sections, wording),
            editions=wording.count("channel.editions", sum(len(rubric.walls) for rubric in each.rubrics)),
        )
        for each in channels
    ]
    rows = [(Button(shorten(titled(each.channel), LABEL_UNITS), data("open", each.channel)),) for each in channels]
    rows += [
        (Button(f"➕ {shorten(' '.join(each.title.split()) or each.chat, LABEL_UNITS)}", f"h:hello:{each.chat_id}:0"),)
        for each in new
    ]
    text = Markup("\n\n").join(
        [wording.html("channel.list", clock=wording.clock(now)), Markup("\n").join(lines), wording.html("channel.how")]
    )
    return Page(text, (*rows, (Button(wording.text("channel.button.refresh"), "h:list:0:0"),)))


def show(found: Found, wording: Wording) -> Page:
    """The channel's own page."""
    channel = found.channel
    if channel.state == "off":
        return _off(found, wording)
    value = values(channel, wording)
    lines = [
        wording.html(f"channel.field.{name}", value=value[name], origin=found.origin(name, wording)) for name in FIELDS
    ]
    lines.insert(2, _scheduled(found, wording))
    told = "channel.discussion.yes" if channel.discussion is not None else "channel.discussion.no"
    lines += [
        wording.html(told),
        wording.html("channel.templates.own" if found.templates else "channel.templates.built_in"),
    ]
    named = channel.chat if channel.chat.startswith("@") else wording.text("channel.nameless")
    parts = [wording.html("channel.title", channel=titled(channel), name=named), Markup("\n").join(lines)]
    if found.alone:
        parts.append(wording.html("channel.how"))
    return Page(Markup("\n\n").join(parts), _keyboard(found, wording))


def values(channel: Channel, wording: Wording) -> dict[str, str]:
    """What each field says, in words."""
    return {
        "language": wording.text(f"source.language.{channel.language}"),
        "sections": sections_line(channel.sections, wording),
        "quiet": quiet_line(channel, wording),
        "signature": shorten(channel.signature, SIGNATURE_UNITS) or wording.text("channel.signature.none"),
        "picture": wording.text(f"channel.picture.{channel.picture}"),
        "pins": wording.text("channel.pins.yes" if channel.pins else "channel.pins.no"),
    }


def origin(changed: Changed | None, wording: Wording, *, given: bool = False) -> str:
    """Who says so: an editor, the settings (`given` by them), or nobody; then it is ''."""
    if changed is None:
        return wording.text("channel.origin.settings") if given else ""
    return wording.text("channel.origin.editor", day=wording.short(changed.at), editor=changed.editor or "—")


def sections_line(sections: Sequence[str], wording: Wording) -> str:
    """The sections that are told of."""
    told = [shorten(each[:1].upper() + each[1:], SECTION_UNITS) for each in sections]
    more = ["…"] if len(told) > SECTIONS_TOLD else []
    return ", ".join([*told[:SECTIONS_TOLD], *more]) or wording.text("channel.sections.all")


def quiet_line(channel: Channel, wording: Wording) -> str:
    """When it is silent."""
    begins, ends = channel.quiet_from, channel.quiet_until
    if begins is None or ends is None:
        return wording.text("channel.quiet.none")
    return f"{begins:%H:%M}–{ends:%H:%M}"


def choices(found: Found, what: str, wording: Wording) -> Page:
    """The page of one field, with what it can be."""
    channel = found.channel
    buttons: dict[str, Sequence[tuple[str, str]]] = {
        "language": [(wording.text(f"source.button.language.{each}"), each) for each in LANGUAGES],
        "picture": [(wording.text(f"channel.button.picture.{each}"), each) for each in PICTURES],
        "quiet": [(each.replace("-", "–"), each.replace(":", "")) for each in NIGHTS],
        "signature": [],
    }
    rows = [tuple(Button(label, data("set", channel, what, value)) for label, value in buttons[what])]
    if what == "quiet":
        rows.append((Button(wording.text("channel.button.quiet.none"), data("set", channel, what, "none")),))
    if what == "signature":
        rows.append((Button(wording.text("channel.button.signature.none"), data("set", channel, what, "none")),))
    if found.first and what in found.set_by:
        rows.append((Button(wording.text("channel.button.reset"), data("reset", channel, what)),))
    rows.append((Button(wording.text("source.button.back"), data("back", channel, what)),))
    value = values(channel, wording)[what]
    told = {"channel": titled(channel), "value": value, "origin": found.origin(what, wording)}
    text = wording.html(f"channel.ask.{what}", **told)
    return Page(text, tuple(row for row in rows if row))


def night(words: str) -> tuple[time, time] | None:
    """The quiet hours in an editor's words («22:00–7:00», «з 22 до 7»), None when it is none."""
    found = re.findall(r"(?<!\d)(\d{1,2})(?:[:.](\d{2}))?(?!\d)", words)
    if len(found) != 2 or any(int(hour) > 23 or int(minute or 0) > 59 for hour, minute in found):
        return None
    begins, ends = (time(int(hour), int(minute or 0)) for hour, minute in found)
    return (begins, ends) if begins != ends else None


def _scheduled(found: Found, wording: Wording) -> Markup:
    told = [schedule_words.brief(each, wording) for each in found.rubrics]
    newest = max(found.scheduled_by.values(), key=lambda each: each.at, default=None)
    value = "; ".join(told) or wording.text("channel.schedule.none")
    return wording.html("channel.field.schedule", value=value, origin=origin(newest, wording, given=found.first))


def _off(found: Found, wording: Wording) -> Page:
    channel = found.channel
    text = wording.html("channel.off", channel=titled(channel))
    rows = [(Button(wording.text("channel.button.on"), data("on", channel), style="success"),)]
    if found.queued:
        text += "\n" + wording.count("channel.off.queued", found.queued)
        rows.append((Button(wording.text("channel.button.carry"), data("carry", channel)),))
    return Page(text, (*rows, (Button(wording.text("channel.button.all"), "h:list:0:0"),)))


def _keyboard(found: Found, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    channel = found.channel

    def button(key: str, act: str, what: str = "", more: str = "") -> Button:
        return Button(wording.text(f"channel.button.{key}"), data(act, channel, what, more))

    rows = [
        (button("schedule", "times"), button("sections", "pick", "sec", "0")),
        (button("language", "ask", "language"), button("quiet", "ask", "quiet")),
        (button("signature", "ask", "signature"), button("picture", "ask", "picture")),
        (button("pins.off" if channel.pins else "pins.on", "set", "pins", "no" if channel.pins else "yes"),),
    ]
    last = [button("look", "look")]
    if not found.first:
        last.append(button("off", "off"))
    rows += [tuple(last), (Button(wording.text("approve.button.habit"), "x:eyes:0:0"),)]
    return tuple(rows) if found.alone else (*rows, (button("all", "list"),))
