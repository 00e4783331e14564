"""What editors would be asked about: the headlines and leads that are flagged, for a person to read, and how many.

python bench/flags.py posts.jsonl feed.xml [--show flagged|named|counts] [--most 150] [--every 3] [--lists flags.toml]
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any

from bot.judgement import names
from bot.judgement.cautions import KINDS, caution
from bot.judgement.flags import Flag, found

HEADS, LEADS = ("headline", "title", "source_title"), ("body", "lead", "description", "text")
LEAD_SIGNS = 400
_ENTRY = re.compile(r"<item>(.*?)</item>", re.S)


def texts(path: Path) -> Iterator[str]:
    """Headline and lead of each report in a file of JSON rows (roundups: of their candidates) or in a feed."""
    text = path.read_text("utf-8")
    if path.suffix == ".xml":
        for entry in _ENTRY.findall(text):
            yield _joined(_tag(entry, "title"), _tag(entry, "description"))
        return
    for row in map(json.loads, text.splitlines()):
        for each in row.get("candidates") or row.get("versions") or [row]:
            if isinstance(each, dict):
                yield _joined(_first(each, HEADS), _first(each, LEADS))


def _first(row: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(row[key]) for key in keys if row.get(key)), "")


def _tag(entry: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", entry, re.S)
    return unescape(re.sub(r"<[^>]+>", " ", unescape(found[1]))) if found else ""


def _joined(head: str, lead: str) -> str:
    return f"{head.strip()}\n{' '.join(lead.split())[:LEAD_SIGNS]}".strip()


def _told(flags: tuple[Flag, ...]) -> str:
    return "; ".join(f"{flag.kind}: {flag.words}" for flag in flags)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", choices=("flagged", "named", "counts"), default="flagged")
    parser.add_argument("--most", type=int, default=150)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--lists", type=Path)
    asked = parser.parse_args()
    lists = caution(asked.lists.read_text("utf-8") if asked.lists else "")
    every = list(dict.fromkeys(text for path in asked.files for text in texts(path) if text))
    flagged = {text: flags for text in every if (flags := found(text, lists))}
    if asked.show == "flagged":
        for text, flags in islice(flagged.items(), 0, asked.most * asked.every, asked.every):
            print(f"⚠️  {_told(flags)}\n{text}\n")
    elif asked.show == "named":
        named = (text for text in every if text not in flagged and names.private(text.split()))
        for text in islice(named, 0, asked.most * asked.every, asked.every):
            print(f"{text}\n")
    kinds = Counter(kind for flags in flagged.values() for kind in {flag.kind for flag in flags})
    heads = sum(bool(found(text.partition("\n")[0], lists)) for text in every)
    told = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS)
    print(f"{len(every)} reports: {len(flagged)} flagged ({told}); by the headline alone {heads}")


if __name__ == "__main__":
    main()
