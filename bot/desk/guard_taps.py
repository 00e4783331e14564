"""What editors answer to E8: all the same, in reply to what stands, instead of it, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import acts, by_hand, guard, paint
from bot.desk.acts import Acting, Done
from bot.desk.hear import Desk
from bot.desk.reach import OUT, home
from bot.desk.renew import renew
from storage import approvals, corrections, journal, posts
from storage import guard as told
from storage.database import Transaction
from storage.instants import instant_or_none
from storage.model import Post

STILL_PENDING = "guard.toast.pending"


async def anyway(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """Out at the time that the button carried, or now: the editor knows what was told."""
    done = await _let(tx, post, acting)
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    return done


async def below(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The same, in reply to what the channel told before, when that can be seen there still."""
    found = await guard.match(tx, desk.easel, post, acting.now)
    if found is None or found.before.message_id is None:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "guard.toast.over")
    done = await _let(tx, post, acting)
    if done.toast == STILL_PENDING or (done.post is not None and done.post is not post):
        await told.put_below(tx, post.id, found.before.message_id)
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    return done


async def instead(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The other post says this: its card comes anew and asks; this one is put away."""
    other = await posts.get(tx, acting.argument or 0)
    if other is None or other.state not in OUT or post.state not in acts.OPEN:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "guard.toast.over")
    if await corrections.standing(tx, home(other)) is not None:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "guard.toast.busy")
    over = await renew(tx, desk.easel, other, "data", post.content, acting.editor, acting.now, anew=True)
    if over:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "guard.toast.long")
    done = await acts.reject(tx, post, acting) if post.state != "rejected" else Done(post, "")
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    return Done(done.post, "guard.toast.instead")


async def leave(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """Not for the channel; the card offers the way back."""
    done = await acts.reject(tx, post, acting)
    await paint.repaint(tx, desk.easel, done.post or post, acting.now)
    return done


async def back(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The card as it stands."""
    await paint.repaint(tx, desk.easel, post, acting.now)
    return Done(post, "toast.board")


async def _let(tx: Transaction, post: Post, acting: Acting) -> Done:
    at = _at(acting)
    if at is None:
        done = await acts.now(tx, post, replace(acting, argument=None))
    elif at <= acting.now:
        return Done(post, "toast.past")
    elif post.state == "pending" and not acting.chief and await approvals.needed(tx, post, acting.editor):
        await told.let(tx, post.id, acting.now)  # the repeat is answered for, the second editor is still missing
        return Done(post, STILL_PENDING)
    else:
        done = await acts.queue(tx, post, acting)
    if done.post is not None and done.post is not post:
        await told.let(tx, post.id, acting.now)
    return done


def _at(acting: Acting) -> datetime | None:
    """The time that the button carried, None for «now» (0)."""
    return instant_or_none(acting.argument or None)


async def keep(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The post stays as a person left it in the channel."""
    return await _decided(tx, desk, post, acting, ours=False)


async def ours(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The post shows the bot's own words again."""
    return await _decided(tx, desk, post, acting, ours=True)


async def _decided(tx: Transaction, desk: Desk, post: Post, acting: Acting, *, ours: bool) -> Done:
    edit = await told.edited(tx, post.id)
    if edit is None:
        await paint.repaint_card(tx, desk.easel, post, acting.now)
        return Done(post, "guard.toast.over")
    if ours:
        await by_hand.undo(tx, edit)
    else:
        await by_hand.keep(tx, post, edit, acting.editor, acting.now)
    await journal.write(tx, "ours" if ours else "keep", f"post:{post.id}", acting.now, actor=acting.editor)
    fresh = await posts.get(tx, post.id)
    assert fresh is not None  # posts are never deleted
    after = await posts.change(
        tx, fresh, state=fresh.state, due_at=fresh.due_at, editor=acting.editor, now=acting.now, undo=fresh.undo
    )
    assert after is not None  # read in this transaction
    await paint.repaint_card(tx, desk.easel, after, acting.now)
    return Done(after, "by_hand.toast.ours" if ours else "by_hand.toast.keep")
