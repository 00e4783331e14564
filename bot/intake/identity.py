"""Which reports are the same item, however its title, slug or link was edited meanwhile."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from urllib.parse import urlsplit

from bot.intake.urls import canonical
from storage.model import Report

__all__ = ["canonical", "keys"]

# Fewer than four digits begin real slugs («110-та бригада», «10 речей»); two articles under one key would
# lose the second, while an item known only by its address is at worst doubled when its slug changes.
_LEADING = re.compile(r"(\d{4,12})(?:[-_][^/]*)?(?:\.s?html?|\.php)?")
_TRAILING = re.compile(r"[^/]*[^\d/][-_](\d{7,12})\.s?html?")
_ALONE = re.compile(r"(\d{5,12})(?:\.s?html?|\.php)?")
_LISTS = frozenset({"page", "p", "tag", "tags", "author", "user", "category", "rubric", "section", "archive"})


def keys(report: Report, source: str) -> tuple[str, ...]:
    """The identity keys of a report, strongest first; two reports with one first key are one item.

    `novosti.dn.ua/article/9921` (the site's own number) and `https://…` (the canonical address) hold across
    sources; `guid:…` and `hash:…` stand in only without a usable address, and only within their source.
    """
    address = canonical(report.url) if report.url else ""
    if _usable(address):
        number = _number_key(address)
        return (number, address) if number else (address,)
    if report.guid:
        return (f"guid:{source}:{report.guid.strip()}",)
    day = report.published_at.isoformat() if report.published_at else ""
    words = " ".join(re.findall(r"\w+", report.title.casefold()))
    digest = hashlib.sha256(f"{words}\n{day}".encode()).hexdigest()[:32]
    return (f"hash:{source}:{digest}",)


def one_page(one: str, other: str) -> bool:
    """Whether both addresses name one article."""
    usable = _usable(canonical(one)) and _usable(canonical(other))
    return usable and not set(keys(Report("", url=one), "")).isdisjoint(keys(Report("", url=other), ""))


def _usable(address: str) -> bool:
    """Whether an address can name one article: a site's front page, linked by every entry, names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.path.strip("/") or parts.query)


def _number_key(address: str) -> str | None:
    """host/folders/number when the last part of the path holds the site's own number, else None."""
    parts = urlsplit(address)
    folders = parts.path.strip("/").split("/")
    last = folders.pop()
    if parts.hostname == "t.me":
        return None
    if _ALONE.fullmatch(last) and folders and "-" in folders[-1] and len(folders) > 1:
        folders.pop()  # /a/<slug>/<id>.html: the slug follows the title, the number stays
    found = _LEADING.fullmatch(last) or _TRAILING.fullmatch(last)
    if not found or not folders or folders[-1].lower() in _LISTS or not _is_number(found[1]):
        return None
    return "/".join((parts.netloc, *folders, found[1]))


def _is_number(digits: str) -> bool:
    """False for what a headline may hold as well: a year, a date, a round sum, too many zeros."""
    if len(digits) == 4 and 1900 <= int(digits) <= 2100:
        return False
    if len(digits) == 8 and digits[:2] in {"19", "20"}:
        try:
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            return True
        return False
    return not digits.endswith("00")
