"""What two texts are compared by: pieces of letters and beginnings of words, and how rare each is."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import repeat
from math import log, sqrt
from typing import Final

from bot.judgement.words import LITTLE, fold

GRAMS = range(3, 6)  # letters: facts of both languages share them where whole words differ
STEM_LETTERS = 5  # of a word's beginning: an ending says the case, not the event
DRIFT = 0.01  # how far the number of texts moves before rarities are counted anew

# One letter for what Ukrainian and Russian write differently: «київ» and «киев» become neighbours.
_BOTH: Final = str.maketrans(
    {"і": "и", "ы": "и", "ї": "и", "є": "е", "э": "е", "ё": "е", "ґ": "г", "ъ": None, "ь": None}
)
# Little words look rare where one language is: two Russian texts would seem alike among Ukrainian ones.
_LITTLE: Final = frozenset(word.translate(_BOTH) for word in LITTLE)
_WORD = re.compile(r"[a-zа-я]{2,}|\d+")


def plain(text: str) -> list[str]:
    """The words of the text, without the little ones, in the letters that both languages share."""
    return [word for word in _WORD.findall(fold(text).translate(_BOTH)) if word not in _LITTLE]


def stems(words: Iterable[str]) -> list[str]:
    """Beginnings of the words, each once, in order: whatever is summed is summed in the same order each time."""
    return list(dict.fromkeys(word[:STEM_LETTERS] for word in words if len(word) > 2 or word.isdigit()))


def grams(words: Iterable[str]) -> list[str]:
    """Pieces of three to five letters of the words, their edges marked by a space, each once, in order."""
    found: dict[str, None] = {}
    for word in words:
        found.update(_pieces(word))
    return list(found)


@lru_cache(maxsize=10_000)
def _pieces(word: str) -> dict[str, None]:
    edged = f" {word} "
    return {edged[start : start + size]: None for size in GRAMS for start in range(len(edged) - size + 1)}


class _Rarity(dict[int, float]):
    """Squared rarity by the number of texts that hold a term, for one number of texts; counted when first asked."""

    def __init__(self, texts: int) -> None:
        self.texts = texts

    def __missing__(self, held: int) -> float:
        self[held] = weight = (1.0 + log((self.texts + 1) / (held + 1))) ** 2
        return weight


class Vocabulary:
    """How many of the texts known hold each term. Terms are numbered; the number of a forgotten one is used again."""

    def __init__(self) -> None:
        self.texts = 0
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._held: list[int] = []
        self._free: list[int] = []
        self._rarity = _Rarity(0)

    def learn(self, terms: Iterable[str]) -> array[int]:
        """The terms' numbers in the same order; the text counts as known from now on."""
        self.texts += 1
        numbers = array("I", map(self._number, terms))
        for number in numbers:
            self._held[number] += 1
        return numbers

    def unlearn(self, numbers: array[int]) -> None:
        self.texts -= 1
        for number in numbers:
            self._held[number] -= 1
            if not self._held[number]:
                del self._numbers[self._names[number]]
                self._free.append(number)

    def weights(self, terms: Iterable[str]) -> dict[int, float]:
        """Squared rarity of each known term, by number; a term that no text holds has none."""
        rarity, held = self.rarity, self._held
        return {number: rarity[held[number]] for number in map(self._numbers.get, terms) if number is not None}

    @property
    def rarity(self) -> _Rarity:
        """How much a term tells: 1 where every text has it, more where few have."""
        if abs(self.texts - self._rarity.texts) > self._rarity.texts * DRIFT:
            self._rarity = _Rarity(self.texts)
        return self._rarity

    def length(self, numbers: array[int]) -> float:
        return sqrt(sum(map(self.rarity.__getitem__, map(self._held.__getitem__, numbers))))

    def _number(self, term: str) -> int:
        known = self._numbers.get(term)
        if known is not None:
            return known
        if self._free:
            number = self._free.pop()
            self._names[number] = term
        else:
            number = len(self._names)
            self._names.append(term)
            self._held.append(0)
        self._numbers[term] = number
        return number


class Asked:
    """A text that is compared with those a vocabulary knows."""

    def __init__(self, vocabulary: Vocabulary, terms: list[str]) -> None:
        self.weights = vocabulary.weights(terms)
        self.length = sqrt(sum(self.weights.values()) + (len(terms) - len(self.weights)) * vocabulary.rarity[0])
        self._vocabulary = vocabulary

    def likeness(self, numbers: array[int]) -> float:
        """The cosine with a known text, 0 to 1."""
        shared: float = sum(map(self.weights.get, numbers, repeat(0.0)))
        return shared / (self.length * self._vocabulary.length(numbers)) if shared else 0.0


def rarest(weights: Mapping[int, float], count: int) -> list[int]:
    """Numbers of the `count` rarest terms, rarest first, ties by number."""
    return sorted(weights, key=lambda number: (-weights[number], number))[:count]
