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
WITNESSES: Final = timedelta(days=7)  # pages of the last week tell whether their site still shows what it had

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


async def lost(db: Reading, now: datetime, *, limit: int) -> list[Item]:
    """What was withdrawn because of its page and whose page is to be asked again, the longest waiting first: for two
    days, and later whenever a feed lists it."""
    rows = await db.all(
        """SELECT i.* FROM item AS w JOIN item_now AS i ON i.id = w.id JOIN recheck AS r ON r.item_id = w.id
            WHERE w.withdrawn_at IS NOT NULL AND w.withdrawn_because = 'page'
              AND (w.withdrawn_at >= :since OR r.listed_at > r.asked_at) AND (r.asked_at <= :again OR r.asked_at > :now)
            ORDER BY r.asked_at, i.id LIMIT :limit""",
        {"now": seconds(now), "since": seconds(now - AGE), "again": seconds(now - AGAIN), "limit": limit},
    )
    return [item(row) for row in rows]


async def witnesses(db: Reading, site: str, besides: int, now: datetime, *, limit: int) -> list[str]:
    """Addresses of other pages of this site (https://host/) whose news stands, of the last week, newest first; those
    that answered that they are gone come last."""
    rows = await db.all(
        """SELECT i.url FROM item_now AS i LEFT JOIN recheck AS r ON r.item_id = i.id
            WHERE i.seen_at >= :since AND i.id <> :besides AND i.kind = 'news' AND i.withdrawn_at IS NULL
              AND substr(i.url, 1, length(:site)) = :site
            ORDER BY r.gone_at IS NOT NULL, i.id DESC LIMIT :limit""",
        {"since": seconds(now - WITNESSES), "besides": besides, "site": site, "limit": limit},
    )
    return [row["url"] for row in rows]


async def give_back(tx: Transaction, item_id: int) -> bool:
    """The item stands again; False when it was not its page that had taken it away."""
    touched = await tx.run(
        """UPDATE item SET withdrawn_at = NULL, withdrawn_because = NULL
            WHERE id = ? AND withdrawn_at IS NOT NULL AND withdrawn_because = 'page'""",
        (item_id,),
    )
    return touched == 1


async def keep_away(tx: Transaction, item_id: int, reason: str) -> None:
    """What its page had taken back is taken back by somebody's word now, and the page cannot bring it back."""
    await tx.run("UPDATE item SET withdrawn_because = ? WHERE id = ? AND withdrawn_because = 'page'", (reason, item_id))


async def site_fell(tx: Transaction, site: str, now: datetime) -> bool:
    """The site answers of everything that it is gone; False when that was known."""
    touched = await tx.run("INSERT INTO site_down VALUES (?, ?) ON CONFLICT DO NOTHING", (site, seconds(now)))
    return touched == 1


async def site_rose(tx: Transaction, site: str) -> datetime | None:
    """The site shows its pages: since when it did not, None when it always did."""
    since = await tx.value("SELECT since_at FROM site_down WHERE site = ?", (site,))
    if since is None:
        return None
    await tx.run("DELETE FROM site_down WHERE site = ?", (site,))
    return instant(since)


async def stands(tx: Transaction, item_id: int, now: datetime) -> None:
    """The page answered with the article, or its absence was found to say nothing."""
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
    that came back is not, and one that was withdrawn is to be looked at again. Older ones than the oldest of these were
    pushed out, which says nothing."""
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
    await tx.run(
        """UPDATE recheck SET listed_at = :now
            WHERE item_id IN (SELECT id FROM item WHERE withdrawn_because = 'page'
                                 AND id IN (SELECT value FROM json_each(:ids)))""",
        {"ids": values["ids"], "now": values["now"]},
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
