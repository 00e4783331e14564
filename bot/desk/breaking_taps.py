"""«Термінове» (screens, E19): what it would do, the confirmation, and ten seconds in which it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.desk import acts, alarm, breaking_page, flagged, paint
from bot.desk.acts import Acting, Done
from bot.desk.content import excess
from bot.desk.hear import Desk
from bot.screen import parameters
from storage import breaking, channels, guard, journal, messages, posts
from storage.database import Transaction
from storage.instants import seconds
from storage.model import Post

GRACE: Final = timedelta(seconds=10)  # screens, E19


async def look(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """The card shows what it would do; nothing is done yet."""
    if post.state not in acts.OPEN:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "toast.not_now")
    if await _asked(tx, desk, post, acting):
        return Done(post, "breaking.toast.flags")
    found = await alarm.look(tx, desk.easel, post, acting.now)
    page = breaking_page.show(post, found, desk.easel.wording, acting.now)
    await messages.want(tx, f"card:{post.id}", parameters(page))
    return Done(post, "breaking.toast.look")


async def send(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> Done:
    """It leaves in ten seconds, with a sound unless the button said otherwise, whatever is paused."""
    toast = await _refused(tx, post, acting)
    if toast:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, toast)
    shown = await alarm.look(tx, desk.easel, post, acting.now)
    words, asked = shown.words, shown.question
    if excess(words):
        return Done(post, "guard.toast.long")
    if asked.not_before is not None and asked.not_before > acting.now + GRACE:
        await paint.repaint(tx, desk.easel, post, acting.now)
        return Done(post, "flag.toast.not_before", {"slot": asked.not_before})
    await flagged.allow(tx, post, asked, acting.editor, acting.now)
    before = {"state": post.state, "due_at": None if post.due_at is None else seconds(post.due_at)}
    after = await posts.change(
        tx,
        post,
        state="publishing",
        due_at=acting.now + GRACE,
        editor=acting.editor,
        now=acting.now,
        undo=before,
    )
    assert after is not None  # read in this transaction
    await breaking.put(tx, post.id, words.text, words.entities, acting.now, silent=bool(acting.argument))
    await guard.let(tx, post.id, acting.now)
    await journal.write(tx, "breaking", f"post:{post.id}", acting.now, actor=acting.editor, was=post.state)
    fresh = await posts.get(tx, post.id)
    assert fresh is not None  # posts are never deleted
    await paint.repaint(tx, desk.easel, fresh, acting.now)
    return Done(fresh, "breaking.toast.leaving")


async def _asked(tx: Transaction, desk: Desk, post: Post, acting: Acting) -> bool:
    """Whether the card asks about people and places first."""
    stop = await flagged.stops(tx, desk.easel.house, post, acting.now + GRACE)
    if stop is not None:
        await flagged.ask(tx, post, stop, None, desk.easel.wording, acting.now)
    return stop is not None


async def _refused(tx: Transaction, post: Post, acting: Acting) -> str:
    """Why it may not leave now, '' when it may."""
    if post.state not in acts.OPEN or acts.embargoed(post, acting.now + GRACE):
        return "toast.not_now"
    return "toast.channel.off" if await channels.is_off(tx, post.channel_id) else ""
