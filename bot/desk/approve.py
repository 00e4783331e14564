"""Four eyes (screens, E18): a second editor approves; after ten minutes the first may go alone, and all know."""

from __future__ import annotations

from datetime import datetime

from bot.desk import acts, approve_page, free
from bot.desk.acts import Acting, Done
from bot.desk.approve_page import Pending
from bot.desk.content import headline
from bot.editions.packing import shorten
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import approvals, journal, outbox, posts
from storage.approvals import ALONE
from storage.database import Reading, Transaction
from storage.model import DESK, Parcel, Post

TITLE_UNITS = 120


async def page(db: Reading, post: Post, wording: Wording, now: datetime) -> Page | None:
    """What the card shows while its post waits for a second editor, None when it does not."""
    asked = await approvals.get(db, post.id)
    if post.state != "pending" or asked is None:
        return None
    editor = await posts.name_of(db, asked.asked_by)
    at = await slot(db, post, wording, now)
    return approve_page.show(Pending(post, editor, asked.asked_at, at, now - asked.asked_at >= ALONE), wording, now)


async def refusal(tx: Transaction, post: Post, act: str, acting: Acting) -> str:
    """Why the post may not go into the queue by this act (`approve`, `alone`) of this editor: what to say, '' when it
    may."""
    asked = await approvals.get(tx, post.id)
    if post.state != "pending" or (act == "alone" and (asked is None or acting.now - asked.asked_at < ALONE)):
        return "toast.not_now"
    if act == "approve" and not acting.chief and await approvals.needed(tx, post, acting.editor):
        return "approve.toast.own"
    return ""


async def approve(tx: Transaction, post: Post, acting: Acting, wording: Wording) -> Done:
    """Into the queue, by an editor other than the one who asked; by a chief even so, with a mark in the journal."""
    if refused := await refusal(tx, post, "approve", acting):
        return Done(post, refused)
    return await acts.put(tx, post, acting, await slot(tx, post, wording, acting.now))


async def rework(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Back to its author."""
    if post.state != "pending":
        return Done(post, "toast.not_now")
    after = await posts.change(tx, post, state="draft", due_at=None, editor=acting.editor, now=acting.now)
    if after is not None:
        await journal.write(
            tx, "rework", f"post:{post.id}", acting.now, actor=acting.editor, was=post.state, became="draft"
        )
    return Done(after, "approve.toast.rework")


async def alone(tx: Transaction, post: Post, acting: Acting, wording: Wording, chat: str, chiefs: list[str]) -> Done:
    """Into the queue without a second editor: nobody came for ten minutes. The chat, and so the chiefs, are told."""
    if refused := await refusal(tx, post, "alone", acting):
        return Done(post, refused)
    at = await slot(tx, post, wording, acting.now)
    after = await posts.change(tx, post, state="queued", due_at=at, editor=acting.editor, now=acting.now)
    if after is None:
        return Done(None, "toast.not_now")
    await journal.write(
        tx, "approve:alone", f"post:{post.id}", acting.now, actor=acting.editor, was=post.state, became="queued"
    )
    said = wording.html(
        "approve.told",
        editor=await posts.name_of(tx, acting.editor),
        chiefs=", ".join(chiefs) or "—",
        title=shorten(headline(post.content), TITLE_UNITS) or "…",
        slot=wording.moment(at, acting.now),
    )
    note = Parcel(f"alone:{post.id}:{after.row_version}", chat, "sendMessage", parameters(Page(said)), DESK, acting.now)
    await outbox.put(tx, note, acting.now)
    return Done(after, "toast.queued", {"slot": at})


async def slot(db: Reading, post: Post, wording: Wording, now: datetime) -> datetime:
    """The time that was asked for, or the next slot when it has passed."""
    if post.due_at is not None and post.due_at > now:
        return post.due_at
    taken = [each.due_at for each in await posts.queue(db) if each.channel_id == post.channel_id and each.due_at]
    return free.slots(max(now, post.embargo_at or now), wording.zone, taken, count=1)[0]
