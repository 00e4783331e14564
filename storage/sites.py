"""What became of posts' reports at their source after the posts went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import Reading, Transaction
from storage.instants import seconds

FOLLOWED: Final = timedelta(days=7)  # what a site changes later, nobody shares any more


@dataclass(frozen=True, slots=True)
class Moved:
    """A post whose report says something else than editors know, or is gone: (title, lead) before and now."""

    post_id: int
    item_id: int
    item_version: int
    withdrawn: bool
    was: tuple[str, str]
    became: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the post's card offers: the words that changed, or that the report is gone."""

    item_version: int
    withdrawn: bool
    was: str
    became: str


async def moved(db: Reading, now: datetime) -> list[Moved]:
    """Posts of the last days that stand and whose report became another since editors last saw it."""
    rows = await db.all(
        """SELECT p.id AS post_id, i.id AS item_id, i.version, gone.withdrawn,
                  old.title AS was_title, old.lead AS was_lead, new.title, new.lead
             FROM post AS p INDEXED BY post_gone_out
             JOIN item AS i ON i.id = p.item_id
             JOIN (SELECT id, coalesce(withdrawn_because NOT IN ('editor', 'sealed'), 0) AS withdrawn FROM item) AS gone
               ON gone.id = i.id
             LEFT JOIN site_edit AS s ON s.post_id = p.id
             JOIN item_version AS new ON new.item_id = i.id AND new.version = i.version
             JOIN item_version AS old ON old.item_id = i.id AND old.version = coalesce(
                    s.item_version,
                    (SELECT max(version) FROM item_version WHERE item_id = i.id AND seen_at <= p.created_at), 1)
            WHERE p.state IN ('published', 'corrected', 'updated') AND p.changed_at >= ?
              AND (i.version > old.version OR gone.withdrawn <> coalesce(s.withdrawn, 0))
            ORDER BY p.id""",
        (seconds(now - FOLLOWED),),
    )
    return [
        Moved(
            row["post_id"],
            row["item_id"],
            row["version"],
            bool(row["withdrawn"]),
            (row["was_title"], row["was_lead"]),
            (row["title"], row["lead"]),
        )
        for row in rows
    ]


async def note(tx: Transaction, what: Moved, was: str, became: str, *, offered: bool) -> None:
    """Editors know of it; its card offers it or, where it makes no difference, does not."""
    await tx.run(
        """INSERT INTO site_edit (post_id, item_version, withdrawn, was, became, open) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (post_id) DO UPDATE SET item_version = excluded.item_version, withdrawn = excluded.withdrawn,
             was = excluded.was, became = excluded.became, open = excluded.open""",
        (what.post_id, what.item_version, int(what.withdrawn), was, became, int(offered)),
    )


async def offer(db: Reading, post_id: int) -> Offer | None:
    """What the post's card offers, None when nothing."""
    row = await db.one("SELECT * FROM site_edit WHERE post_id = ? AND open = 1", (post_id,))
    return Offer(row["item_version"], bool(row["withdrawn"]), row["was"], row["became"]) if row else None


async def settle(tx: Transaction, post_id: int) -> None:
    """An editor answered the offer."""
    await tx.run("UPDATE site_edit SET open = 0 WHERE post_id = ?", (post_id,))
