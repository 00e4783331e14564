"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), forgiving towards what is not quite it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.intake import dates, hubs, plain
from bot.intake.bodies import ITEMS, UnreadableFeed
from bot.intake.entries import Feed, Raw, absolute, report


def read(source: str, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """The feed in a JSON text. Raises UnreadableFeed("not_json") or ("not_feed") when it is no JSON Feed."""
    try:
        data = json.loads(source, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed("not_json") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise UnreadableFeed("not_feed", root="json")
    items = [item for item in data["items"] if isinstance(item, dict)]
    base = absolute(_text(data.get("home_page_url")), url) or url
    language = _text(data.get("language")) or None
    reports = (report(_raw(item, base, language, now, zone)) for item in items[:ITEMS])
    hub, topic = hubs.chosen([("self", _text(data.get("feed_url"))), *_hubs(data)], url)
    return Feed(
        title=plain.cut(plain.from_text(_text(data.get("title"))).line, 200),
        language=language,
        reports=tuple(one for one in reports if one),
        notes=("too_many_items",) if len(items) > ITEMS else (),
        hub=hub,
        topic=topic,
    )


def _raw(item: dict[str, Any], base: str, language: str | None, now: datetime, zone: ZoneInfo) -> Raw:
    texts = [plain.from_text(_text(item.get("summary")))]
    texts.append(plain.from_html(_text(item.get("content_html"))))
    texts.append(plain.from_text(_text(item.get("content_text"))))
    said = _text(item.get("date_published")) or _text(item.get("date_modified"))
    published_at = dates.read(said, zone, now)
    return Raw(
        title=plain.from_html(_text(item.get("title"))),
        texts=tuple(text for text in texts if text.paragraphs or text.image),
        url=_text(item.get("url")) or _text(item.get("external_url")) or _permalink(item),
        guid=_text(item.get("id")),
        published_at=dates.clamp(published_at, now) if published_at else None,
        declared=(_text(item.get("language")), language),
        sections=tuple(tag for tag in _list(item.get("tags")) if isinstance(tag, str)),
        images=(*filter(None, (_text(item.get("image")), _text(item.get("banner_image")))), *_attached(item)),
        author=_author(item),
        base=base,
    )


def _hubs(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Those that speak WebSub; a feed may name others (rssCloud)."""
    named = [one for one in _list(data.get("hubs")) if isinstance(one, dict)]
    return [("hub", _text(one.get("url"))) for one in named if _text(one.get("type")).lower() in {"", "websub"}]


def _text(value: object) -> str:
    """A string as it is, a number as its digits (ids often are), anything else as nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _permalink(item: dict[str, Any]) -> str | None:
    guid = _text(item.get("id"))
    return guid if guid.startswith(("http://", "https://")) else None


def _attached(item: dict[str, Any]) -> tuple[str, ...]:
    files = [one for one in _list(item.get("attachments")) if isinstance(one, dict)]
    return tuple(_text(one.get("url")) for one in files if _text(one.get("mime_type")).startswith("image/"))


def _author(item: dict[str, Any]) -> str | None:
    people = [*_list(item.get("authors")), item.get("author")]
    named = (_text(one.get("name")) for one in people if isinstance(one, dict))
    return ", ".join(dict.fromkeys(name for name in named if name)) or None
