"""Recorded polls of real feeds played back: what each rule of identity would have missed or doubled."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from bot.intake.identity import canonical, keys
from storage.model import Report


def timelines(folder: Path) -> tuple[int, int, str]:
    """Articles known by exactly one key, all articles, and how many were missed, doubled or merely edited."""
    if not folder.is_dir():
        return 0, 0, ""
    right = asked = missed = doubled = by_title = feeds = polls = 0
    for path in sorted(folder.glob("*.json.gz")):
        recorded = json.loads(gzip.decompress(path.read_bytes()))
        feeds += 1
        items = recorded["items"]
        first_keys = [keys(_report(item), path.stem)[0] for item in items]
        articles: dict[str, set[str]] = {}  # the article as the recording knows it → our keys
        owners: dict[str, set[str]] = {}
        titles = set()
        for poll in recorded["polls"]:
            polls += len(poll["ts"])
            for index in poll["ids"] or ():
                article = canonical(items[index]["link"])
                articles.setdefault(article, set()).add(first_keys[index])
                owners.setdefault(first_keys[index], set()).add(article)
                titles.add((article, items[index]["title"]))
        asked += len(articles)
        merged = sum(len(owned) - 1 for owned in owners.values() if not _renamed(owned))
        missed += merged
        doubled += sum(len(found) - 1 for found in articles.values())
        right += len(articles) - merged
        by_title += len(titles) - len(articles)
    return (
        right - doubled,
        asked,
        f"{feeds} feeds, {polls} polls; missed {missed}, doubled {doubled}; titles edited {by_title}",
    )


def _renamed(addresses: set[str]) -> bool:
    """Several addresses under one key are one article when they differ only in the slug after the number."""
    numbers = {"".join(sign for sign in one.rsplit("/", 1)[-1][:12] if sign.isdigit()) for one in addresses}
    return len(addresses) == 1 or len(numbers) == 1


def edits(path: Path) -> tuple[int, int, str]:
    """Articles whose every version has one first key, and all articles, with distinct keys among them."""
    if not path.exists():
        return 0, 0, ""
    right = asked = moved = 0
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        asked += 1
        found = {keys(_report(version), "novosti")[0] for version in item["versions"]}
        moved += len({version["link"] for version in item["versions"]}) > 1
        right += len(found) == 1 and not found & seen
        seen |= found
    return right, asked, f"{moved} changed their address"


def _report(item: dict[str, Any]) -> Report:
    return Report(title=item["title"] or "", url=item["link"], guid=item.get("guid"))
