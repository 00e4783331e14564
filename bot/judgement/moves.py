"""Which stories a change of the judgement moves into the best of a day, and which it moves out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.judgement.labelled import Day, Kind
from bot.judgement.measures import GRADED_PLACES, VIEWED_PLACES
from bot.judgement.ranking import Ranked
from bot.judgement.trial import Lived
from storage.model import Contribution

VERSION = 1


class UnreadableSnapshot(ValueError):
    """The file is no snapshot that this version wrote."""


@dataclass(frozen=True, slots=True)
class Line:
    """A story as a snapshot knows it: the post that spoke for it, every post of it, and why it mattered."""

    post: str
    posts: tuple[str, ...]
    title: str
    importance: float
    reasons: tuple[Contribution, ...]


Best = Sequence[Line]
Snapshot = Mapping[str, Best]  # by file, day and rubric


@dataclass(frozen=True, slots=True)
class Move:
    """One list that changed: the stories that came in and those that went out, best first."""

    name: str
    came: tuple[Line, ...]
    went: tuple[Line, ...]


def places(kind: Kind, day: Day) -> int:
    return {"roundups": day.lines, "graded": GRADED_PLACES}.get(kind, VIEWED_PLACES)


def best(day: Lived, ranking: Sequence[Ranked], count: int) -> Best:
    """The first so many stories."""
    return [_line(day, one) for one in ranking[:count]]


def moves(before: Snapshot, after: Snapshot) -> Iterator[Move]:
    """The lists that both know and that do not tell of the same stories. A story is the same when the two have a post
    in common, so that another grouping alone is no move."""
    for name in sorted(before.keys() & after.keys()):
        came, went = _missing(after[name], before[name]), _missing(before[name], after[name])
        if came or went:
            yield Move(name, came, went)


def write(snapshot: Snapshot) -> str:
    lists = {name: [_row(line) for line in lines] for name, lines in snapshot.items()}
    return json.dumps({"version": VERSION, "lists": lists}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(text: str) -> Snapshot:
    """Raises UnreadableSnapshot."""
    try:
        told = json.loads(text)
        if told["version"] != VERSION:
            raise UnreadableSnapshot(str(told["version"]))
        return {name: [_from(row) for row in rows] for name, rows in told["lists"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as trouble:
        raise UnreadableSnapshot(str(trouble)) from trouble


def _missing(lines: Best, others: Best) -> tuple[Line, ...]:
    known = {post for line in others for post in line.posts}
    return tuple(line for line in lines if known.isdisjoint(line.posts))


def _line(day: Lived, one: Ranked) -> Line:
    posts = tuple(day.posts[item.id - 1].id for item in one.story.items)
    speaking = day.posts[one.story.state.item_id - 1].id
    return Line(speaking, posts, one.story.state.title, one.importance, one.contributions)


def _row(line: Line) -> dict[str, Any]:
    reasons = [{"key": each.key, "points": each.points, "values": dict(each.values)} for each in line.reasons]
    return {
        "post": line.post,
        "posts": line.posts,
        "title": line.title,
        "importance": line.importance,
        "reasons": reasons,
    }


def _from(row: Mapping[str, Any]) -> Line:
    reasons = (Contribution(each["key"], float(each["points"]), each["values"]) for each in row["reasons"])
    posts = tuple(map(str, row["posts"]))
    return Line(str(row["post"]), posts, str(row["title"]), float(row["importance"]), tuple(reasons))
