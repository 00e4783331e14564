"""What texts mean, as the optional small model places them: it has a say where their words leave it open."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from operator import mul
from typing import Final, TypeAlias

# Chosen on days that people grouped (bench/grouping.py --semantic). The model puts any two pieces of news near each
# other: two taken at random have .85. Beside clear words it only does harm.
OPEN: Final = 0.14  # likeness of words from which the model is heard; where the words are sure it is not
ONE: Final = 0.925  # cosine from which two texts that the words leave open tell one event
TWO: Final = 0.89  # cosine below which they tell two, and editors are spared the question
MOST: Final = 5_000  # texts whose places are kept, 2 KB each: three days of a busy newsroom

Vector: TypeAlias = "array[float]"  # of length 1
# Places of the texts, in order: of fewer than there are where it cannot say, None when there is no answer now.
Meaning = Callable[[Sequence[str]], Awaitable[Sequence[Vector] | None]]
_NOWHERE: Final[Vector] = array("f")


class Meanings:
    """The places of the newest texts."""

    def __init__(self) -> None:
        self._places: dict[str, Vector] = {}

    def __len__(self) -> int:
        return len(self._places)

    def put(self, texts: Sequence[str], places: Sequence[Vector]) -> None:
        """The places of the first of these texts; the others have none and are not asked about again. What is over
        MOST is forgotten, the oldest first."""
        for number, text in enumerate(texts):
            self._places[text] = places[number] if number < len(places) else _NOWHERE
        for text in list(islice(self._places, max(len(self._places) - MOST, 0))):
            del self._places[text]

    def unknown(self, texts: Iterable[str]) -> list[str]:
        """Those that were not asked about, each once, in order."""
        return [text for text in dict.fromkeys(texts) if text not in self._places]

    def likeness(self, text: str, others: Iterable[str]) -> float | None:
        """Mean cosine of a text with those of the others whose place is known; None where there is none."""
        here = self._places.get(text)
        there = [place for other in others if (place := self._places.get(other))]
        if not here or not there:
            return None
        return sum(sum(map(mul, here, each)) for each in there) / len(there)


def settled(by_words: float, by_meaning: float | None, same: float) -> float:
    """The likeness once the meaning was heard: `same` where it is sure that the two are one event, 0 where it is sure
    that they are not, what the words say where it is not sure, or not asked."""
    if by_meaning is None or not OPEN <= by_words < same:
        return by_words
    if by_meaning >= ONE:
        return same
    return 0.0 if by_meaning < TWO else by_words
