"""Looks at the set-up as an operator would wish somebody did: one sentence for each thing, and what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError
from aiogram.types import ChatFullInfo, ChatMemberAdministrator, ChatMemberOwner, ResultChatMemberUnion, User

from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.settings import Settings, missing
from bot.telegram import telegram
from bot.wording import Wording
from storage.database import CannotOpen, Database, owner
from storage.migrate import FileFromTheFuture

Grade = Literal["good", "note", "bad"]
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_delete_messages")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A `bad` one keeps the bot from working, a `note` is worth knowing."""

    grade: Grade
    sentence: str


async def check(settings: Settings, wording: Wording, now: datetime) -> AsyncIterator[Finding]:
    """Every finding, in the order in which an operator would mend them. Changes nothing anywhere."""
    say = _Saying(wording)
    for name, key in missing(settings, "token", "channel", "admin_chat").items():
        grade: Grade = "note" if name == "BOT_ADMIN_CHAT" else "bad"
        yield Finding(grade, wording.text("check.unset", name=name, remedy=wording.text(f"remedy.{key}")))
    yield say("good", "zone", zone=settings.timezone.key, time=wording.clock(now))
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


class _Saying:
    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def __call__(self, grade: Grade, key: str, **values: object) -> Finding:
        return Finding(grade, self.wording.text(f"check.{key}", **values))


async def _database(settings: Settings, say: _Saying) -> AsyncIterator[Finding]:
    path = settings.database
    if not path.exists():
        parent = path.absolute().parent
        yield say("good", "database.new", path=path) if parent.is_dir() else say("bad", "database.folder", path=parent)
        return
    try:
        async with await Database.look(path) as db:
            broken = await db.slow.value("PRAGMA quick_check(1)")
            count = await db.slow.value("SELECT count(*) FROM item")
    except FileFromTheFuture as error:
        yield say("bad", "database.newer", path=path, found=error.found, known=error.known)
    except (CannotOpen, sqlite3.Error) as error:
        yield say("bad", "database.unreadable", path=path, reason=error)
    else:
        if broken != "ok":
            yield say("bad", "database.broken", path=path, reason=broken)
        elif not os.access(path, os.W_OK):
            yield say("bad", "database.readonly", path=path)
        else:
            yield say("good", "database", path=path, items=say.wording.count("items", count))
        if holder := owner(path):
            yield say("note", "database.busy", owner=holder)


async def _telegram(bot: Bot, settings: Settings, say: _Saying) -> AsyncIterator[Finding]:
    try:
        me = await bot.get_me()
    except TelegramNetworkError as error:
        yield say("bad", "network", reason=error.message)
        return
    except ClientDecodeError:
        yield say("bad", "not_telegram", url=settings.api_url or "")
        return
    except TelegramAPIError as error:
        yield say("bad", "token", reason=error.message)
        return
    yield say("good", "token.works", username=me.username)
    webhook = await bot.get_webhook_info()
    if webhook.url:
        yield say("bad", "webhook", host=webhook.url.split("/")[2] if "//" in webhook.url else "?")
    yield say("good", "inline") if me.supports_inline_queries else say("note", "inline.off", username=me.username)
    if settings.channel is not None:
        async for finding in _channel(bot, me, settings.channel, say):
            yield finding
    if settings.admin_chat is not None:
        async for finding in _admin_chat(bot, me, settings.admin_chat, say):
            yield finding


async def _channel(bot: Bot, me: User, channel: str, say: _Saying) -> AsyncIterator[Finding]:
    try:
        chat = await bot.get_chat(channel)
        member = await bot.get_chat_member(channel, me.id)
    except TelegramAPIError as error:
        yield say("bad", "channel.unreachable", channel=channel, reason=error.message)
        return
    if chat.type != "channel":
        yield say("bad", "channel.kind", channel=channel)
        return
    yield say("good", "channel", title=chat.title, channel=channel)
    if isinstance(member, ChatMemberOwner):
        return
    if not isinstance(member, ChatMemberAdministrator):
        yield say("bad", "channel.not_admin", title=chat.title)
        return
    for right in CHANNEL_RIGHTS:
        yield say(
            "good" if getattr(member, right) else "bad", f"right.{right}.{'yes' if getattr(member, right) else 'no'}"
        )
    if chat.has_protected_content:
        yield say("note", "protected", title=chat.title)


async def _admin_chat(bot: Bot, me: User, admin_chat: int, say: _Saying) -> AsyncIterator[Finding]:
    try:
        chat = await bot.get_chat(admin_chat)
        member = await bot.get_chat_member(admin_chat, me.id)
    except TelegramAPIError as error:
        yield say("bad", "desk.unreachable", chat=admin_chat, reason=error.message)
        return
    for finding in _desk(chat, member, me, say):
        yield finding


def _desk(chat: ChatFullInfo, member: ResultChatMemberUnion, me: User, say: _Saying) -> list[Finding]:
    if chat.type not in ("group", "supergroup"):
        return [say("bad", "desk.kind", title=chat.title or chat.first_name or "")]
    found = [say("good", "desk", title=chat.title)]
    if member.status in ("left", "kicked"):
        return [say("bad", "desk.not_member", title=chat.title)]
    if member.status not in ("administrator", "creator") and not me.can_read_all_group_messages:
        found.append(say("bad", "desk.deaf", title=chat.title))
    if chat.has_protected_content:
        found.append(say("note", "protected", title=chat.title))
    return found


async def _sources(settings: Settings, say: _Saying, now: datetime) -> AsyncIterator[Finding]:
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
