"""Corrections and withdrawals of what went out: what editors decided, and everywhere the thing went."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.editorial import Correction, CorrectionKind, Version
from storage.instants import instant, instant_or_none, seconds
from storage.model import Post

Kind = CorrectionKind


def correction(row: sqlite3.Row) -> Correction:
    """A row of the table as a Correction."""
    return Correction(
        row["id"],
        row["post_id"],
        row["story_id"],
        row["kind"],
        row["reason"],
        row["state"],
        row["text"],
        tuple(json.loads(row["entities_json"])),
        row["line"],
        row["home"],
        instant_or_none(row["due_at"]),
        row["editor"],
        instant(row["at"]),
    )


async def begin(
    tx: Transaction,
    *,
    kind: Kind,
    home: str,
    editor: int,
    now: datetime,
    post_id: int | None = None,
    story_id: int | None = None,
    reason: str = "",
    due_at: datetime | None = None,
) -> Correction:
    """A new one in this message; what was begun there before is dropped."""
    await drop(tx, home)
    found = await tx.add(
        """INSERT INTO correction (post_id, story_id, kind, reason, state, home, due_at, editor, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            post_id,
            story_id,
            kind,
            reason,
            "asked" if due_at is None else "leaving",
            home,
            None if due_at is None else seconds(due_at),
            editor,
            seconds(now),
        ),
    )
    row = await tx.one("SELECT * FROM correction WHERE id = ?", (found,))
    assert row is not None  # it was just added
    return correction(row)


async def drop(tx: Transaction, home: str) -> None:
    """Nothing is to be corrected in this message any more."""
    await tx.run(
        "UPDATE correction SET state = 'dropped' WHERE home = ? AND state IN ('asked', 'shown', 'leaving')", (home,)
    )


async def write(
    tx: Transaction, correction_id: int, text: str | None, entities: Sequence[Mapping[str, Any]], line: str
) -> None:
    """These are the new words, and they wait for an editor's yes; None: they are to be written again."""
    await tx.run(
        "UPDATE correction SET state = ?, text = ?, entities_json = ?, line = ? WHERE id = ?",
        (
            "asked" if text is None else "shown",
            text,
            json.dumps([dict(each) for each in entities], ensure_ascii=False),
            line,
            correction_id,
        ),
    )


async def done(tx: Transaction, correction_id: int) -> bool:
    """It was carried out; False when it was, or was dropped, before."""
    touched = await tx.run(
        "UPDATE correction SET state = 'done' WHERE id = ? AND state IN ('asked', 'shown', 'leaving')",
        (correction_id,),
    )
    return touched == 1


async def erase(tx: Transaction, correction_id: int) -> None:
    """Its words stand where they belong, and are kept here no longer."""
    await tx.run("UPDATE correction SET text = NULL, entities_json = '[]' WHERE id = ?", (correction_id,))


async def standing(db: Reading, home: str) -> Correction | None:
    """What is being corrected in this message of the editors', None when nothing is."""
    row = await db.one("SELECT * FROM correction WHERE home = ? AND state IN ('asked', 'shown', 'leaving')", (home,))
    return correction(row) if row else None


async def get(db: Reading, correction_id: int) -> Correction | None:
    """The one with this number, whatever became of it; None when there is none."""
    row = await db.one("SELECT * FROM correction WHERE id = ?", (correction_id,))
    return correction(row) if row else None


async def last(db: Reading, post_id: int) -> Correction | None:
    """The newest that was carried out on this post's words, None when none was; a withdrawal changes none of them."""
    row = await db.one(
        "SELECT * FROM correction WHERE post_id = ? AND state = 'done' AND kind <> 'withdraw' ORDER BY id DESC LIMIT 1",
        (post_id,),
    )
    return correction(row) if row else None


async def reason(db: Reading, post_id: int, story_id: int | None) -> str:
    """Why an editor withdrew the post or its story, '' when none did."""
    found = await db.value(
        """SELECT reason FROM correction WHERE kind = 'withdraw' AND state = 'done' AND (post_id = ? OR story_id = ?)
            ORDER BY id DESC LIMIT 1""",
        (post_id, story_id),
    )
    return str(found or "")


async def due(db: Reading, now: datetime) -> list[Correction]:
    """Withdrawals that can be taken back no more, oldest first."""
    rows = await db.all(
        "SELECT * FROM correction WHERE state = 'leaving' AND due_at <= ? ORDER BY due_at, id", (seconds(now),)
    )
    return [correction(row) for row in rows]


async def next_due_at(db: Reading) -> datetime | None:
    """When the next withdrawal is to be carried out, None when none is."""
    return instant_or_none(await db.value("SELECT min(due_at) FROM correction WHERE state = 'leaving'"))


async def clock_went_back(tx: Transaction, now: datetime) -> None:
    """What was tapped by a clock that was ahead can be taken back as long as it could then."""
    await tx.run(
        "UPDATE correction SET due_at = due_at - (at - :now), at = :now WHERE state = 'leaving' AND at > :now",
        {"now": seconds(now)},
    )


async def intent_of(db: Reading, post: Post) -> str:
    """The event of the message by which the post stands in its channel, or will: it goes out once, and is corrected
    there."""
    found = await db.value(
        "SELECT intent FROM outbox WHERE post_id = ? AND intent LIKE 'post:%' AND state = 'sent' ORDER BY id DESC",
        (post.id,),
    )
    return str(found or f"post:{post.id}:{post.version}")


async def home_of(db: Reading, chat_id: int, message_id: int) -> str | None:
    """The event of this message of the bot, None when it is not known."""
    found = await db.value(
        """SELECT o.intent FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = ? AND m.message_id = ?""",
        (chat_id, message_id),
    )
    return None if found is None else str(found)


async def versions(db: Reading, post_id: int) -> list[Version]:
    """All that the post said, the first first."""
    rows = await db.all("SELECT * FROM post_version WHERE post_id = ? ORDER BY version", (post_id,))
    return [Version(row["text"], instant(row["at"]), row["editor"], bool(row["sealed"])) for row in rows]


async def seal(tx: Transaction, post_id: int) -> None:
    """Nobody is shown any version of the post again, or what it was corrected to."""
    await tx.run("UPDATE post_version SET sealed = 1 WHERE post_id = ?", (post_id,))
    await tx.run("UPDATE correction SET text = NULL, line = '' WHERE post_id = ?", (post_id,))
    await tx.run("DELETE FROM site_edit WHERE post_id = ?", (post_id,))
    await tx.run("DELETE FROM hand_edit WHERE post_id = ?", (post_id,))


async def seal_story(tx: Transaction, story_id: int, now: datetime) -> None:
    """What is told of the story from now on reaches nobody."""
    await tx.run("UPDATE story SET sealed_at = coalesce(sealed_at, ?) WHERE id = ?", (seconds(now), story_id))
