"""Which published posts tell less than is known of their story now, and what editors said about it."""

from __future__ import annotations

import json
from datetime import datetime

from storage.database import Reading, Transaction
from storage.editorial import Following, Kept
from storage.instants import seconds
from storage.model import State
from storage.stories import in_state


async def behind(db: Reading, since: datetime) -> list[int]:
    """Of each channel's posts of a story, out since then, the newest that is no reply, where the story is in another
    state than they told or has another report, and the card was not looked at since, oldest first."""
    rows = await db.all(
        """WITH told AS (
             SELECT max(p.id) FILTER (WHERE b.post_id IS NULL) AS post_id, p.story_id, max(o.story_version) AS version
               FROM post AS p
               JOIN outbox AS o ON o.post_id = p.id AND o.intent LIKE 'post:%' AND o.state = 'sent'
                               AND o.story_id = p.story_id
               LEFT JOIN post_below AS b ON b.post_id = p.id
              WHERE p.state IN ('published', 'corrected', 'updated') AND o.done_at >= ?
              GROUP BY p.channel_id, p.story_id)
           SELECT told.post_id FROM told JOIN story AS s ON s.id = told.story_id
             LEFT JOIN following AS f ON f.post_id = told.post_id
            WHERE told.post_id IS NOT NULL AND s.sealed_at IS NULL AND coalesce(f.state, '') <> 'over'
              AND (s.version > max(told.version, coalesce(f.version, 0))
                   OR (SELECT max(id) FROM item WHERE story_id = s.id) > coalesce(f.item_id, 0))
            ORDER BY told.post_id""",
        (seconds(since),),
    )
    return [row["post_id"] for row in rows]


async def told(db: Reading, channel_id: int, story_id: int) -> State | None:
    """The newest state of the story that a post told in the channel, None when none did."""
    version = await db.value(
        """SELECT max(o.story_version) FROM post AS p
             JOIN outbox AS o ON o.post_id = p.id AND o.intent LIKE 'post:%' AND o.state = 'sent'
                             AND o.story_id = p.story_id
            WHERE p.state IN ('published', 'corrected', 'updated') AND p.channel_id = ? AND p.story_id = ?""",
        (channel_id, story_id),
    )
    return None if version is None else await in_state(db, story_id, version)


async def get(db: Reading, post_id: int) -> Following | None:
    """What was offered and answered, None before any offer."""
    row = await db.one("SELECT * FROM following WHERE post_id = ?", (post_id,))
    if row is None:
        return None
    return Following(row["version"], row["state"], frozenset(json.loads(row["settled_json"])))


async def put(tx: Transaction, post_id: int, version: int, state: Kept) -> None:
    """The story's state of this number was offered, or left as it is; or nothing is ever to be offered again."""
    await tx.run(
        """INSERT INTO following (post_id, version, state) VALUES (?, ?, ?)
           ON CONFLICT (post_id) DO UPDATE SET version = excluded.version, state = excluded.state""",
        (post_id, version, state),
    )


async def saw(tx: Transaction, post_id: int, story_id: int) -> None:
    """The card was looked at with all that is reported of the story now."""
    await tx.run(
        "UPDATE following SET item_id = (SELECT max(id) FROM item WHERE story_id = ?) WHERE post_id = ?",
        (story_id, post_id),
    )


async def settle(tx: Transaction, post_id: int, item_id: int) -> None:
    """An editor has answered what this report contradicts."""
    known = await get(tx, post_id)
    settled = sorted({item_id} | (known.settled if known else frozenset()))
    await tx.run(
        """INSERT INTO following (post_id, version, state, settled_json) VALUES (:post, 0, 'left', :settled)
           ON CONFLICT (post_id) DO UPDATE SET settled_json = excluded.settled_json""",
        {"post": post_id, "settled": json.dumps(settled)},
    )


async def tells(tx: Transaction, post_id: int, story_id: int) -> None:
    """The post tells the story in the state that it is in now."""
    await tx.run(
        """UPDATE outbox SET story_id = :story, story_version = (SELECT version FROM story WHERE id = :story)
            WHERE post_id = :post AND intent LIKE 'post:%' AND state IN ('waiting', 'claimed', 'sent', 'doubt')""",
        {"post": post_id, "story": story_id},
    )
    await tx.run(
        """UPDATE following SET state = 'left', version = (SELECT version FROM story WHERE id = ?)
            WHERE post_id = ? AND state = 'offered'""",
        (story_id, post_id),
    )
