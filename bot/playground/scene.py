"""The town as the page shows it: named pieces of JSON. What changed is found by comparing piece with piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.playground import sample_day, sample_week
from bot.playground.cards import Cards, link_of
from bot.playground.hours import Hours
from bot.playground.menus import commands_for
from bot.playground.records import Call
from bot.playground.shapes import Chat, Json, Message
from bot.playground.snippets import origin, reactions, service, writes
from bot.playground.town import Town

MOST_MESSAGES = 150  # of each chat: a day has forty, and a page that shows thousands is slow
MOST_CALLS = 12
QUIET = re.compile(r"getUpdates|[gs]etMy", re.IGNORECASE)


class Scene:
    """What there is to be seen of the town."""

    def __init__(self, town: Town, hours: Hours, cards: Cards) -> None:
        self._town = town
        self._hours = hours
        self._cards = cards

    def pieces(self) -> dict[str, Json]:
        """Everything, by the name of the piece."""
        pieces = {"clock": self._clock(), "people": self._people(), "faults": self._faults(), "calls": self._calls()}
        for chat in self.chats():
            pieces[f"chat:{chat.id}"] = self._chat(chat)
            for message in chat.alive()[-MOST_MESSAGES:]:
                pieces[f"message:{chat.id}:{message.message_id}"] = self._message(chat, message)
            for whisper in list(chat.ephemeral.values())[-MOST_MESSAGES:]:
                if not whisper.deleted:
                    pieces[f"whisper:{chat.id}:{whisper.ephemeral_id}"] = self._message(chat, whisper)
        return pieces

    def chats(self) -> list[Chat]:
        """The channel, the group, and everybody's chat with the bot."""
        telegram = self._town.telegram
        privates = [telegram.private(person, started=False) for person in self._town.people]
        return [self._town.channel, self._town.desk, *privates]

    def _clock(self) -> Json:
        slot = self._hours.next_edition()
        shown: Json = {"now": self._town.clock().timestamp(), "speed": self._hours.speed, "busy": self._hours.jumping}
        if slot is not None:
            shown["next"] = {"rubric": slot.rubric, "wall": slot.wall_time, "at": slot.at.timestamp()}
        return shown

    def _people(self) -> Json:
        town = self._town
        return {
            "bot": {"id": town.account.id, "name": town.account.first_name, "username": town.account.username},
            "people": [{"id": person.id, "name": person.first_name} for person in town.people],
            "channel": {"id": town.channel.id, "username": town.channel.username},
            "desk": town.desk.id,
            "fresh": self._fresh(),
        }

    def _fresh(self) -> str:
        """The address of the newsroom's newest story: something to paste."""
        source = sample_week.sources()[0]
        entries = sample_day.entries(source, self._town.clock())
        return self._town.homes[source.name] + entries[0].path if entries else ""

    def _chat(self, chat: Chat) -> Json:
        return {
            "id": chat.id,
            "kind": "private" if chat.private else chat.type,
            "title": chat.title,
            "count": sum(member.present for member in chat.members.values()),
            "pinned": [message.message_id for message in chat.alive() if message.pinned],
            "commands": {str(person.id): self._commands(chat, person.id) for person in self._town.people},
            "writers": [person.id for person in self._town.people if writes(chat, person.id)],
            "about": self._town.account.texts.get(("description", ""), "") if chat.private else "",
            "blocked": chat.blocked,
        }

    def _commands(self, chat: Chat, person: int) -> list[Json]:
        if chat.type == "channel":
            return []
        language = self._town.telegram.users[person].language_code
        admin = chat.member(person).admin
        return commands_for(self._town.account, chat.id, chat.private, person, admin, language)

    def _faults(self) -> Json:
        town = self._town
        return {
            "planned": [fault.kind for fault in town.telegram.faults.plan],
            "network": town.telegram.connected,
            "may_post": town.channel.member(town.account.id).may("can_post_messages"),
        }

    def _calls(self) -> Json:
        """What the bot asked of Telegram last, without its polling and what it says of itself at start."""
        calls = [call for call in self._town.telegram.calls[-200:] if not QUIET.match(call.method)]
        return {"last": [self._call(call) for call in calls[-MOST_CALLS:]]}

    def _call(self, call: Call) -> Json:
        asked = str(call.params.get("chat_id", ""))
        where = next((chat.title for chat in self.chats() if asked in (str(chat.id), f"@{chat.username}")), "")
        return {"method": call.method, "where": where, "ok": call.ok, "error": call.error, "fault": call.fault}

    def _message(self, chat: Chat, message: Message) -> Json:
        shown: Json = {
            "chat": chat.id,
            "id": message.message_id or f"e{message.ephemeral_id}",
            "date": message.date,
            "from": message.from_user,
            "name": self._name(message),
            "kind": message.kind,
            "text": message.text,
            "entities": message.entities,
            **dict(self._parts(chat, message)),
        }
        return shown

    def _name(self, message: Message) -> str:
        if message.sender_chat is not None:
            return self._town.telegram.chats[message.sender_chat].title
        return self._town.telegram.users[message.from_user].first_name if message.from_user else ""

    def _parts(self, chat: Chat, message: Message) -> Iterator[tuple[str, Any]]:
        """What only some messages have."""
        plain = {
            "edited": message.edited,
            "media": message.media,
            "group": message.media_group_id,
            "service": message.service and service(message.service),
            "rows": (message.reply_markup or {}).get("inline_keyboard"),
            "quote": (message.quote or {}).get("text"),
            "signature": message.signature,
            "silent": message.silent,
            "pinned": message.pinned,
            "above": message.media_extra.get("show_caption_above_media"),
            "spoiler": message.media_extra.get("has_media_spoiler"),
            "receiver": message.receiver,
            "forward": message.forward_origin and origin(message.forward_origin),
            "reply": self._reply(chat, message),
            "reactions": reactions(chat, message),
            "card": self._card(message),
        }
        yield from ((name, value) for name, value in plain.items() if value)

    def _reply(self, chat: Chat, message: Message) -> Json | None:
        replied = chat.messages.get(message.reply_to or 0)
        if replied is None:
            return None
        if replied.deleted:
            return {"id": None}
        return {
            "id": replied.message_id,
            "name": self._name(replied),
            "text": (message.quote or {}).get("text") or replied.text[:120],
            "kind": replied.kind,
        }

    def _card(self, message: Message) -> Json | None:
        url = link_of(message)
        card = self._cards.known(url) if url else None
        options = message.link_preview or {}
        look = {name: True for name in ("prefer_small_media", "show_above_text") if options.get(name)}
        return card and {**card, **look}
