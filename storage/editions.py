"""Editions: what was made for which slot, from which window, and which states of stories it told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import instant, seconds
from storage.model import Parcel, Told
from storage.outbox import parcel
from storage.stories import state


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an edition: the state of the story it tells, and which message of the edition it is in."""

    story_id: int
    story_version: int
    part: int
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """An edition as it stands. `local_date` (YYYY-MM-DD) and `wall_time` (HH:MM) are the promise that was made."""

    id: int
    channel_id: int
    rubric: str
    local_date: str
    wall_time: str
    slot_at: datetime
    state: str


async def get(db: Reading, edition_id: int) -> Made | None:
    """The edition with this number, None when there is none."""
    row = await db.one("SELECT * FROM edition WHERE id = ?", (edition_id,))
    if row is None:
        return None
    slot_at = instant(row["slot_at"])
    return Made(row["id"], row["channel_id"], row["rubric"], row["local_date"], row["wall_time"], slot_at, row["state"])


async def parcels(db: Reading, edition_id: int) -> list[Parcel]:
    """Its messages in the outbox, first part first."""
    rows = await db.all("SELECT * FROM outbox WHERE edition_id = ? ORDER BY part, id", (edition_id,))
    return [parcel(row) for row in rows]


async def made(db: Reading, channel_id: int, rubric: str, local_date: str, wall_time: str) -> bool:
    """Whether this slot was served, in whatever way; a draft serves nobody yet."""
    found = await db.value(
        """SELECT 1 FROM edition WHERE channel_id = ? AND rubric = ? AND local_date = ? AND wall_time = ?
              AND state != 'drafted'""",
        (channel_id, rubric, local_date, wall_time),
    )
    return found is not None


async def exists(db: Reading, channel_id: int, rubric: str, local_date: str, wall_time: str) -> bool:
    """Whether this slot has an edition, if only a draft."""
    found = await db.value(
        "SELECT 1 FROM edition WHERE channel_id = ? AND rubric = ? AND local_date = ? AND wall_time = ?",
        (channel_id, rubric, local_date, wall_time),
    )
    return found is not None


async def skipped_ahead(db: Reading, channel_id: int, rubric: str, now: datetime) -> list[tuple[int, str, str]]:
    """(id, local date, wall time) of the rubric's editions that were skipped before their time."""
    rows = await db.all(
        """SELECT id, local_date, wall_time FROM edition
            WHERE channel_id = ? AND rubric = ? AND state = 'skipped' AND slot_at > ? ORDER BY id""",
        (channel_id, rubric, seconds(now)),
    )
    return [(row["id"], row["local_date"], row["wall_time"]) for row in rows]


async def draft_again(tx: Transaction, edition_id: int) -> None:
    """What was skipped before its time is a draft again."""
    await tx.run("UPDATE edition SET state = 'drafted', version = version + 1 WHERE id = ?", (edition_id,))


async def ends(db: Reading, channel_id: int) -> dict[str, datetime]:
    """Until when each rubric has told the news, by its name.

    An edition that was skipped, missed or refused told nothing, so its news stays for the next one.
    """
    rows = await db.all(
        """SELECT rubric, max(until_at) AS until_at FROM edition
            WHERE channel_id = ? AND state IN ('approved', 'out', 'withdrawn') GROUP BY rubric ORDER BY rubric""",
        (channel_id,),
    )
    return {row["rubric"]: instant(row["until_at"]) for row in rows}


async def add(
    tx: Transaction,
    *,
    channel_id: int,
    rubric: str,
    local_date: str,
    wall_time: str,
    slot_at: datetime,
    from_at: datetime,
    until_at: datetime,
    state: str,
    title: str = "",
    lines: Sequence[Line] = (),
    now: datetime,
) -> int:
    """The id of the edition made for this slot. Raises sqlite3.IntegrityError when it was served already."""
    edition_id = await tx.add(
        """INSERT INTO edition
             (channel_id, rubric, local_date, wall_time, slot_at, from_at, until_at, state, title, made_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            channel_id,
            rubric,
            local_date,
            wall_time,
            seconds(slot_at),
            seconds(from_at),
            seconds(until_at),
            state,
            title,
            seconds(now),
        ),
    )
    await _put_lines(tx, edition_id, lines)
    return edition_id


async def remake(
    tx: Transaction,
    edition_id: int,
    *,
    from_at: datetime,
    until_at: datetime,
    state: str,
    title: str = "",
    lines: Sequence[Line] = (),
    now: datetime,
) -> None:
    """The edition of the same slot is made anew: another window, other lines, another state."""
    await tx.run("DELETE FROM edition_line WHERE edition_id = ?", (edition_id,))
    await tx.run(
        """UPDATE edition SET from_at = ?, until_at = ?, state = ?, title = ?, made_at = ?, version = version + 1
            WHERE id = ?""",
        (seconds(from_at), seconds(until_at), state, title, seconds(now), edition_id),
    )
    await _put_lines(tx, edition_id, lines)


async def _put_lines(tx: Transaction, edition_id: int, lines: Sequence[Line]) -> None:
    await tx.run_each(
        """INSERT INTO edition_line (edition_id, place, story_id, story_version, part, headline, text)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (edition_id, place, line.story_id, line.story_version, line.part, line.headline, line.text)
            for place, line in enumerate(lines, start=1)
        ],
    )


async def went_out(tx: Transaction, edition_id: int) -> None:
    """Marks the edition out when none of its messages is still to be sent: each was, or an editor dropped it."""
    await tx.run(
        """UPDATE edition SET state = 'out' WHERE id = :id AND state = 'approved' AND NOT EXISTS (
             SELECT 1 FROM outbox WHERE edition_id = :id AND state NOT IN ('sent', 'dropped'))""",
        {"id": edition_id},
    )


async def hold(tx: Transaction, edition_id: int) -> None:
    """The edition could not go out. When no part of it did, it told nothing, and the next window takes its news."""
    await tx.run(
        """UPDATE edition SET state = 'held' WHERE id = :id AND state = 'approved'
              AND NOT EXISTS (SELECT 1 FROM outbox WHERE edition_id = :id AND state = 'sent')""",
        {"id": edition_id},
    )


async def release(tx: Transaction, edition_id: int) -> None:
    """The edition has something to send again."""
    await tx.run("UPDATE edition SET state = 'approved' WHERE id = ? AND state IN ('held', 'out')", (edition_id,))


async def told(db: Reading, channel_id: int, story_ids: Sequence[int]) -> dict[int, list[Told]]:
    """What the channel told of each of these stories, in editions, in editors' posts and by their hands, latest
    first."""
    rows = await db.all(
        """SELECT e.rubric, e.slot_at AS told_at, l.headline, sv.*, iv.title
             FROM edition_line AS l
             JOIN edition AS e ON e.id = l.edition_id
             JOIN story_version AS sv ON sv.story_id = l.story_id AND sv.version = l.story_version
             JOIN item_version AS iv ON iv.item_id = sv.item_id AND iv.version = sv.item_version
            WHERE e.channel_id = :channel AND e.state IN ('approved', 'out')
              AND l.story_id IN (SELECT value FROM json_each(:stories))
           UNION ALL
           SELECT 'post', coalesce(o.done_at, o.created_at), iv.title, sv.*, iv.title
             FROM outbox AS o
             JOIN post ON post.id = o.post_id
             JOIN story_version AS sv ON sv.story_id = o.story_id AND sv.version = o.story_version
             JOIN item_version AS iv ON iv.item_id = sv.item_id AND iv.version = sv.item_version
            WHERE post.channel_id = :channel AND o.state IN ('waiting', 'claimed', 'sent', 'doubt')
              AND o.story_id IN (SELECT value FROM json_each(:stories))
           UNION ALL
           SELECT 'post', h.at, iv.title, sv.story_id, sv.version, sv.item_id, sv.item_version, h.toll_json, sv.as_of,
                  sv.at, iv.title
             FROM by_hand AS h
             JOIN item AS i ON i.id = h.item_id AND i.withdrawn_at IS NULL
             JOIN item_version AS iv ON iv.item_id = i.id AND iv.version = i.version
             JOIN story_version AS sv ON sv.story_id = i.story_id AND sv.version = (
               SELECT max(version) FROM story_version WHERE story_id = i.story_id AND at <= h.at)
            WHERE h.channel_id = :channel AND i.story_id IN (SELECT value FROM json_each(:stories))
            ORDER BY told_at DESC""",
        {"channel": channel_id, "stories": json.dumps(list(story_ids))},
    )
    found: dict[int, list[Told]] = {}
    for row in rows:
        each = Told(state(row), row["rubric"], instant(row["told_at"]), row["headline"])
        found.setdefault(row["story_id"], []).append(each)
    return found


async def kept_out(db: Reading, channel_id: int) -> set[int]:
    """Stories that editors keep out of the roundup."""
    rows = await db.all(
        "SELECT DISTINCT story_id FROM post WHERE channel_id = ? AND in_roundup = 0 AND story_id IS NOT NULL",
        (channel_id,),
    )
    return {row["story_id"] for row in rows}


async def telling(db: Reading, story_id: int) -> list[tuple[str, str]]:
    """(rubric, wall time) of every edition that told this story, earliest first."""
    rows = await db.all(
        """SELECT DISTINCT e.rubric, e.wall_time, e.slot_at, e.id
             FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id
            WHERE l.story_id = ? AND e.state IN ('approved', 'out') ORDER BY e.slot_at, e.id""",
        (story_id,),
    )
    return [(row["rubric"], row["wall_time"]) for row in rows]
