"""What the rows of a headline page are by a selector, or without: shown to an editor before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from bot.desk import source_offer
from bot.desk.source_pages import ADDRESS_UNITS, NAME_UNITS, TROUBLE_UNITS
from bot.editions.packing import shorten
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.passes import trouble_words
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Report, Source

SELECTOR_UNITS: Final = 100  # of one that finds nothing; one that may be saved stands whole


@dataclass(frozen=True, slots=True)
class Trial:
    """A source whose page was read by this selector, None: by the bot's own wits. `reports` as the page lists them;
    `trouble`: why there are none."""

    source: Source
    selector: str | None
    reports: tuple[Report, ...] = ()
    trouble: Refused | UnreadableFeed | None = None


def page(trial: Trial, wording: Wording, now: datetime) -> Page:
    """How many rows, the first headlines, and the ways on. Its first code is the address, the second the selector:
    the message itself remembers what may be saved."""
    source, selector = trial.source, trial.selector
    head = wording.html(
        "source.rows.auto" if selector is None else "source.rows.by",
        name=shorten(source.name, NAME_UNITS),
        address=shorten(source.url, ADDRESS_UNITS),
        selector=selector if trial.reports else shorten(selector or "", SELECTOR_UNITS),
        found=_found(trial, wording),
    )
    rows = [source_offer.row(each, wording, now) for each in trial.reports[: source_offer.SHOWN]]
    keeps = bool(trial.reports) and selector != source.selector
    tail = [wording.html("source.rows.keep")] if keeps else []
    ask = wording.html("source.rows.ask" if trial.reports else "source.rows.ask.none")
    parts = [head, Markup("\n").join(rows), *tail, ask]
    return Page(Markup("\n\n").join(part for part in parts if part), _keyboard(trial, wording, keeps))


def _found(trial: Trial, wording: Wording) -> str:
    """How many rows, or why there are none."""
    error = trial.trouble
    if error is None:
        return str(wording.count("source.rows.found", len(trial.reports)))
    if "selector" in error.values:
        return wording.text(f"trouble.{error.reason}", selector=shorten(trial.selector or "", SELECTOR_UNITS))
    return shorten(trouble_words(wording, error), TROUBLE_UNITS)


def _keyboard(trial: Trial, wording: Wording, keeps: bool) -> tuple[tuple[Button, ...], ...]:
    number = trial.source.id
    way = "auto" if trial.selector is None else "said"
    keep = Button(wording.text("source.button.rows.keep"), f"s:keep:{number}:{way}", style="primary")
    auto = Button(wording.text("source.button.rows.auto"), f"s:auto:{number}")
    back = Button(wording.text("source.button.cancel"), f"s:open:{number}:rows")
    return (*(((keep,),) if keeps else ()), *(((auto,),) if trial.selector is not None else ()), (back,))
