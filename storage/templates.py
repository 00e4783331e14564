"""The newsroom's own templates as they were last tried, and the editions that they are tried on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.model import State
from storage.stories import state

MOST_PRINTED = 100  # editions of a week: fourteen a day


@dataclass(frozen=True, slots=True)
class Template:
    """One file of a channel. `fault` is None while editions are set with it."""

    name: str
    text: str
    fault: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition that went out: its promise, an editor's own fragments, and each line's state with its headline."""

    rubric: str
    local_date: str
    wall_time: str
    slot_at: datetime
    fragments: tuple[str | None, str | None]
    lines: tuple[tuple[State, str], ...]


async def tried(db: Reading, channel_id: int) -> list[Template]:
    """The channel's own templates as they were last tried, by name."""
    rows = await db.all("SELECT * FROM template WHERE channel_id = ? ORDER BY name", (channel_id,))
    return [
        Template(row["name"], row["text"], None if row["fault_json"] is None else json.loads(row["fault_json"]))
        for row in rows
    ]


async def put(tx: Transaction, channel_id: int, found: Sequence[Template], now: datetime) -> None:
    """From `now` on these are the channel's own templates; it has no others."""
    await tx.run("DELETE FROM template WHERE channel_id = ?", (channel_id,))
    await tx.run_each(
        "INSERT INTO template (channel_id, name, text, fault_json, tried_at) VALUES (?, ?, ?, ?, ?)",
        [(channel_id, each.name, each.text, _fault(each.fault), seconds(now)) for each in found],
    )


async def reject(tx: Transaction, channel_id: int, name: str, fault: Mapping[str, Any], now: datetime) -> bool:
    """The template could not set an edition, so it is not used until it changes; False when that was known."""
    touched = await tx.run(
        """UPDATE template SET fault_json = ?, tried_at = ?
            WHERE channel_id = ? AND name = ? AND fault_json IS NULL""",
        (_fault(fault), seconds(now), channel_id, name),
    )
    return touched == 1


async def printed(db: Reading, channel_id: int, since: datetime) -> list[Printed]:
    """The channel's editions that went out since then, latest first."""
    found = await db.all(
        """SELECT * FROM edition WHERE channel_id = ? AND state = 'out' AND slot_at >= ?
            ORDER BY slot_at DESC, id DESC LIMIT ?""",
        (channel_id, seconds(since), MOST_PRINTED),
    )
    return [
        Printed(
            row["rubric"],
            row["local_date"],
            row["wall_time"],
            instant(row["slot_at"]),
            (row["fragment_a"], row["fragment_b"]),
            await _lines(db, row["id"]),
        )
        for row in found
    ]


async def _lines(db: Reading, edition_id: int) -> tuple[tuple[State, str], ...]:
    rows = await db.all(
        """SELECT sv.*, iv.title, l.headline
             FROM edition_line AS l
             JOIN story_version AS sv ON sv.story_id = l.story_id AND sv.version = l.story_version
             JOIN item_version AS iv ON iv.item_id = sv.item_id AND iv.version = sv.item_version
            WHERE l.edition_id = ? ORDER BY l.place""",
        (edition_id,),
    )
    return tuple((state(row), row["headline"]) for row in rows)


def _fault(fault: Mapping[str, Any] | None) -> str | None:
    return None if fault is None else json.dumps(fault, ensure_ascii=False)
