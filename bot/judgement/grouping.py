"""Reports of one event: whose words are near enough to be the same story."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from operator import neg
from typing import Final

from bot.judgement.guards import Sign, apart, kinship, sign
from bot.judgement.terms import Asked, Told, Vocabulary, grams, numbered, plain, rarest, stems

LEAD_LETTERS = 300  # of the lead beside the title: a headline alone groups badly, a whole text drowns it
WINDOW: Final = timedelta(hours=72)  # a report told later than this begins a story of its own
SAME = 0.20  # two posts on one event annoy less than two events in one post
LIKELY = 0.16  # from here to SAME the report begins a story, and the editors are asked
HINT = 0.1  # likeness of word beginnings below which letters are not compared at all
RAREST = 18  # terms that look for candidates
LOOKED = 1_000  # holders of those terms looked at: a term that more texts hold finds no event
CANDIDATES = 15  # reports compared exactly
PARTS = 5  # stories, or parts of one, whose members are averaged
MEMBERS = 12  # newest members that speak for it


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose story a text is (None: it begins one), with which part of it, and the reports of other stories that it
    may belong to as well, the likeliest first."""

    story: int | None = None
    part: int | None = None
    likely: tuple[int, ...] = ()


@dataclass(slots=True)
class _Known:
    """A report remembered: the part of a story that it stands in, and its terms by number."""

    part: int
    sign: Sign
    stems: Told
    grams: Told


class Memory:
    """The reports of the last days by their words. Feed it everything seen; it answers whose story a text is.

    A story that editors merged keeps its parts: what is like one of them belongs to the whole, however unlike the
    others it is.
    """

    def __init__(self, same: float = SAME, likely: float = LIKELY) -> None:
        self.same, self.likely = same, likely
        self._known: dict[int, _Known] = {}
        self._members: dict[int, list[int]] = defaultdict(list)  # of a part
        self._stories: dict[int, int] = {}  # of the parts
        self._holders: dict[int, array[int]] = {}
        self._stems = Vocabulary()
        self._grams = Vocabulary()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, item_id: int, story_id: int, text: str, published_at: datetime, part_id: int | None = None) -> None:
        """The report is remembered as one of the story, in that part of it. `text` is as `telling` makes it."""
        words = plain(text)
        told = sign(text.partition("\n")[0], text, len(words), published_at)
        known = _Known(part_id or story_id, told, Told(numbered(stems(words))), Told(grams(words)))
        self._known[item_id] = known
        self._enter(item_id, known.part, story_id)
        self._stems.learn(known.stems.numbers)
        self._grams.learn(known.grams.numbers)
        for number in known.stems.numbers:
            self._holders.setdefault(number, array("q")).append(item_id)

    def remove(self, item_id: int) -> None:
        """The report is forgotten; nothing happens when it is not known."""
        known = self._known.pop(item_id, None)
        if known is None:
            return
        for number in known.stems.numbers:
            self._holders[number].remove(item_id)
            if not self._holders[number]:
                del self._holders[number]
        self._stems.unlearn(known.stems.numbers)
        self._grams.unlearn(known.grams.numbers)
        self._leave(item_id, known.part)

    def replace(
        self, item_id: int, story_id: int, text: str, published_at: datetime, part_id: int | None = None
    ) -> None:
        """The report's newest words."""
        self.remove(item_id)
        self.add(item_id, story_id, text, published_at, part_id)

    def move(self, item_id: int, story_id: int, part_id: int | None = None) -> None:
        """The report is one of another story now; nothing happens when it is not known."""
        known = self._known.get(item_id)
        if known is not None:
            self._leave(item_id, known.part)
            known.part = part_id or story_id
            self._enter(item_id, known.part, story_id)
            self._members[known.part].sort()

    def forget_before(self, at: datetime) -> None:
        """Reports published before `at` are forgotten."""
        for item_id in [item_id for item_id, known in self._known.items() if known.sign.at < at]:
            self.remove(item_id)

    def nearest(self, text: str, published_at: datetime) -> int | None:
        """The story that the text belongs to; None when it begins a new one. Ties go to the older story."""
        return self.judge(text, published_at).story

    def judge(self, text: str, published_at: datetime) -> Verdict:
        """The story that the text belongs to, and the reports that it may belong to when that is not sure."""
        asked = _Asked(self, text, published_at)
        best: dict[int, float] = defaultdict(float)
        for item_id in self._candidates(asked):
            part = self._known[item_id].part
            best[part] = max(best[part], asked.likeness(item_id))
        hopeful = sorted((part for part in best if best[part] > 0), key=lambda part: (-best[part], part))
        return self._verdict(asked, hopeful[:PARTS])

    def exhaustive(self, text: str, published_at: datetime) -> int | None:
        """What `nearest` answers when every report is compared: the yardstick of its short cuts."""
        return self._verdict(_Asked(self, text, published_at), sorted(self._members)).story

    def likeness(self, text: str, published_at: datetime, item_id: int) -> float:
        """How alike a text and a known report are, from 0 to about 1; 0 when they cannot be one event."""
        return _Asked(self, text, published_at).likeness(item_id)

    def part_of(self, item_id: int) -> int | None:
        """The part of its story that the report stands in; None when it is not known."""
        known = self._known.get(item_id)
        return known.part if known else None

    def _enter(self, item_id: int, part: int, story: int) -> None:
        self._members[part].append(item_id)
        self._stories[part] = story

    def _leave(self, item_id: int, part: int) -> None:
        self._members[part].remove(item_id)
        if not self._members[part]:
            del self._members[part], self._stories[part]

    def _candidates(self, asked: _Asked) -> list[int]:
        """Reports of the window that share the rarest terms, the most shared rarity first."""
        votes: dict[int, float] = defaultdict(float)
        looked = 0
        for number in rarest(asked.stems.weights, RAREST):
            holders, weight = self._holders.get(number, ()), asked.stems.weights[number]
            looked += len(holders)
            if looked > LOOKED and votes:
                break
            for item_id in holders:
                votes[item_id] += weight
        ordered = nlargest(2 * CANDIDATES, zip(votes.values(), map(neg, votes), strict=True))
        return [-item_id for _, item_id in ordered if self._near(-item_id, asked.sign.at)][:CANDIDATES]

    def _near(self, item_id: int, at: datetime) -> bool:
        return abs(self._known[item_id].sign.at - at) <= WINDOW

    def _verdict(self, asked: _Asked, parts: Sequence[int]) -> Verdict:
        """The part of the best mean likeness to its newest members, when that is enough; the older one of equals."""
        ordered = sorted(((self._linkage(asked, part), -part) for part in parts), reverse=True)
        sure = -ordered[0][1] if ordered and ordered[0][0] >= self.same else None
        story = self._stories[sure] if sure is not None else None
        unsure = [-part for linkage, part in ordered if linkage >= self.likely and self._stories[-part] != story]
        return Verdict(story, sure, tuple(self._speaker(asked, part) for part in unsure))

    def _linkage(self, asked: _Asked, part: int) -> float:
        near = self._newest(asked, part)
        if not near or any(apart(asked.sign, self._known[item_id].sign) for item_id in near):
            return 0.0
        return sum(map(asked.likeness, near)) / len(near)

    def _speaker(self, asked: _Asked, part: int) -> int:
        """The report of the part that is most like the text, the older of equals."""
        return max(self._newest(asked, part), key=lambda item_id: (asked.likeness(item_id), -item_id))

    def _newest(self, asked: _Asked, part: int) -> list[int]:
        return [item_id for item_id in self._members[part] if self._near(item_id, asked.sign.at)][-MEMBERS:]


class _Asked:
    """A new text against a memory; each comparison is made once."""

    def __init__(self, memory: Memory, text: str, at: datetime) -> None:
        words = plain(text)
        self.sign = sign(text.partition("\n")[0], text, len(words), at)
        self.stems = Asked(memory._stems, numbered(stems(words)))
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
