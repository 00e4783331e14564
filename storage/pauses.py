"""Pauses of channels: since when, who began and ended them, and which posts' times fell into them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Reading, Transaction
from storage.editorial import Pause
from storage.instants import instant, instant_or_none, seconds

How = Literal["resume", "spread"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A post whose time (`due_at`) fell into a pause. While its row has the version `mark` it is as the end left it."""

    post_id: int
    due_at: datetime
    mark: int


def _pause(row: sqlite3.Row) -> Pause:
    return Pause(
        id=row["id"],
        channel_id=row["channel_id"],
        since_at=instant(row["since_at"]),
        since_by=row["since_by"],
        ended_at=instant_or_none(row["ended_at"]),
        ended_by=row["ended_by"],
        act=row["act"],
        version=row["version"],
    )


async def begin(tx: Transaction, channel_id: int, editor: int, now: datetime) -> Pause | None:
    """The channel is paused from now on; None when it is already, or when nothing is published there at all."""
    touched = await tx.run(
        "UPDATE channel SET paused_at = ?, paused_by = ? WHERE id = ? AND paused_at IS NULL AND state = 'active'",
        (seconds(now), editor, channel_id),
    )
    if not touched:
        return None
    await tx.run(
        "INSERT INTO pause (channel_id, since_at, since_by) VALUES (?, ?, ?)", (channel_id, seconds(now), editor)
    )
    return await lasting(tx, channel_id)


async def end(tx: Transaction, seen: Pause, how: How, editor: int, now: datetime) -> Pause | None:
    """The channel goes on; None, and nothing done, when somebody was faster."""
    touched = await tx.run(
        """UPDATE pause SET ended_at = ?, ended_by = ?, act = ?, version = version + 1
            WHERE id = ? AND version = ? AND ended_at IS NULL""",
        (seconds(now), editor, how, seen.id, seen.version),
    )
    if not touched:
        return None
    await tx.run("UPDATE channel SET paused_at = NULL, paused_by = NULL WHERE id = ?", (seen.channel_id,))
    return await get(tx, seen.id)


async def take_back(tx: Transaction, seen: Pause, now: datetime) -> Pause | None:
    """The pause lasts on as if it had not ended; None when somebody was faster or a newer one lasts."""
    if await lasting(tx, seen.channel_id) is not None:
        return None
    touched = await tx.run(
        """UPDATE pause SET ended_at = NULL, ended_by = NULL, act = '', version = version + 1
            WHERE id = ? AND version = ? AND ended_at IS NOT NULL""",
        (seen.id, seen.version),
    )
    if not touched:
        return None
    await tx.run(
        "UPDATE channel SET paused_at = ?, paused_by = ? WHERE id = ?",
        (seconds(now), seen.since_by, seen.channel_id),
    )
    return await get(tx, seen.id)


async def get(db: Reading, pause_id: int) -> Pause | None:
    """The pause with this number, None when there is none."""
    row = await db.one("SELECT * FROM pause WHERE id = ?", (pause_id,))
    return _pause(row) if row else None


async def lasting(db: Reading, channel_id: int) -> Pause | None:
    """The pause that the channel stands in now, None when it stands in none."""
    row = await db.one("SELECT * FROM pause WHERE channel_id = ? AND ended_at IS NULL", (channel_id,))
    return _pause(row) if row else None


async def newest(db: Reading, channel_id: int) -> Pause | None:
    """The channel's last pause, lasting or over; None when it never had one."""
    row = await db.one("SELECT * FROM pause WHERE channel_id = ? ORDER BY id DESC LIMIT 1", (channel_id,))
    return _pause(row) if row else None


async def every(db: Reading) -> list[Pause]:
    """The pauses that last, the oldest first."""
    return [_pause(row) for row in await db.all("SELECT * FROM pause WHERE ended_at IS NULL ORDER BY id")]


async def held(db: Reading, pause: Pause, now: datetime) -> list[int]:
    """The ids of the queued posts whose time has come while the channel is paused, earliest first."""
    rows = await db.all(
        "SELECT id FROM post WHERE channel_id = ? AND state = 'queued' AND due_at <= ? ORDER BY due_at, id",
        (pause.channel_id, seconds(now)),
    )
    return [row["id"] for row in rows]


async def next_due_at(db: Reading, now: datetime) -> datetime | None:
    """When the next post's time falls into a pause after now, None when none will."""
    return instant_or_none(
        await db.value(
            """SELECT min(due_at) FROM post WHERE state = 'queued' AND due_at > ?
                 AND channel_id IN (SELECT id FROM channel WHERE paused_at IS NOT NULL)""",
            (seconds(now),),
        )
    )


async def put_entries(tx: Transaction, pause: Pause, entries: list[Entry]) -> None:
    """What the end of the pause made of each post: these and no others."""
    await tx.run("DELETE FROM pause_entry WHERE pause_id = ?", (pause.id,))
    for each in entries:
        await tx.run(
            "INSERT INTO pause_entry (pause_id, post_id, due_at, mark) VALUES (?, ?, ?, ?)",
            (pause.id, each.post_id, seconds(each.due_at), each.mark),
        )


async def entries(db: Reading, pause: Pause) -> list[Entry]:
    """The same, by the time that passed."""
    rows = await db.all(
        "SELECT post_id, due_at, mark FROM pause_entry WHERE pause_id = ? ORDER BY due_at, post_id", (pause.id,)
    )
    return [Entry(row["post_id"], instant(row["due_at"]), row["mark"]) for row in rows]


async def shown(db: Reading, pause: Pause) -> str | None:
    """What its message shows or will show, as JSON; None when it has none."""
    sql = "SELECT coalesce(wanted_json, payload_json) FROM outbox WHERE intent = ? AND unwanted_at IS NULL"
    found = await db.value(sql, (pause.intent,))
    return None if found is None else str(found)
