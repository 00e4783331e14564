"""The ledger as editors read it in their chat: one message of the newest entries, turned in place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from bot.delivery import ledger
from bot.delivery.ledger import Told
from bot.editions.packing import shorten
from bot.newsroom import Newsroom
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Entry

SIZE = 8  # entries of a page
COUNTED = 20_000  # entries that the head sums up, the newest: to count 200,000 costs 200 ms
# Eight entries of these and a moment of 30 units, and a head of two times six counts, stay below 4096.
CAUSE_UNITS, CHAT_UNITS, HEADLINE_UNITS, OUTCOME_UNITS, EDITS_UNITS = 60, 40, 70, 150, 80
Kind = Literal["own", "troubles", "all"]
KINDS: tuple[Kind, ...] = ("own", "troubles", "all")
_DATA = re.compile(r"o:(own|troubles|all)(?::(before|after):(\d{1,18}))?")


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows: entries of this kind before or after an id, the newest when neither is given."""

    kind: Kind = "own"
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was read for a page: entries newest first, whether there are older and newer ones, and how many of the
    newest entries are in each state, the newsroom's own and those to readers."""

    view: View
    entries: Sequence[Entry]
    older: bool
    newer: bool
    own: Mapping[str, int]
    readers: Mapping[str, int]


def read(data: str) -> View | None:
    """The view that a button carries, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    kind = next(each for each in KINDS if each == found[1])
    edge = int(found[3]) if found[3] else None
    return View(kind, edge if found[2] == "before" else None, edge if found[2] == "after" else None)


def show(found: Ledger, wording: Wording, newsroom: Newsroom, now: datetime) -> Page:
    """The page, newest first."""
    head = [wording.html(f"log.title.{found.view.kind}", moment=wording.clock(now))]
    for key, counts in (("own", found.own), ("readers", found.readers)):
        if said := ledger.counted(counts, wording):
            head.append(wording.html(f"log.counts.{key}", counts=said))
    if sum(found.own.values()) + sum(found.readers.values()) >= COUNTED:
        head.append(wording.html("log.counts.cut", number=COUNTED))
    told = [_entry(entry, ledger.tell(entry, wording, newsroom, now), wording, now) for entry in found.entries]
    body = told or [wording.html(f"log.empty.{found.view.kind}")]
    return Page(Markup("\n\n").join([Markup("\n").join(head), *body]), _keyboard(found, wording))


def _entry(entry: Entry, told: Told, wording: Wording, now: datetime) -> Markup:
    cause, headline = shorten(told.cause, CAUSE_UNITS), shorten(told.headline, HEADLINE_UNITS)
    if told.chat:
        cause = wording.text("log.where", cause=cause, chat=shorten(told.chat, CHAT_UNITS))
    at = wording.moment(entry.created_at, now)
    lines = [
        wording.html("log.entry", mark=told.mark, at=at, cause=cause if headline else _linked(cause, told.url)),
        _linked(headline, told.url),
        Markup("{}").format(shorten(told.outcome, OUTCOME_UNITS)),
        Markup("{}").format(shorten(told.edits, EDITS_UNITS)),
    ]
    return Markup("\n").join(line for line in lines if line)


def _linked(words: str, url: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, words) if url and words else Markup("{}").format(words)


def _keyboard(found: Ledger, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    kind = found.view.kind
    older = f"o:{kind}:before:{found.entries[-1].id}" if found.entries else ""
    newer = f"o:{kind}:after:{found.entries[0].id}" if found.entries else ""
    turn = (
        Button(wording.text("log.button.older"), older, disabled=not found.older),
        Button(wording.text("log.button.newer"), newer, disabled=not found.newer),
    )
    others = tuple(Button(wording.text(f"log.button.{each}"), f"o:{each}") for each in KINDS if each != kind)
    return turn, (Button(wording.text("log.button.refresh"), f"o:{kind}"),), others
