"""Pages that are looked at again: which ones are due, what was seen of each, and what the channel shows of an item."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.items import item
from storage.model import Item

AGE: Final = timedelta(hours=48)  # an older article is corrected in place, hardly ever taken back
MISSED: Final = timedelta(hours=24)  # a younger item that left its feed's window was hardly pushed out by newer ones
TODAY: Final = timedelta(hours=24)  # of editions: what readers may still be sharing
AGAIN: Final = timedelta(minutes=30)  # between two looks at a page that stands
APART: Final = timedelta(minutes=1)  # between the two answers that withdraw: one may be a deployment's

_DUE = """
WITH told (story_id) AS (
  SELECT story_id FROM outbox WHERE story_id IS NOT NULL AND created_at >= :since
     AND state IN ('waiting', 'claimed', 'sent', 'doubt')
  UNION SELECT l.story_id FROM edition AS e JOIN edition_line AS l ON l.edition_id = e.id
     WHERE e.slot_at >= :today AND e.state IN ('drafted', 'approved', 'held', 'out')
  UNION SELECT story_id FROM post WHERE story_id IS NOT NULL AND changed_at >= :since
     AND state IN ('pending', 'queued', 'held', 'publishing', 'published', 'corrected', 'updated')),
posted (item_id) AS (
  SELECT item_id FROM post WHERE item_id IS NOT NULL AND changed_at >= :since
     AND state IN ('pending', 'queued', 'held', 'publishing', 'published', 'corrected', 'updated'))
SELECT i.* FROM item_now AS i LEFT JOIN recheck AS r ON r.item_id = i.id
 WHERE i.seen_at >= :since AND i.kind = 'news' AND i.withdrawn_at IS NULL
   AND i.url LIKE 'http%' AND i.url NOT LIKE 'https://t.me/%'
   AND (r.asked_at IS NULL OR r.asked_at > :now
        OR r.asked_at <= CASE WHEN r.gone_at IS NULL THEN :again ELSE :apart END)
   AND (r.gone_at IS NOT NULL OR (r.missed_at IS NOT NULL AND i.seen_at > :missed)
        OR i.story_id IN (SELECT story_id FROM told) OR i.id IN (SELECT item_id FROM posted))
 ORDER BY r.gone_at IS NULL, coalesce(r.asked_at, 0), i.id LIMIT :limit
"""


async def due(db: Reading, now: datetime, *, limit: int) -> list[Item]:
    """News of the last 48 hours whose page is to be asked, the suspected first, then the longest waiting.

    It stands in a post or an edition of the last day that went out or will, in an alert, or it left its own feed's
    window in its first 24 hours. Posts of Telegram have no page that could answer.
    """
    rows = await db.all(
        _DUE,
        {
            "now": seconds(now),
            "since": seconds(now - AGE),
            "today": seconds(now - TODAY),
            "missed": seconds(now - MISSED),
            "again": seconds(now - AGAIN),
            "apart": seconds(now - APART),
            "limit": limit,
        },
    )
    return [item(row) for row in rows]


async def stands(tx: Transaction, item_id: int, now: datetime) -> None:
    """The page answered with the article."""
    await _asked(tx, item_id, now)
    await tx.run("UPDATE recheck SET gone_at = NULL WHERE item_id = ?", (item_id,))


async def unclear(tx: Transaction, item_id: int, now: datetime) -> None:
    """The page was asked and nothing was learnt: what was known of it stays."""
    await _asked(tx, item_id, now)


async def gone(tx: Transaction, item_id: int, now: datetime) -> datetime:
    """The page answered that it is gone: since when it does, without having been seen standing."""
    await _asked(tx, item_id, now)
    await tx.run(
        """UPDATE recheck SET gone_at = CASE WHEN gone_at <= :now THEN gone_at ELSE :now END WHERE item_id = :id""",
        {"id": item_id, "now": seconds(now)},
    )
    return instant(await tx.value("SELECT gone_at FROM recheck WHERE item_id = ?", (item_id,)))


async def listed(tx: Transaction, source_id: int, ids: Sequence[int], now: datetime) -> None:
    """The source's own feed lists these items now: a young one of its own that is missing is to be looked at, one
    that came back is not. Older ones than the oldest of these were pushed out, which says nothing."""
    values = {"source": source_id, "ids": json.dumps(list(ids)), "now": seconds(now), "young": seconds(now - MISSED)}
    await tx.run(
        """INSERT INTO recheck (item_id, missed_at)
           SELECT id, :now FROM item
            WHERE source_id = :source AND seen_at > :young AND kind = 'news' AND withdrawn_at IS NULL
              AND id NOT IN (SELECT value FROM json_each(:ids))
              AND published_at > (SELECT min(published_at) FROM item WHERE source_id = :source
                                     AND id IN (SELECT value FROM json_each(:ids)))
           ON CONFLICT (item_id) DO UPDATE SET missed_at = coalesce(missed_at, excluded.missed_at)""",
        values,
    )
    await tx.run(
        """UPDATE recheck SET missed_at = NULL
            WHERE missed_at IS NOT NULL AND item_id IN (SELECT value FROM json_each(:ids))""",
        {"ids": values["ids"]},
    )


async def shown(db: Reading, item_id: int) -> tuple[str, str] | None:
    """Title and lead that the item had when the channel last told its story; None when it did not tell it since."""
    row = await db.one(
        """SELECT v.title, v.lead FROM item_version AS v JOIN item ON item.id = v.item_id
            WHERE v.item_id = :id AND v.seen_at <= (
              SELECT max(at) FROM (
                SELECT max(e.slot_at) AS at FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id
                 WHERE l.story_id = item.story_id AND e.state IN ('approved', 'out')
                UNION ALL
                SELECT max(o.done_at) FROM outbox AS o
                 WHERE o.story_id = item.story_id AND o.post_id IS NOT NULL AND o.state = 'sent'))
            ORDER BY v.version DESC LIMIT 1""",
        {"id": item_id},
    )
    return None if row is None else (row["title"], row["lead"])


async def _asked(tx: Transaction, item_id: int, now: datetime) -> None:
    await tx.run(
        "INSERT INTO recheck (item_id, asked_at) VALUES (:id, :now) ON CONFLICT DO UPDATE SET asked_at = :now",
        {"id": item_id, "now": seconds(now)},
    )
