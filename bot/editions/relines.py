"""Relines: a message of an edition with some lines changed or gone. What stays is as it was, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.editions.packing import GAP, RAW_LIMIT_BYTES, shorten, units, visible
from bot.editions.press import HEADLINE_UNITS

_BREAKS_BEFORE, _BREAKS_AFTER = re.compile(r"\n*$"), re.compile(r"^\n*")


@dataclass(frozen=True, slots=True)
class Change:
    """The text of a line and what it becomes, None when it goes."""

    was: str
    became: str | None


def message(text: str, lines: Sequence[str], changes: Sequence[Change]) -> str:
    """The message with these of its lines changed. One that does not hold a line as it was printed, because somebody
    edited it, is made of what is left of the lines alone."""
    for change in changes:
        if text.count(change.was) != 1:
            fates = {each.was: each.became for each in changes}
            left = [fates.get(line, line) for line in lines]
            return GAP.join(Markup(line) for line in left if line is not None)  # noqa: S704 - our own lines
        text = _without(text, change.was) if change.became is None else text.replace(change.was, change.became)
    return text


def retitled(text: str, was: str, became: str) -> str:
    """The message with another title of its edition in it."""
    return text.replace(str(escape(was)), str(escape(became)), 1) if was else text


def reworded(line: str, mark: str, was: str, became: str, new_mark: str) -> str:
    """The line with another headline; a `mark` that stands at its end gives way to the new one."""
    body = line[: len(line) - len(mark)] if mark and line.endswith(mark) else line
    old, new = (str(escape(shorten(each, HEADLINE_UNITS))) for each in (was, became))
    return (body.replace(old, new, 1) if old in body else new) + new_mark


def fits(text: str, limit: int) -> bool:
    """Whether Telegram takes the message."""
    return units(visible(Markup(text))) <= limit and len(text.encode()) <= RAW_LIMIT_BYTES  # noqa: S704 - measured


def _without(text: str, line: str) -> str:
    """The text without the line and the shorter of the two gaps around it: the longer one keeps head and tail apart."""
    head, _, tail = text.partition(line)
    before, after = _BREAKS_BEFORE.search(head), _BREAKS_AFTER.search(tail)
    assert before is not None and after is not None  # both match nothing at least
    if not tail[after.end() :]:
        return head[: before.start()]
    if len(before[0]) < len(after[0]) and head[: before.start()]:
        return head[: before.start()] + tail
    return head + tail[after.end() :]
