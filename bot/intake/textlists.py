"""The list of headlines in the plain text of a page: a time in a line, its headline in the same or the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.intake import plain, rows, stamps
from bot.intake.stamps import Stamp

FEW: Final = 3  # rows
LINES: Final = 5_000
STAMP: Final = 40  # characters of a line that is only a time or date


def read(source: str, zone: ZoneInfo, now: datetime) -> list[tuple[str, Stamp]]:
    """Headlines with what is known of their time, in the text's order; none of fewer than FEW."""
    found: list[tuple[str, Stamp]] = []
    waiting = Stamp()
    for line in source.split("\n", LINES)[:LINES]:
        said = plain.fold(line[: rows.HEADLINE + STAMP])
        if not said:
            continue
        title = rows.unclocked(said)
        if title != said and rows.is_headline(title):
            found.append((title, stamps.read([said[: len(said) - len(title)]], zone, now)))
            waiting = Stamp()
        elif waiting != Stamp() and rows.is_headline(said):
            found.append((said, waiting))
            waiting = Stamp()
        else:
            stamp = stamps.read([said], zone, now) if len(said) <= STAMP else Stamp()
            waiting = stamp if stamp.clock or stamp.at else Stamp()
    return found if len(found) >= FEW else []
