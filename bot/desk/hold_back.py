"""A post's time has come, and it names what nobody answered for: it does not go."""

from __future__ import annotations

from datetime import datetime

from bot.desk import afterlife, flagged, paint
from bot.desk.flag_page import Question
from bot.desk.paint import Easel
from storage import journal, posts
from storage.database import Transaction
from storage.model import Post


async def hold_back(tx: Transaction, easel: Easel, post: Post, found: Question, now: datetime) -> None:
    """Its card comes anew, with a sound, and asks; what only tells the place of a strike too early stays queued."""
    waits = not found.open and found.not_before is not None
    state, due_at = ("queued", found.not_before) if waits else ("draft", None)
    after = await posts.change(tx, post, state=state, due_at=due_at, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    await journal.write(tx, "flag", f"post:{post.id}", now, was=post.state, became=state)
    if not waits:
        await afterlife.raise_anew(tx, easel, after, now)
    await paint.repaint(tx, easel, after, now)
    if not waits:
        await flagged.ask(tx, after, found, post.due_at, easel.wording, now)
