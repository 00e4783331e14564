"""A parcel as the call of Telegram's that it stands for."""

from __future__ import annotations

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import Message
from pydantic import ValidationError

from storage.model import Parcel

METHODS: dict[str, type[TelegramMethod[Message]]] = {
    "sendMessage": SendMessage,
    "sendPhoto": SendPhoto,
    "sendVideo": SendVideo,
    "sendDocument": SendDocument,
    "sendAnimation": SendAnimation,
    "sendAudio": SendAudio,
    "sendVoice": SendVoice,
}


class Unsendable(Exception):
    """A parcel that is no call of Telegram's; `reason` says why, without its text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def call(what: Parcel) -> TelegramMethod[Message]:
    """The call. Raises Unsendable."""
    if what.method not in METHODS:
        raise Unsendable(f"no method {what.method!r}")
    try:
        return METHODS[what.method](chat_id=what.chat, **what.payload)
    except TypeError as error:
        raise Unsendable(str(error)) from None
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        raise Unsendable("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults)) from None
