"""Amends: which words of a text were changed, for an editor to check and for whatever else said the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

AROUND: Final = 3  # words on each side: enough to find the place, few enough to read on a phone
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+[»”\")]*(?=\s|$)|$)", re.MULTILINE)
_EDGE = '«»„“”"()[].,;:!?…'


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that took the place of others, between words that stayed. Either may be ''."""

    before: str
    was: str
    became: str
    after: str


def differences(was: str, became: str) -> tuple[Difference, ...]:
    """What was changed, in order; none when only spaces and line breaks differ."""
    old, new = _WORD.findall(was), _WORD.findall(became)
    rows = [row for row, line in enumerate(was.splitlines()) for _ in _WORD.findall(line)]  # of each old word
    found = []
    for first, last, start, end in _changed(old, new):
        here = rows[first:last]  # none where words were only added
        before = [place for place in range(max(first - AROUND, 0), first) if not here or rows[place] == here[0]]
        after = [place for place in range(last, min(last + AROUND, len(old))) if not here or rows[place] == here[-1]]
        around = [" ".join(old[place] for place in places) for places in (before, after)]
        found.append(Difference(around[0], " ".join(old[first:last]), " ".join(new[start:end]), around[1]))
    return tuple(found)


def patched(text: str, was: str, became: str) -> str | None:
    """The text with the same words changed as from `was` to `became`; None when it does not hold each of them once."""
    changed = False
    for each in differences(was, became):
        old, new = each.was.strip(_EDGE), each.became.strip(_EDGE)
        if old == new:
            continue
        found = re.findall(_whole(old), text) if old and new else []
        if len(found) != 1:
            return None
        text, changed = re.sub(_whole(old), lambda _, new=new: new, text), True  # type: ignore[misc]
    return text if changed else None


def holds(text: str, was: str, became: str) -> bool:
    """Whether the text says all the words that gave way to others, or to none."""
    gone = [old for each in differences(was, became) if (old := each.was.strip(_EDGE))]
    return bool(gone) and all(re.search(_whole(old), text) for old in gone)


def telling(was: str, became: str) -> tuple[str, str]:
    """The first sentences that differ; '' where one has no counterpart."""
    old, new = _sentences(was), _sentences(became)
    for first, last, start, end in _changed(old, new):
        return " ".join(old[first:last]), " ".join(new[start:end])
    return "", ""


def _sentences(text: str) -> list[str]:
    return [" ".join(each.split()) for each in _SENTENCE.findall(text) if each.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first, last, start, end


def _whole(words: str) -> str:
    return rf"(?<!\w){re.escape(words)}(?!\w)"
