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
    """All that the rules look at in a story: two that look alike have the same reasons.

    `voices`: the weights of the heaviest source of each of its `families`, added up. `kinds` of words in the order of
    the lexicon, those of the `headline` and of the `lead` alone, and the routine, None when it may be news, as the
    report of its state tells them.
    """

    important: bool
    votes: int
    killed: int
    wounded: int
    voices: float
    families: int
    own: bool
    sections: frozenset[str]
    urgent: bool
    reports: int
    echo: float | None
    kinds: tuple[int, ...]
    headline: frozenset[int]
    lead: frozenset[int]
    junk: str | None

    def share(self, kind: int, taste: Taste) -> float:
        """How much of its points a kind of words gets: a headline says what the news is, a lead what else there is."""
        if kind in self.headline:
            return 1.0
        return taste.points.lead if kind in self.lead else 0.0


def seen(story: Story, said: Heard, urgent: bool) -> Seen:
    """`said`: what the report of its state says; `urgent`: whether one of its reports is marked so."""
    items, toll = story.items, story.state.toll
    killed, wounded = (toll.get("killed", 0), toll.get("wounded", 0)) if toll else (0, 0)
    if len(items) == 1:  # most are
        [item] = items
        sections = frozenset(item.sections)
        return Seen(
            item.important, story.votes, killed, wounded, item.weight, 1, item.own, sections, urgent, 1, story.echo,
            said.kinds, said.headline, said.lead, said.junk,
        )  # fmt: skip
    voices: dict[str, float] = {}
    for item in items:
        voices[item.family] = max(voices.get(item.family, 0.0), item.weight)
    return Seen(
        any(item.important for item in items), story.votes, killed, wounded, sum(voices.values()), len(voices),
        any(item.own for item in items), frozenset(section for item in items for section in item.sections),
        urgent, len(items), story.echo, said.kinds, said.headline, said.lead, said.junk,
    )  # fmt: skip


@lru_cache(maxsize=4_096)  # the same few reasons come back for ten thousand stories
def reason(key: str, points: float, **values: Any) -> Contribution:
    """Rounded to a hundredth of a point: what editors see adds up to what they see."""
    return Contribution(key, round(points, 2), values)


def fresh(story: Story, lasting: float, now: datetime, taste: Taste) -> Contribution:
    """Being new multiplies what matters anyway: a trifle of this minute stays a trifle."""
    points, seconds = taste.points, max((now - story.state.at).total_seconds(), 0.0)
    gained = min(points.fresh * max(lasting, 0.0), points.fresh_most)
    left = gained * 0.5 ** (seconds / 3600 / points.half_life_hours)
    return _new(round(left, 2), int(seconds // 3600))


@lru_cache(maxsize=4_096)
def _new(points: float, hours: int) -> Contribution:
    return Contribution("reason.fresh", points, {"hours": hours})


Reasons = Sequence[Contribution]  # not iterators: ten thousand stories are weighed at once


def _important(seen: Seen, taste: Taste) -> Reasons:
    return (reason("reason.important", taste.points.important),) if seen.important else ()


def _votes(seen: Seen, taste: Taste) -> Reasons:
    points, votes = taste.points, seen.votes
    return (
        (reason("reason.votes", min(points.votes * log2(1 + votes), points.votes_most), count=votes),) if votes else ()
    )


def _toll(seen: Seen, taste: Taste) -> Reasons:
    """Severity grows slowly: twenty dead are not twenty times the news, and no sum of wounded hides one death."""
    points = taste.points
    left, found = points.toll_most, []
    for which, count, one, step in (
        ("killed", seen.killed, points.killed, 1.0),
        ("wounded", seen.wounded, points.wounded, 0.5),
    ):
        if count:
            gained = min(one + points.toll_step * step * log2(count), left)
            left -= gained
            found.append(reason(f"reason.{which}", gained, count=count))
    return found


def _sources(seen: Seen, taste: Taste) -> Reasons:
    """Independent voices: the heaviest source of each family. One voice adds nothing."""
    if seen.reports < 2:
        return ()
    points = taste.points
    gained = points.sources * log2(max(seen.voices, 1.0))
    return (reason("reason.sources", min(gained, points.sources_most), count=seen.families),)


def _own(seen: Seen, taste: Taste) -> Reasons:
    return (reason("reason.own", taste.points.own),) if seen.own else ()


def _official(seen: Seen, taste: Taste) -> Reasons:
    share = seen.share(OFFICIALS, taste)
    return (reason("reason.official", taste.points.official * share),) if share else ()


def _region(seen: Seen, taste: Taste) -> Reasons:
    share = seen.share(REGION, taste)
    return (reason("reason.region", taste.points.region * share),) if share else ()


def _section(seen: Seen, taste: Taste) -> Reasons:
    """The heaviest section, by distance from nothing, of those that the newsroom weighs."""
    weights = taste.sections
    named = [section for section in seen.sections if fold(section) in weights]
    if not named:
        return ()
    section = max(named, key=lambda name: (abs(weights[fold(name)]), name))
    return (reason("reason.section", weights[fold(section)], section=section),)


def _weighty(seen: Seen, taste: Taste) -> Reasons:
    """Each kind of weighty words once, in the file's order, until together they gave what words may."""
    left, found = taste.points.words_most, list[Contribution]()
    for number in seen.kinds:
        if number < FIRST:
            continue
        kind = taste.words[number - FIRST]
        share = float(number in seen.headline) if kind.headline else seen.share(number, taste)
        gained = min(kind.points * share, left)
        left -= max(gained, 0.0)
        found.append(reason("reason.words", gained, words=kind.name))
    return found


def _urgent(seen: Seen, taste: Taste) -> Reasons:
    return (reason("reason.urgent", taste.points.urgent),) if seen.urgent else ()


def _reports(seen: Seen, taste: Taste) -> Reasons:
    points, count = taste.points, seen.reports
    if count < 2:
        return ()
    return (reason("reason.reports", min(points.reports * log2(count), points.reports_most), count=count),)


def _echo(seen: Seen, taste: Taste) -> Reasons:
    """Readers' answer beyond the usual one. Silence takes nothing, and where people were hurt nobody counts hearts."""
    points, echo = taste.points, seen.echo
    if echo is None or echo <= 1 or seen.killed or seen.wounded:
        return ()
    return (reason("reason.echo", min(points.echo * log2(echo), points.echo_most), times=round(echo, 1)),)


def _base(seen: Seen, taste: Taste) -> Reasons:
    return (reason("reason.base", taste.points.base),)


def _junk(seen: Seen, taste: Taste) -> Reasons:
    return (reason("reason.junk", taste.points.junk, junk=seen.junk),) if seen.junk is not None else ()


RULES: Final[tuple[Callable[[Seen, Taste], Reasons], ...]] = (
    _important, _votes, _toll, _sources, _own, _official, _region, _section, _weighty, _urgent, _reports, _echo, _base,
    _junk,
)  # fmt: skip


def reasons(seen: Seen, taste: Taste) -> tuple[Contribution, ...]:
    """Every reason that lasts, in the order of the rules; what weighs nothing is none."""
    return tuple([each for rule in RULES for each in rule(seen, taste) if each.points])
