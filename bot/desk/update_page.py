"""What happened to a post that stands in its channel (screens, C5, E21): its story says something else, or a person
changed it in place; and what can be done about either."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from bot.desk import long_story
from bot.desk.guard_page import data
from bot.editions.packing import shorten
from bot.judgement.counts import Count, Saying
from bot.screen import Button
from bot.wording import Wording
from storage.editorial import HandEdit
from storage.model import Post, State, Story

SAID_UNITS = 300
Rows = tuple[tuple[Button, ...], ...]
_ENDED = re.compile(r"заверш|законч|припин|прекра", re.IGNORECASE)
_RESCUE = re.compile(r"рятувальн|спасательн|пошук|поиск|завал", re.IGNORECASE)
_CONFIRMED = re.compile(r"\b(?:офіційно|официально)\b|\b(?:підтверд|подтверд)\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the post's story says beyond what the channel told, to be told. `aloud`: readers must hear it. `against`
    is a count with the first saying that contradicts it, None when nothing does; `is_new` says whether the story itself
    is in another state."""

    story: Story
    is_new: bool
    aloud: bool = False
    against: tuple[Count, Saying] | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since the post went out. `hand` is how a person changed it, None when it says what the bot
    wants; `over`: its story is not followed any more."""

    hand: HandEdit | None = None
    offer: Offer | None = None
    over: bool = False


UNCHANGED: Final = Since()


def aloud(told: State, state: State) -> bool:
    """Whether readers must hear of it (screens, C5): the first deaths, an official confirmation, the end of a
    rescue."""
    if state.toll.get("killed", 0) and not told.toll.get("killed", 0):
        return True
    return bool(_CONFIRMED.search(state.title)) or bool(_ENDED.search(state.title) and _RESCUE.search(state.title))


def lines(since: Since, wording: Wording, now: datetime) -> list[Markup]:
    """What the card says of it."""
    found = []
    if since.hand is not None:
        said = shorten(" ".join(since.hand.text.split()), SAID_UNITS)
        found.append(wording.html("by_hand.edited", at=wording.at(since.hand.at), text=said))
    if since.offer is not None:
        found.append(Markup("\n") + long_story.page(since.offer.story, wording, now).text)
    return found


def rows(since: Since, post: Post, wording: Wording) -> Rows:
    """The buttons above the others."""
    found: list[tuple[Button, ...]] = []
    if since.hand is not None:
        keep = Button(wording.text("by_hand.button.keep"), data("keep", post))
        found.append((keep, Button(wording.text("by_hand.button.ours"), data("ours", post))))
    if since.offer is not None:
        found += _offered(since.offer, post, wording)
    if since.over:
        found.append((Button(wording.text("follow.button.resume"), data("resume", post)),))
    return tuple(found)


def _offered(offer: Offer, post: Post, wording: Wording) -> list[tuple[Button, ...]]:
    found: list[tuple[Button, ...]] = []
    if offer.is_new:
        edit = Button(wording.text("follow.button.edit"), data("fresh", post), style="primary")
        reply = Button(wording.text("follow.button.reply"), data("reply", post))
        found.append((reply, edit) if offer.aloud else (edit, reply))
    if offer.against is not None:
        count, saying = offer.against
        stay = Button(wording.text("follow.button.stay", number=count.now.count), data("settle", post, saying.item_id))
        mend = Button(wording.text("follow.button.mend", number=saying.count), data("mend", post, saying.item_id))
        found.append((stay, mend))
    stop = Button(wording.text("follow.button.stop"), data("stop", post))
    leave = Button(wording.text("follow.button.leave"), data("pass", post))
    found.append((leave, stop) if offer.is_new else (stop,))
    return found
