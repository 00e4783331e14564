"""How well and how fast reports become stories.

python bench/grouping.py ua_graded.jsonl --stream posts.jsonl --headlines pairs.jsonl --pairs pool.tsv training.tsv

B³ of labelled posts at several thresholds, and with the threshold that the other days would choose; what editors
would be asked; F1 of headline pairs at the threshold that the other half would choose; the short cut beside a
comparison with every report, at 300, 3,000 and 30,000 of them. `--semantic`: instead, each day by words alone and
with the optional model beside them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from bot.intake import vectors
from bot.judgement.grouping import SAME, Memory
from bot.judgement.guards import sign
from bot.judgement.meaning import Meanings
from bot.judgement.tellings import telling

SIZES = (300, 3_000, 30_000)
LIMIT_SECONDS = 0.002  # for one new report against the largest
THRESHOLDS = (0.16, 0.18, SAME, 0.22, 0.24, 0.28)
QUESTIONS = 100  # texts asked about for a figure of speed
TIMES = 3  # the best of so many: the machine is shared
COMPARED = 25  # of the questions are compared with every report
PLACED = 16  # texts that the model is given at once
AT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def posts(path: Path) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return sorted((row for row in rows if row.get("ts_kyiv")), key=lambda row: (row["ts_kyiv"], row["id"]))


def words_of(row: Row) -> str:
    return telling(row.get("title") or row.get("headline") or row["text"][:120], row["text"])


def grouped(rows: Sequence[Row], same: float, meanings: Meanings | None = None) -> list[int]:
    """The story of each row, in order, told one after another."""
    memory, stories = Memory(same, meanings=meanings), []
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


def score(rows: Sequence[Row], same: float, meanings: Meanings | None = None) -> tuple[float, float, float]:
    return b_cubed([row["story"] for row in rows], grouped(rows, same, meanings))


def stories(rows: Sequence[Row]) -> None:
    for same in THRESHOLDS:
        precision, recall, harmonic = score(rows, same)
        mark = " ← SAME" if same == SAME else ""
        print(f"threshold {same:.2f}: B³ {harmonic:.3f} (precision {precision:.3f}, recall {recall:.3f}){mark}")
    print(f"each report alone: B³ {b_cubed([row['story'] for row in rows], list(range(len(rows))))[2]:.3f}")
    days: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        days[row["day"]].append(row)
    by_day = {day: {same: score(of_day, same)[2] for same in THRESHOLDS} for day, of_day in days.items()}
    for day, scores in by_day.items():
        others = [other for name, other in by_day.items() if name != day] or [scores]
        chosen = max(THRESHOLDS, key=lambda same: sum(other[same] for other in others))
        print(f"{day}: B³ {scores[SAME]:.3f}; with {chosen:.2f}, which the other days choose, {scores[chosen]:.3f}")


def questions(rows: Sequence[Row], meanings: Meanings | None = None) -> tuple[int, int]:
    """How often the editors would be asked, and how often they would say yes."""
    memory, asked, same = Memory(meanings=meanings), 0, 0
    for number, row in enumerate(rows, 1):
        at = datetime.fromisoformat(row["ts_kyiv"])
        verdict = memory.judge(words_of(row), at)
        if verdict.story is None and verdict.likely:
            asked += 1
            same += any(rows[item_id - 1]["story"] == row["story"] for item_id in verdict.likely[:2])
        memory.add(number, verdict.story or number, words_of(row), at)
    return asked, same


def placed(rows: Sequence[Row]) -> Meanings:
    """What the posts mean, as the extra [semantic] says; how long that takes."""
    meanings, texts, encode = Meanings(), [words_of(row) for row in rows], vectors.encoder()
    started = process_time()
    for start in range(0, len(texts), PLACED):
        batch = texts[start : start + PLACED]
        answer = vectors.placed(encode, b"", vectors.asked(batch))
        meanings.put(batch, vectors.answered(answer, len(batch)))
    print(f"the model placed {len(texts)} texts, {(process_time() - started) / len(texts) * 1000:.0f} ms each")
    return meanings


def semantic(rows: Sequence[Row]) -> None:
    """Each day and all of them by words alone and with the model, side by side."""
    meanings, days = placed(rows), dict.fromkeys(row["day"] for row in rows)
    print(f"{'':12}{'words':>26}{'and meaning':>38}")
    print(f"{'':12}" + f"{'B³':>6}{'prec.':>7}{'recall':>8}{'asked':>7}{'yes':>5}   " * 2)
    for name in (*days, "all"):
        some, cells = [row for row in rows if name in (row["day"], "all")], []
        for having in (None, meanings):
            precision, recall, harmonic = score(some, SAME, having)
            asked, same = questions(some, having)
            cells.append(f"{harmonic:>6.3f}{precision:>7.3f}{recall:>8.3f}{asked:>7}{same:>5}   ")
        print(f"{name:12}" + "".join(cells).rstrip())


def likenesses(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """How alike the two of each pair are in a memory of them all; 0 where guards keep them apart."""
    memory = Memory()
    for number, text in enumerate(text for pair in pairs for text in pair):
        memory.add(number, number, text, AT)
    return [memory.likeness(pair[0], AT, 2 * place + 1) for place, pair in enumerate(pairs)]


def f1(scores: Sequence[float], labels: Sequence[bool], threshold: float) -> float:
    told = [value >= threshold for value in scores]
    right = sum(one and other for one, other in zip(told, labels, strict=True))
    return 2 * right / (sum(told) + sum(labels)) if right else 0.0


def best(scores: Sequence[float], labels: Sequence[bool]) -> float:
    return max((step / 100 for step in range(5, 60)), key=lambda threshold: f1(scores, labels, threshold))


def pairs(name: str, rows: Iterable[tuple[str, str, bool]]) -> None:
    read = list(rows)
    scores, labels = likenesses([(one, other) for one, other, _ in read]), [label for *_, label in read]
    halves = [slice(0, None, 2), slice(1, None, 2)]
    held = [
        f1(scores[there], labels[there], best(scores[here], labels[here])) for here, there in (halves, halves[::-1])
    ]
    chosen, alone = best(scores, labels), f1([1.0] * len(read), labels, SAME)
    print(f"{name}: {len(read)} pairs, {sum(labels)} of one event; F1 {alone:.3f} when all are one")
    print(f"  F1 {f1(scores, labels, chosen):.3f} at {chosen:.2f}, {f1(scores, labels, SAME):.3f} at SAME")
    print(f"  F1 {sum(held) / 2:.3f} at the threshold that the other half chooses")


def labelled(path: Path) -> Iterable[tuple[str, str, bool]]:
    """Pairs of a crowd's file: with titles, or of posts alone."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            titles = row.get("INPUT:first_title", ""), row.get("INPUT:second_title", "")
            one, other = (
                telling(title, text) if title else telling(*text.split("\n", 1))
                for title, text in zip(titles, (row["INPUT:first_text"], row["INPUT:second_text"]), strict=True)
            )
            yield one, other, (row.get("GOLDEN:quality") or row["GOLDEN:result"]).lower() == "ok"


def mixed(rows: Sequence[Row], count: int) -> Iterable[str]:
    """So many different texts: those of the rows, then thirds of three of them put together."""
    dice, parts = random.Random(7), [words_of(row).split() for row in rows]
    for number in range(count):
        if number < len(rows):
            yield words_of(rows[number])
            continue
        one, two, three = (dice.choice(parts) for _ in range(3))
        third = [one[: len(one) // 3], two[len(two) // 3 : 2 * len(two) // 3], three[2 * len(three) // 3 :]]
        yield f"{' '.join(third[0])}\n{' '.join(third[1] + third[2])}"


def speed(rows: Sequence[Row], size: int) -> None:
    """At one instant, so that every report is within the window: the worst case."""
    before, memory, started = _peak_mib(), Memory(), process_time()
    for number, text in enumerate(mixed(rows, size), 1):
        memory.add(number, number, text, AT)
    add, asked = process_time() - started, [f"{words_of(row)} ще" for row in rows[:: max(1, len(rows) // QUESTIONS)]]
    short = []
    for _ in range(TIMES):
        sign.cache_clear()
        started = process_time()
        answers = [memory.nearest(text, AT) for text in asked]
        short.append((process_time() - started) / len(asked))
    started = process_time()
    agreed = sum(memory.exhaustive(text, AT) == answer for text, answer in zip(asked[:COMPARED], answers, strict=False))
    every = (process_time() - started) / COMPARED
    print(
        f"{size:>6} reports: nearest {min(short) * 1000:.2f} ms ({min(short) / LIMIT_SECONDS:.2f} of the limit), "
        f"exhaustive {every * 1000:.2f} ms (×{every / min(short):.0f}), "
        f"add {add / size * 1000:.2f} ms, memory {_peak_mib() - before:.0f} MiB, "
        f"same answer {agreed}/{COMPARED}"
    )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "file", type=Path, help="labelled posts, one JSON object a line: day, title, text, ts_kyiv, story"
    )
    parser.add_argument("--stream", type=Path, help="more posts for the speed, the same form without story")
    parser.add_argument("--semantic", action="store_true", help="only what the extra [semantic] adds to the words")
    parser.add_argument("--headlines", type=Path, help="pairs of headlines, one JSON object a line: a, b, label")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="a crowd's pairs of texts, tab-separated")
    arguments = parser.parse_args()
    rows = posts(arguments.file)
    if arguments.semantic:
        semantic(rows)
        return
    stories(rows)
    asked, same = questions(rows)
    print(f"editors are asked about {asked} of {len(rows)} reports; {same} times they would say «one event»")
    if arguments.headlines:
        read = [json.loads(line) for line in arguments.headlines.read_text("utf-8").splitlines()]
        pairs(arguments.headlines.name, ((row["a"], row["b"], row["label"] >= 0) for row in read))
    for path in arguments.pairs:
        pairs(path.name, labelled(path))
    for size in SIZES:
        speed(posts(arguments.stream) if arguments.stream else rows, size)


if __name__ == "__main__":
    main()
