"""What editors arrange for a post beside its time: an embargo, its place at the top, how long it stays."""

from __future__ import annotations

from datetime import datetime

from storage import posts
from storage.database import Reading, Transaction
from storage.instants import instant_or_none, seconds
from storage.model import Post

# Each that went out with its end: sent_at is when its message appeared.
_LEAVES = """
FROM post JOIN outbox AS o ON o.post_id = post.id AND o.intent LIKE 'post:%' AND o.state = 'sent'
     JOIN message AS m ON m.outbox_id = o.id AND m.place = 1
WHERE post.stays_hours IS NOT NULL AND post.state IN ('published', 'corrected', 'updated') AND o.unwanted_at IS NULL
"""


async def arrange(
    tx: Transaction, seen: Post, *, pinned: bool, embargo_at: datetime | None, stays_hours: int | None, editor: int,
    now: datetime,
) -> Post | None:  # fmt: skip
    """The post with this arranged; None when somebody changed it since it was `seen`, and nothing was done."""
    touched = await tx.run(
        """UPDATE post SET pinned = ?, embargo_at = ?, stays_hours = ?, row_version = row_version + 1, changed_at = ?,
               changed_by = ? WHERE id = ? AND row_version = ?""",
        (
            int(pinned),
            None if embargo_at is None else seconds(embargo_at),
            stays_hours,
            seconds(now),
            editor,
            seen.id,
            seen.row_version,
        ),
    )
    return await posts.get(tx, seen.id) if touched else None


async def leaving(db: Reading, now: datetime) -> list[Post]:
    """The posts whose time in the channel is over, in the order that they came."""
    rows = await db.all(
        "SELECT post.id " + _LEAVES + " AND m.sent_at + post.stays_hours * 3600 <= ? ORDER BY post.id", (seconds(now),)
    )
    found = [await posts.get(db, row["id"]) for row in rows]
    return [each for each in found if each is not None]


async def next_due_at(db: Reading) -> datetime | None:
    """When the next post is to be taken away, None when none is."""
    return instant_or_none(await db.value("SELECT min(m.sent_at + post.stays_hours * 3600) " + _LEAVES))


async def embargoed(db: Reading, at: datetime) -> set[int]:
    """The stories that nobody may tell before a time later than `at`."""
    rows = await db.all(
        """SELECT DISTINCT story_id FROM post WHERE embargo_at > ? AND story_id IS NOT NULL
              AND state NOT IN ('rejected', 'withdrawn')""",
        (seconds(at),),
    )
    return {row["story_id"] for row in rows}


async def freed(db: Reading, from_at: datetime, until_at: datetime) -> list[int]:
    """The stories whose embargo ended in (from_at, until_at]: they are news of that time, by id."""
    rows = await db.all(
        """SELECT DISTINCT story_id FROM post WHERE embargo_at > ? AND embargo_at <= ? AND story_id IS NOT NULL
              AND state NOT IN ('rejected', 'withdrawn') ORDER BY story_id""",
        (seconds(from_at), seconds(until_at)),
    )
    return [row["story_id"] for row in rows]
