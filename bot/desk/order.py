"""Changes the order of the queue (screens, E7)."""

from __future__ import annotations

from bot.desk import acts, order_page, overlook, paint
from bot.desk.acts import Acting
from bot.desk.order_page import Step
from bot.desk.paint import Easel
from storage.database import Transaction
from storage.model import Post


async def order(
    tx: Transaction, easel: Easel, post: Post, step: Step, acting: Acting
) -> tuple[Post | None, Post | None] | None:
    """The post at its new time, and the neighbour that took its place (None when several moved up or down); a post that
    may not go at its new time alone: (None, that post). None when it stands there already."""
    wanted = order_page.moved(await overlook.queue(tx, post, acting.now), post.id, step)
    if not wanted:
        return None
    hindered = next((each for each, at in wanted if acts.embargoed(each, at)), None)
    if hindered is not None:
        return None, hindered
    done = {}
    for each, at in wanted:
        moved = await acts.put(tx, each, acting, at)
        assert moved.post is not None  # read in this transaction
        done[each.id] = moved.post
        await paint.repaint_card(tx, easel, moved.post, acting.now)
    others = [each for each in done.values() if each.id != post.id]
    return done.get(post.id), others[0] if len(others) == 1 else None
