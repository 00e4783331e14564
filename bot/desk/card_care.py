"""On a post's card: its embargo, whether it is pinned, and how long it stays in the channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from markupsafe import Markup

from bot.screen import Button
from bot.wording import Wording
from storage.model import Post

# https://core.telegram.org/bots/api#deletemessage: after 48 hours it would stay, so the longest ends an hour before.
STAYS: Final = (None, 24, 47)
OUT: Final = frozenset({"published", "corrected", "updated"})  # states of what stands in the channel


def lines(post: Post, wording: Wording, now: datetime) -> list[Markup]:
    """What the card says of it; nothing of what is not arranged."""
    told = []
    if post.embargo_at is not None and post.embargo_at > now:
        told.append(wording.html("care.embargo", until=until(post.embargo_at, wording, now)))
    if post.pinned:
        told.append(wording.html("care.pinned" if post.state in OUT else "care.pinned.then"))
    if post.stays_hours is not None:
        told.append(wording.html("care.stays", hours=post.stays_hours))
    return told


def rows(
    post: Post, data: Callable[[str, Post], str], wording: Wording, now: datetime
) -> tuple[tuple[Button, ...], ...]:
    """Its buttons. `data` is what a button of the card carries for an act."""
    pin = "care.button.unpin" if post.pinned else "care.button.pin"
    stays = "care.button.stays" if post.stays_hours is None else "care.button.stays.hours"
    first = (
        Button(wording.text(pin), data("pin", post)),
        Button(wording.text(stays, hours=post.stays_hours), data("stay", post)),
    )
    return first, *lifting(post, data, wording, now)


def lifting(
    post: Post, data: Callable[[str, Post], str], wording: Wording, now: datetime
) -> tuple[tuple[Button, ...], ...]:
    """The way out of an embargo, while there is one."""
    if post.embargo_at is None or post.embargo_at <= now:
        return ()
    return ((Button(wording.text("care.button.free"), data("free", post)),),)


def following(hours: int | None) -> int | None:
    """How long it stays after another tap."""
    return STAYS[(STAYS.index(hours) + 1) % len(STAYS)] if hours in STAYS else None


def until(at: datetime, wording: Wording, now: datetime) -> str:
    """Until when, as it stands behind «до»: «17:00», «чт 21.11, 09:00»."""
    return wording.brief(at, now)


def gone(title: str, wording: Wording) -> tuple[Markup, ...]:
    """What stood for as long as it was meant to."""
    return (wording.html("care.gone"), Markup("<b>{}</b>").format(title))
