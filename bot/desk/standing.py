"""What the bot may do in the newsroom's chats, as Telegram tells it, before any send fails; and the editors' button
that asks anew. A group that became a supergroup is told of here too."""

from __future__ import annotations

import logging
from datetime import datetime

from aiogram.enums import ChatType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import (
    CallbackQuery,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    ResultChatMemberUnion,
    Update,
)

from bot.delivery import alarms
from bot.delivery.outcome import Later, meaning
from bot.desk import welcome
from bot.desk.hear import Desk, may_not
from bot.telegram import failure
from bot.toast import toast
from bot.wording import Wording
from storage import channels, troubles, updates
from storage.database import Transaction
from storage.troubles import EVERYWHERE, Kind

log = logging.getLogger(__name__)
ACT = "check"
_UNLISTED = "member list is inaccessible"  # a channel shows its members to administrators alone


async def hear(event: ChatMemberUpdated, desk: Desk, event_update: Update, now: datetime) -> None:
    """The bot's own standing changed: the editors are alarmed, or it is over. Where the newsroom does not publish, they
    are asked whether it shall; other chats are nobody's business."""
    newsroom, chat = desk.easel.newsroom, event.chat
    ours = await alarms.called(desk.db.screens, newsroom, str(chat.id), chat.username)
    known = await channels.at(desk.db.screens, ours)
    if ours not in (newsroom.channel, str(newsroom.admin_chat)) and (known is None or known.state == "off"):
        await welcome.hear(desk, event, event_update.update_id, now)
        return
    kind = lost(event.new_chat_member, channel=chat.type == ChatType.CHANNEL)
    async with desk.db.transaction() as tx:
        await _put_down(tx, desk, ours, kind, event.new_chat_member.status, now)
        await updates.done(tx, event_update.update_id, now)
    _go_on(desk, ours, kind)


async def hear_move(message: Message, desk: Desk, event_update: Update, now: datetime) -> None:
    """The editors' group has become a supergroup: what waits goes there, and the bot serves it from now on."""
    assert message.migrate_to_chat_id is not None  # the door's filter
    easel, new = desk.easel, message.migrate_to_chat_id
    async with desk.db.transaction() as tx:
        await alarms.moved(tx, easel.newsroom, easel.wording, message.chat.id, new, now)
        await updates.done(tx, event_update.update_id, now)
    desk.moved()


async def again(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """[Check again] under an alarm: what Telegram says now, in a toast; the alarm is rewritten when all is well."""
    if not await desk.roles.may(callback.from_user.id, ACT):
        await toast(callback, may_not(wording, await desk.roles.who_may(ACT)), alert=True)
        return
    chat = (callback.data or "").partition(":")[2]
    known = await troubles.of(desk.db.screens, chat)
    if known is None or chat == EVERYWHERE:
        await _done(desk, event_update, now)
        await toast(callback, wording.text("alarm.toast.well" if known is None else f"alarm.toast.{known.kind}"))
        return
    try:
        kind, reason = await _ask(desk, chat)
    except (TelegramAPIError, ClientDecodeError):
        await _done(desk, event_update, now)
        await toast(callback, wording.text("alarm.toast.unknown"))
        return
    async with desk.db.transaction() as tx:
        await _put_down(tx, desk, chat, kind, reason, now)
        await updates.done(tx, event_update.update_id, now)
    _go_on(desk, chat, kind)
    await toast(callback, wording.text(f"alarm.toast.{kind or 'well'}"))


def lost(member: ResultChatMemberUnion, *, channel: bool) -> Kind | None:
    """What keeps this member from writing there, None when nothing does. In a channel only administrators write."""
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        return "removed"
    if isinstance(member, ChatMemberRestricted) and not member.is_member:
        return "removed"
    if isinstance(member, ChatMemberOwner):
        return None
    if isinstance(member, ChatMemberAdministrator):
        return "right" if channel and not member.can_post_messages else None
    if isinstance(member, ChatMemberRestricted):
        return None if member.can_send_messages and not channel else "right"
    return "right" if channel else None


async def _ask(desk: Desk, chat: str) -> tuple[Kind | None, str]:
    """What keeps the bot from writing there now, and Telegram's word for it. Raises what calls raise when Telegram
    says nothing about it."""
    try:
        member = await desk.bot.get_chat_member(chat, desk.bot.id)
    except TelegramAPIError as error:
        if _UNLISTED in error.message:
            return "right", error.message
        verdict = meaning(failure(error), to_reader=False)
        if isinstance(verdict, Later):
            for kind in alarms.KINDS:
                if verdict.trouble == kind:
                    return kind, verdict.reason
        raise
    ours = chat == desk.easel.newsroom.channel or await channels.at(desk.db.screens, chat) is not None
    return lost(member, channel=ours), member.status


async def _put_down(tx: Transaction, desk: Desk, chat: str, kind: Kind | None, reason: str, now: datetime) -> None:
    easel = desk.easel
    if kind is None:
        await alarms.all_clear(tx, easel.newsroom, easel.wording, chat, now)
        return
    if not await alarms.alarm(tx, easel.newsroom, easel.wording, chat, kind, reason, now, certain=True):
        log.error("the bot cannot write to %s (%s: %s), and nobody can be told there", chat, kind, reason)


def _go_on(desk: Desk, chat: str, kind: Kind | None) -> None:
    if kind is None:
        desk.roles.forget()  # while it was out, nobody told it who may do what
        desk.release(chat)
    desk.stir()


async def _done(desk: Desk, event_update: Update, now: datetime) -> None:
    async with desk.db.transaction() as tx:
        await updates.done(tx, event_update.update_id, now)
