"""Texts as they are compared: by beginnings of words, by pieces of letters, and by the facts that set them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.judgement.guards import Sign, apart, kinship, sign
from bot.judgement.terms import Asked, Told, Vocabulary, grams, numbered, plain, stems

LEAD_LETTERS: Final = 300  # of the lead beside the title: a headline alone groups badly, a whole text drowns it
HINT: Final = 0.1  # likeness of word beginnings below which letters are not compared at all


@dataclass(frozen=True, slots=True)
class Telling:
    """A text to be known by: its facts, and its terms by number."""

    text: str
    sign: Sign
    stems: Told
    grams: Told


class Lexicon:
    """How rare the words and the pieces of letters are in all the texts known."""

    def __init__(self) -> None:
        self.stems = Vocabulary()
        self.grams = Vocabulary()

    def learn(self, telling: Telling) -> None:
        """The text counts as known from now on."""
        self.stems.learn(telling.stems.numbers)
        self.grams.learn(telling.grams.numbers)

    def unlearn(self, telling: Telling) -> None:
        self.stems.unlearn(telling.stems.numbers)
        self.grams.unlearn(telling.grams.numbers)


class Newcomer:
    """A text that is compared with known ones."""

    def __init__(self, lexicon: Lexicon, telling: Telling) -> None:
        self.text, self.sign = telling.text, telling.sign
        self._stems = Asked(lexicon.stems, telling.stems.numbers)
        self._grams = Asked(lexicon.grams, telling.grams.numbers)

    @property
    def weights(self) -> Mapping[int, float]:
        """How rare each of its word beginnings is, by number."""
        return self._stems.weights

    def likeness(self, known: Telling) -> float:
        """Mean of the two cosines and what the facts add; 0 when the words are strangers or the two are apart."""
        by_words, kin = self._stems.likeness(known.stems), kinship(self.sign, known.sign)
        if (by_words < HINT and kin <= 0) or apart(self.sign, known.sign):
            return 0.0
        return max(kin + (by_words + self._grams.likeness(known.grams)) / 2, 0.0)


def telling(title: str, lead: str = "") -> str:
    """The text that a report is known by: its title, a line's end, the beginning of its lead."""
    return f"{title}\n{lead[:LEAD_LETTERS]}"


def read(text: str, at: datetime) -> Telling:
    """A text that `telling` made, of a report published then."""
    words = plain(text)
    told = sign(text.partition("\n")[0], text, len(words), at)
    return Telling(text, told, Told(numbered(stems(words))), Told(grams(words)))
