"""Who may do what at the desk: derived from Telegram's own rights in the channel, not kept as a second list."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

Role = Literal["author", "duty", "chief"]
FRESH_SECONDS = 600.0  # screens: the list is asked again after ten minutes

# author: proposes and edits; duty (випусковий): may post in the channel; chief (головний): may edit and delete too.
NEEDED: dict[str, Role] = {
    "slot": "duty",
    "now": "duty",
    "go": "duty",
    "cancel": "duty",
    "remove": "duty",
    "reject": "duty",
    "undo": "duty",
    "wait": "duty",
    "mark": "duty",
    "sound": "duty",
    "roundup": "duty",
    "breaking": "duty",  # with ten seconds in which anybody may take it back
    "correct": "duty",
    "withdraw": "duty",
    "edit": "author",
    "times": "duty",
    "back": "author",
    "view": "author",
    "check": "author",
    "source.set": "duty",
    "draft.edit": "duty",
    "draft.settle": "duty",
    "weights.set": "chief",
    "source.remove": "chief",
    "settings": "chief",
    "channel": "duty",
    "pause": "duty",
    "pin": "duty",
    "stay": "duty",
    "free": "duty",
}
_RANK: dict[Role, int] = {"author": 0, "duty": 1, "chief": 2}


@dataclass(slots=True)
class _Known:
    """The administrators of one channel, by their numbers, and until when they need not be asked for again."""

    roles: dict[int, Role] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    until: float = 0.0


class Roles:
    """Lives as long as the bot: remembers each channel's administrators for a while. Where no channel is named, the
    first one's count."""

    def __init__(self, bot: Bot, channel: str) -> None:
        self._bot = bot
        self._first = channel
        self._known: dict[str, _Known] = {}

    async def may(self, editor: int, act: str, channel: str = "") -> bool:
        """Whether this person may do this there. When Telegram cannot be asked, what was last known counts."""
        known = await self._fresh(channel or self._first)
        return _RANK[known.roles.get(editor, "author")] >= _RANK[NEEDED.get(act, "chief")]

    async def who_may(self, act: str, channel: str = "") -> list[str]:
        """The names of those who may."""
        known = await self._fresh(channel or self._first)
        needed = _RANK[NEEDED.get(act, "chief")]
        return [known.names[editor] for editor, role in known.roles.items() if _RANK[role] >= needed]

    def forget(self) -> None:
        """Rights changed: ask again before the next act."""
        for known in self._known.values():
            known.until = 0.0

    async def _fresh(self, channel: str) -> _Known:
        known = self._known.setdefault(channel, _Known())
        moment = asyncio.get_running_loop().time()
        if moment < known.until:
            return known
        try:
            members = await self._bot.get_chat_administrators(channel)
        except TelegramAPIError:
            return known
        people = [
            member
            for member in members
            if isinstance(member, ChatMemberOwner | ChatMemberAdministrator) and not member.user.is_bot
        ]
        known.until = moment + FRESH_SECONDS
        known.roles = {member.user.id: _role(member) for member in people}
        known.names = {member.user.id: member.user.first_name for member in people}
        return known


def _role(member: ChatMemberOwner | ChatMemberAdministrator) -> Role:
    if isinstance(member, ChatMemberOwner) or (member.can_edit_messages and member.can_delete_messages):
        return "chief"
    return "duty" if member.can_post_messages else "author"
