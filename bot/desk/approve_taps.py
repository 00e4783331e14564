"""What editors tap on a post that waits for a second one (screens, E18), and the newsroom's switch in /settings."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Message, Update

from bot.desk import approve, approve_page, guard
from bot.desk.acts import Acting, Done
from bot.desk.asks import Ask
from bot.desk.guard_page import Match
from bot.desk.hear import Desk, finish, may_not
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import approvals, journal, posts, updates
from storage.database import Transaction
from storage.model import Post

LETS_OUT = frozenset({"approve", "alone"})


async def settle(
    desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    """Approves, gives back, or lets it go alone."""
    act, number, version = ask.act, ask.number, ask.version
    editor, chat = callback.from_user, await posts.chat_of(desk.db.screens, number)
    if not await desk.roles.may(editor.id, "slot", chat):
        await toast(callback, may_not(wording, await desk.roles.who_may("slot", chat)), alert=True)
        return
    chief, chiefs = await desk.roles.may(editor.id, "settings", chat), await desk.roles.who_may("settings", chat)
    acting = Acting(editor.id, now, desk.grace, chief=chief)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        post = await posts.get(tx, number)
        if post is None:
            await updates.done(tx, update.update_id, now)
            said = wording.text("toast.gone")
        else:
            told = await _repeats(tx, desk, post, act, version, acting)
            if told is None:
                after, said = await _settled(tx, desk, post, act, version, acting, chiefs, wording)
            else:
                after, said = post, wording.text("guard.toast.asked")
            await finish(tx, desk, after, editor, update.update_id, now)
            if told is not None:
                await guard.ask(tx, desk.easel, post, told, await approve.slot(tx, post, wording, now), now)
    desk.stir()
    await toast(callback, said)


async def switch(
    desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    """The page of the switch, or the switch itself."""
    act, on = ask.act, await approvals.are_on(desk.db.screens)
    if act == "blind" or ask.version:
        if not await desk.roles.may(callback.from_user.id, "settings"):
            await toast(callback, may_not(wording, await desk.roles.who_may("settings")), alert=True)
            return
        on = act == "eyes"
        async with desk.db.transaction() as tx:
            await approvals.switch(tx, callback.from_user.id, now, on=on)
            await journal.write(tx, act, "newsroom", now, actor=callback.from_user.id, became="on" if on else "off")
            await updates.done(tx, update.update_id, now)
    await toast(callback, wording.text("approve.toast.on" if on else "approve.toast.off"))
    if isinstance(callback.message, Message):
        await turn_page(desk.bot, callback.message, approve_page.habit(wording, on=on))


async def _repeats(tx: Transaction, desk: Desk, post: Post, act: str, version: int, acting: Acting) -> Match | None:
    """What the channel was told since the author asked, and the post would tell again."""
    if act not in LETS_OUT or post.row_version != version or await approve.refusal(tx, post, act, acting):
        return None
    return await guard.too_late(tx, desk.easel, post, acting.now)


async def _settled(
    tx: Transaction, desk: Desk, post: Post, act: str, version: int, acting: Acting, chiefs: list[str],
    wording: Wording,
) -> tuple[Post, str]:  # fmt: skip
    if post.row_version != version:
        name = await posts.name_of(tx, post.changed_by)
        return post, wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    if act == "approve":
        done: Done = await approve.approve(tx, post, acting, wording)
    elif act == "rework":
        done = await approve.rework(tx, post, acting)
    else:
        chat = str(desk.easel.newsroom.admin_chat)
        done = await approve.alone(tx, post, acting, desk.easel.wording, chat, chiefs)
    moments = {name: wording.moment(at, acting.now) for name, at in done.moments.items() if at is not None}
    return done.post or post, wording.text(done.toast, **moments)


TAPS = {"approve": settle, "rework": settle, "alone": settle, "eyes": switch, "blind": switch}
