"""What is found in a newsroom's file, against what its feeds told by the recording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from bench.recording import Telling, Timeline, address, article, telling


class Found(NamedTuple):
    """One version of an item in the newsroom's file, in their order."""

    item_id: int
    history: bool
    telling: Telling


@dataclass(frozen=True, slots=True)
class Row:
    """One timeline's line in the table. `history`: articles wrongly taken for what was there before, or for news;
    `invented`: versions that nobody wrote so; `back`: articles that left and returned, `returns`: how often."""

    name: str
    polls: int = 0
    kills: int = 0
    articles: int = 0
    missed: int = 0
    doubled: int = 0
    history: int = 0
    edits: int = 0
    seen: int = 0
    invented: int = 0
    back: int = 0
    returns: int = 0
    details: tuple[str, ...] = ()

    def __add__(self, other: Row) -> Row:
        sums = {column: getattr(self, column) + getattr(other, column) for column in COLUMNS}
        return Row(self.name, details=self.details + other.details, **sums)

    @property
    def well(self) -> bool:
        """Whether everything is there once, and every edit as an edit."""
        return not (self.missed or self.doubled or self.history or self.invented) and self.seen == self.edits


COLUMNS = tuple(name for name in Row.__dataclass_fields__ if name not in ("name", "details"))


def judged(timeline: Timeline, kills: int, found: Sequence[Found]) -> Row:
    """What is in the file, against what was served."""
    told = _told(timeline)
    items: dict[str, dict[int, list[Found]]] = defaultdict(lambda: defaultdict(list))
    owner: dict[int, str] = {}
    for one in found:
        owner.setdefault(one.item_id, article(one.telling.address))
        items[owner[one.item_id]][one.item_id].append(one)
    first = {article(address(one.link)) for one in timeline.polls[0].entries}
    row = Row(timeline.name, polls=len(timeline.polls), kills=kills, articles=len(told))
    for name, tellings in told.items():
        row += _compared(name, tellings, items.get(name, {}), name in first)
    returns = _returns(timeline)
    return row + Row("", doubled=len(items.keys() - told.keys()), back=len(returns), returns=sum(returns.values()))


def _compared(name: str, told: Sequence[Telling], items: dict[int, list[Found]], was_there: bool) -> Row:
    edits = len(told) - 1
    if not items:
        return Row("", missed=1, edits=edits, details=(f"missed: {name}",))
    versions = [one.telling for one in items[min(items)]]
    history = any(one.history != was_there for one in items[min(items)])
    same = sum(block.size for block in SequenceMatcher(None, told, versions, autojunk=False).get_matching_blocks())
    seen = same - (told[0] == versions[0])
    details = tuple(f"{one}: {name}" for one in ("doubled",) * (len(items) > 1) + ("history",) * history)
    if told != versions:
        details += (f"edits: {name}\n  told {told}\n  kept {versions}",)
    return Row("", 0, 0, 0, 0, len(items) - 1, int(history), edits, seen, len(versions) - same, details=details)


def _told(timeline: Timeline) -> dict[str, list[Telling]]:
    told: dict[str, list[Telling]] = defaultdict(list)
    leads: dict[str, str] = defaultdict(str)
    for _, same in groupby(timeline.polls, key=lambda poll: poll.entries):
        for one in next(same).entries:
            new = telling(one.title, one.description, one.link)
            name = article(new.address)
            lead = leads[name] = new.lead or leads[name]  # what is not said again stands
            new = new._replace(lead="" if lead == new.title else lead)
            if told[name][-1:] != [new]:
                told[name].append(new)
    return told


def _returns(timeline: Timeline) -> dict[str, int]:
    returns: dict[str, int] = defaultdict(int)
    known: set[str] = set()
    before: set[str] = set()
    for _, same in groupby(timeline.polls, key=lambda poll: poll.entries):
        there = {article(address(one.link)) for one in next(same).entries}
        for name in (there & known) - before:
            returns[name] += 1
        known, before = known | there, there
    return returns
