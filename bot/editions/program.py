"""What a channel publishes: the newsroom's habits, and what editors changed of them in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.editions.forms import BUILT_IN, Forms
from bot.editions.rubrics import PLAIN, Rubric, kind_of, rubric
from bot.editions.slots import local_time
from bot.judgement.cautions import Caution, default_caution
from bot.judgement.leanings import Leanings, applied
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.wording import Wording, Wordings
from storage.editorial import Wish
from storage.model import Channel


@dataclass(frozen=True, slots=True)
class House:
    """What holds for every channel of the newsroom. `rubrics` are those that the environment gives the first one."""

    newsroom: Newsroom
    wordings: Wordings
    taste: Taste
    rubrics: tuple[Rubric, ...]
    patience: timedelta  # an edition that is later asks an editor
    draft_ahead: timedelta = timedelta()  # nothing: no drafts
    approval: bool = False  # a draft waits for an editor's word
    templates: Path | None = None  # the folder of the newsroom's own; None: the built-in ones
    caution: Caution = field(default_factory=default_caution)  # what editors are asked about before it goes out
    strike_delay: timedelta = timedelta()  # the place of a strike is not told earlier


@dataclass(frozen=True, slots=True)
class Program:
    """What one channel publishes, and all that making its editions needs.

    `newsroom.channel` and `wording` are the channel's; `desk` is what its editors are told in; `own_taste` is the
    newsroom's before anything was learned from its editors.
    """

    channel: Channel
    newsroom: Newsroom
    wording: Wording
    desk: Wording
    rubrics: tuple[Rubric, ...]
    taste: Taste
    own_taste: Taste
    patience: timedelta
    draft_ahead: timedelta = timedelta()
    approval: bool = False
    forms: Forms = BUILT_IN
    caution: Caution = field(default_factory=default_caution)
    strike_delay: timedelta = timedelta()

    def find(self, name: str) -> Rubric | None:
        """The rubric of this name, None when the channel does not want it (any more)."""
        return next((each for each in self.rubrics if each.name == name), None)

    def silent(self, now: datetime) -> bool:
        """Whether the channel speaks without a sound at this hour; of its quiet hours the last minute is not one."""
        begins, ends = self.channel.quiet_from, self.channel.quiet_until
        if begins is None or ends is None:
            return False
        clock = local_time(now, self.newsroom.zone)
        return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def program(house: House, channel: Channel, wishes: Sequence[Wish], leanings: Leanings) -> Program:
    """The channel's program: what editors wish wins over the environment, which speaks of the first channel only.
    `leanings` are what was learned from them."""
    newsroom = replace(house.newsroom, channel=channel.chat, language=channel.language)
    given = house.rubrics if channel.chat == house.newsroom.channel else ()
    rubrics = {each.name: each for each in given} | {wish.name: wished(wish) for wish in wishes if wish.own}
    for wish in wishes:
        if not wish.own and wish.name in rubrics:
            rubrics[wish.name] = replace(rubrics[wish.name], since_at=wish.since_at)
    wanted = tuple(each for each in rubrics.values() if each.walls)
    return Program(
        channel,
        newsroom,
        house.wordings.of(channel.language),
        house.wordings.default,
        wanted,
        applied(house.taste, leanings),
        house.taste,
        house.patience,
        house.draft_ahead,
        house.approval,
        caution=house.caution,
        strike_delay=house.strike_delay,
    )


def wished(wish: Wish) -> Rubric:
    """The rubric that editors wish."""
    made = rubric(wish.name, wish.walls, wish.size, days=wish.days, sections=frozenset(wish.sections))
    return replace(made, since_at=wish.since_at)


def as_wish(wanted: Rubric) -> Wish:
    """The rubric as editors would wish it."""
    return Wish(wanted.name, wanted.walls, wanted.days, wanted.size, tuple(sorted(wanted.sections)), wanted.since_at)


def known(name: str) -> bool:
    """Whether there is a rubric of that name."""
    return name in PLAIN or (kind_of(name) == "section" and name != "section")
