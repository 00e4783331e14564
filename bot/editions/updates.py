"""«Оновлено» in words (screens, C5): what a story says now, and what the channel told of it, and when."""

from __future__ import annotations

from bot.editions.packing import shorten
from bot.judgement.changes import Change, Growth
from bot.wording import Wording
from storage.model import Told

HEADLINE_UNITS = 300  # as in a line


def change_words(told: Told, change: Change, at: str, wording: Wording) -> str:
    """«Оновлено: уже двоє загиблих; о 16:10 повідомляли про одного»; `at` is when the channel told it, in words."""
    counts = change.growth or change.lowered
    if not counts:
        return wording.text("update.headline", at=at, was=shorten(told.headline, HEADLINE_UNITS))
    became = ", ".join(
        wording.count(f"update.now.{each.which}", each.became, spoken=_spoken(each.became, wording)) for each in counts
    )
    was = _was([each for each in counts if each.was], alone=len(counts) == 1, wording=wording)
    if not change.growth:
        return wording.text("update.toll.lowered", now=became, was=was, at=at)
    if was:
        return wording.text("update.toll", now=became, was=was, at=at)
    key = f"update.toll.first.{counts[0].which}" if told.state.toll else "update.toll.first"
    return wording.text(key, now=became, at=at)


def _was(counts: list[Growth], *, alone: bool, wording: Wording) -> str:
    """«про одного» when only one kind of people is counted, else «про одного загиблого, про трьох поранених»."""
    said = [(each, _about(each.was, wording)) for each in counts]
    if alone:
        return "".join(spoken for _, spoken in said)
    return ", ".join(wording.count(f"update.was.{each.which}", each.was, spoken=spoken) for each, spoken in said)


def _spoken(number: int, wording: Wording) -> str:
    words = wording.text("update.numbers.now").split("|")
    return words[number - 1] if number <= len(words) else str(number)


def _about(number: int, wording: Wording) -> str:
    words = wording.text("update.numbers.was").split("|")
    return words[number - 1] if number <= len(words) else wording.text("update.about", number=number)
