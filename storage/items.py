"""Items: reports with an identity that is kept for ever, every version of them, and who told them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.model import Item, Kind


def item(row: sqlite3.Row) -> Item:
    """A row of `item_now` as an Item."""
    return Item(
        id=row["id"],
        version=row["version"],
        kind=row["kind"],
        title=row["title"],
        lead=row["lead"],
        url=row["url"],
        language=row["language"],
        sections=tuple(json.loads(row["sections_json"])),
        published_at=instant(row["published_at"]),
        seen_at=instant(row["seen_at"]),
        source_id=row["source_id"],
        source=row["source"],
        family=row["family"],
        own=bool(row["own"]),
        weight=row["weight"],
        history=bool(row["history"]),
        important=bool(row["important"]),
        story_id=row["story_id"],
        image=row["image"],
        withdrawn=row["withdrawn_at"] is not None,
    )


async def known(db: Reading, keys: Sequence[str]) -> int | None:
    """The item that has the first of these keys that anyone has, None when none is known."""
    for key in keys:
        found = await db.value("SELECT item_id FROM item_key WHERE key = ?", (key,))
        if found is not None:
            return int(found)
    return None


async def get(db: Reading, item_id: int) -> Item | None:
    """The item as it stands, None when there is none."""
    row = await db.one("SELECT * FROM item_now WHERE id = ?", (item_id,))
    return item(row) if row else None


async def add(
    tx: Transaction,
    *,
    source_id: int,
    kind: Kind,
    keys: Sequence[str],
    published_at: datetime,
    now: datetime,
    history: bool,
    important: bool = False,
) -> int:
    """The id of a new item, known by `keys` from now on. Its first version is put by `put_version`."""
    item_id = await tx.add(
        """INSERT INTO item (source_id, kind, version, published_at, seen_at, history, important)
           VALUES (?, ?, 0, ?, ?, ?, ?)""",
        (source_id, kind, seconds(published_at), seconds(now), int(history), int(important)),
    )
    await learn_keys(tx, item_id, keys)
    return item_id


async def learn_keys(tx: Transaction, item_id: int, keys: Sequence[str]) -> None:
    """Knows the item by these keys too; a key that is another item's stays with that one."""
    await tx.run_each(
        "INSERT INTO item_key (key, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(key, item_id) for key in keys],
    )


async def put_version(
    tx: Transaction,
    item_id: int,
    *,
    url: str,
    title: str,
    lead: str,
    language: str,
    sections: Sequence[str],
    image: str | None,
    author: str | None,
    now: datetime,
) -> int:
    """The number of the version that stands now, from 1; earlier ones are kept."""
    await tx.run("UPDATE item SET version = version + 1 WHERE id = ?", (item_id,))
    await tx.run(
        """INSERT INTO item_version
             (item_id, version, url, title, lead, language, sections_json, image, author, seen_at)
           SELECT id, version, ?, ?, ?, ?, ?, ?, ?, ? FROM item WHERE id = ?""",
        (
            url,
            title,
            lead,
            language,
            json.dumps(list(sections), ensure_ascii=False),
            image,
            author,
            seconds(now),
            item_id,
        ),
    )
    return int(await tx.value("SELECT version FROM item WHERE id = ?", (item_id,)))


async def told_by(tx: Transaction, item_id: int, source_id: int, now: datetime) -> None:
    """Remembers that this source carries the item too."""
    await tx.run(
        "INSERT INTO item_source (item_id, source_id, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (item_id, source_id, seconds(now)),
    )


async def mark_important(tx: Transaction, item_id: int) -> None:
    """The newsroom says that this one matters."""
    await tx.run("UPDATE item SET important = 1 WHERE id = ?", (item_id,))


async def withdraw(tx: Transaction, item_id: int, reason: str, now: datetime) -> bool:
    """Takes the item back; False when it was taken back already."""
    touched = await tx.run(
        "UPDATE item SET withdrawn_at = ?, withdrawn_because = ? WHERE id = ? AND withdrawn_at IS NULL",
        (seconds(now), reason, item_id),
    )
    return touched == 1


async def hand_over(tx: Transaction, item_id: int, source_id: int) -> None:
    """From now on this source is the one whose edits count."""
    await tx.run("UPDATE item SET source_id = ? WHERE id = ?", (source_id, item_id))


async def into_story(tx: Transaction, item_id: int, story_id: int) -> None:
    """Makes the item a report of this story."""
    await tx.run("UPDATE item SET story_id = ? WHERE id = ?", (story_id, item_id))


async def since(db: Reading, at: datetime) -> list[Item]:
    """News first seen at or after `at` that stands, oldest first."""
    rows = await db.all(
        """SELECT * FROM item_now WHERE seen_at >= ? AND kind = 'news' AND withdrawn_at IS NULL
           ORDER BY seen_at, id""",
        (seconds(at),),
    )
    return [item(row) for row in rows]


async def count(db: Reading) -> int:
    """How much news stands."""
    return int(await db.value("SELECT count(*) FROM item WHERE kind = 'news' AND withdrawn_at IS NULL"))


async def several(db: Reading, ids: Sequence[int]) -> dict[int, Item]:
    """Those of the items that stand, by id."""
    rows = await db.all(
        """SELECT * FROM item_now WHERE withdrawn_at IS NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY id""",
        (json.dumps(list(ids)),),
    )
    return {row["id"]: item(row) for row in rows}


async def newest_id(db: Reading) -> int:
    """The id of the item that arrived last, 0 when there is none."""
    return int(await db.value("SELECT coalesce(max(id), 0) FROM item"))


# An item that stands, arrived up to :until_id and speaks for its story: the newest in the first of the languages
# that the story is told in, in any when it is told in neither.
_SPEAKING = """
i.kind = 'news' AND i.withdrawn_at IS NULL AND i.id <= :until_id AND NOT EXISTS (
  SELECT 1 FROM item_now AS o
   WHERE o.story_id = i.story_id AND o.kind = 'news' AND o.withdrawn_at IS NULL AND o.id <= :until_id
     AND (o.language = :first, o.language = :second, o.published_at, o.id)
       > (i.language = :first, i.language = :second, i.published_at, i.id))
"""


async def newest(db: Reading, *, until_id: int, languages: tuple[str, str], limit: int) -> list[Item]:
    """News that stands and arrived up to `until_id`, newest publication first, one item a story: the newest
    in the first of the languages that the story is told in, in any when it is told in neither."""
    rows = await db.all(
        f"SELECT * FROM item_now AS i WHERE {_SPEAKING} ORDER BY i.published_at DESC, i.id DESC LIMIT :limit",
        {"until_id": until_id, "first": languages[0], "second": languages[1], "limit": limit},
    )
    return [item(row) for row in rows]


async def newest_of(
    db: Reading, sections: Sequence[str], *, since: datetime, until_id: int, languages: tuple[str, str], limit: int
) -> list[Item]:
    """What `newest` gives, of those published at or after `since` in one of these sections, written exactly so."""
    rows = await db.all(
        f"""SELECT * FROM item_now AS i
             WHERE i.published_at >= :since AND EXISTS (
                     SELECT 1 FROM json_each(i.sections_json) AS has
                      WHERE has.value IN (SELECT value FROM json_each(:sections))) AND {_SPEAKING}
             ORDER BY i.published_at DESC, i.id DESC LIMIT :limit""",
        {
            "sections": json.dumps(list(sections), ensure_ascii=False),
            "since": seconds(since),
            "until_id": until_id,
            "first": languages[0],
            "second": languages[1],
            "limit": limit,
        },
    )
    return [item(row) for row in rows]


async def sections(db: Reading, *, since: datetime, until_id: int, languages: tuple[str, str]) -> list[tuple[str, int]]:
    """Each section as it is written, with how many items `newest_of` has there, most first, then by name."""
    rows = await db.all(
        f"""SELECT has.value AS name, count(DISTINCT i.id) AS told FROM item_now AS i, json_each(i.sections_json) AS has
             WHERE i.published_at >= :since AND {_SPEAKING}
             GROUP BY has.value ORDER BY told DESC, name""",
        {"since": seconds(since), "until_id": until_id, "first": languages[0], "second": languages[1]},
    )
    return [(str(row["name"]), int(row["told"])) for row in rows]


async def titles(db: Reading, *, since: datetime, limit: int) -> list[str]:
    """Headlines of news that stands and was published at or after `since`, newest first."""
    rows = await db.all(
        """SELECT title FROM item_now WHERE kind = 'news' AND withdrawn_at IS NULL AND published_at >= ?
            ORDER BY published_at DESC, id DESC LIMIT ?""",
        (seconds(since), limit),
    )
    return [row["title"] for row in rows]
