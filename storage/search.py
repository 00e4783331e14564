"""Search: a contentless index over the lemma keys of titles and leads.

A row's number is made of item and version, so newest is last and an edit adds a row instead of deleting one: a
contentless index can only delete what it is told word for word, and the lemmas of last year's program are lost.
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
