"""Whose bot this is: what every door needs to know of the newsroom."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Newsroom:
    """`name` is shown to readers and may be empty; `channel` is what Telegram is told: @name or a number.

    `admin_chat` is None while there is no desk. `zone` is where its clock hangs, `language` is the channel's.
    """

    name: str
    channel: str
    admin_chat: int | None
    zone: ZoneInfo
    language: str
