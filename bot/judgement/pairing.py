"""Pairs of texts, told to be one event or two as grouping would tell a new report and one that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.judgement.grouping import HINT, SAME, telling
from bot.judgement.guards import Sign, apart, kinship, sign
from bot.judgement.labelled import Pair
from bot.judgement.measures import Scores, pair_scores
from bot.judgement.terms import Asked, Told, Vocabulary, grams, numbered, plain, stems

SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)  # pairs have no dates: the two are of one moment


def joined(pairs: Sequence[Pair]) -> Scores:
    """The scores of all pairs; how rare a word is, all their texts together say."""
    by_words, by_letters = Vocabulary(), Vocabulary()
    for text in dict.fromkeys(text for pair in pairs for text in (pair.one, pair.other)):
        words = plain(telling(*text))
        by_words.learn(numbered(stems(words)))
        by_letters.learn(grams(words))
    likeness = [_likeness(pair, by_words, by_letters) for pair in pairs]
    return pair_scores([pair.same for pair in pairs], [each >= SAME for each in likeness], likeness)


def _likeness(pair: Pair, by_words: Vocabulary, by_letters: Vocabulary) -> float:
    one, other = plain(telling(*pair.one)), plain(telling(*pair.other))
    signs = _sign(pair.one, len(one)), _sign(pair.other, len(other))
    if apart(*signs):
        return 0.0
    alike = Asked(by_words, numbered(stems(other))).likeness(Told(numbered(stems(one))))
    kin = kinship(*signs)
    if alike < HINT and kin <= 0:
        return 0.0
    return max(kin + (alike + Asked(by_letters, grams(other)).likeness(Told(grams(one)))) / 2, 0.0)


def _sign(text: tuple[str, str], words: int) -> Sign:
    return sign(text[0], telling(*text), words, SOMETIME)
