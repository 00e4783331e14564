"""How long a day of 10,000 reports takes to rank: the first time, when every word is read, and each time after it;
beside them, what weighing each story alone takes.

python -m bench.ranking POSTS.jsonl …    # one JSON object a line: headline or title, text
"""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bot.judgement.ranking import rank, weigh
from bot.judgement.states import first
from bot.judgement.tastes import default_taste
from storage.model import Item, Story

REPORTS = 10_000
LIMIT_SECONDS = 0.2
NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
STEP = timedelta(seconds=8)  # 10,000 of them are most of a day
TIMES = 5


def report(number: int, row: dict[str, Any], lap: int) -> Item:
    title = str(row.get("headline") or row.get("title") or row["text"][:120]) + (f" {lap}" if lap else "")
    at = NOW - number * STEP
    return Item(number, 1, "news", title, row["text"], "", "uk", (), at, at, number % 40, "", f"f{number % 40}", False)


def day(rows: Sequence[dict[str, Any]], reports_each: int) -> list[Story]:
    """10,000 reports, no two with the same headline, in stories of so many."""
    items = [report(number, rows[number % len(rows)], number // len(rows)) for number in range(1, REPORTS + 1)]
    groups = [tuple(items[start : start + reports_each]) for start in range(0, REPORTS, reports_each)]
    return [Story(group[0].id, first(group[0].id, group[0]), group) for group in groups]


def seconds(stories: Sequence[Story]) -> tuple[float, float]:
    """By the clock on the wall, and of the processor alone."""
    wall, cpu = perf_counter(), process_time()
    rank(stories, now=NOW, rubric="digest", taste=default_taste())
    return perf_counter() - wall, process_time() - cpu


def alone(stories: Sequence[Story]) -> float:
    """Seconds of the processor for the plain way: each story by itself, and no order."""
    started = process_time()
    for story in stories:
        weigh(story, now=NOW, rubric="digest", taste=default_taste())
    return process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    lines = (line for path in parser.parse_args().files for line in path.read_text("utf-8").splitlines())
    rows = [json.loads(line) for line in islice(lines, REPORTS)]
    print(f"of {len(rows)} different texts")
    for reports_each in (1, 2, 4):
        stories = day(rows, reports_each)
        cold = seconds(stories)
        gc.collect()
        gc.freeze()  # as the bot does when it is up
        warm = [seconds(stories) for _ in range(TIMES)]
        wall, cpu = (median(part) for part in zip(*warm, strict=True))
        print(
            f"{REPORTS} reports in {len(stories)} stories: {wall * 1000:.0f} ms, {cpu * 1000:.0f} of the processor "
            f"({cpu / LIMIT_SECONDS:.2f} of the limit, {cpu / alone(stories):.2f} of each alone); "
            f"the first time {cold[1]:.1f} s"
        )


if __name__ == "__main__":
    main()
