"""What two texts are compared by: pieces of letters and beginnings of words, and how rare each is."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt
from typing import Final
from zlib import crc32

from bot.judgement.cognates import respelled
from bot.judgement.words import LITTLE, fold

GRAM_LETTERS = 3  # of a piece: facts of both languages share them where whole words differ
STEM_LETTERS = 5  # of a word's beginning: an ending says the case, not the event
DRIFT = 0.02  # how far the number of texts moves before rarities are counted anew

# One letter for what Ukrainian and Russian write differently: «київ» and «киев» become neighbours.
_BOTH: Final = str.maketrans(
    {"і": "и", "ы": "и", "ї": "и", "є": "е", "э": "е", "ё": "е", "ґ": "г", "ъ": None, "ь": None}
)
# Little words look rare where one language is: two Russian texts would seem alike among Ukrainian ones.
_LITTLE: Final = frozenset(word.translate(_BOTH) for word in LITTLE)
_WORD = re.compile(r"[a-zа-я]{2,}|\d+")


def plain(text: str) -> list[str]:
    """The words of the text, without the little ones, in the letters that both languages share."""
    return [respelled(word) for word in _WORD.findall(fold(text).translate(_BOTH)) if word not in _LITTLE]


def stems(words: Iterable[str]) -> list[str]:
    """Beginnings of the words, each once, in order: whatever is summed is summed in the same order each time."""
    return list(dict.fromkeys(word[:STEM_LETTERS] for word in words if len(word) > 2 or word.isdigit()))


def numbered(terms: Iterable[str]) -> array[int]:
    """The terms' numbers in the same order, the same in every process."""
    return array("I", map(_number, terms))


def grams(words: Iterable[str]) -> array[int]:
    """Numbers of the pieces of three letters of the words, edges marked by a space, each once, in order."""
    found: dict[int, None] = {}
    for word in words:
        found.update(_pieces(word))
    return array("I", found)


@lru_cache(maxsize=10_000)
def _pieces(word: str) -> dict[int, None]:
    edged = f" {word} "
    starts = range(len(edged) - GRAM_LETTERS + 1)
    return {_number(edged[start : start + GRAM_LETTERS]): None for start in starts}


def _number(term: str) -> int:
    return crc32(term.encode())  # 60,000 terms rarely share one of four milliards


class _Rarity(dict[int, float]):
    """Squared rarity by the number of texts that hold a term, for one number of texts; counted when first asked."""

    def __init__(self, texts: int) -> None:
        self.texts = texts

    def __missing__(self, held: int) -> float:
        self[held] = weight = (1.0 + log((self.texts + 1) / (held + 1))) ** 2
        return weight


class Vocabulary:
    """How many of the texts known hold each term, by its number."""

    def __init__(self) -> None:
        self.texts = 0
        self._held: Counter[int] = Counter()
        self._rarity = _Rarity(0)

    def learn(self, numbers: array[int]) -> None:
        """The text that holds these terms counts as known from now on."""
        self.texts += 1
        self._held.update(numbers)

    def unlearn(self, numbers: array[int]) -> None:
        self.texts -= 1
        for number in numbers:
            self._held[number] -= 1
            if not self._held[number]:
                del self._held[number]

    def weights(self, numbers: array[int]) -> dict[int, float]:
        """Squared rarity of each of the terms, by number."""
        return dict(zip(numbers, self._weights(numbers), strict=True))

    def length(self, numbers: array[int]) -> float:
        return sqrt(sum(self._weights(numbers)))

    @property
    def rarity(self) -> _Rarity:
        """How much a term tells: 1 where every text has it, more where few have. Another object once it changed."""
        if abs(self.texts - self._rarity.texts) > self._rarity.texts * DRIFT:
            self._rarity = _Rarity(self.texts)
        return self._rarity

    def _weights(self, numbers: array[int]) -> Iterable[float]:
        return map(self.rarity.__getitem__, map(self._held.__getitem__, numbers))


class Told:
    """The terms of a text that a vocabulary knows, with their length as it was when last counted."""

    __slots__ = ("_length", "_rarity", "numbers")

    def __init__(self, numbers: array[int]) -> None:
        self.numbers = numbers
        self._length = 0.0
        self._rarity: _Rarity | None = None

    def length(self, vocabulary: Vocabulary) -> float:
        if self._rarity is not vocabulary.rarity:
            self._rarity, self._length = vocabulary.rarity, vocabulary.length(self.numbers)
        return self._length


class Asked:
    """A text that is compared with those a vocabulary knows."""

    def __init__(self, vocabulary: Vocabulary, numbers: array[int]) -> None:
        self.weights = vocabulary.weights(numbers)
        self._length = sqrt(sum(self.weights.values()))
        self._vocabulary = vocabulary

    def likeness(self, told: Told) -> float:
        """The cosine with a known text, 0 to 1."""
        shared: float = sum(filter(None, map(self.weights.get, told.numbers)))
        return shared / (self._length * told.length(self._vocabulary)) if shared else 0.0


def rarest(weights: Mapping[int, float], count: int) -> list[int]:
    """Numbers of the `count` rarest terms, rarest first, ties by number."""
    return sorted(weights, key=lambda number: (-weights[number], number))[:count]
