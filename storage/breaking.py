"""Posts that leave as breaking news: kept beside them until they do, so that what is taken back is as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from storage import posts
from storage.database import Reading, Transaction
from storage.instants import seconds
from storage.model import Post

STEP: Final = timedelta(minutes=10)  # screens, E19: so far the queue moves


async def put(
    tx: Transaction, post_id: int, text: str, entities: tuple[Mapping[str, Any], ...], now: datetime, *, silent: bool
) -> None:
    """The post leaves as breaking news in these words, with a sound or without; what it did before is kept."""
    await tx.run(
        """INSERT OR REPLACE INTO breaking (post_id, text, entities_json, silent, at)
           SELECT id, ?, ?, silent, ? FROM post WHERE id = ?""",
        (text, json.dumps([dict(each) for each in entities], ensure_ascii=False), seconds(now), post_id),
    )
    await tx.run("UPDATE post SET silent = ? WHERE id = ?", (int(silent), post_id))


async def words(db: Reading, post_id: int) -> tuple[str, tuple[Mapping[str, Any], ...]] | None:
    """What the post says as breaking news, None when it is none."""
    row = await db.one("SELECT text, entities_json FROM breaking WHERE post_id = ?", (post_id,))
    return (row["text"], tuple(json.loads(row["entities_json"]))) if row else None


async def left(tx: Transaction, post_id: int) -> None:
    """It has left, or missed its time: from now on it is a post as any other."""
    await tx.run("DELETE FROM breaking WHERE post_id = ?", (post_id,))


async def take_back(tx: Transaction, post: Post) -> Post:
    """It does not leave as breaking news; the post as it is then, sounding as it did before."""
    await tx.run(
        """UPDATE post SET silent = (SELECT silent FROM breaking WHERE post_id = post.id)
            WHERE id = ? AND id IN (SELECT post_id FROM breaking)""",
        (post.id,),
    )
    await left(tx, post.id)
    return await posts.get(tx, post.id) or post


async def in_the_way(db: Reading, channel_id: int, now: datetime, until: datetime, *, but: int) -> list[int]:
    """The posts whose time in the channel is within [now, until), earliest first; all but that one."""
    rows = await db.all(
        """SELECT id FROM post WHERE channel_id = ? AND state = 'queued' AND due_at >= ? AND due_at < ? AND id <> ?
            ORDER BY due_at, id""",
        (channel_id, seconds(now), seconds(until), but),
    )
    return [row["id"] for row in rows]


async def alarmed(db: Reading, channel_id: int, since: datetime) -> bool:
    """Whether the bot by itself put breaking news before the channel's editors since then."""
    found = await db.value(
        """SELECT 1 FROM journal WHERE act = 'breaking:auto' AND at > ? AND subject IN (
             SELECT 'post:' || id FROM post WHERE channel_id = ? AND created_at > ?)""",
        (seconds(since), channel_id, seconds(since)),
    )
    return found is not None


async def known(db: Reading, channel_id: int, story_id: int) -> bool:
    """Whether the story has, or had, a card for the channel, put away or not."""
    found = await db.value("SELECT 1 FROM post WHERE channel_id = ? AND story_id = ?", (channel_id, story_id))
    return found is not None
