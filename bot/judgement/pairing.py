"""Pairs of texts, told to be one event or two as grouping would tell a new report and one that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.judgement.grouping import SAME
from bot.judgement.labelled import Pair
from bot.judgement.measures import Scores, pair_scores
from bot.judgement.tellings import Lexicon, Newcomer, read, telling

SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)  # pairs have no dates: the two are of one moment


def joined(pairs: Sequence[Pair]) -> Scores:
    """The scores of all pairs; how rare a word is, all their texts together say."""
    lexicon = Lexicon()
    for text in dict.fromkeys(text for pair in pairs for text in (pair.one, pair.other)):
        lexicon.learn(read(telling(*text), SOMETIME))
    likeness = [_likeness(pair, lexicon) for pair in pairs]
    return pair_scores([pair.same for pair in pairs], [each >= SAME for each in likeness], likeness)


def _likeness(pair: Pair, lexicon: Lexicon) -> float:
    one, other = (read(telling(*text), SOMETIME) for text in (pair.one, pair.other))
    return Newcomer(lexicon, other).likeness(one)
