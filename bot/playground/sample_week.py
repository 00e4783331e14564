"""The sample week of the demo: the sample day, and what the same newspapers show on the six days after it."""

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from bot.playground import sample_day
from bot.playground.sample_day import Item, Source, Version, instant

END = "2024-11-26 23:30"


@cache
def sources() -> tuple[Source, ...]:
    """The four newspapers with all seven days, the newsroom's own first."""
    days = tomllib.loads((files(__package__) / "day" / "week.toml").read_text("utf-8"))["day"]
    rows = [(day["date"], *row) for day in days for row in day["items"]]
    return tuple(
        replace(source, items=(*source.items, *_later(source, [row for row in rows if row[2] == source.name])))
        for source in sample_day.sources()
    )


def address(source: Source, title: str) -> str:
    """The path of the item that began with this headline. Raises StopIteration when there is none."""
    item = next(each for each in source.items if each.versions[0].title == title)
    return next(each.path for each in sample_day.entries(source, item.appears_at) if each.id == item.id)


def _later(source: Source, rows: list[tuple[Any, ...]]) -> list[Item]:
    last = max(int(item.id) for item in source.items)
    return [_item(str(last + number), *row) for number, row in enumerate(rows, 1)]


def _item(
    number: str, date: str, wall: str, _: str, section: str, title: str, lead: str, *edits: tuple[str, str]
) -> Item:
    at = instant(f"{date} {wall}")
    words = ((wall, title), *edits)
    return Item(
        id=number,
        published_at=at,
        versions=tuple(Version(instant(f"{date} {edited}"), other, number, lead) for edited, other in words),
        sections=(section,),
        tags=frozenset(),
        story=None,
        photo=None,
        leaves_at=None,
        returns_at=None,
        withdrawn_at=None,
    )
