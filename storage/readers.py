"""Readers: who is there, and who blocked the bot. Nothing is kept of those who never asked for anything."""

from __future__ import annotations

from storage.database import Transaction

GONE = "the reader blocked the bot"


async def gone(tx: Transaction, reader_id: int) -> None:
    """Nothing is sent to this person any more, until they come back: they are marked if the bot knows them, and what
    waits for them is dropped with its words."""
    await tx.run("UPDATE reader SET state = 'gone' WHERE id = ?", (reader_id,))
    # When exactly it was given up nobody asks; that it is over, those who clear the outbox do.
    await tx.run(
        """UPDATE outbox SET state = 'dropped', reason = ?, done_at = due_at, payload_json = '{}'
            WHERE state = 'waiting' AND (reader_id = ? OR chat = ?)""",
        (GONE, reader_id, str(reader_id)),
    )


async def back(tx: Transaction, reader_id: int) -> None:
    """The person took the bot back: what they had asked for counts again."""
    await tx.run("UPDATE reader SET state = 'active' WHERE id = ?", (reader_id,))
