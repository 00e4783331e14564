"""What an address offers as a source, shown to an editor before it becomes one; the message itself remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from markupsafe import Markup

from bot.editions.packing import shorten
from bot.intake import previews
from bot.intake.discovery import Candidate
from bot.intake.entries import absolute
from bot.intake.families import host
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Report

Kind = Literal["feed", "page", "preview"]
KINDS: Final[tuple[Kind, ...]] = ("feed", "page", "preview")
SHOWN: Final = 3
TITLE_UNITS, HEADLINE_UNITS = 100, 120
ADDRESS_LETTERS: Final = 1000  # two addresses, three headlines and words fit a message


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that may be added: what it is called, its first reports as it lists them. `site`: the address that was
    asked about; `following`: the number of the next candidate there, None when this was the last."""

    url: str
    kind: Kind
    title: str
    reports: tuple[Report, ...]
    site: str
    following: int | None = None


def address(text: str) -> str | None:
    """The address that a person's words begin with: a link with or without https://, a channel's @name; else None."""
    first = next(iter(text.split()), "")
    if channel := previews.address(first):
        return channel
    said = first if "://" in first else f"https://{first}"
    found = absolute(said, "")
    named = found is not None and ("." in host(found) or host(found) == "localhost")
    return found if found is not None and named and len(found) <= ADDRESS_LETTERS else None


def order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those worth asking, best first; a robots.txt is only a way to others."""
    return [each for each in candidates if each.kind != "robots"]


def page(offer: Offer, wording: Wording, now: datetime) -> Page:
    """What the bot found, with its headlines, for an editor to say yes or no."""
    newest = sorted(offer.reports, key=lambda each: each.published_at.timestamp() if each.published_at else 0.0)
    rows = [row(each, wording, now) for each in newest[::-1][:SHOWN]]
    head = wording.html(
        "source.offer",
        title=shorten(offer.title, TITLE_UNITS) or host(offer.url),
        kind=wording.text(f"source.kind.{offer.kind}"),
        address=offer.url,
        site=offer.site,
    )
    told = Markup("\n").join(rows) if rows else wording.html("source.headlines.none")
    add = Button(wording.text("source.button.add"), f"s:add:0:{offer.kind}", style="primary")
    other = Button(wording.text("source.button.other"), f"s:next:{offer.following or 0}",
                   disabled=offer.following is None)  # fmt: skip
    drop = Button(wording.text("source.button.cancel"), "s:drop")
    return Page(Markup("\n\n").join([head, told]), ((add,), (other, drop)))


def row(report: Report, wording: Wording, now: datetime) -> Markup:
    """A report in a line, with its time if it has one."""
    title = shorten(report.title, HEADLINE_UNITS)
    if report.published_at is None:
        return wording.html("source.headline.undated", title=title)
    return wording.html("source.headline", at=wording.moment(report.published_at, now), title=title)
