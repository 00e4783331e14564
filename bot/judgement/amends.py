"""Amends: which words of a text were changed, for an editor to check and for whatever else said the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from bot.judgement.numerals import number
from bot.judgement.words import fold

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
    found: list[Difference] = []
    changes = list(_changed(old, new))
    floors = [0, *(last for _, last, _, _ in changes)]  # what stands around a change is of words that stay
    ceilings = [*(first for first, _, _, _ in changes[1:]), len(old)]
    for (first, last, start, end), floor, ceiling in zip(changes, floors, ceilings, strict=False):
        here = rows[first:last]  # none where words were only added
        before = [place for place in range(max(first - AROUND, floor), first) if not here or rows[place] == here[0]]
        after = [place for place in range(last, min(last + AROUND, ceiling)) if not here or rows[place] == here[-1]]
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
        found = _spans(text, each) if old and new else []
        if len(found) != 1:
            return None
        [(start, end)] = found
        text, changed = f"{text[:start]}{new}{text[end:]}", True
    return text if changed else None


def holds(text: str, was: str, became: str) -> bool:
    """Whether the text says all the words that gave way to others, or to none."""
    gone = _gone(was, became)
    return bool(gone) and all(_spans(text, each) for each in gone)


def touches(text: str, was: str, became: str) -> bool:
    """Whether the text says any of the words that gave way."""
    return any(_spans(text, each) for each in _gone(was, became))


def telling(was: str, became: str) -> tuple[str, str]:
    """The first sentences that differ; '' where one has no counterpart."""
    old, new = _sentences(was), _sentences(became)
    for first, last, start, end in _changed(old, new):
        return _joined(old[first:last]), _joined(new[start:end])
    return "", ""


def _joined(sentences: Sequence[str]) -> str:
    """The sentences in one line; a headline that ends without a stop gets one before the next sentence."""
    stopped = [each if each.rstrip('»”")')[-1:] in (*".!?…",) else f"{each}." for each in sentences[:-1]]
    return " ".join([*stopped, *sentences[-1:]])


def _gone(was: str, became: str) -> list[Difference]:
    return [each for each in differences(was, became) if each.was.strip(_EDGE)]


def _spans(text: str, each: Difference) -> list[tuple[int, int]]:
    """Where the text says the words that gave way. A number alone is meant only before the word that it stood before:
    the 2 that were killed are not the 2 that were wounded."""
    old = each.was.strip(_EDGE)
    found = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", text)]
    if not old.isdecimal() and number(fold(old)) is None:
        return found
    if after := _plain(each.after)[:1]:
        return [(start, end) for start, end in found if _plain(text[end:])[:1] == after]
    before = _plain(each.before)[-1:]
    return [(start, end) for start, end in found if not before or _plain(text[:start])[-1:] == before]


def _plain(text: str) -> list[str]:
    return [word for each in fold(text).split() if (word := each.strip(_EDGE))]


def _sentences(text: str) -> list[str]:
    return [" ".join(each.split()) for each in _SENTENCE.findall(text) if each.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first, last, start, end
