"""How well intake reads what really exists: `python bench/feeds.py DIR_OF_DATA [-v]`.

The directory holds date-strings, feedparser-suite, kagi-real-feeds and the other sets that the table
names; what is missing is skipped. The peer is feedparser itself, run over the same files side by side.
"""

from __future__ import annotations

import gzip
import io
import json
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from bench import feed_suite as suite
from bot.intake import dates, feeds
from bot.intake.bodies import UnreadableFeed

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)  # after the newest of the data, so that nothing is clamped
SETS = ("kagi-real-feeds", "misc-feeds", "ua-ru-feeds", "novosti-dn-ua")
NO_FEEDS = {".json.gz", ".jsonl", ".tsv", ".md", ".html"}


def main(folder: Path, talkative: bool) -> None:
    """Print one line a set: what was asked, what came, what was refused and how long it took."""
    print(f"{'set':28}{'right':>8}{'of':>8}{'share':>9}   remarks")
    _line("date-strings", *_dates(folder / "date-strings" / "dates.tsv", talkative))
    _line("feedparser-suite", *suite.measure(folder / "feedparser-suite", NOW, KYIV, talkative))
    _line("hostile-feeds", *_hostile(folder / "hostile-feeds", talkative))
    for name in SETS:
        _line(name, *_files(folder / name, talkative))


def _line(name: str, right: int, asked: int, remarks: str) -> None:
    if asked:
        print(f"{name:28}{right:8}{asked:8}{right / asked:9.1%}   {remarks}")


def _dates(path: Path, talkative: bool) -> tuple[int, int, str]:
    if not path.exists():
        return 0, 0, ""
    right = 0
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        said, _, expected = line.partition("\t")
        found = dates.read(said, KYIV, NOW)
        told = found.strftime("%Y-%m-%dT%H:%M:%SZ") if found else ""
        right += told == expected.strip()
        if talkative and told != expected.strip():
            print(f"  date {said!r}: {told or None} instead of {expected or None}")
    return right, len(lines), ""


def _hostile(folder: Path, talkative: bool) -> tuple[int, int, str]:
    """The files that are there, against the sentence of expected.tsv."""
    right = asked = 0
    for path in sorted(folder.glob("*.xml")):
        asked += 1
        try:
            feed = feeds.read(path.read_bytes(), None, "http://x/feed", NOW, KYIV)
            told = f"{len(feed.reports)} items; {feed.reports[0].title if feed.reports else ''}"
        except UnreadableFeed as error:
            told = f"error {error.reason}"
        good = suite.hostile(path.stem, told)
        right += good
        if talkative or not good:
            print(f"  hostile {path.stem}: {told}")
    return right, asked, ""


def _bodies(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.name.endswith(end) for end in NO_FEEDS) and path.stem != "LICENSE":
            body = path.read_bytes()
            yield path, gzip.decompress(body) if path.suffix == ".gz" else body


def _files(folder: Path, talkative: bool) -> tuple[int, int, str]:
    """Files that give at least as many reports as feedparser finds entries with any text."""
    good = files = items = 0
    refused: Counter[str] = Counter()
    ours, theirs = [], []
    for path, body in _bodies(folder) if folder.is_dir() else ():
        if _is_expectation(body):
            continue
        files += 1
        began = time.perf_counter()
        try:
            count = len(feeds.read(body, None, "https://example.org/feed", NOW, KYIV).reports)
        except UnreadableFeed as error:
            refused[error.reason] += 1
            count = -1
            if talkative:
                print(f"  {folder.name}/{path.name}: {error.reason} {error.values}")
        ours.append(time.perf_counter() - began)
        expected, seconds = _peer(body)
        theirs.append(seconds)
        items += max(0, count)
        good += max(0, count) >= expected  # what nobody reads is no feed
        if talkative and -1 < count < expected:
            print(f"  {folder.name}/{path.name}: {count} reports, feedparser {expected}")
    if not files:
        return 0, 0, ""
    median, peer = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
    why = ", ".join(f"{reason} {count}" for reason, count in refused.items()) or "none"
    slowest = f"median {median:.1f} ms (feedparser {peer:.1f}), slowest {max(ours) * 1000:.0f} ms"
    return good, files, f"{items} items, {slowest}; refused: {why}"


def _is_expectation(body: bytes) -> bool:
    """Some sets keep a parser's expected answer beside the feed."""
    try:
        data: Any = json.loads(body) if body[:1] in b"{[" else {}
    except ValueError:
        return False
    return bool(data) and not (isinstance(data, dict) and "items" in data)


def _peer(body: bytes) -> tuple[int, float]:
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(io.BytesIO(body))
    texts = (dict.get(one, "title") or dict.get(one, "summary") or one.get("content") for one in parsed.entries)
    return min(1000, sum(1 for text in texts if text)), time.perf_counter() - began


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python bench/feeds.py DIR_OF_DATA [-v]")
    main(Path(sys.argv[1]), "-v" in sys.argv)
