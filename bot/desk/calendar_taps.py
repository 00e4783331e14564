"""What editors tap to give a post another date (screens, E3)."""

from __future__ import annotations

from datetime import date, datetime

from aiogram.types import CallbackQuery, Update

from bot.desk import calendar_page, paint
from bot.desk.asks import Ask
from bot.desk.hear import Desk, may_not
from bot.screen import Page, parameters
from bot.toast import toast
from bot.wording import Wording
from storage import messages, posts, updates
from storage.model import Post


async def turn(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The card shows days or the hours of one; a stale button shows the card as it stands."""
    chat = await posts.chat_of(desk.db.screens, ask.number)
    if not await desk.roles.may(callback.from_user.id, "times", chat):
        await toast(callback, may_not(wording, await desk.roles.who_may("times", chat)), alert=True)
        return
    async with desk.db.transaction() as tx:
        post = await posts.get(tx, ask.number)
        said = wording.text("toast.gone" if post is None else f"calendar.toast.{ask.act}")
        if post is not None and post.row_version != ask.version:
            name = await posts.name_of(tx, post.changed_by)
            said = wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
            await paint.repaint_card(tx, desk.easel, post, now)
        elif post is not None:
            page = _page(ask, post, desk.easel.wording, now)
            await messages.want(tx, f"card:{post.id}", parameters(page))
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, said)


def _page(ask: Ask, post: Post, wording: Wording, now: datetime) -> Page:
    day = _day(ask.more) or now.astimezone(wording.zone).date()
    if ask.act == "hours":
        return calendar_page.hours(post, day, wording, now)
    return calendar_page.days(post, day, wording, now)


def _day(number: int) -> date | None:
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except ValueError:
        return None


TAPS = {"month": turn, "hours": turn}
