"""How well intake reads lists of headlines: `python bench/lists.py DIR_OF_DATA [-v]`.

seed/page.txt is read as text and rebuilt as HTML in several layouts; nd_site/seed_list_2024-11.jsonl knows the
day of each of its rows. nd_site/articles_feed_2025.jsonl is rebuilt in the markup of its site's own list page.
Real pages (*.html, *.html.gz) show the time that looking for a list costs.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.intake import identity, kinds, lists
from bot.intake.bodies import UnreadableFeed
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
READ_AT = ("17:05", "19:30", "22:59", "23:45")  # o'clock of the page's last day
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
Line = dict[str, Any]


def main(folder: Path, talkative: bool) -> None:
    """Print what was found of each page: rows, doubles, right days, kinds, rows out of order, milliseconds."""
    print(f"{'page':34}{'rows':>6}{'of':>5}{'twice':>7}{'days':>6}{'kinds':>7}{'unordered':>11}{'ms':>7}")
    path = folder / "nd_site" / "seed_list_2024-11.jsonl"
    if path.exists():
        truth = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        _seed(folder, truth, talkative)
    path = folder / "nd_site" / "articles_feed_2025.jsonl"
    if path.exists():
        _site([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    _pages(folder)


def _seed(folder: Path, truth: list[Line], talkative: bool) -> None:
    days = {line["title"]: line["day_inferred"] for line in truth}
    kinds_ = {line["title"]: line["kind"] for line in truth}
    names = dict.fromkeys(line["list"] for line in truth)
    orders = [[line["title"] for line in truth if line["list"] == name] for name in names]
    for hour in READ_AT:
        now = datetime.combine(date(2024, 11, 20), clock.fromisoformat(hour), KYIV).astimezone(UTC)
        bodies = {"text": (folder / "seed" / "page.txt").read_bytes()}
        bodies |= {name: build(truth).encode() for name, build in LAYOUTS.items()}
        for name, body in bodies.items():
            reports, spent_ms = _read(body, "https://novosti.dn.ua/", now)
            right = sum(_day(one) == days.get(one.title) for one in reports)
            known = sum(kinds.kind(one.title) == kinds_.get(one.title) for one in reports)
            _line(f"seed, {name}, at {hour}", reports, len(days), f"{right:6}{known:7}", orders, spent_ms)
            if talkative:
                for one in reports:
                    print(f"    {_day(one)} {'' if _day(one) == days.get(one.title) else '!'} {one.title[:70]}")


def _site(articles: list[Line]) -> None:
    """Pages of twenty, each with the site's own kind of row; every instant is known."""
    articles = sorted(articles, key=lambda one: str(one["published_local"]), reverse=True)
    for start in range(0, len(articles), 60):
        these = articles[start : start + 20]
        at = {identity.canonical(one["url"]): one["published_local"][:16].replace("T", " ") for one in these}
        body = "".join(map(_article, these)).join(("<html><body><div class='list'>", "</div></body></html>"))
        reports, spent_ms = _read(body.encode(), "https://novosti.dn.ua/ru/articles", datetime(2026, 1, 2, tzinfo=UTC))
        right = sum(_local(one) == at.get(identity.canonical(one.url or "")) for one in reports)
        _line(
            f"novosti.dn.ua, from {start + 1}",
            reports,
            len(these),
            f"{right:6}{'':7}",
            [[one["title"] for one in these]],
            spent_ms,
        )


def _article(one: Line) -> str:
    at = datetime.fromisoformat(one["published_local"])
    said = f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"
    tags = "".join(f"<li><a href='/tag/{number}'>{escape(tag)}</a></li>" for number, tag in enumerate(one["tags"]))
    return (
        f"<div class='news'><a class='visual' href='{escape(one['url'])}'><img src='/blank.gif' "
        f"data-bttrlazyloading-sm-src='/img/{at:%H%M}.jpg'></a><div class='news__title'>"
        f"<a href='{escape(one['url'])}'>{escape(one['title'])}</a></div>"
        f"<div class='news__date'>Олена Коваль {said}</div><ul class='news__tags'>{tags}</ul></div>"
    )


def _pages(folder: Path) -> None:
    times, found = [], Counter[str]()
    for path in sorted(folder.rglob("*.html*")):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        began = time.perf_counter()
        try:
            lists.read(body, None, "https://example.org/", datetime(2026, 11, 1, tzinfo=UTC), KYIV)
            found["list"] += 1
        except UnreadableFeed as error:
            found[error.reason] += 1
        times.append((time.perf_counter() - began) * 1000)
    if times:
        spent = f"median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"
        print(f"{len(times)} real pages, of articles: {dict(found)}, {spent}")


def _read(body: bytes, url: str, now: datetime) -> tuple[tuple[Report, ...], float]:
    began = time.perf_counter()
    try:
        reports = lists.read(body, None, url, now, KYIV).reports
    except UnreadableFeed as error:
        print(f"  {error.reason} {error.values}")
        reports = ()
    return reports, (time.perf_counter() - began) * 1000


def _line(
    name: str, reports: tuple[Report, ...], asked: int, judged: str, orders: list[list[str]], spent_ms: float
) -> None:
    """`orders`: titles as they stand on the page, list by list."""
    keys = Counter(identity.canonical(one.url) if one.url else one.title for one in reports)
    at = {one.title: one.published_at for one in reports if one.published_at}
    runs = [[at[title] for title in titles if title in at] for titles in orders]
    unordered = sum(one < two for run in runs for one, two in pairwise(run))
    twice = sum(count - 1 for count in keys.values())
    print(f"{name:34}{len(reports):6}{asked:5}{twice:7}{judged}{unordered:11}{spent_ms:7.1f}")


def _local(one: Report) -> str:
    return one.published_at.astimezone(KYIV).strftime("%Y-%m-%d %H:%M") if one.published_at else ""


def _day(one: Report) -> str:
    return _local(one)[:10]


def _href(title: str) -> str:
    if kinds.kind(title) == "promo":
        return "https://t.me/novostidnua"
    return f"/article/{10_000 + sum(map(ord, title)) * len(title)}-{len(title)}"


def _tabs(row: Callable[[Line], str], open_: str, close: str) -> Callable[[list[Line]], str]:
    def build(truth: list[Line]) -> str:
        lists_ = [
            f"<div class='tab{' active' if number else ''}'>{open_}"
            + "".join(row(line) for line in truth if line["list"] == name)
            + f"{close}</div>"
            for number, name in enumerate(dict.fromkeys(line["list"] for line in truth))
        ]
        menu = "".join(f"<li><a href='/s/{one}'>{one}</a></li>" for one in ("Новини", "Статті", "Окупація", "Усе"))
        also = "".join(f"<li><a href='/article/{n}-x'>Читайте також: стаття про місто номер {n}</a></li>" for n in "12")
        return (
            "<!doctype html><html lang='uk'><title>Новини</title><body><nav><ul>"
            + menu
            + "</ul></nav><article><h1>Трамп"
            f" проведе переговори</h1><p>Текст статті.</p><ul>{also}</ul></article><aside>{''.join(lists_)}</aside>"
            f"<footer><ul>{menu}</ul></footer></body></html>"
        )

    return build


def _list_row(line: Line) -> str:
    return f"<li><span>{line['time']}</span><a href='{_href(line['title'])}'>{escape(line['title'])}</a></li>"


def _card_row(line: Line) -> str:
    mark = " item--important" if line["kind"] != "news" else ""
    return (
        f"<a class='item{mark}' href='{_href(line['title'])}'><time>{line['time']}</time>"
        f"<p>{escape(line['title'])}</p></a>"
    )


def _flat_row(line: Line) -> str:
    return f"<b>{line['time']}</b> <a href='{_href(line['title'])}'>{escape(line['title'])}</a><br>"


def _table_row(line: Line) -> str:
    return f"<tr><td>{line['time']}</td><td><a href='{_href(line['title'])}'>{escape(line['title'])}</a></td></tr>"


LAYOUTS: dict[str, Callable[[list[Line]], str]] = {
    "list": _tabs(_list_row, "<ul>", "</ul>"),
    "cards": _tabs(_card_row, "", ""),
    "flat": _tabs(_flat_row, "<p>", "</p>"),
    "table": _tabs(_table_row, "<table>", "</table>"),
    "one list": lambda truth: re.sub(r"</ul></div><div class='tab[^']*'><ul>", "", LAYOUTS["list"](truth)),
}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python bench/lists.py DIR_OF_DATA [-v]")
    main(Path(sys.argv[1]), "-v" in sys.argv)
