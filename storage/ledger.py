"""The ledger: what went out and what was to go, each with its cause, its tries and its outcome. It only reads.

Of what goes to readers, and to chats that are not the newsroom's, neither number nor text leaves the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from storage.database import Reading
from storage.instants import instant, instant_or_none
from storage.model import Entry, Standing

NEWEST = 2**63 - 1  # before it stands everything: SQLite's last rowid
EVERY = -1  # SQLite's LIMIT that limits nothing
HEADLINE_LETTERS = 300  # of a post: its first line is told

# A positive number is a private chat. Answers in the editors' own chat are the newsroom's own.
_OWN = "(o.reader_id IS NULL AND (o.update_id IS NULL OR o.chat = :desk) AND o.chat NOT GLOB '[0-9]*')"
_WANTED = f"""
     (:readers OR {_OWN}) AND (:state = '' OR o.state = :state)
 AND (NOT :troubles OR o.state IN ('doubt', 'refused') OR o.asked_at IS NOT NULL
      OR (o.state = 'waiting' AND o.reason IS NOT NULL)
      OR o.id IN (SELECT outbox_id FROM message WHERE trouble IS NOT NULL AND gone_at IS NULL))
"""
# A post's parcel carries the version it was made of; what editors sealed for people's safety is not told again.
_ENTRIES = f"""
SELECT o.id, {_OWN} AS own, o.intent, o.chat, o.chat GLOB '[0-9]*' AS to_person, o.update_id IS NOT NULL AS answers,
       o.priority, o.state, o.due_at, o.created_at, o.claimed_at, o.done_at, o.asked_at, o.unwanted_at, o.tries,
       o.reason, o.part, o.wanted_version,
       CASE WHEN {_OWN} AND o.post_id IS NULL
            THEN coalesce(json_extract(o.payload_json, '$.text'), json_extract(o.payload_json, '$.caption'), '')
            ELSE '' END AS said,
       coalesce(json_extract(o.payload_json, '$.parse_mode'), '') = 'HTML' AS is_html,
       e.rubric, e.wall_time, coalesce(e.title, '') AS title,
       CASE WHEN {_OWN} AND v.sealed = 0 THEN substr(v.text, 1, {HEADLINE_LETTERS}) ELSE '' END AS post_text,
       coalesce(editor.name, '') AS editor,
       coalesce((SELECT title FROM channel WHERE channel.chat = o.chat), '') AS channel
  FROM outbox AS o
  LEFT JOIN edition AS e ON e.id = o.edition_id
  LEFT JOIN post AS p ON p.id = o.post_id
  LEFT JOIN post_version AS v ON v.post_id = p.id AND v.version = CASE
       WHEN o.intent LIKE 'post:%' THEN CAST(replace(o.intent, 'post:' || p.id || ':', '') AS INTEGER)
       ELSE p.version END
  LEFT JOIN editor ON editor.id = p.created_by
 WHERE {_WANTED}
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for. `desk` is the editors' chat as parcels name it, '' when there is none; `readers`: also what
    goes to readers; `troubles`: only what did not go well; `state`: only this one, '' for any."""

    desk: str
    readers: bool = False
    troubles: bool = False
    state: str = ""


async def before(db: Reading, scope: Scope, entry_id: int, limit: int) -> list[Entry]:
    """At most `limit` entries older than this one, newest first."""
    sql = _ENTRIES + " AND o.id < :edge ORDER BY o.id DESC LIMIT :limit"
    return await _read(db, sql, asdict(scope) | {"edge": entry_id, "limit": limit})


async def after(db: Reading, scope: Scope, entry_id: int, limit: int) -> list[Entry]:
    """At most `limit` entries newer than this one, oldest first."""
    sql = _ENTRIES + " AND o.id > :edge ORDER BY o.id LIMIT :limit"
    return await _read(db, sql, asdict(scope) | {"edge": entry_id, "limit": limit})


async def first_of_last(db: Reading, scope: Scope, count: int) -> int | None:
    """The id of the oldest of the newest `count` entries, None when there is none."""
    found = await db.value(
        f"SELECT min(id) FROM (SELECT o.id FROM outbox AS o WHERE {_WANTED} ORDER BY o.id DESC LIMIT :count)",
        asdict(scope) | {"count": count},
    )
    return None if found is None else int(found)


async def counts(db: Reading, desk: str, newest: int = EVERY) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many of the newest so many entries are in each state: the newsroom's own, and those to readers."""
    rows = await db.all(
        f"""SELECT {_OWN} AS own, state, count(*) FROM (SELECT * FROM outbox ORDER BY id DESC LIMIT :newest) AS o
             GROUP BY 1, 2""",
        {"desk": desk, "newest": newest},
    )
    own, others = ({row["state"]: row[2] for row in rows if bool(row["own"]) is mine} for mine in (True, False))
    return own, others


async def _read(db: Reading, sql: str, values: Mapping[str, Any]) -> list[Entry]:
    rows = await db.all(sql, values)
    messages = await _messages(db, rows)
    return [_entry(row, messages.get(row["id"], ())) for row in rows]


async def _messages(db: Reading, rows: Sequence[sqlite3.Row]) -> dict[int, tuple[Standing, ...]]:
    found: dict[int, tuple[Standing, ...]] = {}
    own = "[" + ",".join(str(row["id"]) for row in rows if row["own"]) + "]"
    for row in await db.all(
        """SELECT outbox_id, chat_id, message_id, shown_version, gone_at, tries, trouble FROM message
            WHERE outbox_id IN (SELECT value FROM json_each(?)) ORDER BY outbox_id, place, message_id""",
        (own,),
    ):
        standing = Standing(
            row["chat_id"],
            row["message_id"],
            row["shown_version"],
            instant_or_none(row["gone_at"]),
            row["tries"],
            row["trouble"],
        )
        found[row["outbox_id"]] = (*found.get(row["outbox_id"], ()), standing)
    return found


def _entry(row: sqlite3.Row, messages: tuple[Standing, ...]) -> Entry:
    own = bool(row["own"])
    return Entry(
        id=row["id"],
        own=own,
        kind=row["intent"].partition(":")[0],
        intent=row["intent"] if own else "",
        chat=row["chat"] if own else "",
        to_person=bool(row["to_person"]),
        answers=bool(row["answers"]),
        priority=row["priority"],
        state=row["state"],
        due_at=instant(row["due_at"]),
        created_at=instant(row["created_at"]),
        claimed_at=instant_or_none(row["claimed_at"]),
        done_at=instant_or_none(row["done_at"]),
        asked_at=instant_or_none(row["asked_at"]),
        unwanted_at=instant_or_none(row["unwanted_at"]),
        tries=row["tries"],
        reason=row["reason"],
        part=row["part"],
        wanted_version=row["wanted_version"],
        said=row["said"],
        is_html=bool(row["is_html"]),
        rubric=row["rubric"],
        wall_time=row["wall_time"],
        title=row["title"],
        post_text=row["post_text"],
        editor=row["editor"],
        messages=messages,
        channel=row["channel"] if own else "",
    )
