"""What an editor is asked about before a text goes out: a minor's or a victim's name, a street, the place of a strike.

Recognition is by rule and errs on the side of asking. What the words are is in flags.toml, which a newsroom may change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.judgement import names
from bot.judgement.cautions import KINDS, Caution, Kind
from bot.judgement.victims import INITIAL, people
from bot.judgement.words import fold

BEHIND: Final = 4  # words behind an object hit, in which its number or name stands
NAMED = re.compile(r"[«“„\"][^»”\"]{2,60}[»”\"]|№\s?\d+")

_WORD = re.compile(r"\S+")
# After «вул.» or «К.» the sentence goes on.
_END = re.compile(
    r"(?<![ .(][^\W\d_])(?<!вул)(?<!просп)(?<!пров)(?<!буд)(?<!бул)(?<!обл)(?<! ул)(?<! пер)"
    r"[.!?…]+[»”\")]*\s+|\n+"
)


@dataclass(frozen=True, slots=True)
class Flag:
    """What is asked about: the words, where they stand in the text, and the sentence that they were found in."""

    kind: Kind
    words: str
    at: slice
    sentence: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What an answer is about: in another sentence the same words are asked about anew."""
        return self.kind, self.words, self.sentence


@lru_cache(maxsize=4_000)  # an edition's candidates are looked at again at every ring
def found(text: str, asked: Caution) -> tuple[Flag, ...]:
    """What the text names, by kind and then in its order; the same words of one kind once."""
    flags: dict[tuple[Kind, str], Flag] = {}
    bounds = _sentences(text)
    head = names.split(text[slice(*bounds[0])])[0] if bounds else ""
    for start, end in bounds:
        sentence = text[start:end]
        theirs = any(_says_of(asked.theirs, names.split(said)[0]) for said in (head, sentence))
        hit = [] if theirs else _hit(sentence, asked)
        for kind, at in (*people(sentence, asked), *_streets_in(sentence, text, asked), *hit):
            words = sentence[at].strip(" ,;:!?" if INITIAL.search(sentence[at]) else " ,.;:!?")
            place = slice(start + at.start, start + at.start + len(words))
            flags.setdefault((kind, words), Flag(kind, words, place, sentence))
    return tuple(sorted(flags.values(), key=lambda flag: (KINDS.index(flag.kind), flag.at.start)))


def _streets_in(sentence: str, text: str, asked: Caution) -> list[tuple[Kind, slice]]:
    if not any(asked.where.match(word) for word in fold(text).split()):
        return []
    return [("street", slice(*match.span())) for match in asked.street.finditer(sentence)]


def _hit(sentence: str, asked: Caution) -> list[tuple[Kind, slice]]:
    """The places hit that can be found by these words."""
    spans = [word.span() for word in _WORD.finditer(sentence)]
    folded = [fold(sentence[start:end]).strip('«»“”„"(),.:;!?…') for start, end in spans]
    if not any(map(asked.deeds.match, folded)):
        return []
    flags: list[tuple[Kind, slice]] = []
    for place, (start, end) in enumerate(spans):
        two = " ".join(folded[place : place + 2])  # «станції метро»
        if asked.vital.match(two):
            flags.append(("strike", slice(start, end)))
        elif asked.objects.match(two):
            last = min(place + BEHIND, len(spans) - 1)
            name = NAMED.search(sentence, end, spans[last][1])
            if name and not re.search(r"[,;:—–]", sentence[end : name.start()]):
                flags.append(("strike", slice(start, name.end())))
    return flags


def _says_of(pattern: re.Pattern[str], said: str) -> bool:
    """Whether any word of it begins so."""
    folded = fold(said)
    return any(pattern.match(folded, word.start()) for word in re.finditer(r"\w+", folded))


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where its sentences begin and end, without the space between."""
    bounds, start = [], 0
    for end in _END.finditer(text):
        bounds.append((start, end.end()))
        start = end.end()
    bounds.append((start, len(text)))
    return [(begin, begin + len(text[begin:end].rstrip())) for begin, end in bounds if text[begin:end].strip()]
