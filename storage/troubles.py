"""Where the bot cannot write now, until a person mends it; kept, so that a restart tells nobody twice."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Reading, Transaction
from storage.instants import instant, seconds

Kind = Literal["right", "removed", "absent", "copy", "token"]
EVERYWHERE = "*"  # Telegram as a whole


@dataclass(frozen=True, slots=True)
class Trouble:
    """`chat` is what parcels call it: @name, number or EVERYWHERE; `reason` is Telegram's own word."""

    chat: str
    kind: Kind
    reason: str
    since_at: datetime


async def begin(tx: Transaction, chat: str, kind: Kind, reason: str, now: datetime) -> bool:
    """Whether this is new: a chat has one trouble at a time, and another kind of it begins anew."""
    touched = await tx.run(
        """INSERT INTO trouble (chat, kind, reason, since_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (chat) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, since_at = excluded.since_at
           WHERE kind <> excluded.kind""",
        (chat, kind, reason, seconds(now)),
    )
    return touched == 1


async def end(tx: Transaction, chat: str) -> Trouble | None:
    """The trouble that is over now, None when there was none."""
    was = await of(tx, chat)
    if was is not None:
        await tx.run("DELETE FROM trouble WHERE chat = ?", (chat,))
    return was


async def of(db: Reading, chat: str) -> Trouble | None:
    """The trouble of this chat, None when it has none."""
    row = await db.one("SELECT * FROM trouble WHERE chat = ?", (chat,))
    return _trouble(row) if row else None


async def every(db: Reading) -> list[Trouble]:
    """All there are, the oldest first."""
    return [_trouble(row) for row in await db.all("SELECT * FROM trouble ORDER BY since_at, chat")]


async def held_back(db: Reading, chat: str, now: datetime) -> int:
    """How many parcels for this chat should have gone by now and wait, for nobody's word but Telegram's."""
    return int(
        await db.value(
            """SELECT count(*) FROM outbox
                WHERE state = 'waiting' AND due_at <= ? AND chat = ? COLLATE NOCASE AND asked_at IS NULL""",
            (seconds(now), chat),
        )
    )


def _trouble(row: sqlite3.Row) -> Trouble:
    return Trouble(row["chat"], row["kind"], row["reason"], instant(row["since_at"]))
