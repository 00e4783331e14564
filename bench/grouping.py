"""How well and how fast reports become stories: B³ on a labelled file, and the short cut against the exhaustive search.

python bench/grouping.py ua_graded.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.judgement.grouping import SAME, Memory, telling

SIZES = (300, 3_000)


def posts(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return sorted((row for row in rows if row.get("ts_kyiv")), key=lambda row: (row["ts_kyiv"], row["id"]))


def words_of(row: dict[str, Any]) -> str:
    return telling(row.get("title") or row.get("headline") or row["text"][:120], row["text"])


def grouped(rows: Sequence[dict[str, Any]], same: float) -> list[int]:
    """The story of each row, in order, told one after another."""
    memory, stories = Memory(same), []
    for number, row in enumerate(rows, 1):
        at = datetime.fromisoformat(row["ts_kyiv"])
        story = memory.nearest(words_of(row), at) or number
        memory.add(number, story, words_of(row), at)
        stories.append(story)
    return stories


def b_cubed(truth: Sequence[str], found: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean."""
    by_truth, by_found = defaultdict(set), defaultdict(set)
    for place, (real, told) in enumerate(zip(truth, found, strict=True)):
        by_truth[real].add(place)
        by_found[told].add(place)
    pairs = list(zip(truth, found, strict=True))
    precision = sum(len(by_truth[real] & by_found[told]) / len(by_found[told]) for real, told in pairs) / len(pairs)
    recall = sum(len(by_truth[real] & by_found[told]) / len(by_truth[real]) for real, told in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def speed(rows: Sequence[dict[str, Any]], size: int) -> None:
    memory = Memory()
    at = datetime.fromisoformat(rows[0]["ts_kyiv"])  # one instant: every report is within the window, the worst case
    for number in range(size):
        text = words_of(rows[number % len(rows)])
        memory.add(number, number, text + (f"\n{number}" if number >= len(rows) else ""), at)
    asked = [words_of(row) for row in rows[:: max(1, len(rows) // 100)]][:100]
    agreed, spent = 0, {"short": 0.0, "all": 0.0, "add": 0.0}
    for text in asked:
        started = perf_counter()
        answer = memory.nearest(text, at)
        middle = perf_counter()
        agreed += answer == memory.exhaustive(text, at)
        ended = perf_counter()
        memory.add(-1, -1, text, at)
        memory.remove(-1)
        spent["short"] += middle - started
        spent["all"] += ended - middle
        spent["add"] += perf_counter() - ended
    short, every, add = (spent[key] / len(asked) * 1000 for key in ("short", "all", "add"))
    print(
        f"{size:>6} reports: nearest {short:.2f} ms, exhaustive {every:.2f} ms (×{every / short:.0f}), "
        f"add and remove {add:.2f} ms, same answer {agreed}/{len(asked)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="labelled posts, one JSON object a line: title, text, ts_kyiv, story")
    parser.add_argument("--stream", type=Path, help="more posts for the speed, the same form without story")
    arguments = parser.parse_args()
    rows = posts(arguments.file)
    for same in (0.16, 0.18, SAME, 0.22, 0.24, 0.28):
        precision, recall, harmonic = b_cubed([row["story"] for row in rows], grouped(rows, same))
        mark = " ← SAME" if same == SAME else ""
        print(f"threshold {same:.2f}: B³ {harmonic:.3f} (precision {precision:.3f}, recall {recall:.3f}){mark}")
    alone = b_cubed([row["story"] for row in rows], list(range(len(rows))))
    print(f"each report alone: B³ {alone[2]:.3f}")
    for size in SIZES:
        speed(posts(arguments.stream) if arguments.stream else rows, size)


if __name__ == "__main__":
    main()
