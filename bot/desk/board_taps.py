"""What editors tap on the board: another day, another order, a pause of one channel among several."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from aiogram.types import CallbackQuery, Update

from bot.desk import overlook, paint
from bot.desk.acts import Acting
from bot.desk.asks import Ask
from bot.desk.content import headline
from bot.desk.hear import Desk, may_not
from bot.desk.order import order
from bot.desk.order_page import Step
from bot.desk.overlook import LOOKED
from bot.editions.packing import shorten
from bot.toast import toast
from bot.wording import Wording
from storage import boards, posts, updates
from storage.database import Transaction
from storage.editorial import Look
from storage.model import Post

TITLE_UNITS = 24  # in a toast of 70 signs


async def turn(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The board shows something else, or the queue again. Anyone here may look."""
    act, number = ask.act, ask.number
    look: Look | None = None
    if act == "day":
        day = _day(number)
        look = Look("day", now + LOOKED, day) if day is not None else None
        if day == now.astimezone(wording.zone).date():
            look = None
    elif act == "pick":
        look = Look("pick", now + LOOKED)
    elif act == "order":
        look = Look("order", now + LOOKED, post_id=number)
    async with desk.db.transaction() as tx:
        await boards.put(tx, look)
        await paint.repaint_board(tx, desk.easel, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text("toast.board"))


async def step(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """The post changes its time with its neighbour, or goes to one end of the queue."""
    act, number, version = ask.act, ask.number, ask.version
    chat = await posts.chat_of(desk.db.screens, number)
    if not await desk.roles.may(callback.from_user.id, "slot", chat):
        await toast(callback, may_not(wording, await desk.roles.who_may("slot", chat)), alert=True)
        return
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, callback.from_user.id, callback.from_user.first_name, now)
        acting = Acting(callback.from_user.id, now, desk.grace)
        said = await _moved(tx, desk, number, version, cast("Step", act), acting, wording)
        await boards.put(tx, Look("order", now + LOOKED, post_id=number))
        await paint.repaint_board(tx, desk.easel, now)
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, said)


async def new(desk: Desk, callback: CallbackQuery, update: Update, ask: Ask, now: datetime, wording: Wording) -> None:
    """How a post is made: nothing changes."""
    await toast(callback, wording.text("board.toast.post"))


async def _moved(
    tx: Transaction, desk: Desk, number: int, version: int, act: Step, acting: Acting, wording: Wording
) -> str:
    """What is said of it."""
    post = await posts.get(tx, number)
    if post is None:
        return wording.text("toast.gone")
    if post.row_version != version:
        name = await posts.name_of(tx, post.changed_by)
        return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    if not overlook.moves(post, acting.now):
        return wording.text("toast.not_now")
    done = await order(tx, desk.easel, post, act, acting)
    if done is None:
        return wording.text("order.toast.there")
    after, other = done
    if after is None or after.due_at is None:
        until = other.embargo_at if other is not None else None
        return wording.text("toast.embargo", slot=wording.moment(until or acting.now, acting.now))
    at = wording.moment(after.due_at, acting.now)
    if other is None or other.due_at is None:
        return wording.text("order.toast.moved", at=at)
    return wording.text(
        "order.toast.swapped", at=at, other=_title(other), then=wording.moment(other.due_at, acting.now)
    )


def _title(post: Post) -> str:
    return shorten(headline(post.content), TITLE_UNITS) or "…"


def _day(number: int) -> date | None:
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except ValueError:
        return None


TAPS = (
    {"post": new}
    | dict.fromkeys(("up", "down", "first", "last"), step)
    | dict.fromkeys(("queue", "day", "pick", "order"), turn)
)
