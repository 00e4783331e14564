"""What an answer of Telegram, or the lack of one, means for the parcel that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trouble = Literal["", "right", "removed", "absent", "moved", "token", "copy", "network"]
# Telegram's words for "this chat does not take it from you now": an administrator can mend it, so the queue waits.
# The first kind whose phrase occurs counts: «Forbidden: the group chat was deleted» is no lost membership.
_MENDABLE: tuple[tuple[Trouble, tuple[str, ...]], ...] = (
    ("moved", ("to a supergroup",)),
    ("right", ("need administrator rights", "not enough rights", "have no rights to send", "chat_write_forbidden",
               "chat_admin_required")),
    ("absent", ("chat not found", "chat was deleted", "chat was deactivated", "channel_private")),
    ("removed", ("bot is not a member", "bot was kicked")),
)  # fmt: skip
FLOOD_SECONDS = 5.0  # a gateway's 429 does not say how long
UNREACHED_SECONDS = 5.0  # the network is away: soon enough to notice its return, rare enough not to hammer
MENDABLE_SECONDS = 60.0  # a right comes back by a person's hand
UNAUTHORIZED_SECONDS = 300.0  # a new token needs a restart anyway


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call failed. `code` is Telegram's error_code, None when no readable answer came; `connected` is False
    when the connection was never made, so nothing can have arrived. `moved_to` is the supergroup that the group is
    now, None when it did not become one."""

    description: str
    code: int | None = None
    connected: bool = True
    retry_after: float | None = None
    moved_to: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing arrived; try again after so many seconds. `trouble` names what a person must mend, '' for nothing."""

    seconds: float
    reason: str
    everywhere: bool = False
    trouble: Trouble = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing arrived: the group is a supergroup now, and goes by this number."""

    to: int


@dataclass(frozen=True, slots=True)
class Never:
    """Telegram will not take this parcel, now or later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody knows whether it arrived."""

    reason: str


def meaning(failure: Failure, *, to_reader: bool) -> Later | Moved | Never | Doubt:
    """What to do about a failed send. A reader who blocked the bot is a Never; a channel that lost it waits."""
    if failure.moved_to is not None:
        return Moved(failure.moved_to)
    if failure.retry_after is not None or failure.code == 429:
        return Later(FLOOD_SECONDS if failure.retry_after is None else failure.retry_after, failure.description)
    if not failure.connected:
        return Later(UNREACHED_SECONDS, failure.description, everywhere=True, trouble="network")
    if failure.code is None or failure.code >= 500:
        return Doubt(failure.description)
    if failure.code in (401, 404):
        return Later(UNAUTHORIZED_SECONDS, failure.description, everywhere=True, trouble="token")
    if failure.code == 409:
        return Later(UNREACHED_SECONDS, failure.description, trouble="copy")
    if not to_reader and (trouble := _trouble(failure)):
        return Later(MENDABLE_SECONDS, failure.description, trouble=trouble)
    return Never(failure.description)


def _trouble(failure: Failure) -> Trouble:
    words = failure.description.lower()
    for trouble, phrases in _MENDABLE:
        if any(phrase in words for phrase in phrases):
            return trouble
    return "removed" if failure.code == 403 else ""
