"""Twins: one article in two languages, two items that know each other."""

from __future__ import annotations

from storage.database import Reading, Transaction


async def link(tx: Transaction, item_id: int, twin_id: int) -> None:
    """The two are one article from now on; nothing happens when either has another twin."""
    both = {"one": item_id, "other": twin_id}
    await tx.run(
        """UPDATE item SET twin_id = CASE id WHEN :one THEN :other ELSE :one END
            WHERE id IN (:one, :other) AND :one <> :other AND NOT EXISTS (
              SELECT 1 FROM item WHERE id IN (:one, :other) AND twin_id IS NOT NULL)""",
        both,
    )


async def of(db: Reading, item_id: int) -> int | None:
    """The item's twin that stands, None when it has none."""
    found = await db.value(
        """SELECT twin.id FROM item JOIN item AS twin ON twin.id = item.twin_id
            WHERE item.id = ? AND twin.withdrawn_at IS NULL""",
        (item_id,),
    )
    return None if found is None else int(found)


async def story_of(db: Reading, item_id: int) -> int | None:
    """The story that the item's twin is told in; None when it has no twin that stands in a story."""
    found = await db.value(
        """SELECT twin.story_id FROM item JOIN item AS twin ON twin.id = item.twin_id
            WHERE item.id = ? AND twin.withdrawn_at IS NULL""",
        (item_id,),
    )
    return None if found is None else int(found)
