"""Reports of one event: whose words are near enough to be the same story."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from bot.judgement.guards import Sign, apart, kinship, sign
from bot.judgement.terms import Asked, Vocabulary, grams, plain, rarest, stems

LEAD_LETTERS = 300  # of the lead beside the title: a headline alone groups badly, a whole text drowns it
WINDOW: Final = timedelta(hours=72)  # a report told later than this begins a story of its own
SAME = 0.20  # two posts on one event annoy less than two events in one post
HINT = 0.1  # likeness of word beginnings below which letters are not compared at all
RAREST = 18  # terms that look for candidates
CANDIDATES = 15  # reports compared exactly
STORIES = 5  # stories whose members are averaged
MEMBERS = 12  # newest members of a story that speak for it


@dataclass(slots=True)
class _Known:
    """A report remembered: its story and its terms by number."""

    story: int
    sign: Sign
    stems: array[int]
    grams: array[int]


class Memory:
    """The reports of the last days by their words. Feed it everything seen; it answers whose story a text is."""

    def __init__(self, same: float = SAME) -> None:
        self.same = same
        self._known: dict[int, _Known] = {}
        self._members: dict[int, list[int]] = defaultdict(list)
        self._holders: dict[int, set[int]] = defaultdict(set)
        self._stems = Vocabulary()
        self._grams = Vocabulary()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, item_id: int, story_id: int, text: str, published_at: datetime) -> None:
        """The report is remembered as one of the story. `text` is as `telling` makes it."""
        words = plain(text)
        told = sign(text.partition("\n")[0], text, len(words), published_at)
        known = _Known(story_id, told, self._stems.learn(stems(words)), self._grams.learn(grams(words)))
        self._known[item_id] = known
        self._members[story_id].append(item_id)
        for number in known.stems:
            self._holders[number].add(item_id)

    def remove(self, item_id: int) -> None:
        """The report is forgotten; nothing happens when it is not known."""
        known = self._known.pop(item_id, None)
        if known is None:
            return
        for number in known.stems:
            self._holders[number].discard(item_id)
            if not self._holders[number]:
                del self._holders[number]
        self._stems.unlearn(known.stems)
        self._grams.unlearn(known.grams)
        self._members[known.story].remove(item_id)
        if not self._members[known.story]:
            del self._members[known.story]

    def replace(self, item_id: int, story_id: int, text: str, published_at: datetime) -> None:
        """The report's newest words, or its story after an editor moved it."""
        self.remove(item_id)
        self.add(item_id, story_id, text, published_at)

    def forget_before(self, at: datetime) -> None:
        """Reports published before `at` are forgotten."""
        for item_id in [item_id for item_id, known in self._known.items() if known.sign.at < at]:
            self.remove(item_id)

    def nearest(self, text: str, published_at: datetime) -> int | None:
        """The story that the text belongs to; None when it begins a new one. Ties go to the older story."""
        asked = _Asked(self, text, published_at)
        best: dict[int, float] = defaultdict(float)
        for item_id in self._candidates(asked.stems, published_at):
            story = self._known[item_id].story
            best[story] = max(best[story], asked.likeness(item_id))
        hopeful = sorted((story for story in best if best[story] > 0), key=lambda story: (-best[story], story))
        return self._best(asked, hopeful[:STORIES])

    def exhaustive(self, text: str, published_at: datetime) -> int | None:
        """What `nearest` answers when every report is compared: the yardstick of its short cuts."""
        return self._best(_Asked(self, text, published_at), sorted(self._members))

    def _candidates(self, asked: Asked, at: datetime) -> list[int]:
        """Reports of the window that share the rarest terms, the most shared rarity first."""
        votes: dict[int, float] = defaultdict(float)
        for number in rarest(asked.weights, RAREST):
            weight = asked.weights[number]
            for item_id in self._holders.get(number, ()):
                votes[item_id] += weight
        ordered = sorted(votes, key=lambda item_id: (-votes[item_id], item_id))
        return list(islice((item_id for item_id in ordered if self._near(item_id, at)), CANDIDATES))

    def _near(self, item_id: int, at: datetime) -> bool:
        return abs(self._known[item_id].sign.at - at) <= WINDOW

    def _best(self, asked: _Asked, stories: Sequence[int]) -> int | None:
        """The story of the best mean likeness to its newest members, when that is enough; the older one of equals."""
        linkage, story = max(((self._linkage(asked, story), -story) for story in stories), default=(0.0, 0))
        return -story if linkage >= self.same else None

    def _linkage(self, asked: _Asked, story: int) -> float:
        near = [item_id for item_id in self._members[story] if self._near(item_id, asked.sign.at)][-MEMBERS:]
        if not near or any(apart(asked.sign, self._known[item_id].sign) for item_id in near):
            return 0.0
        return sum(map(asked.likeness, near)) / len(near)


class _Asked:
    """A new text against a memory; each comparison is made once."""

    def __init__(self, memory: Memory, text: str, at: datetime) -> None:
        words = plain(text)
        self.sign = sign(text.partition("\n")[0], text, len(words), at)
        self.stems = Asked(memory._stems, stems(words))
        self.grams = Asked(memory._grams, grams(words))
        self._known = memory._known
        self._made: dict[int, float] = {}

    def likeness(self, item_id: int) -> float:
        """Mean of the two cosines and what the facts add; 0 when the words are strangers or the two are apart."""
        if item_id not in self._made:
            self._made[item_id] = self._compare(self._known[item_id])
        return self._made[item_id]

    def _compare(self, known: _Known) -> float:
        by_words, kin = self.stems.likeness(known.stems), kinship(self.sign, known.sign)
        if (by_words < HINT and kin <= 0) or apart(self.sign, known.sign):
            return 0.0
        return max(kin + (by_words + self.grams.likeness(known.grams)) / 2, 0.0)


def telling(title: str, lead: str = "") -> str:
    """The text that a report is known by: its title, a line's end, the beginning of its lead."""
    return f"{title}\n{lead[:LEAD_LETTERS]}"
