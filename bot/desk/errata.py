"""Errata: the new words of a post that went out, and the line above them that says what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk.content import headline
from bot.desk.notices import when
from bot.editions.packing import shorten, units
from bot.editions.updates import change_words
from bot.judgement.amends import holds, patched, telling, touches
from bot.judgement.changes import change
from bot.judgement.toll import toll_of
from bot.wording import Wording
from storage.model import Content, State, Told

QUOTE_UNITS = 200  # of what was said before
GAP = "\n\n"


def reworded(before: Content, text: str, entities: Sequence[Mapping[str, Any]]) -> Content:
    """The post with these words. The link and the bold of its headline stay on the new one when the editor, who wrote
    without formatting, gave none."""
    kept = tuple(entities)
    if not kept:
        old, new = units(headline(before)), units(headline(Content(text)))
        kept = tuple(
            dict(each) | {"length": new} for each in before.entities if (each["offset"], each["length"]) == (0, old)
        )
    return replace(before, text=text, entities=kept)


def headed(content: Content, line: str) -> Content:
    """The post with this line above it; what is formatted moves along."""
    if not line:
        return content
    by = units(line + GAP)
    moved = tuple(dict(each) | {"offset": each["offset"] + by} for each in content.entities)
    return replace(content, text=f"{line}{GAP}{content.text}", entities=moved)


def bare(content: Content, line: str) -> Content:
    """The post without the line that an earlier correction put above it."""
    if not line or not content.text.startswith(line + GAP):
        return content
    by = units(line + GAP)
    moved = tuple(dict(each) | {"offset": each["offset"] - by} for each in content.entities if each["offset"] >= by)
    return replace(content, text=content.text[len(line + GAP) :], entities=moved)


def line(kind: str, was: Content, became: Content, told_at: datetime, wording: Wording, now: datetime) -> str:
    """«Оновлено о 17:05: уже двоє загиблих; о 16:10 повідомляли про одного», «Виправлено о 17:05 …»; '' for a typo, and
    where the editor's own first words say it."""
    if kind == "typo" or headline(became).startswith(wording.text(f"correct.own.{kind}")):
        return ""
    at, before = when(now, wording, told_at), when(told_at, wording, now)
    told = telling(was.text, became.text)[0] or headline(was)
    if kind == "error":
        return wording.text("correct.line.error", at=at, was=shorten(told, QUOTE_UNITS))
    one, other = _state(was, 1, told_at), _state(became, 2, now)
    changed = change(one, other)
    if changed is not None and changed.growth:
        words = change_words(Told(one, "post", told_at, headline(was)), changed, before, wording)
        return wording.text("correct.line.toll", at=at, what=words.partition(": ")[2])
    return wording.text("correct.line.data", at=at, before=before, was=shorten(told, QUOTE_UNITS))


def retold(told: str, kind: str, was: Content, became: Content) -> str | None:
    """What a line or a headline says after the correction; None when it never said what was corrected, as one that
    tells another state of the story."""
    old, new = headline(was), headline(became)
    if told == old:
        return new
    words = patched(told, was.text, became.text) or patched(told, old, new)
    if words is None and kind != "typo" and holds(told, old, new):
        return new
    return words


def releaded(lead: str, kind: str, was: Content, became: Content) -> str:
    """What a lead says after the correction; '' when it says what was wrong and cannot be mended word for word."""
    for old, new in ((was.text, became.text), (_below(was), _below(became)), (headline(was), headline(became))):
        if (words := patched(lead, old, new)) is not None:
            return words
    return "" if kind != "typo" and touches(lead, was.text, became.text) else lead


def _below(content: Content) -> str:
    """What stands under the headline."""
    return content.text.strip().partition("\n")[2].strip()


def _state(content: Content, version: int, at: datetime) -> State:
    title = headline(content)
    return State(0, version, 0, version, title, toll_of(title, content.text.partition("\n")[2]), at)
