"""What editors answered when they were asked about a name, a street or the place of a strike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage import journal
from storage.database import Reading, Transaction
from storage.editorial import FlagAnswer
from storage.instants import instant, seconds


async def answer(
    tx: Transaction,
    asked: Sequence[tuple[str, str, str]],
    said: str,
    editor: int,
    now: datetime,
    *,
    post_id: int | None = None,
    story_id: int | None = None,
) -> None:
    """These (kind, words, sentence) may be told, because of consent or because the editor says so. The first answer
    holds."""
    for kind, words, sentence in asked:
        touched = await tx.run(
            """INSERT INTO flag_answer (kind, words, sentence, answer, post_id, story_id, editor, at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (sentence, kind, words) WHERE undone_at IS NULL DO NOTHING""",
            (kind, words, sentence, said, post_id, story_id, editor, seconds(now)),
        )
        if touched:
            await _write(tx, _subject(post_id, story_id), now, editor, kind, "", said)


async def held(db: Reading, sentences: Sequence[str]) -> list[FlagAnswer]:
    """The answers that hold for what stands in these sentences, the oldest first."""
    found = []
    for sentence in dict.fromkeys(sentences):
        rows = await db.all(
            "SELECT * FROM flag_answer WHERE sentence = ? AND undone_at IS NULL ORDER BY id", (sentence,)
        )
        found += [
            FlagAnswer(
                row["kind"], row["words"], row["sentence"], row["answer"], row["editor"], instant(row["at"]), row["id"]
            )
            for row in rows
        ]
    return sorted(found, key=lambda each: each.id)


async def undo(tx: Transaction, asked: Sequence[tuple[str, str, str]], subject: str, editor: int, now: datetime) -> int:
    """These are asked about again; how many answers were taken back."""
    count = 0
    for kind, words, sentence in asked:
        row = await tx.one(
            """UPDATE flag_answer SET undone_at = ? WHERE sentence = ? AND kind = ? AND words = ? AND undone_at IS NULL
               RETURNING answer""",
            (seconds(now), sentence, kind, words),
        )
        if row is not None:
            await _write(tx, subject, now, editor, kind, str(row["answer"]), "")
            count += 1
    return count


def _subject(post_id: int | None, story_id: int | None) -> str:
    return f"post:{post_id}" if post_id is not None else f"story:{story_id}"


async def _write(tx: Transaction, subject: str, now: datetime, editor: int, kind: str, was: str, became: str) -> None:
    """No name goes into the journal: the words stand in the answer."""
    await journal.write(tx, f"flag.{kind}", subject, now, actor=editor, was=was, became=became)
