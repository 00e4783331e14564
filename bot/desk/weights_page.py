"""/weights: what was learned from the editors, in words and points, and whether it is used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot.desk.why import points
from bot.editions.packing import shorten
from bot.judgement.leanings import applied, worth
from bot.judgement.learning import ENOUGH_DAYS, ENOUGH_DECISIONS
from bot.judgement.tastes import Taste
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Channel, Lesson, Will

SHOWN, NAME_UNITS, TITLE_UNITS = 12, 60, 60  # of what rose, and of what fell: together below 4096
Act = Literal["look", "reset", "undo", "off", "on"]
ACTS: tuple[Act, ...] = ("look", "reset", "undo", "off", "on")
_DATA = re.compile(r"w:(look|reset|undo|off|on):(\d{1,9}):(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks for. `since` is that of the will it was shown with."""

    act: Act
    channel_id: int
    since: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What was read for the page: the channel, the newsroom's own taste, the last lesson (None: there was none yet),
    since when it is used (None: it is not), what editors want, and the newsroom's other channels."""

    channel: Channel
    taste: Taste
    lesson: Lesson | None
    used_since: datetime | None
    will: Will
    others: Sequence[Channel] = ()


def read(data: str) -> Ask | None:
    """What a button carries, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    return Ask(next(each for each in ACTS if each == found[1]), int(found[2]), int(found[3]))


def show(found: Learned, wording: Wording, now: datetime) -> Page:
    """The page of one channel."""
    named = shorten(found.channel.title or found.channel.chat, TITLE_UNITS)
    head = wording.html("weights.title", channel=named, moment=wording.clock(now))
    parts = [head, _state(found, wording, now), *_moved(found, wording), wording.html("weights.how")]
    return Page(Markup("\n\n").join(part for part in parts if part), _keyboard(found, wording))


def _state(found: Learned, wording: Wording, now: datetime) -> Markup:
    lesson = found.lesson
    if found.will.off:
        return wording.html("weights.off")
    if lesson is None or lesson.since is None:
        return wording.html("weights.forgotten" if found.will.before is not None else "weights.none")
    basis = wording.html(
        "weights.basis",
        decisions=lesson.decisions,
        days=lesson.days,
        since=wording.day(lesson.since, now),
    )
    if lesson.agreed is None or lesson.agreed_plain is None:
        few = wording.html("weights.few", decisions=ENOUGH_DECISIONS, days=ENOUGH_DAYS)
        return Markup("\n").join([basis, few])
    shares = {"agreed": round(100 * lesson.agreed), "plain": round(100 * lesson.agreed_plain)}
    if not lesson.used:
        return Markup("\n").join([basis, wording.html("weights.unused", **shares)])
    since = wording.day(found.used_since or lesson.at, now)
    return Markup("\n").join([basis, wording.html("weights.used", since=since, **shares)])


def _moved(found: Learned, wording: Wording) -> list[Markup]:
    """What weighs more than the newsroom's file says, then what weighs less, the most moved first."""
    lesson = found.lesson
    if found.will.off or lesson is None or not lesson.used:
        return []
    after = applied(found.taste, lesson.leanings)
    moved = [(worth(name, after) - worth(name, found.taste), name) for name in lesson.leanings]
    parts = []
    for key, names in (
        ("weights.rose", sorted((-by, name) for by, name in moved if by > 0)),
        ("weights.fell", sorted((by, name) for by, name in moved if by < 0)),
    ):
        lines = [
            wording.html(
                "weights.line",
                what=_what(name, wording),
                was=points(worth(name, found.taste), wording),
                became=points(worth(name, after), wording),
            )
            for _, name in names[:SHOWN]
        ]
        if lines:
            parts.append(Markup("\n").join([wording.html(key), *lines]))
    return parts


def _what(name: str, wording: Wording) -> str:
    kind, _, named = name.partition(":")
    named = shorten(named, NAME_UNITS)
    if kind == "section":
        return wording.text("reason.section", section=named)
    return wording.text("reason.words", words=named) if kind == "words" else wording.text(f"weights.signal.{named}")


def _keyboard(found: Learned, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    will = found.will

    def button(act: Act, channel: Channel = found.channel, since: int = int(will.since.timestamp())) -> Button:
        return Button(wording.text(f"weights.button.{act}"), f"w:{act}:{channel.id}:{since}")

    forget = [button("undo")] if will.before is not None else [button("reset")] if found.lesson is not None else []
    others = tuple(
        Button(shorten(each.title or each.chat, TITLE_UNITS // 2), f"w:look:{each.id}:0") for each in found.others
    )
    rows = ((*forget, button("on" if will.off else "off")), (button("look"),), *((each,) for each in others))
    return tuple(row for row in rows if row)
