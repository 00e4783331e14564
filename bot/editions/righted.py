"""Reports as editors corrected them: what a post was corrected to is told by whatever shows its story later, to the
channel and to each reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.desk import errata
from bot.desk.content import headline
from storage import amendments
from storage.database import Reading
from storage.editorial import Amendment
from storage.model import Content, Item


async def righted(db: Reading, items: Sequence[Item]) -> list[Item]:
    """The same reports in their order, put right where a post about them or about their story was corrected. A report
    that says something else by now, or never said what was wrong, stays as it is."""
    after = {item.id: item for item in items}
    for each in await amendments.of_reports(db, list(after)):
        after[each.item_id] = _mended(after[each.item_id], each)
    return [after[item.id] for item in items]


def _mended(item: Item, each: Amendment) -> Item:
    was, became = Content(each.was), Content(each.became)
    if not each.earlier and item.title != headline(was):
        return item  # whoever says it otherwise after the correction has heard of something else
    title = errata.retold(item.title, each.kind, was, became) or item.title
    return replace(item, title=title, lead=errata.releaded(item.lead, each.kind, was, became))
