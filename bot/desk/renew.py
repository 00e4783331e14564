"""New words for a post that went out, put before the editors as a correction: they see the difference and say yes."""

from __future__ import annotations

from datetime import datetime

from bot.desk import afterlife, correct, paint, reach
from bot.desk.content import excess
from bot.desk.paint import Easel
from storage import corrections, posts
from storage.corrections import Kind
from storage.database import Transaction
from storage.model import Content, Post


async def renew(
    tx: Transaction, easel: Easel, post: Post, kind: Kind, words: Content, editor: int, now: datetime, *, anew: bool
) -> int:
    """The card asks whether the post shall say this from now on; `anew`: at the end of the chat. By how many units
    it is too long, then nothing is asked; 0 when it fits."""
    going = await corrections.begin(
        tx, kind=kind, home=reach.home(post), editor=editor, now=now, post_id=post.id, story_id=post.story_id
    )
    whole = await correct.write(tx, easel, post, going, words.text, words.entities, now)
    over = excess(whole)
    if over:
        await corrections.drop(tx, reach.home(post))
    if anew and not over:
        await afterlife.raise_anew(tx, easel, post, now)
    after = await posts.change(tx, post, state=post.state, due_at=post.due_at, editor=editor, now=now, undo=post.undo)
    assert after is not None  # read in this transaction
    await paint.repaint_card(tx, easel, after, now)
    return over
