"""What the editors' board shows when it does not show the queue, and what went out on a day."""

from __future__ import annotations

from datetime import date, datetime

from storage.database import Reading, Transaction
from storage.editorial import Look
from storage.instants import instant, instant_or_none, seconds


async def look(db: Reading, now: datetime) -> Look | None:
    """What it shows now instead of the queue, None when it shows the queue."""
    row = await db.one("SELECT * FROM board_look WHERE until_at > ?", (seconds(now),))
    if row is None:
        return None
    day = None if row["day"] is None else date.fromisoformat(row["day"])
    return Look(row["view"], instant(row["until_at"]), day, row["post_id"])


async def put(tx: Transaction, wanted: Look | None) -> None:
    """It shows this from now on; None: the queue."""
    await tx.run("DELETE FROM board_look")
    if wanted is not None:
        await tx.run(
            "INSERT INTO board_look (id, view, day, post_id, until_at) VALUES (1, ?, ?, ?, ?)",
            (
                wanted.view,
                None if wanted.day is None else wanted.day.isoformat(),
                wanted.post_id,
                seconds(wanted.until_at),
            ),
        )


async def next_due_at(db: Reading) -> datetime | None:
    """When it shows the queue again by itself, None when it does already."""
    return instant_or_none(await db.value("SELECT until_at FROM board_look"))


async def over(db: Reading, now: datetime) -> bool:
    """Whether something else was looked at for long enough."""
    return await db.value("SELECT 1 FROM board_look WHERE until_at <= ?", (seconds(now),)) is not None


async def sent(db: Reading, from_at: datetime, until_at: datetime) -> list[tuple[datetime, str, str]]:
    """(when, the post's text or '', the edition's rubric or '') of what went out in [from_at, until_at), in order."""
    rows = await db.all(
        """SELECT o.done_at, coalesce(v.text, '') AS text, coalesce(e.rubric, '') AS rubric
             FROM outbox AS o LEFT JOIN edition AS e ON e.id = o.edition_id
                  LEFT JOIN post ON post.id = o.post_id
                  LEFT JOIN post_version AS v ON v.post_id = post.id AND v.version = post.version
            WHERE o.state = 'sent' AND o.part = 1 AND o.done_at >= ? AND o.done_at < ?
              AND (o.intent LIKE 'post:%' OR o.intent LIKE 'edition:%') ORDER BY o.done_at, o.id""",
        (seconds(from_at), seconds(until_at)),
    )
    return [(instant(row["done_at"]), row["text"], row["rubric"]) for row in rows]
