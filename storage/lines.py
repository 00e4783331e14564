"""Lines of editions that went out: which story each tells and in what words, and how they are rewritten."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from storage.database import Reading, Transaction

Fragments = tuple[str | None, str | None]  # of a title, an editor's own; None: made from the headline


@dataclass(frozen=True, slots=True)
class Told:
    """A line of an edition that tells the story; `mark` stands at the end of its text. `language` is the channel's."""

    edition_id: int
    place: int
    part: int
    headline: str
    text: str
    mark: str
    channel_id: int
    language: str
    rubric: str
    wall_time: str


async def telling(db: Reading, story_id: int) -> list[Told]:
    """The lines of editions that went out with the story, or are on their way, the first edition first."""
    rows = await db.all(
        """SELECT l.*, e.channel_id, e.rubric, e.wall_time, c.language
             FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id JOIN channel AS c ON c.id = e.channel_id
            WHERE l.story_id = ? AND e.state IN ('approved', 'out') ORDER BY e.slot_at, e.id, l.place""",
        (story_id,),
    )
    return [_told(row) for row in rows]


async def of(db: Reading, edition_id: int) -> list[Told]:
    """All lines of the edition, in their order."""
    rows = await db.all(
        """SELECT l.*, e.channel_id, e.rubric, e.wall_time, c.language
             FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id JOIN channel AS c ON c.id = e.channel_id
            WHERE l.edition_id = ? ORDER BY l.place""",
        (edition_id,),
    )
    return [_told(row) for row in rows]


async def messages(db: Reading, story_id: int) -> list[tuple[int, int]]:
    """(chat, message) of what stands of editions with a line of the story, the newest first."""
    rows = await db.all(
        """SELECT DISTINCT m.chat_id, m.message_id, m.sent_at
             FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id AND e.state IN ('approved', 'out')
             JOIN outbox AS o ON o.edition_id = e.id AND o.part = l.part AND o.state = 'sent'
             JOIN message AS m ON m.outbox_id = o.id AND m.place = 1 AND m.gone_at IS NULL
            WHERE l.story_id = ? ORDER BY m.sent_at DESC, m.message_id DESC""",
        (story_id,),
    )
    return [(row["chat_id"], row["message_id"]) for row in rows]


async def title_of(db: Reading, edition_id: int) -> tuple[str, Fragments]:
    """The edition's title and the two fragments of it that are an editor's own."""
    row = await db.one("SELECT title, fragment_a, fragment_b FROM edition WHERE id = ?", (edition_id,))
    assert row is not None  # editions are never deleted
    return row["title"], (row["fragment_a"], row["fragment_b"])


async def retitle(tx: Transaction, edition_id: int, title: str, own: Fragments) -> None:
    """The edition is called so from now on."""
    await tx.run("UPDATE edition SET title = ?, fragment_a = ?, fragment_b = ? WHERE id = ?", (title, *own, edition_id))


async def reline(tx: Transaction, line: Told, headline: str, text: str, mark: str) -> None:
    """The line says this from now on."""
    await tx.run(
        "UPDATE edition_line SET headline = ?, text = ?, mark = ? WHERE edition_id = ? AND place = ?",
        (headline, text, mark, line.edition_id, line.place),
    )


async def unline(tx: Transaction, line: Told) -> None:
    """The edition does not tell it any more, and did not."""
    await tx.run("DELETE FROM edition_line WHERE edition_id = ? AND place = ?", (line.edition_id, line.place))


async def withdraw_edition(tx: Transaction, edition_id: int) -> None:
    """Nothing is left of the edition."""
    await tx.run(
        "UPDATE edition SET state = 'withdrawn', title = '', fragment_a = NULL, fragment_b = NULL WHERE id = ?",
        (edition_id,),
    )


def _told(row: sqlite3.Row) -> Told:
    return Told(
        row["edition_id"],
        row["place"],
        row["part"],
        row["headline"],
        row["text"],
        row["mark"],
        row["channel_id"],
        row["language"],
        row["rubric"],
        row["wall_time"],
    )
