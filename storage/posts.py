"""Posts: what editors put into the channel, every version of it, and who holds it now. First writer wins."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Content, Media, Post, State

LOOSE = 300  # posts: what was pasted weeks ago and is in no feed yet will not be

_POST = """
SELECT post.*, v.text, v.entities_json, v.media_json, v.url, v.section, v.below
  FROM post JOIN post_version AS v ON v.post_id = post.id AND v.version = post.version
"""


def _post(row: sqlite3.Row) -> Post:
    return Post(
        id=row["id"],
        channel_id=row["channel_id"],
        state=row["state"],
        version=row["version"],
        row_version=row["row_version"],
        due_at=instant_or_none(row["due_at"]),
        silent=bool(row["silent"]),
        in_roundup=bool(row["in_roundup"]),
        created_at=instant(row["created_at"]),
        created_by=row["created_by"],
        changed_at=instant(row["changed_at"]),
        changed_by=row["changed_by"],
        content=Content(
            row["text"],
            tuple(json.loads(row["entities_json"])),
            tuple(Media(**each) for each in json.loads(row["media_json"])),
            row["url"],
            row["section"],
            bool(row["below"]),
        ),
        story_id=row["story_id"],
        item_id=row["item_id"],
        undo=json.loads(row["undo_json"]) if row["undo_json"] else None,
        pinned=bool(row["pinned"]),
        embargo_at=instant_or_none(row["embargo_at"]),
        stays_hours=row["stays_hours"],
    )


async def add(
    tx: Transaction,
    *,
    channel_id: int,
    state: str,
    content: Content,
    editor: int,
    now: datetime,
    story_id: int | None = None,
    item_id: int | None = None,
) -> Post:
    """A new post with its first version."""
    post_id = await tx.add(
        """INSERT INTO post (channel_id, story_id, item_id, state, version, row_version, created_at, created_by,
                             changed_at, changed_by)
           VALUES (:channel, :story, :item, :state, 0, 1, :now, :editor, :now, :editor)""",
        {
            "channel": channel_id,
            "story": story_id,
            "item": item_id,
            "state": state,
            "now": seconds(now),
            "editor": editor,
        },
    )
    await put_version(tx, post_id, content, editor, now)
    post = await get(tx, post_id)
    assert post is not None  # it was just added
    return post


async def put_version(tx: Transaction, post_id: int, content: Content, editor: int, now: datetime) -> None:
    """The post says this from now on; what it said before is kept."""
    await tx.run("UPDATE post SET version = version + 1 WHERE id = ?", (post_id,))
    await tx.run(
        """INSERT INTO post_version (post_id, version, text, entities_json, media_json, url, section, below, at, editor)
           SELECT id, version, ?, ?, ?, ?, ?, ?, ?, ? FROM post WHERE id = ?""",
        (
            content.text,
            json.dumps([dict(each) for each in content.entities], ensure_ascii=False),
            json.dumps([asdict(each) for each in content.media]),
            content.url,
            content.section,
            int(content.below),
            seconds(now),
            editor,
            post_id,
        ),
    )


async def change(
    tx: Transaction,
    post: Post,
    *,
    state: str,
    due_at: datetime | None,
    editor: int,
    now: datetime,
    silent: bool | None = None,
    in_roundup: bool | None = None,
    undo: Mapping[str, Any] | None = None,
) -> Post | None:
    """The post after the change; None when somebody changed it since `post` was read, and nothing was done."""
    touched = await tx.run(
        """UPDATE post SET state = :state, due_at = :due, silent = :silent, in_roundup = :roundup, undo_json = :undo,
             row_version = row_version + 1, changed_at = :now, changed_by = :editor
           WHERE id = :id AND row_version = :version""",
        {
            "state": state,
            "due": None if due_at is None else seconds(due_at),
            "silent": int(post.silent if silent is None else silent),
            "roundup": int(post.in_roundup if in_roundup is None else in_roundup),
            "undo": json.dumps(dict(undo)) if undo else None,
            "now": seconds(now),
            "editor": editor,
            "id": post.id,
            "version": post.row_version,
        },
    )
    return await get(tx, post.id) if touched else None


async def carry(tx: Transaction, post: Post, channel_id: int, editor: int, now: datetime) -> Post | None:
    """The post is for this channel from now on; None when somebody changed it since `post` was read, and nothing was
    done."""
    touched = await tx.run(
        """UPDATE post SET channel_id = ?, undo_json = NULL, row_version = row_version + 1, changed_at = ?,
               changed_by = ? WHERE id = ? AND row_version = ?""",
        (channel_id, seconds(now), editor, post.id, post.row_version),
    )
    return await get(tx, post.id) if touched else None


async def get(db: Reading, post_id: int) -> Post | None:
    """The post as it stands, None when there is none."""
    row = await db.one(_POST + "WHERE post.id = ?", (post_id,))
    return _post(row) if row else None


async def of_item(db: Reading, channel_id: int, item_id: int) -> Post | None:
    """The newest post made from this item that was not put away, None when there is none."""
    row = await db.one(
        _POST + "WHERE channel_id = ? AND item_id = ? AND state <> 'rejected' ORDER BY post.id DESC LIMIT 1",
        (channel_id, item_id),
    )
    return _post(row) if row else None


async def loose(db: Reading) -> list[tuple[int, str]]:
    """The latest posts made of a page that no report was known of, newest first, each with the page's address."""
    rows = await db.all(
        """SELECT p.id, v.url FROM (SELECT * FROM post ORDER BY id DESC LIMIT ?) AS p
             JOIN post_version AS v ON v.post_id = p.id AND v.version = p.version
            WHERE p.item_id IS NULL AND p.state <> 'rejected' AND v.url IS NOT NULL ORDER BY p.id DESC""",
        (LOOSE,),
    )
    return [(row["id"], row["url"]) for row in rows]


async def join(tx: Transaction, post_id: int, item_id: int, state: State) -> None:
    """The post is about this report and its story; where it went out already, it told the story's state."""
    await tx.run(
        "UPDATE post SET item_id = ?, story_id = coalesce(story_id, ?) WHERE id = ?", (item_id, state.story_id, post_id)
    )
    await tx.run(
        """UPDATE outbox SET story_id = ?, story_version = ?
            WHERE post_id = ? AND intent LIKE 'post:%' AND story_id IS NULL""",
        (state.story_id, state.version, post_id),
    )


async def of_story(db: Reading, channel_id: int, story_id: int) -> Post | None:
    """The newest post of this story in the channel that was not put away, None when there is none."""
    row = await db.one(
        _POST + "WHERE channel_id = ? AND story_id = ? AND state <> 'rejected' ORDER BY post.id DESC LIMIT 1",
        (channel_id, story_id),
    )
    return _post(row) if row else None


async def of_channel(db: Reading, channel_id: int) -> list[Post]:
    """Every post that is meant for this channel, the oldest first."""
    return [_post(row) for row in await db.all(_POST + "WHERE channel_id = ? ORDER BY post.id", (channel_id,))]


async def chat_of(db: Reading, post_id: int) -> str:
    """The chat of the channel that the post is meant for, '' when there is no such post."""
    sql = "SELECT chat FROM channel WHERE id = (SELECT channel_id FROM post WHERE id = ?)"
    return str(await db.value(sql, (post_id,)) or "")


async def queue(db: Reading) -> list[Post]:
    """What is to go out in any channel, earliest first."""
    rows = await db.all(_POST + "WHERE state IN ('queued', 'publishing') ORDER BY due_at, post.id")
    return [_post(row) for row in rows]


async def due(db: Reading, now: datetime) -> list[Post]:
    """Posts whose time has come and that are not in the outbox yet, earliest first. Where the channel is paused only
    what an editor sends at once."""
    rows = await db.all(
        _POST
        + """WHERE due_at <= ? AND (state = 'publishing' OR state = 'queued' AND channel_id NOT IN (
                 SELECT id FROM channel WHERE paused_at IS NOT NULL))
               AND NOT EXISTS (
                 SELECT 1 FROM outbox
                  WHERE outbox.intent = 'post:' || post.id || ':' || post.version AND outbox.state <> 'dropped')
             ORDER BY due_at, post.id""",
        (seconds(now),),
    )
    return [_post(row) for row in rows]


async def clock_went_back(tx: Transaction, now: datetime) -> None:
    """What an editor sent at once by a clock that was ahead leaves as soon after now as it was to leave after then."""
    await tx.run(
        """UPDATE post SET due_at = due_at - (changed_at - :now), changed_at = :now
            WHERE state = 'publishing' AND changed_at > :now""",
        {"now": seconds(now)},
    )


async def next_due_at(db: Reading) -> datetime | None:
    """When the next post is due to go or to be asked about again, None when none is."""
    return instant_or_none(
        await db.value(
            """SELECT min(due_at) FROM post WHERE (state IN ('publishing', 'held') OR state = 'queued'
                 AND channel_id NOT IN (SELECT id FROM channel WHERE paused_at IS NOT NULL))
                 AND NOT EXISTS (
                   SELECT 1 FROM outbox
                    WHERE outbox.intent = 'post:' || post.id || ':' || post.version AND outbox.state <> 'dropped')"""
        )
    )


async def waited_for(db: Reading, now: datetime) -> list[Post]:
    """Posts whose wait for a second source is over."""
    rows = await db.all(_POST + "WHERE state = 'held' AND due_at <= ? ORDER BY due_at, post.id", (seconds(now),))
    return [_post(row) for row in rows]


async def unqueued(db: Reading) -> list[Post]:
    """Drafts that nobody queued or put away, newest first."""
    rows = await db.all(_POST + "WHERE state IN ('candidate', 'draft', 'held', 'missed') ORDER BY post.id DESC")
    return [_post(row) for row in rows]


async def waiting(db: Reading) -> int:
    """How many drafts nobody queued or put away."""
    return int(await db.value("SELECT count(*) FROM post WHERE state IN ('candidate', 'draft')"))


async def pending(db: Reading) -> int:
    """How many posts wait for a second editor."""
    return int(await db.value("SELECT count(*) FROM post WHERE state = 'pending'"))


async def last_published_at(db: Reading) -> datetime | None:
    """When the last post or edition went out, None when nothing did."""
    return instant_or_none(
        await db.value(
            """SELECT max(done_at) FROM outbox
                WHERE state = 'sent' AND (intent LIKE 'post:%' OR intent LIKE 'edition:%')"""
        )
    )


async def name_of(db: Reading, editor: int) -> str:
    """The editor's name, '' when the bot never heard it."""
    return str(await db.value("SELECT name FROM editor WHERE id = ?", (editor,)) or "")


async def remember_name(tx: Transaction, editor: int, name: str, now: datetime) -> None:
    """Knows the editor by this name from now on."""
    await tx.run(
        """INSERT INTO editor (id, name, seen_at) VALUES (?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at""",
        (editor, name, seconds(now)),
    )
