"""What editors tap on the card of a post whose story goes on: tell it in the same post, in reply, later or never."""

from __future__ import annotations

from bot.desk import paint, updating
from bot.desk.acts import Acting, Done
from bot.desk.hear import Desk
from bot.desk.reach import OUT
from bot.desk.renew import renew
from storage import corrections, following, guard, journal, messages, posts, stories
from storage.database import Transaction
from storage.editorial import Kept
from storage.model import Post

OVER = "guard.toast.over"


async def fresh(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The card shows what the post would say, with a first line that tells what changed; a yes edits it."""
    found = await updating.words(tx, post)
    if found is None or post.state not in OUT:
        return await _repainted(tx, desk, post, acting, OVER)
    over = await renew(tx, desk.easel, post, "data", found[1], acting.editor, acting.now, anew=False)
    return Done(post, "guard.toast.long" if over else "correct.toast.check")


async def reply(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """A post of what is new, to go out in reply to this one: it gets a card of its own."""
    found = await updating.words(tx, post)
    stands = await messages.standing(tx, await corrections.intent_of(tx, post))
    if found is None or stands is None or post.state not in OUT:
        return await _repainted(tx, desk, post, acting, OVER)
    item, words = found
    made = await posts.add(
        tx,
        channel_id=post.channel_id,
        state="draft",
        content=words,
        editor=acting.editor,
        now=acting.now,
        story_id=post.story_id,
        item_id=item.id,
    )
    await guard.put_below(tx, made.id, stands[1])
    await paint.offer(tx, desk.easel, made, acting.now)
    return await _settled(tx, desk, post, acting, "left", "follow.toast.reply")


async def leave(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The post stays as it is until the story goes on."""
    return await _settled(tx, desk, post, acting, "left", "follow.toast.left")


async def stop(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """Nothing of this story is offered on the card any more."""
    return await _settled(tx, desk, post, acting, "over", "follow.toast.over")


async def resume(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The story is followed again; what came meanwhile is offered."""
    behind = await updating.news(tx, post) is not None
    return await _settled(tx, desk, post, acting, "offered" if behind else "left", "follow.toast.resumed")


async def settle(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """What stands is right; the report that says less is not shown again."""
    await following.settle(tx, post.id, acting.argument or 0)
    return await _repainted(tx, desk, post, acting, "follow.toast.stays")


async def mend(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The smaller count is right: the story says so from now on, and the card asks whether the post shall."""
    item = await updating.known(tx, acting.argument or 0)
    if item is None or item.story_id != post.story_id or post.state not in OUT:
        return await _repainted(tx, desk, post, acting, OVER)
    await updating.mend(tx, post, item, acting.now)
    await journal.write(tx, "mend", f"post:{post.id}", acting.now, actor=acting.editor, became=item.title)
    found = await updating.words(tx, post)
    assert found is not None  # the report stands
    over = await renew(tx, desk.easel, post, "error", found[1], acting.editor, acting.now, anew=False)
    return Done(post, "guard.toast.long" if over else "correct.toast.check")


async def _settled(tx: Transaction, desk: Desk, post: Post, acting: Acting, state: Kept, toast: str) -> Done:
    known = await stories.standing(tx, post.story_id) if post.story_id is not None else None
    if known is None:
        return await _repainted(tx, desk, post, acting, OVER)
    await following.put(tx, post.id, known.version, state)
    await journal.write(tx, f"follow:{state}", f"post:{post.id}", acting.now, actor=acting.editor)
    return await _repainted(tx, desk, post, acting, toast)


async def _repainted(tx: Transaction, desk: Desk, post: Post, acting: Acting, toast: str) -> Done:
    """The card as it stands now, in a version that no older button carries."""
    after = await posts.change(
        tx, post, state=post.state, due_at=post.due_at, editor=acting.editor, now=acting.now, undo=post.undo
    )
    assert after is not None  # read in this transaction
    await paint.repaint(tx, desk.easel, after, acting.now)
    return Done(after, toast)
