"""What «Головне за день» would make of headlines: each with its fragment, for a person to read, and how many are short.

python bench/fragments.py page.txt ua_graded.jsonl feed.xml feed.gz [--every 10] [--language uk]
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from bot.editions.fragments import FEWEST, WORDS, fragment
from bot.editions.grammar import size
from bot.intake.languages import by_letters

_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_KEYS = ("source_title", "headline", "title")


def headlines(path: Path) -> Iterator[str]:
    """The headlines of a list page in text, of JSON rows (roundups: of their candidates), or of a feed."""
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode(
        "utf-8", "replace"
    )
    if path.suffix == ".txt":
        lines = [line.strip() for line in text.splitlines()]
        yield from (line for before, line in pairwise(lines) if _CLOCK.fullmatch(before))
    elif path.suffix in (".xml", ".gz"):
        titles = re.findall(r"<(?:item|entry)[ >].*?<title[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</", text, re.S)
        yield from (unescape(found).strip() for found in titles)
    else:
        for row in map(json.loads, text.splitlines()):
            yield from filter(None, map(_headline, row.get("candidates") or row.get("versions") or [row]))


def _headline(row: dict[str, Any]) -> str:
    return next((str(row[key]) for key in _KEYS if row.get(key)), "") if row.get("kind", "news") == "news" else ""


def read(paths: Sequence[Path], every: int, language: str | None) -> list[str]:
    """Every nth different headline of each file, in order."""
    found: dict[str, None] = {}
    for path in paths:
        fit = (line for line in dict.fromkeys(headlines(path)) if language in (None, by_letters(line)))
        found.update(dict.fromkeys(islice(fit, 0, None, every)))
    return list(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--language", choices=("uk", "ru"))
    asked = parser.parse_args()
    found = read(asked.files, asked.every, asked.language)
    began = time.process_time()
    told = [(headline, fragment(headline)) for headline in found]
    spent_ms = 1000 * (time.process_time() - began)
    for headline, short in told:
        print(f"{size(headline):3} {headline}\n{size(short):3} {short}\n")
    fit = sum(FEWEST <= size(short) <= WORDS for _, short in told)
    born = sum(FEWEST <= size(headline) <= WORDS for headline, _ in told)
    cut = sum(size(short) < size(headline) for headline, short in told)
    print(f"{len(told)} headlines, {FEWEST}–{WORDS} words: {born} as they were, {fit} as fragments; {cut} shortened")
    print(f"{spent_ms / max(1, len(told)):.2f} ms a headline, with what the words cost when first read")


if __name__ == "__main__":
    main()
