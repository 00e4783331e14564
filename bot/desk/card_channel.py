"""Where a post goes, on its card: its channel, and the others that could tell the same story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from bot.editions.packing import shorten
from bot.screen import Button
from bot.wording import Wording
from storage.model import Channel, Post

NAME_UNITS, LABEL_UNITS = 60, 18  # a button says more than the name
OFFERED: Final = 3  # other channels at once: a row each
Why = Literal["same", "twin", "untranslated", "there"]


@dataclass(frozen=True, slots=True)
class Other:
    """Another channel of the newsroom: the story can go there as it reads (same) or as its twin in that language does,
    cannot (untranslated), or is `there` already."""

    channel: Channel
    why: Why


@dataclass(frozen=True, slots=True)
class Places:
    """The channel that a post is meant for, and the others; `mixed`: the post does not speak its channel's language."""

    here: Channel
    others: Sequence[Other] = ()
    mixed: bool = False


def lines(places: Places | None, wording: Wording) -> list[Markup]:
    """What the card says of it; nothing while there is one channel."""
    if places is None:
        return []
    key = "card.channel.off" if places.here.state == "off" else "card.channel"
    told = [wording.html(key, channel=named(places.here, NAME_UNITS))]
    if places.mixed:
        told.append(wording.html("card.channel.mixed", language=_language(places.here, wording)))
    for other in places.others:
        if other.why in ("there", "untranslated"):
            said = {"channel": named(other.channel, NAME_UNITS), "language": _language(other.channel, wording)}
            told.append(wording.html(f"card.channel.{other.why}", **said))
    return told


def rows(places: Places | None, post: Post, wording: Wording, *, fixed: bool = False) -> tuple[tuple[Button, ...], ...]:
    """The way to the next channel, unless the post's is `fixed`, and into others beside."""
    if places is None or not places.others:
        return ()
    label = wording.text("card.button.channel", channel=named(places.here, LABEL_UNITS))
    found = [] if fixed else [(Button(label, _data("to", post, following(places))),)]
    found += [
        (
            Button(
                wording.text("card.button.also", channel=named(other.channel, LABEL_UNITS)),
                _data("also", post, other.channel),
            ),
        )
        for other in places.others
        if other.why in ("same", "twin")
    ][:OFFERED]
    return tuple(found)


def following(places: Places) -> Channel:
    """The channel after this one, in their order; after the last comes the first."""
    others = [each.channel for each in places.others]
    return next((each for each in others if each.id > places.here.id), others[0])


def named(channel: Channel, limit: int) -> str:
    """The channel's name, short enough."""
    return shorten(" ".join(channel.title.split()) or channel.chat, limit)


def _language(channel: Channel, wording: Wording) -> str:
    return wording.text(f"source.language.{channel.language}")


def _data(act: str, post: Post, channel: Channel) -> str:
    return f"h:{act}:{post.id}:{post.row_version}:{channel.id}"
