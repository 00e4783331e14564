"""When an edition goes out, in words."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import time
from typing import Final

from bot.editions.named import rubric_words
from bot.editions.rubrics import Rubric
from bot.editions.slots import EVERY_DAY
from bot.wording import Wording

WORKDAYS: Final = frozenset({1, 2, 3, 4, 5})
WEEKEND: Final = frozenset({6, 7})
MOST_TIMES: Final = 12  # a day of editions every two hours
_TIMES = re.compile(r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?")
_BETWEEN = re.compile(r"[\s,;]+(?:і|та|и|and)?[\s]*")


def brief(rubric: Rubric, wording: Wording) -> str:
    """«Дайджест 09:00, 13:00 (пн–пт)»."""
    named = f"{rubric_words(rubric.name, wording)} {times(rubric.walls)}"
    return named if rubric.days == EVERY_DAY else f"{named} ({days(rubric.days, wording)})"


def times(walls: Collection[time]) -> str:
    """«09:00, 13:00»."""
    return ", ".join(f"{wall:%H:%M}" for wall in sorted(walls))


def days(wanted: Collection[int], wording: Wording) -> str:
    """«щодня», «у будні», «пн, ср, сб»."""
    key = {EVERY_DAY: "schedule.days.every", WORKDAYS: "schedule.days.work", WEEKEND: "schedule.days.weekend"}
    if (known := key.get(frozenset(wanted))) is not None:
        return wording.text(known)
    return ", ".join(wording.text(f"schedule.day.{each}") for each in sorted(wanted))


def read(words: str) -> tuple[time, ...] | None:
    """The times in an editor's words («9:00, 13 і 18.30»), earliest first; None when there is anything else in them."""
    said = [each for each in _BETWEEN.split(words.strip().casefold()) if each]
    if not said or not all(_TIMES.fullmatch(each) for each in said):
        return None
    walls = {
        time(int(hour), int(minute or 0)) for hour, _, minute in (re.split("([:.])", f"{each}:0")[:3] for each in said)
    }
    return tuple(sorted(walls)) if len(walls) <= MOST_TIMES else None
