"""feedparser's own assertions, as far as they say something that a Report holds too."""

from __future__ import annotations

import json
import re
from calendar import timegm
from collections import Counter
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.intake import dates, entries, feeds
from bot.intake.bodies import UnreadableFeed
from storage.model import Report

_TAG = re.compile(r"<[^>]*>")
_HOSTILE = {
    "bom": "1 items; ok",
    "cp1251": "Новини Донбасу: їжак і ґанок",
    "cp1251_lie": "Новини Донбасу: їжак і ґанок",
    "html_entities": "Це «тест» — так…",
    "html_page": "error html",
    "leading_ws": "1 items",
    "nul_bytes": "abc",
    "script_title": "Hi bold 5 < 6",
    "truncated": "32 items",
    "unclosed_cdata": "2 items",
    "unescaped_amp": "2 items; AT&T у Києві",
    "xxe_param": "; ok",
}


def hostile(name: str, told: str) -> bool:
    """Whether a broken feed was read as it should be; of a bomb it is enough that it was answered quietly."""
    expected = _HOSTILE.get(name)
    return expected in told if expected else "root:" not in told and len(told) < 700


def measure(folder: Path, now: datetime, zone: ZoneInfo, talkative: bool) -> tuple[int, int, str]:
    """Right checks, all checks that can be mapped onto Reports, and what could not."""
    path = folder / "expectations.jsonl"
    if not path.exists():
        return 0, 0, ""
    right, asked, wrong = 0, 0, Counter[str]()
    unmapped = without_text = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        feed_path = folder / case["file"]
        if not case["checks"] or not feed_path.exists():
            continue
        told = case["http_headers"] or {}
        reports = _reports(feed_path.read_bytes(), told, now, zone)
        for check in case["checks"]:
            name, index = _field(check["path"])
            if not name:
                unmapped += 1
            elif isinstance(reports, list) and not reports:
                without_text += 1  # a link alone is no report
            else:
                asked += 1
                report = reports[index] if isinstance(reports, list) and index < len(reports) else None
                good = report is not None and _matches(name, check["value"], report, zone, now)
                right += good
                wrong[name] += not good
                if talkative and not good:
                    print(f"  {case['file']}: {check['path'][2:]} = {check['value']!r:.200}\n     {report or reports}")
    faults = ", ".join(f"{name} {count}" for name, count in wrong.items() if count) or "none"
    return right, asked, f"wrong: {faults}; no such field: {unmapped}; no title nor text: {without_text}"


def _reports(body: bytes, said: dict[str, str], now: datetime, zone: ZoneInfo) -> list[Report] | str:
    lower = {name.lower(): value for name, value in said.items()}
    url = lower.get("content-location") or "http://example.com/"
    try:
        return list(feeds.read(body, lower.get("content-type"), url, now, zone).reports)
    except UnreadableFeed as error:
        return error.reason


def _field(path: list[str | int]) -> tuple[str, int]:
    """Which field of the n-th report a path of feedparser's speaks of; "" for none."""
    if len(path) < 3 or path[0] != "entries" or not isinstance(path[1], int):
        return "", 0
    rest = ".".join("N" if isinstance(one, int) else one for one in path[2:])
    first = path[3] == 0 if len(path) > 3 and isinstance(path[3], int) else True
    names = {
        "title": "title", "title_detail.value": "title", "link": "link", "id": "id", "guid": "id",
        "published": "date", "updated": "date", "created": "date", "published_parsed": "parsed",
        "updated_parsed": "parsed", "created_parsed": "parsed", "summary": "text", "description": "text",
        "summary_detail.value": "text", "content.N.value": "text", "author": "author",
        "author_detail.name": "author", "tags.N.term": "section", "links.N.href": "link" if first else "",
        "image.href": "image",
    }  # fmt: skip
    return names.get(rest, ""), path[1]


def _matches(name: str, value: Any, report: Report, zone: ZoneInfo, now: datetime) -> bool:
    if name in {"title", "text"}:
        return _same_text(name, str(value), report)
    if name == "link":
        return report.url is not None and report.url.rstrip("/") == str(value).rstrip("/")
    if name == "id":
        return report.guid == str(value)
    if name == "date":
        return report.published_at == dates.read(str(value), zone, now)
    if name == "parsed":
        return report.published_at == datetime.fromtimestamp(timegm(value), UTC)
    if name == "author":
        return (report.author or "") in str(value) and (bool(report.author) or "@" in str(value))
    if name == "section":
        return value in report.sections
    return report.image == str(value)


def _same_text(name: str, value: str, report: Report) -> bool:
    """A text that would repeat the title, or that serves as the title, stands there and not in the lead."""
    expected = _plain(value)
    if name == "title":
        return _plain(report.title) == expected
    return expected in {_plain(report.lead), _plain(report.title)} or (
        entries.without_stubs(expected) == _plain(report.lead) or (not expected and not report.lead)
    )


def _plain(text: str) -> str:
    return "".join(_TAG.sub(" ", unescape(unescape(_TAG.sub(" ", text)))).split())
