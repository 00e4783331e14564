"""Updates from Telegram: stored before they are confirmed, erased when they are done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import seconds


async def keep(tx: Transaction, updates: Iterable[tuple[int, str]], now: datetime) -> None:
    """Stores each (update_id, JSON); one that came before is not taken twice, but its mark counts anew."""
    # Else a mark older than a day would never be confirmed again, and Telegram would tell it without a pause.
    await tx.run_each(
        """INSERT INTO "update" (update_id, body, received_at) VALUES (?, ?, ?)
           ON CONFLICT (update_id) DO UPDATE SET received_at = excluded.received_at""",
        [(update_id, body, seconds(now)) for update_id, body in updates],
    )


async def open_ones(db: Reading) -> list[tuple[int, str, int]]:
    """What is still to do, oldest first: (update_id, JSON, tries so far)."""
    rows = await db.all(
        'SELECT update_id, body, tries FROM "update" WHERE done_at IS NULL ORDER BY received_at, update_id'
    )
    return [(row["update_id"], row["body"], row["tries"]) for row in rows]


async def is_done(db: Reading, update_id: int) -> bool:
    """Whether its effects were committed."""
    found = await db.value('SELECT 1 FROM "update" WHERE update_id = ? AND done_at IS NOT NULL', (update_id,))
    return found is not None


async def newest_since(db: Reading, at: datetime) -> int | None:
    """The highest update_id received at or after `at`, None when none was."""
    found = await db.value('SELECT max(update_id) FROM "update" WHERE received_at >= ?', (seconds(at),))
    return None if found is None else int(found)


async def done(tx: Transaction, update_id: int, now: datetime) -> None:
    """Its effects commit with this mark; the private text goes."""
    await tx.run(
        'UPDATE "update" SET done_at = ?, body = NULL WHERE update_id = ? AND done_at IS NULL',
        (seconds(now), update_id),
    )


async def begun(tx: Transaction, update_id: int) -> None:
    """It is about to be tried once more. Written before the try, it counts one that kills the process too."""
    await tx.run('UPDATE "update" SET tries = tries + 1 WHERE update_id = ?', (update_id,))


async def stumbled(tx: Transaction, update_id: int, trouble: str, *, counted: bool = False) -> None:
    """It failed once more; `trouble` names the error, never the text. `counted`: the try was written as begun."""
    await tx.run(
        'UPDATE "update" SET tries = tries + ?, trouble = ? WHERE update_id = ?',
        (0 if counted else 1, trouble, update_id),
    )


async def given_up(tx: Transaction, update_id: int, trouble: str, now: datetime) -> None:
    """It is over without effect; an error that was named before says more than `trouble`. The private text goes."""
    await tx.run('UPDATE "update" SET trouble = coalesce(trouble, ?) WHERE update_id = ?', (trouble, update_id))
    await done(tx, update_id, now)


async def forget_before(tx: Transaction, at: datetime) -> None:
    """Drops the marks of done updates last told before `at`; Telegram keeps an unconfirmed one for 24 h at most."""
    await tx.run('DELETE FROM "update" WHERE done_at IS NOT NULL AND received_at < ?', (seconds(at),))
