"""A story's page: opened from a card, turned in place. Rights and the version are checked again at each tap."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Message, Update

from bot import answer
from bot.desk import paint, regroup, story_page
from bot.desk.hear import Desk, may_not
from bot.desk.story_page import Ask
from bot.screen import Page, parameters
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import links, posts, updates
from storage.database import Reading, Transaction

RIGHT = "slot"  # who may fill the queue may say what is one story


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the page shows what is so in either case. Anyone here may look."""
    ask, message = story_page.read(callback.data or ""), callback.message
    if ask is None or not isinstance(message, Message):
        await toast(callback, wording.text("desk.toast.stale"))
    elif ask.kind == "open":
        await _open(desk, callback, message, event_update, ask, now, wording)
    elif ask.kind == "look":
        await toast(callback, wording.text("thread.toast.look"))
        await turn_page(desk.bot, message, await _page(desk.db.screens, ask.story_id, wording, now))
    elif not await desk.roles.may(callback.from_user.id, RIGHT):
        await toast(callback, may_not(wording, await desk.roles.who_may(RIGHT)), alert=True)
    else:
        await _act(desk, callback, message, event_update, ask, now, wording)


async def _open(
    desk: Desk, callback: CallbackQuery, message: Message, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    """The page below the card, once for a tap."""
    async with desk.db.transaction() as tx:
        page = await _page(tx, ask.story_id, wording, now)
        said = parameters(page) | {
            "disable_notification": True,
            "reply_parameters": {"message_id": message.message_id, "allow_sending_without_reply": True},
        }
        await answer.put(tx, message, said, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text("thread.toast.open"))


async def _act(
    desk: Desk, callback: CallbackQuery, message: Message, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    editor, key = callback.from_user, "stale"
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        shown = await regroup.thread(tx, ask.story_id)
        if shown is not None and (shown.story_id, shown.stamp) == (ask.story_id, ask.stamp):
            key, touched = await regroup.do(tx, ask, shown, editor.id, now)
            await _repaint(tx, desk, touched, now)
        page = await _page(tx, ask.story_id, wording, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text(f"thread.toast.{key}"))
    await turn_page(desk.bot, message, page)


async def _repaint(tx: Transaction, desk: Desk, story_ids: tuple[int, ...], now: datetime) -> None:
    """The cards of posts about these stories count their reports and voices anew."""
    for post_id in await links.posts_about(tx, story_ids):
        post = await posts.get(tx, post_id)
        assert post is not None  # posts are never deleted
        await paint.repaint(tx, desk.easel, post, now)


async def _page(db: Reading, story_id: int, wording: Wording, now: datetime) -> Page:
    thread = await regroup.thread(db, story_id)
    return story_page.show(thread, wording, now) if thread else Page(wording.html("thread.gone"))
