"""Days of news that people labelled, in the forms that are public: which posts mattered, which pairs are one event."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

Kind = Literal["roundups", "graded", "views", "pairs"]
TITLE_LETTERS = 120  # of a post that has no headline
SAME = frozenset({"OK", "ok", "0", "1"})  # ParaPhraser calls a loose paraphrase 0 and a different event -1
_PAIR_COLUMNS = (("INPUT:first_title", "INPUT:first_text"), ("INPUT:second_title", "INPUT:second_text"))


class UnknownLabels(ValueError):
    """The file is in none of the known forms, or a row of it misses what its form has."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a labelled day. `grade` and `story` are None where the form has none."""

    id: str
    at: datetime
    title: str
    lead: str
    section: str | None = None
    grade: int | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The posts that there were to choose from, oldest first, and what editors picked: for each of their `lines` the
    posts that tell it; lines that no post tells are counted but not in `picks`."""

    name: str
    posts: tuple[Post, ...]
    picks: tuple[frozenset[str], ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, each a title and a lead, and whether people call them one event."""

    one: tuple[str, str]
    other: tuple[str, str]
    same: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file: its days, or its pairs."""

    kind: Kind
    days: tuple[Day, ...] = ()
    pairs: tuple[Pair, ...] = ()


def read(text: str) -> Labelled:
    """The file's content, its form recognised by what its first row has. Raises UnknownLabels."""
    try:
        return _read(text)
    except (KeyError, TypeError, ValueError, AttributeError, csv.Error) as trouble:
        raise UnknownLabels(str(trouble)) from trouble


def _read(text: str) -> Labelled:
    if "\tGOLDEN:" in text.partition("\n")[0]:
        return Labelled("pairs", pairs=tuple(_table(text)))
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    match rows:
        case [{"candidates": _, "picks": _}, *_]:
            return Labelled("roundups", days=tuple(map(_roundup, rows)))
        case [{"a": _, "b": _, "label": _}, *_]:
            pairs = (Pair((row["a"], ""), (row["b"], ""), str(row["label"]) in SAME) for row in rows)
            return Labelled("pairs", pairs=tuple(pairs))
        case [{"grade": _, "story": _}, *_]:
            return Labelled("graded", days=tuple(_days(rows)))
        case [{"grade": _, "pct": _}, *_]:
            return Labelled("views", days=tuple(_days(rows)))
    raise UnknownLabels("no known form")


def _table(text: str) -> Iterator[Pair]:
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        [label] = (value for name, value in row.items() if name and name.startswith("GOLDEN:"))
        one, other = (_headed(row.get(title) or "", row[lead]) for title, lead in _PAIR_COLUMNS)
        yield Pair(one, other, label in SAME)


def _headed(title: str, lead: str) -> tuple[str, str]:
    return (title or lead[:TITLE_LETTERS], lead)


def _roundup(row: Mapping[str, Any]) -> Day:
    posts = _ordered(row["candidates"])
    known = {post.id for post in posts}
    picks = tuple(told for pick in row["picks"] if (told := known & set(map(str, pick["relevant_ids"]))))
    return Day(str(row["roundup_id"]), posts, tuple(map(frozenset, picks)), len(row["picks"]))


def _days(rows: Sequence[Mapping[str, Any]]) -> Iterator[Day]:
    for name, day in groupby(sorted(rows, key=lambda row: str(row["day"])), key=lambda row: str(row["day"])):
        yield Day(name, _ordered(list(day)))


def _ordered(rows: Sequence[Mapping[str, Any]]) -> tuple[Post, ...]:
    """Sorted by time; of one instant, in the order of the file."""
    return tuple(sorted(map(_post, rows), key=lambda post: post.at))


def _post(row: Mapping[str, Any]) -> Post:
    at = datetime.fromisoformat(row.get("ts_kyiv") or row["published_utc"])
    title, lead = _headed(str(row["title"] or ""), str(row.get("text") or ""))
    grade, story = row.get("grade"), row.get("story")
    return Post(
        id=str(row["id"]), at=at if at.tzinfo else at.replace(tzinfo=UTC), title=title, lead=lead,
        section=row.get("section"), grade=None if grade is None else int(grade),
        story=None if story is None else str(story),
    )  # fmt: skip
