"""Sources: where reports come from, when each is due, and how it fares. The table is the schedule."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Source


def _source(row: sqlite3.Row) -> Source:
    return Source(
        id=row["id"],
        url=row["url"],
        name=row["name"],
        kind=row["kind"],
        family=row["family"],
        own=bool(row["own"]),
        weight=row["weight"],
        language=row["language"],
        section=row["section"],
        timezone=row["timezone"],
        state=row["state"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        first_contact_at=instant_or_none(row["first_contact_at"]),
        due_at=instant(row["due_at"]),
        fresh_at=instant_or_none(row["fresh_at"]),
        failures=row["failures"],
        trouble=row["trouble"],
        trouble_at=instant_or_none(row["trouble_at"]),
    )


async def put(tx: Transaction, *, url: str, name: str, kind: str, family: str, own: bool, now: datetime) -> Source:
    """The source with this address, added when it is new; an existing one keeps what editors made of it."""
    await tx.run(
        """INSERT INTO source (url, name, kind, family, own, added_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (url) DO NOTHING""",
        (url, name, kind, family, int(own), seconds(now), seconds(now)),
    )
    found = await tx.one("SELECT * FROM source WHERE url = ?", (url,))
    assert found is not None  # it was just put
    return _source(found)


async def all_of(db: Reading) -> list[Source]:
    """Every source, in the order in which they were added."""
    return [_source(row) for row in await db.all("SELECT * FROM source ORDER BY id")]


async def get(db: Reading, source_id: int) -> Source | None:
    """The source, None when there is none."""
    row = await db.one("SELECT * FROM source WHERE id = ?", (source_id,))
    return _source(row) if row else None


async def due(db: Reading, now: datetime) -> list[Source]:
    """Active polled sources whose time has come, the longest waiting first."""
    rows = await db.all(
        """SELECT * FROM source WHERE state = 'active' AND kind NOT IN ('push', 'desk', 'channel') AND due_at <= ?
           ORDER BY due_at, id""",
        (seconds(now),),
    )
    return [_source(row) for row in rows]


async def next_due_at(db: Reading) -> datetime | None:
    """When the next poll is due, None when nothing is polled."""
    return instant_or_none(
        await db.value(
            "SELECT min(due_at) FROM source WHERE state = 'active' AND kind NOT IN ('push', 'desk', 'channel')"
        )
    )


async def went_well(
    tx: Transaction,
    source: Source,
    *,
    now: datetime,
    due_at: datetime,
    etag: str | None,
    last_modified: str | None,
    fresh: bool,
) -> None:
    """A poll was answered: the trouble is over, `fresh` says whether anything new came."""
    await tx.run(
        """UPDATE source SET polled_at = :now, due_at = :due, etag = :etag, last_modified = :modified, failures = 0,
             trouble = NULL, trouble_at = NULL, first_contact_at = coalesce(first_contact_at, :now),
             fresh_at = CASE WHEN :fresh THEN :now ELSE fresh_at END
           WHERE id = :id""",
        {
            "id": source.id,
            "now": seconds(now),
            "due": seconds(due_at),
            "etag": etag,
            "modified": last_modified,
            "fresh": int(fresh),
        },
    )


async def went_wrong(tx: Transaction, source: Source, *, now: datetime, due_at: datetime, trouble: str) -> None:
    """A poll failed, and why; everything else about the source stays."""
    await tx.run(
        """UPDATE source SET polled_at = :now, due_at = :due, failures = failures + 1, trouble = :trouble,
             trouble_at = coalesce(trouble_at, :now)
           WHERE id = :id""",
        {"id": source.id, "now": seconds(now), "due": seconds(due_at), "trouble": trouble},
    )


async def introduce(tx: Transaction, source_id: int, name: str, *, instead_of: str) -> None:
    """Gives the source the name that it calls itself by, while it has no other: one that an editor gave stays."""
    await tx.run("UPDATE source SET name = ? WHERE id = ? AND name = ?", (name, source_id, instead_of))
