"""Editing by the card: «Змінити», the words in reply to it, and the buttons below them (screens, E9 and E10)."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Update
from markupsafe import escape

from bot.desk import lease, said
from bot.desk.acts import Acting
from bot.desk.asks import Ask
from bot.desk.hear import Desk, Heard, finish, may_not, react, tell
from bot.desk.times import read as read_time
from bot.toast import toast
from bot.wording import Wording
from storage import posts
from storage.database import Reading, Transaction
from storage.editorial import Lease
from storage.model import Post


async def turn(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says who writes at the post now."""
    act, number, version = ask.act, ask.number, ask.version
    post = await posts.get(desk.db.screens, number)
    if post is None:
        await toast(callback, wording.text("toast.gone"))
        return
    if not await may(desk, callback.from_user.id, post):
        chat = await posts.chat_of(desk.db.screens, post.id)
        await toast(callback, may_not(wording, await desk.roles.who_may("slot", chat)), alert=True)
        return
    chat = await posts.chat_of(desk.db.screens, number)
    chief = await desk.roles.may(callback.from_user.id, "settings", chat)
    acting = Acting(callback.from_user.id, now, desk.grace, chief=chief)
    async with desk.db.transaction() as tx:
        fresh = await posts.get(tx, number)
        assert fresh is not None  # posts are never deleted
        words = await _act(tx, fresh, act, version, acting, wording)
        await finish(tx, desk, await posts.get(tx, number) or fresh, callback.from_user, update.update_id, now)
    desk.stir()
    await toast(callback, words)


async def hear(desk: Desk, heard: Heard, post_id: int) -> bool:
    """Whether the message in reply to a card holds new words or a picture for its post; then they are to be checked."""
    post = await posts.get(desk.db.screens, post_id)
    content = said.content(heard.message)
    if post is None or post.state not in lease.EDITED or not (content.text.strip() or content.media):
        return False
    if read_time(heard.message.text or "", heard.now, desk.easel.newsroom.zone) is not None:
        return False
    if not await may(desk, heard.editor.id, post):
        chat = await posts.chat_of(desk.db.screens, post.id)
        await tell(desk, heard, escape(may_not(heard.wording, await desk.roles.who_may("slot", chat))))
        return True
    acting = Acting(heard.editor.id, heard.now, desk.grace)
    if (theirs := await lease.other(desk.db.screens, post, acting)) is not None:
        await tell(desk, heard, escape(await _held(desk.db.screens, theirs, heard.wording)))
        return True
    async with desk.db.transaction() as tx:
        fresh = await posts.get(tx, post_id)
        assert fresh is not None  # posts are never deleted
        over = await lease.write(tx, fresh, acting, content)
        if not over:
            await finish(tx, desk, fresh, heard.editor, heard.update_id, heard.now)
    if over:
        await tell(desk, heard, heard.wording.count("card.too_long", over))
        return True
    desk.stir()
    await react(desk, heard.message, "👌")
    return True


async def may(desk: Desk, editor: int, post: Post) -> bool:
    """Whether this person may change the words: of an own draft its author, of everything whoever may publish."""
    if post.created_by == editor and post.state in ("candidate", "draft"):
        return True
    return await desk.roles.may(editor, "slot", await posts.chat_of(desk.db.screens, post.id))


async def _act(tx: Transaction, post: Post, act: str, version: int, acting: Acting, wording: Wording) -> str:
    if post.row_version != version:
        name = await posts.name_of(tx, post.changed_by)
        return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    if post.state not in lease.EDITED:
        return wording.text("toast.not_now")
    if act != "take" and (theirs := await lease.other(tx, post, acting)) is not None:
        return await _held(tx, theirs, wording)
    done = await lease.LEASES[act](tx, post, acting)
    return wording.text(done.toast)


async def _held(db: Reading, theirs: Lease, wording: Wording) -> str:
    name = await posts.name_of(db, theirs.editor)
    return wording.text("edit.toast.held", editor=name, until=wording.clock(theirs.until_at))


TAPS = dict.fromkeys(lease.LEASES, turn)
