"""Channels that made the bot their administrator, and whether the newsroom publishes there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Reading, Transaction
from storage.editorial import Welcome
from storage.instants import seconds

A_DAY = timedelta(days=1)


async def put(tx: Transaction, what: Welcome, now: datetime) -> None:
    """It is so from now on; that the editors were asked is never forgotten."""
    await tx.run(
        """INSERT INTO welcome (chat_id, name, title, state, rights, added_by, at, asked_at)
           VALUES (:id, :name, :title, :state, :rights, :by, :now, :asked)
           ON CONFLICT (chat_id) DO UPDATE SET name = :name, title = :title, state = :state, rights = :rights,
             added_by = :by, asked_at = coalesce(asked_at, :asked)""",
        {
            "id": what.chat_id,
            "name": what.name or None,
            "title": what.title,
            "state": what.state,
            "rights": " ".join(what.rights),
            "by": what.added_by,
            "now": seconds(now),
            "asked": seconds(now) if what.asked else None,
        },
    )


async def get(db: Reading, chat_id: int) -> Welcome | None:
    """The channel with this number, None when it never made the bot its administrator."""
    row = await db.one("SELECT * FROM welcome WHERE chat_id = ?", (chat_id,))
    return _welcome(row) if row else None


async def of_chat(db: Reading, chat: str) -> Sequence[Welcome]:
    """The one whose channel Telegram is told by this name or number."""
    rows = await db.all("SELECT * FROM welcome WHERE name = :chat OR CAST(chat_id AS TEXT) = :chat", {"chat": chat})
    return [_welcome(row) for row in rows]


async def open_ones(db: Reading) -> Sequence[Welcome]:
    """Those that nobody decided about or that were declined, the newest first."""
    rows = await db.all(
        "SELECT * FROM welcome WHERE state IN ('quiet', 'asked', 'declined') ORDER BY at DESC, chat_id LIMIT 6"
    )
    return [_welcome(row) for row in rows]


async def may_ask(db: Reading, added_by: int, now: datetime) -> bool:
    """Whether the editors may be asked of a channel that somebody else's administrator added: one question a person
    ever, one a day in all, and none while another stands unanswered."""
    found = await db.value(
        """SELECT 1 FROM welcome WHERE state = 'asked' OR (asked_at > :yesterday AND state <> 'taken')
               OR (added_by = :by AND asked_at IS NOT NULL) LIMIT 1""",
        {"yesterday": seconds(now - A_DAY), "by": added_by},
    )
    return found is None


def _welcome(row: sqlite3.Row) -> Welcome:
    return Welcome(
        row["chat_id"],
        row["name"] or "",
        row["title"],
        row["state"],
        tuple(row["rights"].split()),
        row["added_by"],
        row["asked_at"] is not None,
    )
