"""Search: a contentless index over the lemma keys of titles and leads. rowid is item.id, so newest is last."""

from __future__ import annotations

from storage.database import Reading, Transaction


async def put(tx: Transaction, item_id: int, title_keys: str, lead_keys: str) -> None:
    """Makes the item findable by these keys (words joined by spaces)."""
    await tx.run("INSERT INTO item_search (rowid, title, lead) VALUES (?, ?, ?)", (item_id, title_keys, lead_keys))


async def remove(tx: Transaction, item_id: int, title_keys: str, lead_keys: str) -> None:
    """Forgets the item; a contentless index must be told the very keys it was given."""
    await tx.run(
        "INSERT INTO item_search (item_search, rowid, title, lead) VALUES ('delete', ?, ?, ?)",
        (item_id, title_keys, lead_keys),
    )


async def find(db: Reading, match: str, *, limit: int) -> list[int]:
    """Ids of the newest items that match an FTS5 expression, newest first."""
    rows = await db.all(
        "SELECT rowid FROM item_search WHERE item_search MATCH ? ORDER BY rowid DESC LIMIT ?", (match, limit)
    )
    return [row["rowid"] for row in rows]
