"""Four eyes: whether a post needs a second editor, and who asked for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Post

ALONE: Final = timedelta(minutes=10)  # screens, E18: so long a lone editor waits for a colleague


@dataclass(frozen=True, slots=True)
class Approval:
    """Who asked for a second editor, and when."""

    asked_at: datetime
    asked_by: int


async def are_on(db: Reading) -> bool:
    """Whether the newsroom wants four eyes on every post."""
    return bool(await db.value("SELECT is_on FROM habit WHERE name = 'four_eyes'"))


async def switch(tx: Transaction, editor: int, now: datetime, *, on: bool) -> None:
    """It does from now on, or does not."""
    await tx.run(
        "INSERT OR REPLACE INTO habit (name, is_on, changed_at, changed_by) VALUES ('four_eyes', ?, ?, ?)",
        (int(on), seconds(now), editor),
    )


async def needed(db: Reading, post: Post, editor: int) -> bool:
    """Whether somebody else has to approve the post before this editor's word puts it into the queue: its words are
    the editor's own, or nobody's. What stood in the queue before was approved then."""
    if post.state in ("queued", "missed") or not await are_on(db):
        return False
    if post.state == "pending":
        asked = await get(db, post.id)
        return asked is None or asked.asked_by == editor
    wrote = await db.value("SELECT editor FROM post_version WHERE post_id = ? AND version = ?", (post.id, post.version))
    return wrote in (0, editor)


async def ask(tx: Transaction, post_id: int, editor: int, now: datetime) -> None:
    """The post waits for somebody other than this editor."""
    await tx.run(
        "INSERT OR REPLACE INTO approval (post_id, asked_at, asked_by, offered) VALUES (?, ?, ?, 0)",
        (post_id, seconds(now), editor),
    )


async def get(db: Reading, post_id: int) -> Approval | None:
    """Who asked last, None when nobody ever did."""
    row = await db.one("SELECT * FROM approval WHERE post_id = ?", (post_id,))
    return Approval(instant(row["asked_at"]), row["asked_by"]) if row else None


async def alone(db: Reading, now: datetime) -> list[int]:
    """Posts that waited long enough and whose card does not say yet that they may go without a second editor."""
    rows = await db.all(
        """SELECT post_id FROM approval JOIN post ON post.id = post_id
            WHERE offered = 0 AND asked_at <= ? AND post.state = 'pending' ORDER BY post_id""",
        (seconds(now - ALONE),),
    )
    return [row["post_id"] for row in rows]


async def offered(tx: Transaction, post_id: int) -> None:
    """Its card says so now."""
    await tx.run("UPDATE approval SET offered = 1 WHERE post_id = ?", (post_id,))


async def next_due_at(db: Reading) -> datetime | None:
    """When the next post has waited long enough, None when none waits."""
    first = instant_or_none(
        await db.value(
            """SELECT min(asked_at) FROM approval JOIN post ON post.id = post_id
                WHERE offered = 0 AND post.state = 'pending'"""
        )
    )
    return None if first is None else first + ALONE
