"""A post's content without some of its words; what is formatted further down moves along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.editions.packing import units
from bot.judgement.clearing import Cut, without
from storage.model import Content


def cut(content: Content, cuts: Sequence[Cut]) -> Content:
    """The content after these cuts, which stand in order."""
    moved = []
    for each in content.entities:
        start = _after(content.text, cuts, int(each["offset"]), end=False)
        end = _after(content.text, cuts, int(each["offset"]) + int(each["length"]), end=True)
        if end > start:
            moved.append({**each, "offset": start, "length": end - start})
    return replace(content, text=without(content.text, cuts), entities=tuple(moved))


def _after(text: str, cuts: Sequence[Cut], offset: int, *, end: bool) -> int:
    """Where this place (in UTF-16 units) is after the cuts; within one of them it is the beginning or the end of what
    stands there instead."""
    shift = 0
    for at, instead in cuts:
        first, last = units(text[: at.start]), units(text[: at.stop])
        if offset >= last:
            shift += units(instead) - (last - first)
        elif offset > first:
            return first + shift + (units(instead) if end else 0)
    return offset + shift
