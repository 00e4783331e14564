"""Does the judgement pick what matters? Its order beside random, newest first and coverage, on labelled days.

python bench/judgement.py DIR    # DIR holds metric.py, bbc_roundups.jsonl, ua_graded.jsonl, rbc_views.jsonl
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.judgement.grouping import Memory, telling
from bot.judgement.ranking import Rubric, rank
from bot.judgement.states import first, turn
from bot.judgement.tastes import default_taste
from storage.model import Item, Story

Ranker = Callable[[Sequence[dict[str, Any]]], list[Any]]
SEEDS = 20  # random orders that are averaged


def item(number: int, row: dict[str, Any]) -> Item:
    at = datetime.fromisoformat(row.get("ts_kyiv") or row["published_utc"])
    lead = row.get("text") or ""
    return Item(
        id=number, version=1, kind="news", title=row["title"] or lead[:120], lead=lead, url=f"https://a.test/{number}",
        language="uk", sections=(row["section"],) if row.get("section") else (), published_at=at, seen_at=at,
        source_id=1, source="", family="one", own=False,
    )  # fmt: skip


def stories(items: Sequence[Item]) -> list[Story]:
    """The stories of one stream, told one report after another as the bot hears them."""
    memory, found = Memory(), dict[int, Story]()
    for one in items:
        text = telling(one.title, one.lead)
        number = memory.nearest(text, one.published_at) or one.id
        memory.add(one.id, number, text, one.published_at)
        story = found.get(number)
        if story is None:
            found[number] = Story(number, first(number, one), (one,))
        else:
            state = turn(story.state, one, story.items).state or story.state
            found[number] = replace(story, state=state, items=(*story.items, one))
    return list(found.values())


def judged(rubric: Rubric) -> Ranker:
    """Stories by importance, each spoken for by the report of its state; the rest of their reports after them all."""

    def order(rows: Sequence[dict[str, Any]]) -> list[Any]:
        items = sorted(
            (item(number, row) for number, row in enumerate(rows, 1)), key=lambda one: (one.published_at, one.id)
        )
        now = items[-1].published_at + timedelta(minutes=1)
        ranked = rank(stories(items), now=now, rubric=rubric, taste=default_taste())
        told = [one.story.state.item_id for one in ranked]
        rest = [one.id for ranked_one in ranked for one in ranked_one.story.items if one.id not in set(told)]
        return [rows[number - 1]["id"] for number in told + rest]

    return order


def metric_of(directory: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("metric", directory / "metric.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{directory}/metric.py cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mean(scores: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(score[name] for score in scores) / len(scores), 3) for name in scores[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dir", type=Path)
    directory = parser.parse_args().dir
    metric = metric_of(directory)
    measures = (
        ("bbc_roundups", metric.roundup_scores),
        ("ua_graded", metric.graded_scores),
        ("rbc_views", metric.views_scores),
    )
    rankers: list[tuple[str, list[Ranker]]] = [
        ("random", [metric.rnd(seed) for seed in range(SEEDS)]),
        ("newest", [metric.latest]),
        ("coverage", [metric.coverage]),
        ("judgement, digest", [judged("digest")]),
        ("judgement, roundup", [judged("roundup")]),
    ]
    for name, measure in measures:
        print(name)
        rows = metric.load("", name)
        for ranker, orders in rankers:
            scores = mean([measure(rows, order) for order in orders])
            print(f"  {ranker:<20}", "  ".join(f"{key} {value:.3f}" for key, value in scores.items()))


if __name__ == "__main__":
    main()
