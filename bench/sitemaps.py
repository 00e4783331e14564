"""What intake finds in sitemaps: `python bench/sitemaps.py DIR`, every sitemap under it, one line a file."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.intake import bodies, sitemaps
from bot.intake.bodies import UnreadableFeed

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)  # after the newest of the data, so that nothing is clamped


def main(folder: Path) -> None:
    """Print for each sitemap its articles, those with a date, the newest, the sitemaps to read next, the time."""
    print(f"{'file':52}{'items':>7}{'dated':>7}{'more':>6}{'ms':>8}   newest, or why it is refused")
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or ".xml" not in path.name:
            continue
        body = path.read_bytes()
        if not _is_sitemap(body):
            continue
        began = time.perf_counter()
        try:
            feed = sitemaps.read(body, None, f"https://example.org/{path.name}", NOW, KYIV)
        except UnreadableFeed as error:
            _line(path, folder, "-", "-", "-", began, error.reason)
            continue
        dated = [one.published_at for one in feed.reports if one.published_at]
        newest = f"{max(dated).astimezone(KYIV):%Y-%m-%d %H:%M:%S}" if dated else ""
        _line(path, folder, len(feed.reports), len(dated), len(feed.more), began, newest)


def _line(path: Path, folder: Path, items: object, dated: object, more: object, began: float, remark: str) -> None:
    spent_ms = (time.perf_counter() - began) * 1000
    name = str(path.relative_to(folder))[-50:]
    print(f"{name:52}{items:>7}{dated:>7}{more:>6}{spent_ms:8.1f}   {remark}")


def _is_sitemap(body: bytes) -> bool:
    try:
        return sitemaps.recognises(bodies.text(body, None)[0])
    except UnreadableFeed:
        return False


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python bench/sitemaps.py DIR")
    main(Path(sys.argv[1]))
