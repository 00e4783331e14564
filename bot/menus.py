"""What Telegram shows of the bot before a word is said: command menus by place and language, and descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.wording import Wording, Wordings

Scope = Literal["all_private_chats", "default", "chat"]  # https://core.telegram.org/bots/api#botcommandscope
DESCRIPTION_LIMIT = 512  # https://core.telegram.org/bots/api#setmydescription
SHORT_LIMIT = 120  # https://core.telegram.org/bots/api#setmyshortdescription


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands (name, description) of one place for people of one language; "" is for all other languages.

    `chat` is a number for the scope "chat" and None for every other.
    """

    scope: Scope
    chat: int | None
    language: str
    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """How the bot introduces itself to people of one language: in an empty chat, and in its profile."""

    language: str
    description: str
    short: str


def menus(
    wordings: Wordings,
    *,
    readers: Iterable[str],
    groups: Iterable[str],
    desk: Iterable[str] = (),
    admin_chat: int | None = None,
) -> list[Menu]:
    """Every menu to be set, of the commands that the doors have. Without an admin chat there is no desk's."""
    places: list[tuple[Scope, int | None, str, tuple[str, ...]]] = [
        ("all_private_chats", None, "command", tuple(readers)),
        ("default", None, "command", tuple(groups)),
    ]
    if admin_chat is not None:
        places.append(("chat", admin_chat, "desk.command", tuple(desk)))
    return [
        Menu(scope, chat, language, tuple((name, wording.text(f"{key}.{name}")) for name in names))
        for scope, chat, key, names in places
        for language, wording in _languages(wordings)
    ]


def faces(wordings: Wordings, name: str) -> list[Face]:
    """What the bot says of itself in every language; `name` is the newsroom's and may be empty."""
    return [
        Face(
            language,
            _named(wording, "about.description", name, DESCRIPTION_LIMIT),
            _named(wording, "about.short", name, SHORT_LIMIT),
        )
        for language, wording in _languages(wordings)
    ]


def _named(wording: Wording, key: str, name: str, limit: int) -> str:
    """The text with the newsroom's name, without it when there is none or it would be too long."""
    text = wording.text(key, name=name)
    return text if name and len(text) <= limit else wording.text(f"{key}.nameless")


def _languages(wordings: Wordings) -> list[tuple[str, Wording]]:
    return [("", wordings.default), *((wording.language, wording) for wording in wordings)]
