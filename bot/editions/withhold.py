"""Keeps out of automatic editions what an editor has not answered for yet, and the places of strikes until they may be
told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.editions.choosing import Bar, Choice
from bot.editions.program import Program
from bot.judgement.flags import found
from storage import flags as answers
from storage.database import Reading


async def withheld(
    db: Reading, program: Program, candidates: Sequence[Choice], until_at: datetime
) -> Mapping[int, Bar]:
    """By story: why its headline does not go out by itself at `until_at`; nothing for those that may."""
    barred = {}
    for choice in candidates:
        flags = found(choice.headline, program.caution)
        if not flags:
            continue
        held = {each.key for each in await answers.held(db, [flag.sentence for flag in flags])}
        unanswered = tuple(flag for flag in flags if flag.key not in held)
        waits = None
        if program.strike_delay and any(flag.kind == "strike" for flag in flags):
            first_at = min(item.published_at for item in choice.ranked.story.items)
            waits = first_at + program.strike_delay if until_at < first_at + program.strike_delay else None
        if unanswered or waits is not None:
            barred[choice.ranked.story.id] = Bar(unanswered, waits)
    return barred
