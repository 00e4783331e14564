"""The journal (who did what, from, to), the log of decisions, and the heartbeat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Transaction
from storage.instants import instant, instant_or_none, seconds

BOT = 0  # the actor when nobody asked for it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story in a candidate list, with what its importance was made of."""

    story_id: int
    story_version: int
    importance: float
    features: Mapping[str, float]
    chosen: bool


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


async def decide(
    tx: Transaction,
    *,
    channel_id: int,
    rubric: str,
    edition_id: int | None,
    size: int,
    candidates: Sequence[Candidate],
    now: datetime,
) -> int:
    """The id of a logged candidate list, best first: what learning will learn from."""
    decision_id = await tx.add(
        "INSERT INTO decision (channel_id, rubric, edition_id, size, at) VALUES (?, ?, ?, ?, ?)",
        (channel_id, rubric, edition_id, size, seconds(now)),
    )
    await tx.run_each(
        """INSERT INTO decision_candidate
             (decision_id, place, story_id, story_version, importance, features_json, chosen)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                decision_id,
                place,
                each.story_id,
                each.story_version,
                each.importance,
                json.dumps(dict(each.features), sort_keys=True),
                int(each.chosen),
            )
            for place, each in enumerate(candidates, start=1)
        ],
    )
    return decision_id


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
