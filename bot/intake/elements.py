"""An entry as feedparser leaves it, made into the Raw that every format shares."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from bot.intake import dates, plain
from bot.intake.entries import Raw, is_image


def raw(entry: Any, base: str, language: str | None, is_atom: bool, zone: ZoneInfo, now: datetime) -> Raw:
    """What the entry says; `base` is where relative addresses start unless its own xml:base says otherwise."""
    details = [entry.get("title_detail"), entry.get("summary_detail"), *entry.get("content", ())]
    details = [one for one in details if one]
    texts = [entry.get("summary_detail"), *entry.get("content", ())]
    said = (*(one.get("language") for one in details), entry.get("dc_language"), entry.get("language"))
    return Raw(
        title=_text(entry.get("title_detail") or {"value": entry.get("title") or ""}, is_atom),
        texts=tuple(text for one in texts if one and ((text := _text(one, is_atom)).paragraphs or text.image)),
        url=_link(entry),
        guid=entry.get("id"),
        published_at=_date(entry, zone, now),
        declared=(*said, language),
        sections=tuple(name for tag in entry.get("tags", ()) if (name := tag.get("label") or tag.get("term"))),
        images=tuple(_images(entry)),
        author=_author(entry),
        base=urljoin(base, next((one["base"] for one in details if one.get("base")), "")),
    )


def _text(detail: Any, is_atom: bool) -> plain.Text:
    """Atom's type="text" is text to the letter; RSS does not say what it is, so markup in it is markup."""
    value = detail.get("value") or ""
    if is_atom and detail.get("type") == "text/plain":
        return plain.from_text(value)
    return plain.from_html(value)


def _link(entry: Any) -> str | None:
    """The page of the entry: its link, else its alternate one, else a guid that is an address."""
    links = [one for one in entry.get("links", ()) if one.get("href")]
    alternate = next((one["href"] for one in links if one.get("rel", "alternate") == "alternate"), None)
    guid = str(entry.get("id") or "")
    link = entry.get("link") or alternate or (guid if guid.startswith(("http://", "https://")) else None)
    return str(link) if link else None


def _date(entry: Any, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it came out, else when it was changed; future ones clamped.

    dict.get, since FeedParserDict itself answers for `updated` with `published` and a warning.
    """
    for name in ("published", "updated", "created"):
        said = dict.get(entry, name)
        if not said:
            continue
        found = dates.read(str(said), zone, now)
        if found is None and not str(said).isascii():  # feedparser knows Greek, Hungarian and Korean dates
            parsed = dict.get(entry, f"{name}_parsed")
            found = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
        if found is not None:
            return dates.clamp(found, now)
    return None


def _images(entry: Any) -> Iterator[str]:
    """Addresses of pictures, the one most likely meant for this entry first."""
    for one in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        address, kind = one.get("href") or one.get("url"), one.get("type") or ""
        said = kind.startswith("image/") or one.get("medium") == "image"
        if address and (said or (not kind and not one.get("medium") and is_image(address))):
            yield address
    for one in entry.get("media_thumbnail", ()):
        if one.get("url"):
            yield one["url"]
    if (picture := entry.get("image")) and isinstance(picture, dict) and picture.get("href"):
        yield picture["href"]


def _author(entry: Any) -> str | None:
    people = [one.get("name") for one in entry.get("authors", ()) if one]
    names = dict.fromkeys(plain.fold(name) for name in people if name)
    return ", ".join(names) or entry.get("author")
