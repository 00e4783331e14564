"""Who may do what at the desk: derived from Telegram's own rights in the channel, not kept as a second list."""

from __future__ import annotations

import asyncio
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
    "edit": "author",
    "times": "duty",
    "back": "author",
    "view": "author",
    "check": "author",
    "source.set": "duty",
    "source.remove": "chief",
}
_RANK: dict[Role, int] = {"author": 0, "duty": 1, "chief": 2}


class Roles:
    """Lives as long as the bot: remembers the channel's administrators for a while."""

    def __init__(self, bot: Bot, channel: str) -> None:
        self._bot = bot
        self._channel = channel
        self._known: dict[int, Role] = {}
        self._names: dict[int, str] = {}
        self._until = 0.0

    async def may(self, editor: int, act: str) -> bool:
        """Whether this person may do this. When Telegram cannot be asked, what was last known counts."""
        await self._refresh()
        return _RANK[self._known.get(editor, "author")] >= _RANK[NEEDED.get(act, "chief")]

    async def who_may(self, act: str) -> list[str]:
        """The names of those who may."""
        await self._refresh()
        needed = _RANK[NEEDED.get(act, "chief")]
        return [self._names[editor] for editor, role in self._known.items() if _RANK[role] >= needed]

    def forget(self) -> None:
        """Rights changed: ask again before the next act."""
        self._until = 0.0

    async def _refresh(self) -> None:
        moment = asyncio.get_running_loop().time()
        if moment < self._until:
            return
        try:
            members = await self._bot.get_chat_administrators(self._channel)
        except TelegramAPIError:
            return
        self._until = moment + FRESH_SECONDS
        people = [
            member
            for member in members
            if isinstance(member, ChatMemberOwner | ChatMemberAdministrator) and not member.user.is_bot
        ]
        self._known = {member.user.id: _role(member) for member in people}
        self._names = {member.user.id: member.user.first_name for member in people}


def _role(member: ChatMemberOwner | ChatMemberAdministrator) -> Role:
    if isinstance(member, ChatMemberOwner) or (member.can_edit_messages and member.can_delete_messages):
        return "chief"
    return "duty" if member.can_post_messages else "author"
