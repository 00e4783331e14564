"""What was found in the end: how many things were expected, and how many stand there once, twice, never."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from tests.crash_day import Size, Thing, Town

_ASKED = """
SELECT payload_json AS words, chat FROM outbox WHERE asked_at IS NOT NULL
UNION ALL SELECT v.text, '' FROM post JOIN post_version AS v ON v.post_id = post.id AND v.version = post.version
 WHERE post.state = 'missed'
"""
_UNDONE = """
SELECT 'update ' || update_id FROM "update" WHERE done_at IS NULL
UNION ALL SELECT intent || ' ' || state FROM outbox
 WHERE state IN ('waiting', 'claimed', 'doubt') AND asked_at IS NULL AND done_at IS NULL
UNION ALL SELECT 'post ' || id FROM post
 WHERE state IN ('queued', 'publishing') AND NOT EXISTS (
       SELECT 1 FROM outbox WHERE outbox.post_id = post.id AND outbox.intent LIKE 'post:%'
          AND (outbox.asked_at IS NOT NULL OR outbox.done_at IS NOT NULL))
UNION ALL SELECT intent || ' not shown' FROM outbox AS o JOIN message AS m ON m.outbox_id = o.id
 WHERE o.state = 'sent' AND o.wanted_version > m.shown_version AND m.gone_at IS NULL AND m.place = 1
UNION ALL SELECT 'editions' WHERE (SELECT count(*) FROM edition) < 2
"""
COLUMNS = ("tried", "expected", "once", "twice", "never", "asked", "disorder", "unfinished", "fell")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of trouble. `asked`: it does not stand there, and an editor is asked about it; `disorder`: it stands
    there after what was to follow it; `unfinished`: something was still to do minutes later, or the bot did not stop;
    `fell`: it ended by itself. `details` names what is wrong."""

    name: str
    tried: int = 0
    expected: int = 0
    once: int = 0
    twice: int = 0
    never: int = 0
    asked: int = 0
    disorder: int = 0
    unfinished: int = 0
    fell: int = 0
    details: tuple[str, ...] = ()

    def __add__(self, other: Row) -> Row:
        sums = {column: getattr(self, column) + getattr(other, column) for column in COLUMNS}
        return replace(self, **sums, details=(*self.details, *other.details))

    @property
    def well(self) -> bool:
        """Whether nothing was doubled, nothing lost, and nothing left undone."""
        return not self.twice and not self.never and not self.unfinished


def count(name: str, town: Town, size: Size, path: Path) -> Row:
    """What stands in the town's chats, against what has to."""
    questions, missed = _questions(path)
    row = Row(name, disorder=town.disorder(size))
    for thing in town.things(size):
        found = len(town.said(thing))
        short, over = max(thing.times - found, 0), max(found - thing.times, 0)
        about = missed if thing.kind == "headline" else any(_is_about(thing, each) for each in questions)
        row += Row(
            name,
            expected=thing.times,
            once=thing.times - short,
            twice=over,
            never=0 if about else short,
            asked=short if about else 0,
            details=(f"{thing.kind} {thing.name[:40]}: {found} of {thing.times}",) if found != thing.times else (),
        )
    return row


def undone(path: Path) -> list[str]:
    """What is not done in the newsroom's file."""
    # Opened anew each time: a connection that stays would spare the bot the recovery of what a dead one left.
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        return [row[0] for row in file.execute(_UNDONE)]


def lines(rows: Iterable[Row]) -> list[str]:
    """The table as it is printed, the sum last."""
    rows = list(rows)
    every = [*rows, sum(rows, Row("in all"))]
    width = max(len(row.name) for row in every)
    head = " ".join([" " * width, *(f"{column:>10}" for column in COLUMNS)])
    return [head, *(" ".join([f"{row.name:<{width}}", *(f"{getattr(row, c):>10}" for c in COLUMNS)]) for row in every)]


def _questions(path: Path) -> tuple[list[tuple[str, str]], bool]:
    """What editors are asked about: words and chat of each; and whether a whole edition is."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        missed = file.execute("SELECT count(*) FROM edition WHERE state IN ('missed', 'held')").fetchone()[0]
        asked = file.execute("SELECT count(*) FROM outbox WHERE asked_at IS NOT NULL AND edition_id IS NOT NULL")
        return file.execute(_ASKED).fetchall(), bool(missed or asked.fetchone()[0])


def _is_about(thing: Thing, question: tuple[str, str]) -> bool:
    words, chat = question
    if thing.kind == "answer":
        return chat == str(thing.chat.id)
    return thing.name.rpartition("/")[2] in words
