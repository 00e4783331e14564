"""The sample day of the demo: what four invented newspapers show at any instant of it."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Kyiv")
DAY = "2024-11-20"  # a Wednesday; the seed page is of that day
NAMES = ("novyny", "shchodnia", "kurier", "prescentr")
LENGTH = 30  # feeds of newsrooms hold 20–50 items; a newer one pushes the oldest out


@dataclass(frozen=True, slots=True)
class Version:
    """The words of an item from one instant on."""

    at: datetime
    title: str
    slug: str
    lead: str


@dataclass(frozen=True, slots=True)
class Item:
    """One publication with all that happens to it; `published_at` is what it says of itself."""

    id: str
    published_at: datetime
    versions: tuple[Version, ...]
    sections: tuple[str, ...]
    tags: frozenset[str]
    story: str | None  # None: belongs to no event
    photo: str | None  # None: no picture; empty: a picture whose author is not named
    leaves_at: datetime | None
    returns_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def appears_at(self) -> datetime:
        """When its feed first shows it."""
        return self.versions[0].at


@dataclass(frozen=True, slots=True)
class Source:
    """A newspaper; `link` is the pattern of its addresses, `tab` a section its front page repeats."""

    name: str
    title: str
    about: str
    language: str
    format: str
    encoding: str
    feed: str
    link: str
    tab: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it reads at one instant; `path` and `image` begin with a slash."""

    id: str
    path: str
    title: str
    lead: str
    sections: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    image: str | None
    photo: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answers: 200 with its entry, 410 for a withdrawn one, 404 for anything else."""

    status: int
    entry: Entry | None = None


def instant(text: str) -> datetime:
    """The UTC instant of Kyiv's «12:00» on the sample day, or of «2024-11-19 23:05»."""
    stamp = text if " " in text else f"{DAY} {text}"
    return datetime.strptime(stamp, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


@cache
def sources() -> tuple[Source, ...]:
    """The four newspapers, the newsroom's own first."""
    return tuple(_source((files(__package__) / "day" / f"{name}.toml").read_text("utf-8")) for name in NAMES)


def entries(source: Source, now: datetime) -> tuple[Entry, ...]:
    """What the feed shows at that instant, newest first, at most LENGTH."""
    shown = [_entry(source, item, now) for item in source.items if _listed(item, now)]
    return tuple(sorted(shown, key=lambda entry: (entry.published_at, entry.id), reverse=True)[:LENGTH])


def page(source: Source, path: str, now: datetime) -> Page:
    """What the address answers at that instant; an edited item still answers at its former addresses."""
    for item in source.items:
        if path in {_path(source, item, version) for version in _versions(item, now)}:
            gone = item.withdrawn_at is not None and item.withdrawn_at <= now
            return Page(410) if gone else Page(200, _entry(source, item, now))
    return Page(404)


def changed_at(source: Source, now: datetime) -> datetime:
    """The last instant up to `now` at which the feed changed; the first one ever if that is later."""
    moments = sorted(moment for item in source.items for moment in _moments(item))
    return max((moment for moment in moments if moment <= now), default=moments[0])


def _moments(item: Item) -> Iterable[datetime]:
    yield from (version.at for version in item.versions)
    yield from (moment for moment in (item.leaves_at, item.returns_at, item.withdrawn_at) if moment)


def _listed(item: Item, now: datetime) -> bool:
    withdrawn = item.withdrawn_at is not None and item.withdrawn_at <= now
    away = item.leaves_at is not None and item.leaves_at <= now
    back = item.returns_at is not None and item.returns_at <= now
    return item.appears_at <= now and not withdrawn and (back or not away)


def _versions(item: Item, now: datetime) -> tuple[Version, ...]:
    return tuple(version for version in item.versions if version.at <= now)


def _entry(source: Source, item: Item, now: datetime) -> Entry:
    version = _versions(item, now)[-1]
    return Entry(
        id=item.id,
        path=_path(source, item, version),
        title=version.title,
        lead=version.lead,
        sections=item.sections,
        published_at=item.published_at,
        updated_at=item.published_at if version is item.versions[0] else version.at,
        image=None if item.photo is None else f"/img/{item.id}.png",
        photo=item.photo,
    )


def _path(source: Source, item: Item, version: Version) -> str:
    date = item.published_at.astimezone(ZONE)
    return source.link.format(id=item.id, slug=version.slug, date=date)


def _source(text: str) -> Source:
    table = tomllib.loads(text)
    return Source(items=tuple(_item(row) for row in table["item"]), **{"tab": "", **table["source"]})


def _item(row: dict[str, Any]) -> Item:
    return Item(
        id=row["id"],
        published_at=instant(row.get("published", row["at"])),
        versions=tuple(_version({**row, **edit}) for edit in ({}, *row.get("edit", ()))),
        sections=tuple(row["sections"]),
        tags=frozenset(row["tags"]),
        story=row.get("story"),
        photo=row.get("photo"),
        leaves_at=_moment(row, "leaves"),
        returns_at=_moment(row, "returns"),
        withdrawn_at=_moment(row, "withdrawn"),
    )


def _version(row: dict[str, Any]) -> Version:
    return Version(at=instant(row["at"]), title=row["title"], slug=row.get("slug", ""), lead=row["lead"])


def _moment(row: dict[str, Any], key: str) -> datetime | None:
    return instant(row[key]) if key in row else None
