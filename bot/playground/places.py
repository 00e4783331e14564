"""Who acts on the demo's page, where and on what: found by the numbers that the page sends, and by rights."""

from __future__ import annotations

from bot.playground.shapes import Chat, Json, Message, User
from bot.playground.snippets import writes
from bot.playground.town import Town


class Refused(Exception):
    """It cannot be done; `code` names why, the page has the words."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Places:
    """The town's people, chats and messages. Every method raises Refused for what is not there or not theirs."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._telegram = town.telegram

    def person(self, asked: Json) -> User:
        for person in self._town.people:
            if person.id == asked.get("who"):
                return person
        raise Refused("nobody", 404)

    def chat(self, asked: Json) -> Chat:
        number = asked.get("chat")
        town = self._town
        for chat in (town.channel, town.desk):
            if chat.id == number:
                return chat
        if any(person.id == number for person in town.people):
            return self._telegram.private(int(number or 0), started=False)
        raise Refused("nowhere", 404)

    def writer(self, asked: Json) -> tuple[Chat, User]:
        chat, person = self.chat(asked), self.person(asked)
        if not writes(chat, person.id):
            raise Refused("not_yours", 403)
        chat.started = True  # whoever writes to a bot has opened it
        return chat, person

    def message(self, chat: Chat, asked: Json) -> Message:
        message = chat.messages.get(number_of(asked, "message") or 0)
        if message is None or message.deleted:
            raise Refused("gone", 404)
        return message

    def shown(self, chat: Chat, asked: Json) -> Message:
        """The message, or a whisper: «e12»."""
        name = str(asked.get("message", ""))
        if not name.startswith("e"):
            return self.message(chat, asked)
        whisper = chat.ephemeral.get(int(name[1:])) if name[1:].isdigit() else None
        if whisper is None or whisper.deleted or whisper.receiver != asked.get("who"):
            raise Refused("gone", 404)
        return whisper

    def own(self, asked: Json, right: str) -> tuple[Chat, Message]:
        """What the person wrote, or may change by the right that they have in the channel."""
        chat, person = self.chat(asked), self.person(asked)
        message = self.message(chat, asked)
        if chat.type == "channel":
            allowed = chat.member(person.id).may(right) and not (message.forward_origin or message.service)
        else:
            allowed = message.from_user == person.id and not message.service
        if not allowed:
            raise Refused("not_yours", 403)
        return chat, message


def text_of(asked: Json, limit: int, empty: bool = False) -> str:
    text = str(asked.get("text", "")).strip()
    if not text and not empty:
        raise Refused("empty")
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise Refused("long")
    return text


def number_of(asked: Json, name: str) -> int | None:
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused("unknown")
    return value
