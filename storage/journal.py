"""The journal (who did what, from, to) and the heartbeat."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.instants import instant, instant_or_none, seconds

BOT = 0  # the actor when nobody asked for it
OPERATOR = -1  # who gives orders at the command line; Telegram numbers its people from 1


async def write(
    tx: Transaction,
    act: str,
    subject: str,
    now: datetime,
    *,
    actor: int = BOT,
    was: str = "",
    became: str = "",
    reason: str = "",
) -> None:
    """One line of the journal."""
    await tx.run(
        "INSERT INTO journal (at, actor, act, subject, was, became, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seconds(now), actor, act, subject, was, became, reason),
    )


async def start_heart(tx: Transaction, now: datetime) -> tuple[datetime, datetime] | None:
    """Starts beating; the outage [last beat, now) when the heart had stopped unasked, else None."""
    row = await tx.one("SELECT beat_at, stopped_at FROM heartbeat WHERE id = 1")
    await tx.run(
        """INSERT INTO heartbeat (id, started_at, beat_at) VALUES (1, :now, :now)
           ON CONFLICT (id) DO UPDATE SET started_at = :now, beat_at = :now, stopped_at = NULL""",
        {"now": seconds(now)},
    )
    return (instant(row["beat_at"]), now) if row and row["stopped_at"] is None else None


async def beat(tx: Transaction, now: datetime) -> datetime | None:
    """The process lives. When it was last seen alive, None at its first beat."""
    before = await tx.value("SELECT beat_at FROM heartbeat WHERE id = 1")
    await tx.run("UPDATE heartbeat SET beat_at = ? WHERE id = 1", (seconds(now),))
    return instant_or_none(before)


async def stop_heart(tx: Transaction, now: datetime) -> None:
    """The process ends because it was asked to."""
    await tx.run("UPDATE heartbeat SET beat_at = :now, stopped_at = :now WHERE id = 1", {"now": seconds(now)})
