"""Search: a contentless index over the lemma keys of titles and leads.

A row's number is made of item and version, so newest is last and an edit adds a row instead of deleting one: a
contentless index can only delete what it is told word for word, and the lemmas of last year's program are lost.
Below zero stand the words of corrections, by their own numbers.
"""

from __future__ import annotations

from storage.database import Reading, Transaction

VERSIONS = 65_536  # of one item; more edits than that are no newsroom's


async def put(tx: Transaction, item_id: int, version: int, title_keys: str, lead_keys: str) -> None:
    """Makes this version of the item findable by these keys (words joined by spaces)."""
    await tx.run(
        "INSERT INTO item_search (rowid, title, lead) VALUES (?, ?, ?)",
        (item_id * VERSIONS + version % VERSIONS, title_keys, lead_keys),
    )


async def find(db: Reading, match: str, *, limit: int) -> list[int]:
    """Ids of the newest items that match an FTS5 expression in the version that stands, newest first."""
    rows = await db.all(
        """SELECT item.id FROM item_search JOIN item ON item.id = item_search.rowid / :versions
            WHERE item_search MATCH :match AND item.version % :versions = item_search.rowid % :versions
              AND item.withdrawn_at IS NULL
            ORDER BY item_search.rowid DESC LIMIT :limit""",
        {"match": match, "limit": limit, "versions": VERSIONS},
    )
    return [row["id"] for row in rows]


async def amend(tx: Transaction, correction_id: int, title_keys: str, lead_keys: str) -> None:
    """Makes the reports that this correction concerns findable by these keys too."""
    await tx.run(
        "INSERT INTO item_search (rowid, title, lead) VALUES (?, ?, ?)", (-correction_id, title_keys, lead_keys)
    )


async def amended(db: Reading, match: str, *, limit: int) -> list[int]:
    """Ids of the items that stand and of whose story a post was last corrected to words that match, the newest
    correction first."""
    rows = await db.all(
        """SELECT i.id FROM item_search AS s CROSS JOIN correction AS c ON c.id = -s.rowid
             JOIN post AS p ON p.id = c.post_id JOIN item AS i ON i.story_id = p.story_id OR i.id = p.item_id
            WHERE s.item_search MATCH :match AND s.rowid < 0 AND i.withdrawn_at IS NULL AND c.text IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM correction WHERE post_id = c.post_id AND id > c.id AND state = 'done'
                                 AND text IS NOT NULL)
            ORDER BY s.rowid, i.id DESC LIMIT :limit""",
        {"match": match, "limit": limit},
    )
    return list(dict.fromkeys(row["id"] for row in rows))
