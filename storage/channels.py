"""Channels that the newsroom publishes in, and what is known of the chats behind them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.model import Channel


def _channel(row: sqlite3.Row) -> Channel:
    return Channel(row["id"], row["chat"], row["title"], row["language"], instant(row["created_at"]))


async def seed(tx: Transaction, chat: str, language: str, now: datetime) -> Channel:
    """The channel at `chat`; the environment only seeds it, a known one stays as it is."""
    await tx.run(
        "INSERT INTO channel (chat, language, created_at) VALUES (?, ?, ?) ON CONFLICT (chat) DO NOTHING",
        (chat, language, seconds(now)),
    )
    found = await tx.one("SELECT * FROM channel WHERE chat = ?", (chat,))
    assert found is not None  # it was just put
    return _channel(found)


async def find(db: Reading, chat: str) -> Channel | None:
    """The channel at `chat`, None when it is not known yet."""
    row = await db.one("SELECT * FROM channel WHERE chat = ?", (chat,))
    return _channel(row) if row else None


async def heard(tx: Transaction, chat_id: int, name: str | None, message_id: int, now: datetime) -> None:
    """A message with this id stands in the chat: the last one known never goes back."""
    await tx.run(
        """INSERT INTO chat (id, name, last_message_id, heard_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, heard_at = excluded.heard_at,
             last_message_id = max(last_message_id, excluded.last_message_id)""",
        (chat_id, f"@{name}" if name else None, message_id, seconds(now)),
    )
