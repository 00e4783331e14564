"""Who writes new words for a post: one editor at a time, for five minutes, and what they wrote before it is saved."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from storage.database import Reading, Transaction
from storage.editorial import Lease
from storage.instants import instant, instant_or_none, seconds
from storage.model import Content, Media


async def get(db: Reading, post_id: int) -> Lease | None:
    """The lease of this post, in force or over; None when nobody writes at it."""
    row = await db.one("SELECT * FROM lease WHERE post_id = ?", (post_id,))
    if row is None:
        return None
    content = None if row["content_json"] is None else _content(row["content_json"])
    return Lease(row["post_id"], row["editor"], instant(row["until_at"]), bool(row["titled"]), content)


async def put(tx: Transaction, lease: Lease) -> None:
    """It is so from now on."""
    content = None if lease.content is None else json.dumps(asdict(lease.content), ensure_ascii=False)
    await tx.run(
        "INSERT OR REPLACE INTO lease (post_id, editor, until_at, titled, content_json) VALUES (?, ?, ?, ?, ?)",
        (lease.post_id, lease.editor, seconds(lease.until_at), int(lease.titled), content),
    )


async def drop(tx: Transaction, post_id: int) -> None:
    """Nobody writes at it any more."""
    await tx.run("DELETE FROM lease WHERE post_id = ?", (post_id,))


async def over(db: Reading, now: datetime) -> list[int]:
    """The posts that an editor took and wrote nothing for in time, by id."""
    rows = await db.all(
        "SELECT post_id FROM lease WHERE until_at <= ? AND content_json IS NULL ORDER BY post_id", (seconds(now),)
    )
    return [row["post_id"] for row in rows]


async def next_due_at(db: Reading) -> datetime | None:
    """When the next lease without words ends, None when none stands."""
    return instant_or_none(await db.value("SELECT min(until_at) FROM lease WHERE content_json IS NULL"))


def _content(said: str) -> Content:
    values = json.loads(said)
    media = tuple(Media(**each) for each in values.pop("media"))
    return Content(**(values | {"entities": tuple(values["entities"]), "media": media}))
