"""/weights and /why: editors look at what was learned from them, and say whether it shall count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aiogram.types import CallbackQuery, Message, Update

from bot import answer
from bot.desk import paint, weights_page, why
from bot.desk.hear import Desk, Heard, may_not, tell
from bot.desk.weights_page import Ask, Learned
from bot.judgement.ranking import weigh
from bot.screen import Page, parameters
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import channels, journal, lessons, messages, posts, updates
from storage.database import Reading, Transaction
from storage.model import Will

SET = "weights.set"  # the right


async def weights(desk: Desk, heard: Heard, command: str) -> None:
    """/weights: what was learned, as an answer that goes out once."""
    page = await _page(desk.db.screens, desk, desk.easel.channel.id, heard.wording, heard.now)
    assert page is not None  # the channel of the desk is never deleted
    await _answer(desk, heard, page)


async def explain(desk: Desk, heard: Heard, command: str) -> None:
    """/why in reply to a card: all that its story's importance is made of."""
    replied, db = heard.message.reply_to_message, desk.db.screens
    card = await messages.card_of(db, heard.message.chat.id, replied.message_id) if replied is not None else None
    post = await posts.get(db, card) if card is not None else None
    if post is None:
        await tell(desk, heard, heard.wording.html("why.reply"))
        return
    ranked = (await paint.card(db, desk.easel, post, heard.now)).ranked
    if ranked is None:
        await tell(desk, heard, heard.wording.html("why.unknown"))
        return
    plain = weigh(ranked.story, now=heard.now, rubric="digest", taste=desk.easel.taste)
    await _answer(desk, heard, why.page(ranked, plain, heard.wording))


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says and shows in the same message what came of it. Anyone here may look."""
    ask, message, editor = weights_page.read(callback.data or ""), callback.message, callback.from_user
    if ask is None or not isinstance(message, Message):
        await toast(callback, wording.text("desk.toast.stale"))
        return
    said = ask.act
    if ask.act != "look":
        if not await desk.roles.may(editor.id, SET):
            await toast(callback, may_not(wording, await desk.roles.who_may(SET)), alert=True)
            return
        async with desk.db.transaction() as tx:
            await posts.remember_name(tx, editor.id, editor.first_name, now)
            done = await _act(tx, ask, editor.id, now)
            await updates.done(tx, event_update.update_id, now)
        said = ask.act if done else "look"
    await toast(callback, wording.text(f"weights.toast.{said}"))
    page = await _page(desk.db.screens, desk, ask.channel_id, wording, now)
    if page is not None:
        await turn_page(desk.bot, message, page)


async def _act(tx: Transaction, ask: Ask, editor: int, now: datetime) -> bool:
    """Whether the button still spoke of what stands, and so did something."""
    will = await lessons.will(tx, ask.channel_id)
    if int(will.since.timestamp()) != ask.since or await channels.get(tx, ask.channel_id) is None:
        return False
    after = _wanted(will, ask, now)
    if after == will:
        return False
    await lessons.want(tx, ask.channel_id, after, editor, now)
    subject = f"learning:{ask.channel_id}"
    await journal.write(tx, ask.act, subject, now, actor=editor, was=str(will.since), became=str(after.since))
    return True


def _wanted(will: Will, ask: Ask, now: datetime) -> Will:
    if ask.act == "reset":
        return Will(now, will.off, before=will.since)
    if ask.act == "undo" and will.before is not None:
        return Will(will.before, will.off)
    return replace(will, off=ask.act == "off") if ask.act in ("on", "off") else will


async def _page(db: Reading, desk: Desk, channel_id: int, wording: Wording, now: datetime) -> Page | None:
    """The channel's page, None when there is no such channel."""
    channel = await channels.get(db, channel_id)
    if channel is None:
        return None
    found = Learned(
        channel,
        desk.easel.taste,
        await lessons.last(db, channel_id),
        await lessons.used_since(db, channel_id),
        await lessons.will(db, channel_id),
        [each for each in await channels.every(db) if each.id != channel_id],
    )
    return weights_page.show(found, wording, now)


async def _answer(desk: Desk, heard: Heard, page: Page) -> None:
    said = parameters(page) | {
        "disable_notification": True,
        "reply_parameters": {"message_id": heard.message.message_id, "allow_sending_without_reply": True},
    }
    await answer.once(desk.db, heard.message, said, heard.update_id, heard.now, desk.stir)
