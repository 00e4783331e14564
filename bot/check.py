"""Looks at the set-up as an operator would wish somebody did: one sentence for each thing, and what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from aiogram import Bot, exceptions, types

from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.logs import strike
from bot.rooms import caution, livery, weights
from bot.settings import Settings, missing
from bot.telegram import telegram
from bot.wording import Wording
from storage import channels
from storage.database import CannotOpen, Database, owner
from storage.migrate import FileFromTheFuture

UNHEARD = (exceptions.TelegramAPIError, exceptions.ClientDecodeError)  # the second is no Telegram error to aiogram
Grade = Literal["good", "note", "bad"]
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_delete_messages")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A `bad` one is to be mended before the bot runs, a `note` is worth knowing."""

    grade: Grade
    sentence: str


async def check(settings: Settings, wording: Wording, now: datetime) -> AsyncIterator[Finding]:
    """Every finding, in the order in which an operator would mend them. Changes nothing anywhere."""
    say = Saying(wording)
    for name, key in missing(settings, "token", "channel", "admin_chat").items():
        grade: Grade = "note" if name == "BOT_ADMIN_CHAT" else "bad"
        yield Finding(grade, wording.text("check.unset", name=name, remedy=wording.text(f"remedy.{key}")))
    yield say("good", "zone", zone=settings.timezone.key, time=wording.clock(now))
    for finding in _files(settings, say):
        yield finding
    wanted = settings.push_token is not None or settings.public_url is not None
    if settings.approval == "required" and settings.admin_chat is None:
        yield say("bad", "approval.deskless")
    if (settings.http_port is not None) != wanted:
        yield say("note", "push.half")
    async for finding in _database(settings, say):
        yield finding
    if settings.token is not None:
        bot = telegram(settings.token.get_secret_value(), settings.api_url, settings.proxy)
        try:
            async for finding in _telegram(bot, settings, say):
                yield finding
        finally:
            await bot.session.close()
    async for finding in _sources(settings, say, now):
        yield finding


class Saying:
    """Makes findings whose sentences stand in the catalogue under `check`."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def __call__(self, grade: Grade, key: str, **values: object) -> Finding:
        return Finding(grade, self.wording.text(f"check.{key}", **values))


def _files(settings: Settings, say: Saying) -> Iterator[Finding]:
    """What the newsroom keeps in files of its own."""
    if settings.weights is not None:
        reason = weights(settings)[1]
        yield (
            say("bad", "weights.unread", path=settings.weights, reason=reason)
            if reason
            else say("good", "weights", path=settings.weights)
        )
    if settings.people is not None:
        reason = caution(settings)[1]
        yield (
            say("bad", "people.unread", path=settings.people, reason=reason)
            if reason
            else say("good", "people", path=settings.people)
        )
    if settings.templates is not None and not settings.templates.is_dir():
        yield say("bad", "templates.absent", path=settings.templates)
    if unusable := livery(settings)[1]:
        yield say("bad", "logo.unread", path=settings.card_logo, reason=unusable)


async def _database(settings: Settings, say: Saying) -> AsyncIterator[Finding]:
    path, parent = settings.database, settings.database.absolute().parent
    try:
        fresh = not path.exists() or not path.stat().st_size
    except OSError as error:
        yield say("bad", "database.unreadable", path=path, reason=error.strerror)
        return
    writable = os.access(parent, os.W_OK)  # SQLite keeps two files beside its own
    if fresh and not parent.is_dir():
        yield say("bad", "database.folder", path=parent)
    elif fresh and not writable:
        yield say("bad", "database.folder.readonly", path=parent)
    elif fresh:
        yield say("good", "database.new", path=path)
    else:
        try:
            holder = owner(path)
        except OSError:  # the lock belongs to another user, as does the right to write
            holder, writable = None, False
        yield await _file(settings, say, writable and os.access(path, os.W_OK))
        if holder:
            yield say("note", "database.busy", owner=holder)


async def _file(settings: Settings, say: Saying, writable: bool) -> Finding:
    path = settings.database
    try:
        async with await Database.look(path) as db:
            broken = await db.slow.value("PRAGMA quick_check(1)")
            count = await db.slow.value("SELECT count(*) FROM item")
    except FileFromTheFuture as error:
        return say("bad", "database.newer", path=path, found=error.found, known=error.known)
    except (CannotOpen, sqlite3.Error) as error:
        return say("bad", "database.unreadable", path=path, reason=getattr(error, "reason", error))
    if broken != "ok":
        return say("bad", "database.broken", path=path, reason=broken)
    if not writable:
        return say("bad", "database.readonly", path=path)
    return say("good", "database", path=path, items=say.wording.count("items", count))


async def _telegram(bot: Bot, settings: Settings, say: Saying) -> AsyncIterator[Finding]:
    try:
        me = await bot.get_me()
        webhook = await bot.get_webhook_info()
    except exceptions.ClientDecodeError:
        yield say("bad", "not_telegram", url=bot.session.api.base.partition("/bot")[0])
        return
    except (
        exceptions.TelegramUnauthorizedError,
        exceptions.TelegramNotFound,
    ) as error:  # 404: the token's form is not Telegram's
        yield say("bad", "token", reason=_reason(error))
        return
    except exceptions.TelegramAPIError as error:
        yield say("bad", "network", reason=_reason(error))
        return
    yield say("good", "token.works", username=me.username)
    if webhook.url:
        yield say("bad", "webhook", host=urlsplit(webhook.url).hostname or webhook.url)
    yield say("good", "inline") if me.supports_inline_queries else say("note", "inline.off", username=me.username)
    if settings.channel is not None:
        for chat in (settings.channel, *await _others(settings)):
            async for finding in _channel(bot, me, chat, say):
                yield finding
    if settings.admin_chat is not None:
        for finding in await _admin_chat(bot, me, settings.admin_chat, say):
            yield finding


async def _others(settings: Settings) -> list[str]:
    """The channels that editors added in the chat; none while the file cannot be read, which is said elsewhere."""
    if not settings.database.exists():
        return []
    try:
        async with await Database.look(settings.database) as db:
            return [each.chat for each in await channels.every(db.slow) if each.chat != settings.channel]
    except (FileFromTheFuture, CannotOpen, sqlite3.Error):
        return []


async def _channel(bot: Bot, me: types.User, channel: str, say: Saying) -> AsyncIterator[Finding]:
    try:
        chat = await bot.get_chat(channel)
    except UNHEARD as error:
        yield say("bad", "channel.unreachable", channel=channel, reason=_reason(error))
        return
    if chat.type != "channel":
        yield say("bad", "channel.kind", channel=channel)
        return
    yield say("good", "channel", title=chat.title, channel=channel)
    if chat.has_protected_content:
        yield say("note", "protected", title=chat.title)
    try:
        member = await bot.get_chat_member(channel, me.id)
    except UNHEARD:  # Telegram shows a channel's members to its admins alone
        yield say("bad", "channel.not_admin", title=chat.title)
        return
    if isinstance(member, types.ChatMemberAdministrator):
        for right in CHANNEL_RIGHTS:
            has = getattr(member, right)
            yield say("good" if has else "bad", f"right.{right}.{'yes' if has else 'no'}")
    elif not isinstance(member, types.ChatMemberOwner):
        yield say("bad", "channel.not_admin", title=chat.title)


async def _admin_chat(bot: Bot, me: types.User, admin_chat: int, say: Saying) -> list[Finding]:
    try:
        chat = await bot.get_chat(admin_chat)
        member = await bot.get_chat_member(admin_chat, me.id)
    except exceptions.TelegramMigrateToChat as error:
        return [say("bad", "desk.moved", chat=error.migrate_to_chat_id)]
    except UNHEARD as error:
        return [say("bad", "desk.unreachable", chat=admin_chat, reason=_reason(error))]
    return look_at_desk(chat, member, me, say)


def look_at_desk(
    chat: types.ChatFullInfo, member: types.ResultChatMemberUnion, me: types.User, say: Saying
) -> list[Finding]:
    """What the bot is and may do in the chat that is meant for the editors."""
    if chat.type not in ("group", "supergroup"):
        return [say("bad", "desk.kind", title=chat.title or chat.first_name or "")]
    if member.status in ("left", "kicked"):
        return [say("bad", "desk.not_member", title=chat.title)]
    found = [say("good", "desk", title=chat.title)]
    admin = member.status in ("administrator", "creator")
    allowed = member if isinstance(member, types.ChatMemberRestricted) else chat.permissions
    if not admin and allowed is not None and allowed.can_send_messages is False:
        found.append(say("bad", "desk.mute", title=chat.title))
    if not admin and not me.can_read_all_group_messages:
        found.append(say("bad", "desk.deaf", title=chat.title))
    elif not admin:
        found.append(say("note", "desk.votes"))
    if chat.has_protected_content:
        found.append(say("note", "protected", title=chat.title))
    return found


def _reason(error: exceptions.TelegramAPIError | exceptions.ClientDecodeError) -> str:
    return strike(error.message)


async def _sources(settings: Settings, say: Saying, now: datetime) -> AsyncIterator[Finding]:
    if not settings.sources:
        yield say("note", "sources.none")
        return
    async with Fetcher(settings.allow_private_addresses, settings.proxy) as fetch, Parser() as parser:
        for url in settings.sources:
            try:
                answer = await fetch.get(url)
                feed = await parser.feed(answer.body, answer.content_type, answer.url, now, settings.timezone)
            except (Refused, UnreadableFeed) as error:
                trouble = say.wording.text(f"trouble.{error.reason}", **error.values)
                yield say("bad", "source.trouble", url=url, trouble=trouble)
            else:
                title, count = feed.title or url, len(feed.reports)
                if count:
                    yield say("good", "source", title=title, items=say.wording.count("items", count))
                else:
                    yield say("note", "source.empty", title=title, url=url)
