"""What a channel publishes and when: the list of its editions, and the page of one with everything at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from bot.desk import schedule_words
from bot.desk.channel_page import LABEL_UNITS, Found, data, sections_line, titled
from bot.desk.schedule_words import MOST_TIMES
from bot.desk.section_page import code
from bot.editions.named import rubric_words, section_of
from bot.editions.packing import shorten
from bot.editions.rubrics import HABITS, PLAIN, Rubric, kind_of, rubric, timings
from bot.editions.slots import EVERY_DAY, next_after
from bot.screen import Button, Page
from bot.wording import Wording

HALF_HOUR: Final = 30  # minutes
SIZES: Final = range(2, 13)  # lines: two are the least that is a list, twelve fill a screen
COMMON: Final = ("08:00", "12:00", "15:00", "18:00", "20:00", "22:00")
OFFERED: Final = 3  # of them at once: a row
# What a kind begins with when editors turn it on; what the environment says of it goes before.
USUAL: Final[Mapping[str, tuple[tuple[str, ...], frozenset[int]]]] = MappingProxyType(
    {
        "digest": (("09:00", "13:00", "18:00"), EVERY_DAY),
        "roundup": (("23:00",), EVERY_DAY),
        "morning": (("07:30",), EVERY_DAY),
        "weekly": (("19:00",), frozenset({7})),
        "section": (("17:00",), EVERY_DAY),
        "reads": (("11:00",), frozenset({6})),
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of one rubric: its name, how it stands (None: it is not wanted), which of its times is in hand."""

    name: str
    rubric: Rubric | None
    wall: time | None = None


def usual(name: str, given: Sequence[Rubric]) -> Rubric:
    """The rubric as it begins when it is turned on."""
    known = next((each for each in given if each.name == name), None)
    if known is not None and known.walls:
        return known
    walls, days = USUAL[kind_of(name)]
    section = frozenset({name.partition(":")[2]}) if kind_of(name) == "section" else frozenset()
    return rubric(name, [time.fromisoformat(each) for each in walls], days=days, sections=section)


def key_of(name: str) -> str:
    """The rubric in a button."""
    return name if name in PLAIN else f"s{code(name.partition(':')[2])}"


def named(key: str, found: Found) -> str | None:
    """The rubric's name by its key; None for a section that nobody knows any more."""
    if key in PLAIN:
        return key
    known = [each.name for each in found.rubrics if each.kind == "section"]
    known += [name for name in found.scheduled_by if kind_of(name) == "section"]
    return next((name for name in known if key_of(name) == key), None)


def overview(found: Found, wording: Wording, now: datetime) -> Page:
    """Every kind of edition, wanted or not, and the digests of sections."""
    standing = {each.name: each for each in found.rubrics}
    names = [*PLAIN, *(name for name in standing if name not in PLAIN)]
    lines = []
    for name in names:
        wanted = standing.get(name)
        by = found.planned_by(name, wording)
        values = {"name": rubric_words(name, wording), "origin": by}
        if wanted is None:
            lines.append(wording.html("schedule.line.off", **values))
            continue
        days = schedule_words.days(wanted.days, wording)
        lines.append(wording.html("schedule.line", times=schedule_words.times(wanted.walls), days=days, **values))
    buttons = [Button(_label(name, wording), data("rub", found.channel, key_of(name))) for name in names]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    rows.append((Button(wording.text("schedule.button.section"), data("pick", found.channel, "new", "0")),))
    rows.append((Button(wording.text("source.button.back"), data("open", found.channel)),))
    head = wording.html("schedule.title", channel=titled(found.channel))
    return Page(Markup("\n\n").join([head, Markup("\n").join(lines)]), tuple(rows))


def _label(name: str, wording: Wording) -> str:
    section = section_of(name)
    return shorten(f"🏷 {section}" if section else rubric_words(name, wording), LABEL_UNITS)


def one(found: Found, shown: Shown, wording: Wording, now: datetime) -> Page:
    """The page of one kind of edition."""
    head = wording.html(
        "schedule.one",
        name=rubric_words(shown.name, wording),
        channel=titled(found.channel),
        origin=found.planned_by(shown.name, wording),
    )
    if shown.rubric is None:
        return Page(Markup("\n\n").join([head, wording.html("schedule.off")]), _idle(found, shown, wording))
    wanted = shown.rubric
    lines = [
        wording.html("schedule.times", times=schedule_words.times(wanted.walls)),
        wording.html("schedule.days", days=schedule_words.days(wanted.days, wording)),
        wording.html("schedule.size", size=wording.count("schedule.items", wanted.size), fewest=wanted.fewest),
    ]
    if wanted.kind == "reads":
        lines.append(wording.html("schedule.sections", sections=sections_line(sorted(wanted.sections), wording)))
    following = next_after(timings([wanted]), wording.zone, now)
    if following is not None:
        lines.append(wording.html("schedule.next", at=wording.moment(following.at, now)))
    parts = [head, Markup("\n").join(lines), wording.html("schedule.how")]
    return Page(Markup("\n\n").join(parts), _keyboard(found, shown, wanted, wording))


def changed(wanted: Rubric, act: str, more: str) -> Rubric | None:
    """The rubric after a button; None when it does nothing, or would leave nothing."""
    after: Rubric | None = None
    if act == "day" and more in "1234567":
        days = wanted.days ^ {int(more)}
        after = replace(wanted, days=days) if days else None
    elif act == "size" and more in ("more", "less"):
        size = wanted.size + (1 if more == "more" else -1)
        after = replace(wanted, size=size) if size in SIZES else None
    elif act in ("later", "sooner", "add", "cut") and (wall := wall_of(more)) is not None:
        walls = _walls(wanted, act, wall)
        after = replace(wanted, walls=walls) if walls else None
    if after is None or after == wanted:
        return None
    return replace(after, fewest=min(HABITS[wanted.kind].fewest, after.size))


def moved(wall: time, act: str) -> time:
    """Half an hour later or sooner by the wall clock; the day is a circle."""
    minutes = wall.hour * 60 + wall.minute + (HALF_HOUR if act == "later" else -HALF_HOUR)
    return time(minutes // 60 % 24, minutes % 60)


def wall_of(digits: str) -> time | None:
    """The time in a button («1300»)."""
    if len(digits) != 4 or not digits.isdigit() or int(digits[:2]) > 23 or int(digits[2:]) > 59:
        return None
    return time(int(digits[:2]), int(digits[2:]))


def _walls(wanted: Rubric, act: str, wall: time) -> tuple[time, ...]:
    """The times after the act, () when it cannot be done."""
    if act == "add":
        return tuple(sorted({*wanted.walls, wall})) if len(wanted.walls) < MOST_TIMES else ()
    if wall not in wanted.walls:
        return ()
    others = [each for each in wanted.walls if each != wall]
    if act == "cut":
        return tuple(others)
    after = moved(wall, act)
    return () if after in others else tuple(sorted([*others, after]))


def _keyboard(found: Found, shown: Shown, wanted: Rubric, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    channel, key = found.channel, key_of(shown.name)
    walls = sorted(wanted.walls)
    wall = shown.wall if shown.wall in walls else walls[0]
    at = f"{wall:%H%M}"
    times = [
        Button(("✓ " if each == wall else "") + f"{each:%H:%M}", data("rub", channel, key, f"{each:%H%M}"))
        for each in walls
    ]
    rows = [tuple(times[place : place + 3]) for place in range(0, len(times), 3)]
    cut = (Button(wording.text("schedule.button.cut", time=f"{wall:%H:%M}"), data("cut", channel, key, at)),)
    rows.append(
        (
            Button(wording.text("schedule.button.sooner"), data("sooner", channel, key, at)),
            *(cut if len(walls) > 1 else ()),
            Button(wording.text("schedule.button.later"), data("later", channel, key, at)),
        )
    )
    free = [each for each in COMMON if time.fromisoformat(each) not in walls][:OFFERED]
    if len(walls) < MOST_TIMES:
        rows.append(tuple(Button(f"➕ {each}", data("add", channel, key, each.replace(":", ""))) for each in free))
    days = [
        Button(
            ("✓ " if day in wanted.days else "") + wording.text(f"schedule.day.{day}"),
            data("day", channel, key, str(day)),
        )
        for day in range(1, 8)
    ]
    rows += [tuple(days[:3]), tuple(days[3:5]), tuple(days[5:])]
    rows.append(
        (
            Button(wording.text("schedule.button.less"), data("size", channel, key, "less")),
            Button(wording.text("schedule.button.more"), data("size", channel, key, "more")),
        )
    )
    if wanted.kind == "reads":
        rows.append((Button(wording.text("channel.button.sections"), data("pick", channel, "rsec", "0")),))
    rows.append((Button(wording.text("schedule.button.off"), data("stop", channel, key)),))
    return (*rows, *_ways(found, shown, wording))


def _idle(found: Found, shown: Shown, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    on = Button(wording.text("schedule.button.on"), data("start", found.channel, key_of(shown.name)), style="success")
    return ((on,), *_ways(found, shown, wording))


def _ways(found: Found, shown: Shown, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """The ways out: to what the environment says, and back. The last one marks the message that a reply answers."""
    key, rows = key_of(shown.name), []
    if found.first and shown.name in found.scheduled_by:
        rows.append((Button(wording.text("channel.button.reset"), data("unset", found.channel, key)),))
    rows.append((Button(wording.text("source.button.back"), data("back", found.channel, "times", key)),))
    return tuple(rows)
