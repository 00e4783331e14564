"""The signals of importance, one rule each: what it sees in a story and how many points that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from math import log2
from typing import Any, Final, Literal, NamedTuple

from bot.judgement.hearing import Heard
from bot.judgement.tastes import Taste
from bot.judgement.words import fold
from storage.model import Contribution, Story

Rubric = Literal["digest", "roundup"]
REGION, OFFICIALS, FIRST = 0, 1, 2  # kinds of words: these two, then the taste's own


class Seen(NamedTuple):
    """A story as the rules look at it: what the report of its state says, and what its kinds of words are worth."""

    story: Story
    taste: Taste
    heard: Heard
    urgent: bool

    def share(self, kind: int) -> float:
        """How much of its points a kind of words gets: a headline says what the news is, a lead what else there is."""
        if kind in self.heard.headline:
            return 1.0
        return self.taste.points.lead if kind in self.heard.lead else 0.0


@lru_cache(maxsize=4_096)  # the same few reasons come back for ten thousand stories
def reason(key: str, points: float, **values: Any) -> Contribution:
    """Rounded to a hundredth of a point: what editors see adds up to what they see."""
    return Contribution(key, round(points, 2), values)


def fresh(story: Story, lasting: float, now: datetime, taste: Taste) -> Contribution:
    """Being new multiplies what matters anyway: a trifle of this minute stays a trifle."""
    points, seconds = taste.points, max((now - story.state.at).total_seconds(), 0.0)
    gained = min(points.fresh * max(lasting, 0.0), points.fresh_most)
    left = gained * 0.5 ** (seconds / 3600 / points.half_life_hours)
    return Contribution("reason.fresh", round(left, 2), {"hours": int(seconds // 3600)})


Reasons = Sequence[Contribution]  # not iterators: ten thousand stories are weighed at once


def _important(seen: Seen) -> Reasons:
    if not any(item.important for item in seen.story.items):
        return ()
    return (reason("reason.important", seen.taste.points.important),)


def _votes(seen: Seen) -> Reasons:
    points, votes = seen.taste.points, seen.story.votes
    return (
        (reason("reason.votes", min(points.votes * log2(1 + votes), points.votes_most), count=votes),) if votes else ()
    )


def _toll(seen: Seen) -> Reasons:
    """Severity grows slowly: twenty dead are not twenty times the news, and no sum of wounded hides one death."""
    points, toll = seen.taste.points, seen.story.state.toll
    if not toll:
        return ()
    left, found = points.toll_most, []
    for which, one, step in (("killed", points.killed, 1.0), ("wounded", points.wounded, 0.5)):
        if count := toll.get(which, 0):
            gained = min(one + points.toll_step * step * log2(count), left)
            left -= gained
            found.append(reason(f"reason.{which}", gained, count=count))
    return found


def _sources(seen: Seen) -> Reasons:
    """Independent voices: the heaviest source of each family. One voice adds nothing."""
    if len(seen.story.items) < 2:
        return ()
    points = seen.taste.points
    voices: dict[str, float] = {}
    for item in seen.story.items:
        voices[item.family] = max(voices.get(item.family, 0.0), item.weight)
    gained = points.sources * log2(max(sum(voices.values()), 1.0))
    return (reason("reason.sources", min(gained, points.sources_most), count=len(voices)),)


def _own(seen: Seen) -> Reasons:
    own = any(item.own for item in seen.story.items)
    return (reason("reason.own", seen.taste.points.own),) if own else ()


def _official(seen: Seen) -> Reasons:
    share = seen.share(OFFICIALS)
    return (reason("reason.official", seen.taste.points.official * share),) if share else ()


def _region(seen: Seen) -> Reasons:
    share = seen.share(REGION)
    return (reason("reason.region", seen.taste.points.region * share),) if share else ()


def _section(seen: Seen) -> Reasons:
    """The heaviest section, by distance from nothing, of those that the newsroom weighs."""
    weights = seen.taste.sections
    named = {section for item in seen.story.items for section in item.sections if fold(section) in weights}
    if not named:
        return ()
    section = max(named, key=lambda name: (abs(weights[fold(name)]), name))
    return (reason("reason.section", weights[fold(section)], section=section),)


def _weighty(seen: Seen) -> Reasons:
    """Each kind of weighty words once, in the file's order, until together they gave what words may."""
    left, found = seen.taste.points.words_most, list[Contribution]()
    for number in seen.heard.kinds:
        if number < FIRST:
            continue
        kind = seen.taste.words[number - FIRST]
        share = float(number in seen.heard.headline) if kind.headline else seen.share(number)
        gained = min(kind.points * share, left)
        left -= max(gained, 0.0)
        found.append(reason("reason.words", gained, words=kind.name))
    return found


def _urgent(seen: Seen) -> Reasons:
    return (reason("reason.urgent", seen.taste.points.urgent),) if seen.urgent else ()


def _reports(seen: Seen) -> Reasons:
    points, count = seen.taste.points, len(seen.story.items)
    if count < 2:
        return ()
    return (reason("reason.reports", min(points.reports * log2(count), points.reports_most), count=count),)


def _echo(seen: Seen) -> Reasons:
    """Readers' answer beyond the usual one. Silence takes nothing, and where people were hurt nobody counts hearts."""
    points, echo = seen.taste.points, seen.story.echo
    if echo is None or echo <= 1 or any(seen.story.state.toll.values()):
        return ()
    return (reason("reason.echo", min(points.echo * log2(echo), points.echo_most), times=round(echo, 1)),)


def _base(seen: Seen) -> Reasons:
    return (reason("reason.base", seen.taste.points.base),)


def _junk(seen: Seen) -> Reasons:
    kind = seen.heard.junk
    return (reason("reason.junk", seen.taste.points.junk, junk=kind),) if kind is not None else ()


RULES: Final[tuple[Callable[[Seen], Reasons], ...]] = (
    _important, _votes, _toll, _sources, _own, _official, _region, _section, _weighty, _urgent, _reports, _echo, _base,
    _junk,
)  # fmt: skip
