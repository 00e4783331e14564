"""In what order a reader sees what a search found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from storage.model import Item

TITLE_LEAD = timedelta(days=3)  # people look for news: a headline about it beats a mention until it is this much older


def ordered(items: Iterable[Item], in_title: Collection[int], languages: tuple[str, str]) -> list[Item]:
    """News that stands, one item a story (in the first language that there is), best first.

    Best is newest, but an item whose headline has the words counts as newer by TITLE_LEAD.
    """

    def worth(item: Item) -> tuple[datetime, int]:
        return item.published_at + (TITLE_LEAD if item.id in in_title else timedelta()), item.id

    def voice(item: Item) -> tuple[bool, bool, datetime, int]:
        return item.language == languages[0], item.language == languages[1], *worth(item)

    stories: dict[int, Item] = {}
    for item in items:
        if item.kind == "news" and not item.withdrawn:
            story = item.story_id or -item.id  # an item without a story is one of its own
            if story not in stories or voice(item) > voice(stories[story]):
                stories[story] = item
    return sorted(stories.values(), key=worth, reverse=True)


def query(text: str) -> str:
    """A reader's words in one line, without what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
