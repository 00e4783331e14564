"""Headlines as editors corrected them: what a post was corrected to is told by whatever tells its story later."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk import errata
from storage import corrections
from storage.database import Reading
from storage.model import Content, Item


async def righted(db: Reading, language: str, speaking: Mapping[int, Item]) -> Mapping[int, str]:
    """By story: the headline of the report that speaks for it, put right; nothing for those that said nothing wrong,
    or say something else by now."""
    told: dict[int, str] = {}
    for each in await corrections.amendments(db, language, {story: item.id for story, item in speaking.items()}):
        words = told.get(each.story_id, speaking[each.story_id].title)
        told[each.story_id] = errata.retold(words, each.kind, Content(each.was), Content(each.became)) or words
    return {story: words for story, words in told.items() if words != speaking[story].title}
