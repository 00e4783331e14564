"""Channels that the bot is in, overheard: what others post is reported, what was posted by hand in ours is history."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aiogram import Router
from aiogram.types import Message, MessageOriginChannel, MessageOriginChat, Update

from bot.delivery import alarms
from bot.desk import by_hand
from bot.desk.glance import words
from bot.desk.hear import Desk
from bot.intake import previews
from bot.intake.channelpage import Line, Post
from bot.intake.take import Intake
from bot.newsroom import Newsroom
from storage import catalogue, channels, messages, sources, updates
from storage.database import Database, Reading, Transaction
from storage.model import Report, Source

NEWS: Final = timedelta(hours=24)  # Telegram keeps an update as long; an older post that is new to us was edited now
_ORNAMENT = re.compile(r"[#@]\w+|https?://t\.me/\S+")


def router() -> Router:
    """The ear, fresh at each call. It hears posts and edits of channels, and answers none."""
    ear = Router(name="overheard")
    ear.channel_post.register(hear)
    ear.edited_channel_post.register(hear)
    return ear


async def hear(
    message: Message,
    db: Database,
    intake: Intake,
    newsroom: Newsroom,
    stir: Callable[[], None],
    event_update: Update,
    now: datetime,
    desk: Desk | None = None,
) -> None:
    """Takes the post in as a report of its channel, an edit as an edit, in one transaction with the update's end.

    In the newsroom's own channels it is history: found by search, never offered as news, and told by the channel. Of
    what the bot posted there and an editor changed in place the post's card tells.
    """
    chat = message.chat
    called = await alarms.called(db.screens, newsroom, str(chat.id), chat.username)
    ours = called == newsroom.channel or await channels.at(db.screens, called) is not None
    found = report(message)
    if found is not None and await _is_heard(db.screens, chat.id):
        await intake.grasp([found])
    async with intake.transaction(db) as tx:
        if await messages.is_ours(tx, chat.id, message.message_id):
            if desk is not None and message.edit_date is not None:
                await by_hand.edited(tx, desk.easel, chat.id, message.message_id, *words(message), now)
        elif found is not None:
            source = await _source(tx, message, now, ours=ours)
            if source.state == "active":
                history = ours or now - message.date > NEWS
                arrivals = await intake.take(tx, source, [found], now, history=history)
                channel = await channels.at(tx, called) if ours else None
                if channel is not None and now - message.date <= NEWS:
                    await by_hand.posted(tx, channel, chat.id, message.message_id, arrivals, now)
        await updates.done(tx, event_update.update_id, now)
    stir()


def report(message: Message) -> Report | None:
    """The post as a Report: its first words for a title, the rest as lead; None for a post without words.

    Its address is https://t.me/NAME/ID, of a channel without a name tg://privatepost?channel=…&post=….
    """
    text = message.text or message.caption or ""
    lines = tuple(Line(line.strip(), _own(line)) for line in text.splitlines() if line.strip())
    if not lines:
        return None
    chat = message.chat
    told = previews.told(
        Post(
            channel=chat.username or "",
            number=message.message_id,
            lines=lines,
            published_at=message.date,
            views=None,
            links=(),
            pictures=(),
            origin=_origin(message),
            author=message.author_signature,
        )
    )
    if told is None or chat.username:
        return told
    address = f"tg://privatepost?channel={str(chat.id).removeprefix('-100')}&post={message.message_id}"
    return replace(told, url=address, guid=address)


def _own(line: str) -> bool:
    """Whether anything but hashtags, mentions and links into Telegram stands in the line."""
    return any(sign.isalnum() for sign in _ORNAMENT.sub("", line))


def _origin(message: Message) -> str | None:
    """The channel or group that the post was forwarded from; a person's name is not ours to keep."""
    match message.forward_origin:
        case MessageOriginChannel(chat=chat):
            return chat.title
        case MessageOriginChat(sender_chat=chat):
            return chat.title
        case _:
            return None


async def _is_heard(db: Reading, chat_id: int) -> bool:
    """Whether the channel is a source that is read: a stranger's says nothing that is worth asking about."""
    url = f"channel:{chat_id}"
    return any(source.url == url and source.state == "active" for source in await sources.all_of(db))


async def _source(tx: Transaction, message: Message, now: datetime, *, ours: bool) -> Source:
    chat = message.chat
    voice = f"t.me/{chat.username or chat.id}".lower()
    if ours:  # one voice with the newsroom's own site
        voice = next((source.family for source in await sources.all_of(tx) if source.own), voice)
    name = chat.title or chat.username or str(chat.id)
    url = f"channel:{chat.id}"
    known = any(source.url == url for source in await sources.all_of(tx))
    made = await sources.put(tx, url=url, name=name, kind="channel", family=voice, own=ours, now=now)
    if known or ours:
        return made
    await catalogue.pause(tx, made.id)  # anybody may add the bot to a channel: an editor lets it in by /sources
    return replace(made, state="paused")
