"""The sources in lines for a terminal, and as the list that other readers exchange."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.desk import source_pages
from bot.desk.source_pages import UNPOLLED, Known
from bot.editions.packing import visible
from bot.intake.opml import Outline
from bot.wording import Wording

INDENT = "   "


def rows(known: Sequence[Known], wording: Wording, now: datetime) -> list[str]:
    """Two lines for each: how it fares, then its address; a third says what is wrong."""
    told = []
    for one, line in zip(known, source_pages.lines(known, wording, now), strict=True):
        told += [visible(line), INDENT + one.source.url]
        if source_pages.health(one.source) == "trouble":
            told.append(INDENT + source_pages.trouble(one.source, wording))
    return told


def outlines(known: Sequence[Known]) -> list[Outline]:
    """Those that have an address to read, also the paused ones, each in the folder of its section."""
    polled = [one.source for one in known if one.source.kind not in UNPOLLED]
    return [Outline(source.name, source.url, section=source.section or "") for source in polled]
