"""The sources as editors see them: the list with everyone's health, and the page of one with its buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from babel.numbers import format_decimal
from markupsafe import Markup

from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import LANGUAGES, Wording
from storage.model import Headline, Source, Traffic

SIZE: Final = 8  # sources of a page
HEADLINES: Final = 3
# Eight lines of these, and a source's own page, stay far below 4096 units.
NAME_UNITS, ADDRESS_UNITS, HEADLINE_UNITS, TROUBLE_UNITS = 60, 1000, 120, 300
WEIGHTS: Final = (0.5, 1.0, 1.5, 2.0)
UNPOLLED: Final = frozenset({"push", "desk", "channel"})  # they tell by themselves; there is no address to read
_OF_THE_READ: Final = frozenset({"pause", "wake", "address", "zone", "remove"})  # acts on one that is read
Field = Literal["name", "address", "section", "zone", "rows"]
FIELDS: Final[tuple[Field, ...]] = ("name", "address", "section", "zone", "rows")
_DATA = re.compile(r"s:([a-z]{2,8})(?::(\d{1,12}))?(?::([a-z0-9]{1,12}))?")
_MARKS: Final = {"well": "✅", "empty": "✅", "pushed": "✅", "paused": "⏸", "trouble": "⚠️", "silent": "⚠️", "new": "⏳"}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks for: an act, a number (the source's id, a page), and what more it carries, '' for nothing."""

    act: str
    number: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A source with what its page shows of it, headlines newest first."""

    source: Source
    traffic: Traffic
    headlines: Sequence[Headline] = ()


def read(data: str) -> Ask | None:
    """What a button carries, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    return Ask(found[1], int(found[2] or 0), found[3] or "") if found else None


def wanted(ask: Ask) -> tuple[str, str] | None:
    """What a button does to a source, and the value it gives; None when it does nothing."""
    if ask.act in ("pause", "wake"):
        return ask.act, ""
    if ask.act == "weigh" and ask.more in {str(round(each * 10)) for each in WEIGHTS}:
        return ask.act, str(int(ask.more) / 10)
    if ask.act == "speak" and ask.more in (*LANGUAGES, "own"):
        return ask.act, "" if ask.more == "own" else ask.more
    return ("remove", "") if ask.act == "gone" else None


def fits(source: Source, act: str) -> bool:
    """Whether this can be done with the source: what comes by itself cannot be stopped, nor asked elsewhere."""
    return source.kind not in UNPOLLED or act not in _OF_THE_READ


def health(source: Source) -> str:
    """How it fares, in a word: pushed, paused, trouble, new (never read), silent, well, empty (nothing new so far)."""
    if source.kind in UNPOLLED:
        return "pushed"
    if source.state == "paused":
        return "paused"
    if source.trouble is not None:
        return "trouble"
    if source.first_contact_at is None:
        return "new"
    if source.alarm is not None:
        return "silent"
    return "well" if source.fresh_at else "empty"


def trouble(source: Source, wording: Wording) -> str:
    """Why it could not be read, in a sentence."""
    try:
        said = json.loads(source.trouble or "")
        words = wording.text(f"trouble.{said['reason']}", **said["values"])
    except (ValueError, LookupError, TypeError, AttributeError):
        words = wording.text("source.trouble.unknown")  # an older version of the bot knew another word
    return shorten(words, TROUBLE_UNITS)


def lines(known: Sequence[Known], wording: Wording, now: datetime, first: int = 1) -> list[Markup]:
    """A line for each: its mark, number from `first`, name, how it fares and how much it brings."""
    return [
        wording.html(
            "source.line",
            mark=_MARKS[health(one.source)],
            number=number,
            name=shorten(one.source.name, NAME_UNITS),
            health=_health(one.source, wording, now, "short"),
            often=wording.count("source.often", one.traffic.week),
        )
        for number, one in enumerate(known, first)
    ]


def overview(known: Sequence[Known], page: int, wording: Wording, now: datetime) -> Page:
    """The page, from 0, of all sources; the nearest one when there is no such page any more."""
    page = max(0, min(page, (len(known) - 1) // SIZE))
    first, here = page * SIZE + 1, known[page * SIZE : (page + 1) * SIZE]
    head = wording.html("source.title", moment=wording.clock(now), count=len(known))
    body = lines(here, wording, now, first) or [wording.html("source.none")]
    numbers = [Button(str(number), f"s:open:{one.source.id}") for number, one in enumerate(here, first)]
    turn = (
        Button(wording.text("source.button.before"), f"s:list:{max(0, page - 1)}", disabled=page == 0),
        Button(wording.text("source.button.after"), f"s:list:{page + 1}", disabled=first + SIZE > len(known)),
    )
    rows = [tuple(numbers[:4]), tuple(numbers[4:]), turn if len(known) > SIZE else ()]
    refresh = (Button(wording.text("source.button.refresh"), f"s:list:{page}"),)
    text = Markup("\n\n").join([head, Markup("\n").join(body), wording.html("source.how")])
    return Page(text, (*(row for row in rows if row), refresh))


def one(known: Known, wording: Wording, now: datetime, asking: str = "", note: Markup | str = "") -> Page:
    """The source's own page. `asking`: what its buttons ask about instead of the usual ones: a field that is given by
    a reply, weight, language or remove. `note` (escaped text) stands above."""
    source = known.source
    rows = [wording.html("source.headline", at=wording.moment(each.published_at, now), title=_linked(each))
            for each in known.headlines]  # fmt: skip
    about = wording.html(
        "source.about",
        mark=_MARKS[health(source)],
        name=shorten(source.name, NAME_UNITS),
        address=shorten(source.url, ADDRESS_UNITS),
        kind=wording.text(f"source.kind.{source.kind}"),
        weight=number(source.weight, wording),
        language=_language(source.language, wording),
        section=shorten(source.section or "", NAME_UNITS) or wording.text("source.section.none"),
    )
    if fits(source, "zone"):
        zone = wording.html("source.about.zone", zone=source.timezone or wording.text("source.zone.none"))
        about = Markup("\n").join([about, zone])
    fares = wording.html("source.fares", health=_health(source, wording, now, "health"),
                         often=wording.count("source.often", known.traffic.week))  # fmt: skip
    told = Markup("\n").join(rows) if rows else wording.html("source.headlines.none")
    ask = wording.html(f"source.ask.{asking}") if asking else Markup()
    parts = [Markup("{}").format(note), about, fares, told, ask]
    return Page(Markup("\n\n").join(part for part in parts if part), _keyboard(source, wording, asking))


def number(weight: float, wording: Wording) -> str:
    """The weight as its language writes it: «1,5»."""
    return str(format_decimal(weight, locale=wording.language))


def _health(source: Source, wording: Wording, now: datetime, key: Literal["short", "health"]) -> str:
    how = health(source)
    since, fresh = source.trouble_at or now, source.fresh_at or now
    told: Mapping[str, Mapping[str, object]] = {
        "trouble": {
            "since": wording.moment(since, now),
            "trouble": trouble(source, wording),
            "number": source.failures,
        },
        "silent": {"since": wording.moment(source.alarm_at or now, now)},
        "well": {"fresh": wording.moment(fresh, now)},
    }
    return wording.text(f"source.{key}.{how}", **told.get(how, {}))


def _language(language: str | None, wording: Wording) -> str:
    return wording.text(f"source.language.{language if language in LANGUAGES else 'own'}")


def _linked(headline: Headline) -> Markup:
    words = shorten(headline.title, HEADLINE_UNITS)
    return Markup('<a href="{}">{}</a>').format(headline.url, words) if headline.url else Markup("{}").format(words)


def _keyboard(source: Source, wording: Wording, asking: str) -> tuple[tuple[Button, ...], ...]:
    def button(key: str, data: str, style: Literal["", "primary", "danger"] = "") -> Button:
        return Button(wording.text(f"source.button.{key}"), data, style=style)

    back = button("cancel", f"s:open:{source.id}:{asking}" if asking in FIELDS else f"s:open:{source.id}")
    if asking == "weight":
        choice = tuple(Button(number(each, wording), f"s:weigh:{source.id}:{round(each * 10)}") for each in WEIGHTS)
        return choice, (back,)
    if asking == "language":
        languages = tuple(button(f"language.{each}", f"s:speak:{source.id}:{each}") for each in LANGUAGES)
        return languages, (button("language.own", f"s:speak:{source.id}:own"),), (back,)
    if asking == "remove":
        return (button("remove.sure", f"s:gone:{source.id}", "danger"),), (back,)
    if asking:
        return ((back,),)
    rest = (button("weight", f"s:weight:{source.id}"), button("language", f"s:tongue:{source.id}"))
    named = (button("name", f"s:name:{source.id}"), button("section", f"s:section:{source.id}"))
    way = (button("refresh", f"s:open:{source.id}"), button("back", "s:list:0"))
    if source.kind in UNPOLLED:
        return named, rest, way
    turned = (
        button("wake", f"s:wake:{source.id}") if source.state == "paused" else button("pause", f"s:pause:{source.id}")
    )
    asked = (button("address", f"s:address:{source.id}"), button("zone", f"s:zone:{source.id}"))
    where = (button("rows", f"s:rows:{source.id}"),) if source.kind == "page" else ()
    return (turned, *where), named, rest, asked, (button("remove", f"s:remove:{source.id}"),), way
