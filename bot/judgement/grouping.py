"""Reports of one event: whose words are near enough to be the same story."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.judgement.guards import apart
from bot.judgement.meaning import Meanings, settled
from bot.judgement.tellings import Lexicon, Newcomer, Telling, read
from bot.judgement.terms import rarest

WINDOW: Final = timedelta(hours=72)  # a report told later than this begins a story of its own
SAME = 0.20  # two posts on one event annoy less than two events in one post
LIKELY = 0.16  # from here to SAME the report begins a story, and the editors are asked
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
    """A report remembered, and the part of a story that it stands in."""

    part: int
    telling: Telling


class Memory:
    """The reports of the last days by their words. Feed it everything seen; it answers whose story a text is.

    A story that editors merged keeps its parts: what is like one of them belongs to the whole, however unlike the
    others it is. Where the words leave it open, `meanings` have a say.
    """

    def __init__(self, same: float = SAME, likely: float = LIKELY, meanings: Meanings | None = None) -> None:
        self.same, self.likely = same, likely
        self._meanings = meanings
        self._known: dict[int, _Known] = {}
        self._members: dict[int, list[int]] = defaultdict(list)  # of a part
        self._stories: dict[int, int] = {}  # of the parts
        self._holders: dict[int, array[int]] = {}
        self._lexicon = Lexicon()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, item_id: int, story_id: int, text: str, published_at: datetime, part_id: int | None = None) -> None:
        """The report is remembered as one of the story, in that part of it. `text` is as `telling` makes it."""
        known = _Known(part_id or story_id, read(text, published_at))
        self._known[item_id] = known
        self._enter(item_id, known.part, story_id)
        self._lexicon.learn(known.telling)
        for number in known.telling.stems.numbers:
            self._holders.setdefault(number, array("q")).append(item_id)

    def remove(self, item_id: int) -> None:
        """The report is forgotten; nothing happens when it is not known."""
        known = self._known.pop(item_id, None)
        if known is None:
            return
        for number in known.telling.stems.numbers:
            self._holders[number].remove(item_id)
            if not self._holders[number]:
                del self._holders[number]
        self._lexicon.unlearn(known.telling)
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
        for item_id in [item_id for item_id, known in self._known.items() if known.telling.sign.at < at]:
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
            best[part] = max(best[part], asked.like(item_id))
        hopeful = sorted((part for part in best if best[part] > 0), key=lambda part: (-best[part], part))
        return self._verdict(asked, hopeful[:PARTS])

    def exhaustive(self, text: str, published_at: datetime) -> int | None:
        """What `nearest` answers when every report is compared: the yardstick of its short cuts."""
        return self._verdict(_Asked(self, text, published_at), sorted(self._members)).story

    def likeness(self, text: str, published_at: datetime, item_id: int) -> float:
        """How alike a text and a known report are, from 0 to about 1; 0 when they cannot be one event."""
        return _Asked(self, text, published_at).like(item_id)

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
        votes: dict[int, float] = {}
        looked = 0
        for number in rarest(asked.weights, RAREST):
            holders, weight = self._holders.get(number, ()), asked.weights[number]
            looked += len(holders)
            if not votes:
                votes = dict.fromkeys(holders, weight)
                continue
            if looked > LOOKED:
                break
            for item_id in holders:
                votes[item_id] = votes.get(item_id, 0.0) + weight
        [enough, *_] = sorted(votes.values())[-2 * CANDIDATES :] or [0.0]
        ordered = sorted([(-vote, item_id) for item_id, vote in votes.items() if vote >= enough])[: 2 * CANDIDATES]
        return [item_id for _, item_id in ordered if self._near(item_id, asked.sign.at)][:CANDIDATES]

    def _near(self, item_id: int, at: datetime) -> bool:
        return abs(self._known[item_id].telling.sign.at - at) <= WINDOW

    def _verdict(self, asked: _Asked, parts: Sequence[int]) -> Verdict:
        """The part of the best mean likeness to its newest members, when that is enough; the older one of equals."""
        ordered = sorted(((self._linkage(asked, part), -part) for part in parts), reverse=True)
        sure = -ordered[0][1] if ordered and ordered[0][0] >= self.same else None
        story = self._stories[sure] if sure is not None else None
        unsure = [-part for linkage, part in ordered if linkage >= self.likely and self._stories[-part] != story]
        return Verdict(story, sure, tuple(self._speaker(asked, part) for part in unsure))

    def _linkage(self, asked: _Asked, part: int) -> float:
        near = self._newest(asked, part)
        if not near or any(asked.apart(item_id) for item_id in near):
            return 0.0
        by_words = sum(map(asked.like, near)) / len(near)
        if self._meanings is None:
            return by_words
        told = (self._known[item_id].telling.text for item_id in near)
        return settled(by_words, self._meanings.likeness(asked.text, told), self.same)

    def _speaker(self, asked: _Asked, part: int) -> int:
        """The report of the part that is most like the text, the older of equals."""
        return max(self._newest(asked, part), key=lambda item_id: (asked.like(item_id), -item_id))

    def _newest(self, asked: _Asked, part: int) -> list[int]:
        return [item_id for item_id in self._members[part] if self._near(item_id, asked.sign.at)][-MEMBERS:]


class _Asked(Newcomer):
    """A new text against a memory; each comparison is made once."""

    def __init__(self, memory: Memory, text: str, at: datetime) -> None:
        super().__init__(memory._lexicon, read(text, at))
        self._known = memory._known
        self._made: dict[int, float] = {}

    def like(self, item_id: int) -> float:
        """The likeness with a known report."""
        if item_id not in self._made:
            self._made[item_id] = self.likeness(self._known[item_id].telling)
        return self._made[item_id]

    def apart(self, item_id: int) -> bool:
        """Whether the two cannot be one event: what is alike at all can."""
        return not self.like(item_id) and apart(self.sign, self._known[item_id].telling.sign)
