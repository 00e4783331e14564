"""How well intake reads articles' pages: `python bench/pages.py DIR_OF_PAGES [-v] [--articles]`.

The directory is fundus-pages: <country>/<Publisher>_<day>.html.gz with hand-checked answers in
<Publisher>.json, its versions in the order of the days. The limits are OpenGraph and JSON-LD joined by hand
for facts.md: what a page reader must reach before it is worth more than four <meta> tags. `--articles`: with what the
optional extra of that name adds, as in the child.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.intake import gleaned, pages
from bot.intake.bodies import UnreadableFeed
from bot.intake.pages import Article

ZONE = ZoneInfo("UTC")  # the truth's naive dates are their publishers' clocks read as they stand
LIMITS = {"title": 0.84, "instant": 0.93, "day": 0.96, "image": 0.74}
DAY_WITH_EXTRA = 0.98
LIMIT_MS = 10.0
_SIZE = re.compile(r"[-_]?\d{2,4}x\d{2,4}|[-_]scaled|[-_]e\d{10,}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its address, the day it was fetched and what is true of it."""

    name: str
    body: bytes
    url: str
    fetched_at: datetime
    truth: dict[str, Any]


def main(folder: Path, talkative: bool, articles: bool) -> None:
    """Print what share of the answers is right, beside its limit, and how long a page takes."""
    extract = gleaned.extractor() if articles else None
    if articles and extract is None:
        sys.exit("the extra is not here: pip install 'holovne[articles]'")
    limits = LIMITS | ({"day": DAY_WITH_EXTRA} if articles else {})
    impossible: list[tuple[bool, bool]] = []
    right: dict[str, list[bool]] = {name: [] for name in LIMITS}
    given: dict[str, list[bool]] = {}
    times = []
    for page in _pages(folder):
        began = time.perf_counter()
        try:
            found = pages.read(page.body, None, page.url, page.fetched_at, ZONE)
            if extract is not None:
                found = gleaned.filled(found, extract, page.body, None, page.url, page.fetched_at, ZONE)
        except UnreadableFeed as error:
            print(f"  {page.name}: {error.reason}")
            found = Article("")
        times.append(time.perf_counter() - began)
        for name, good in _judged(found, page).items():
            right[name].append(good)
            if talkative and not good:
                print(f"  {page.name} {name}: {_shown(found, name)!r} instead of {_true(page.truth, name)!r}")
        if _is_impossible(page):
            impossible.append(_both_ways(found, page))
        for name in Article.__slots__:
            given.setdefault(name, []).append(bool(getattr(found, name)))
    _table(right, limits, given, times)
    _leniently(right["day"], impossible)


def _table(
    right: dict[str, list[bool]], limits: dict[str, float], given: dict[str, list[bool]], times: list[float]
) -> None:
    print(f"{'answer':12}{'right':>8}{'of':>6}{'share':>9}{'limit':>9}")
    for name, goods in right.items():
        share = sum(goods) / max(1, len(goods))
        remark = "" if share >= limits[name] else "  below"
        print(f"{name:12}{sum(goods):8}{len(goods):6}{share:9.1%}{limits[name]:9.0%}{remark}")
    dates, covers = (len(times) - len(right[name]) for name in ("instant", "image"))
    print(f"left out: {dates} dates whose truth is none or later than the fetch, {covers} pages without a picture")
    print("given: " + ", ".join(f"{name} {sum(some) / len(some):.0%}" for name, some in given.items()))
    median = statistics.median(times) * 1000
    print(f"a page: median {median:.1f} ms (limit {LIMIT_MS:.0f}), slowest {max(times) * 1000:.0f} ms")


def _leniently(days: list[bool], impossible: list[tuple[bool, bool]]) -> None:
    """The day with the impossible truths counted too: as they stand, and with day and month exchanged."""
    count = len(days) + len(impossible)
    for name, place in (("strictly", 0), ("leniently", 1)):
        good = sum(days) + sum(one[place] for one in impossible)
        print(f"the day {name}, {len(impossible)} impossible truths counted: {good} of {count}, {good / count:.1%}")


def _pages(folder: Path) -> Iterator[Page]:
    for answers in sorted(folder.glob("*/*.json")):
        versions = json.loads(answers.read_text(encoding="utf-8"))
        about = json.loads((answers.parent / "meta.info").read_text(encoding="utf-8"))
        files = sorted(answers.parent.glob(f"{answers.stem}_[0-9]*.html.gz"))
        for path, truth in zip(files, versions.values(), strict=True):
            said = about[path.name]
            fetched_at = datetime.fromisoformat(said["crawl_date"]).replace(tzinfo=UTC)
            yield Page(path.name, gzip.decompress(path.read_bytes()), said["url"], fetched_at, truth)


def _judged(found: Article, page: Page) -> dict[str, bool]:
    truth = page.truth
    judged = {"title": _words(found.title) == _words(truth.get("title") or "")}
    at = _instant(truth)
    if at is not None and not _is_impossible(page):
        told = found.published_at
        judged["instant"] = told is not None and _same(told, truth["publishing_date"])
        judged["day"] = judged["instant"] or (told is not None and told.date() == at.date())
    if truth.get("images"):
        judged["image"] = bool(found.image) and _picture(found.image or "") in set(map(_picture, _covers(truth)))
    return judged


def _is_impossible(page: Page) -> bool:
    """Whether the truth lies after the fetch: who wrote it down took the month for the day."""
    at = _instant(page.truth)
    return at is not None and at >= page.fetched_at + timedelta(days=1)


def _both_ways(found: Article, page: Page) -> tuple[bool, bool]:
    """Whether the day is right as the truth stands, and with its day and month exchanged."""
    told, at = found.published_at, _instant(page.truth)
    if told is None or at is None:
        return False, False
    return told.date() == at.date(), at.day <= 12 and told.date() == at.replace(month=at.day, day=at.month).date()


def _true(truth: dict[str, Any], name: str) -> object:
    if name == "image":
        return _covers(truth)[-1:]
    return truth.get("title") if name == "title" else truth.get("publishing_date")


def _shown(found: Article, name: str) -> object:
    return {"title": found.title, "image": found.image}.get(name, str(found.published_at))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _instant(truth: dict[str, Any]) -> datetime | None:
    said = truth.get("publishing_date")
    at = datetime.fromisoformat(said) if said else None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _same(told: datetime, said: str) -> bool:
    """Whether it is the instant told, within a minute; a truth without a zone is a clock of any of them."""
    at = datetime.fromisoformat(said)
    if at.tzinfo:
        return abs(told - at) < timedelta(minutes=1)
    apart = abs(told - at.replace(tzinfo=UTC))
    return apart <= timedelta(hours=14) and apart % timedelta(minutes=30) < timedelta(minutes=1)


def _covers(truth: dict[str, Any]) -> list[str]:
    """Addresses of the cover in every size; of all pictures where none is marked as the cover."""
    images = [one for one in truth["images"] if one["is_cover"]] or truth["images"]
    return [version["url"] for one in images for version in one["versions"]]


def _picture(url: str) -> str:
    """What is the same in every size of a picture: the number or hash in the name of its file, else the name."""
    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].casefold()
    number = next((one for one in re.findall(r"[0-9a-z]{8,}", name) if sum(map(str.isdigit, one)) > 3), None)
    return number or _SIZE.sub("", re.sub(r"(?:\.[a-z]{3,4})+$", "", name))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python bench/pages.py DIR_OF_PAGES [-v] [--articles]")
    main(Path(sys.argv[1]), "-v" in sys.argv, "--articles" in sys.argv)
