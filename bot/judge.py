"""Measures the judgement on labelled files, and tells which stories a change of it moves. Writes only a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.desk.cards import UNTOLD, reason
from bot.judgement import moves
from bot.judgement.contest import OURS, Row, beside, contest, grouping, lived
from bot.judgement.labelled import Day, Labelled, UnknownLabels, read
from bot.judgement.measures import Interval
from bot.judgement.moves import Line, Move, Snapshot, UnreadableSnapshot
from bot.judgement.pairing import joined
from bot.judgement.tastes import Taste
from bot.judgement.trial import Lived, ranked
from bot.wording import Wording

SHOWN_REASONS = 4
COLUMN: Final = 20  # «0.49 (0.40–0.58)» and a gap


class CannotJudge(Exception):
    """A file cannot be used; `sentence` says which and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure, where to keep what is best of each day now, and what it was before (None: neither)."""

    files: Sequence[Path]
    save: Path | None = None
    against: Path | None = None


def judge(asked: Asked, taste: Taste, wording: Wording) -> Iterator[str]:
    """What is found, line by line. Raises CannotJudge."""
    before = _before(asked.against, wording) if asked.against else None
    now: dict[str, moves.Best] = {}
    for path in asked.files:
        labelled = _labelled(path, wording)
        if labelled.kind == "pairs":
            yield from _pairs(path, labelled, wording)
            continue
        days = lived(labelled)
        yield from _days(path, labelled, days, taste, wording)
        now.update(_snapshot(path, labelled, days, taste))
    if before is not None:
        yield from _moved(before, now, wording)
    if asked.save:
        try:
            asked.save.write_text(moves.write(now), "utf-8")
        except OSError as error:
            raise CannotJudge(wording.text("judge.unwritten", path=asked.save, reason=error.strerror)) from None
        yield wording.text("judge.saved", path=asked.save)


def _labelled(path: Path, wording: Wording) -> Labelled:
    try:
        return read(path.read_text("utf-8"))
    except OSError as error:
        raise CannotJudge(wording.text("judge.unreadable", path=path, reason=error.strerror)) from None
    except (UnicodeDecodeError, UnknownLabels):
        raise CannotJudge(wording.text("judge.unknown", path=path)) from None


def _before(path: Path, wording: Wording) -> Snapshot:
    try:
        return moves.read(path.read_text("utf-8"))
    except OSError as error:
        raise CannotJudge(wording.text("judge.unreadable", path=path, reason=error.strerror)) from None
    except (UnicodeDecodeError, UnreadableSnapshot):
        raise CannotJudge(wording.text("judge.no_snapshot", path=path)) from None


def _days(
    path: Path, labelled: Labelled, days: Sequence[tuple[Day, Lived]], taste: Taste, wording: Wording
) -> Iterator[str]:
    posts = sum(len(day.posts) for day, _ in days)
    yield _headed(path, wording.count("judge.days", len(days)), wording.count("judge.posts", posts))
    if not days:
        return
    rows = contest(labelled.kind, days, taste)
    yield from _table(rows, wording)
    for each in beside(rows):
        yield wording.text(
            f"judge.{each.verdict}", ours=_name(each.ours, wording), rival=_name(each.rival, wording),
            measure=each.measure, gain=f"{each.gain.mean:+.3f}", low=f"{each.gain.low:+.3f}",
            high=f"{each.gain.high:+.3f}",
        )  # fmt: skip
    if labelled.kind == "graded":
        yield from _table([grouping(days)], wording)


def _pairs(path: Path, labelled: Labelled, wording: Wording) -> Iterator[str]:
    yield _headed(path, wording.count("judge.pairs", len(labelled.pairs)))
    scores = joined(labelled.pairs)
    yield "  " + "  ".join(f"{name} {score:.3f}" for name, score in scores.items())


def _headed(path: Path, *counts: str) -> str:
    return f"\n{path.name}: {', '.join(counts)}"


def _table(rows: Sequence[Row], wording: Wording) -> Iterator[str]:
    names = {row.name: _name(row, wording) for row in rows}
    width = max(map(len, names.values())) + 2
    yield " " * (width + 2) + "".join(name.ljust(COLUMN) for name in rows[0].days[0]).rstrip()
    for row in rows:
        cells = (_cell(row.interval(name)).ljust(COLUMN) for name in row.days[0])
        yield f"  {names[row.name].ljust(width)}{''.join(cells).rstrip()}"


def _cell(found: Interval) -> str:
    return f"{found.mean:.3f} ({found.low:.2f}–{found.high:.2f})"


def _name(row: Row, wording: Wording) -> str:
    return wording.text(f"judge.ranker.{row.name}")


def _snapshot(
    path: Path, labelled: Labelled, days: Sequence[tuple[Day, Lived]], taste: Taste
) -> Mapping[str, moves.Best]:
    return {
        f"{path.name} {day.name} {rubric}": moves.best(
            known, ranked(known, rubric, taste), moves.places(labelled.kind, day)
        )
        for day, known in days
        for rubric in OURS
    }


def _moved(before: Snapshot, now: Snapshot, wording: Wording) -> Iterator[str]:
    found = list(moves.moves(before, now))
    yield "\n" + wording.count("judge.moved", len(found), lists=len(before.keys() & now.keys()))
    for each in found:
        yield from _move(each, wording)


def _move(move: Move, wording: Wording) -> Iterator[str]:
    yield move.name
    for sign, lines in (("+", move.came), ("−", move.went)):
        for line in lines:
            yield f"  {sign} {line.importance:.2f} {line.title}"
            yield f"      {_reasons(line, wording)}"


def _reasons(line: Line, wording: Wording) -> str:
    told = sorted((each for each in line.reasons if each.key not in UNTOLD), key=lambda each: -abs(each.points))
    return ", ".join(
        f"{reason(each.key, dict(each.values), wording)} {each.points:+.2f}" for each in told[:SHOWN_REASONS]
    )
