"""What a reader means by plain words: a command said in words, or something to search for, slips and all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from bot.judgement.words import fold, keys
from bot.wording import Wording

SEARCH = "search"
SLIP_LETTERS: Final = 4  # a shorter word is a step away from too many others
LONG_LETTERS: Final = 6  # from here two slips are as likely as one in a shorter word
CANDIDATES: Final = 8  # whose dictionary forms are looked at: that costs more than the letters do
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")


def meant(text: str, commands: Iterable[str], wordings: Iterable[Wording]) -> tuple[str, str]:
    """The command and the words for it: «останні» is ("latest", ""), «пошук вода» and «вода» ("search", "вода").

    Every language is understood whatever the person's own is: many read Ukrainian on an English phone.
    """
    words = text.split()
    said = _plain(" ".join(words))
    spoken = {
        _plain(word): command
        for wording in wordings
        for command in commands
        for word in wording.text(f"word.{command}").split("|")
    }
    if said in spoken:
        return spoken[said], ""
    if words and spoken.get(_plain(words[0])) == SEARCH:
        return SEARCH, " ".join(words[1:])
    return SEARCH, text


def _plain(text: str) -> str:
    return text.casefold().replace("'", "’").strip(" .!?…")


def nearest(typed: str, titles: Iterable[str]) -> str | None:
    """The word of the titles that `typed` most likely is with a slip or two of the finger; None when none is near, or
    when it is such a word.

    A name comes as dictionaries have it («покровск» is «Покровськ» although all titles say «у Покровську») and as
    titles write it, small or not. Of equally near words the more frequent one, then the first.
    """
    wanted = fold(typed)
    if len(wanted) < SLIP_LETTERS:
        return None
    most = 1 if len(wanted) < LONG_LETTERS else 2
    further = most + 2  # endings differ more than slips do: such words are looked at again in their dictionary form
    near = sorted(
        (distance, -count, place, word)
        for place, (word, count) in enumerate(Counter(_WORD.findall(" ".join(titles))).items())
        if _alike(wanted, word, further) and (distance := slips(wanted, fold(word), further)) <= further
    )
    mended: list[tuple[int, int, int, str]] = []
    for _, rarity, place, word in near[:CANDIDATES]:
        folded = fold(word)
        for form in sorted({folded, *(key for options in keys(word) for key in options)}):
            written = word if form == folded else form.capitalize() if word[:1].isupper() else form
            mended.append((slips(wanted, form, most), rarity, place, written))
    distance, *_, meant = min(mended, default=(most + 1, 0, 0, ""))
    return meant if 0 < distance <= most else None


def slips(one: str, other: str, most: int) -> int:
    """How many letters were missed, added, changed or swapped with the next one; `most` + 1 when more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        last, before, row = before, row, [place]
        for at, sign in enumerate(other, start=1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != sign))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == sign:
                cost = min(cost, last[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _alike(wanted: str, word: str, most: int) -> bool:
    """A look before the letters are compared: it spares nine words of ten. One slip trades at most two letters."""
    return abs(len(word) - len(wanted)) <= most and len({*wanted} ^ {*word.casefold()}) <= 2 * most
