"""A source's habits, by what it told: how often it publishes, whether it has fallen silent, whether its clock lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from bot.intake.passes import Worry
from bot.intake.politeness import ALARM_AFTER
from storage.model import Report, Source

LOOKED_AT = 200  # items; the nights of a busy source are among its last two hundred
GAPS = 20
FEWEST_GAPS = 5  # fewer make no habit
TIMES = 3  # the usual gap that often is silence
SHORTEST_SILENCE = timedelta(hours=6)
MORNING = time(6)  # the night is [00:00, 06:00) of the newsroom's wall clock
FROM_AHEAD = 3  # entries from the future: one or two are announcements
PROOFS = 3  # entries in a row that only a right clock explains
SLACK = timedelta(minutes=5)  # between the site's clock and ours
FRESH = timedelta(minutes=45)  # the newest of several entries was published within it, if its clock lies

NO_LIST = frozenset({"no_list", "no_rows"})  # what reading a page says when there is no list in it

Told = Sequence[tuple[datetime, datetime]]  # (published, first seen), the latest arrival first


def gap_seconds(told: Told) -> int | None:
    """The median of what lies between the last items, None while there are too few. What came without a date was all
    seen at one instant and counts once."""
    published = sorted({at for at, _ in told}, reverse=True)[: GAPS + 1]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(published)]
    return max(1, round(median(gaps))) if len(gaps) >= FEWEST_GAPS else None


def worry(source: Source, told: Told, zone: ZoneInfo, now: datetime) -> Worry | None:
    """What the editors should know of a source that was just read well, None when it does its work."""
    if source.empty_polls > 1 or (source.empty_polls and told):
        # Of an earlier empty poll only the number is known; the alarm that stands keeps its own instant.
        return Worry("empty", now)
    listened_at = source.first_contact_at or now
    since = silent_since(told, source.gap_seconds, listened_at, zone, now)
    return Worry("silent", since) if since else None


def worry_of_failures(source: Source, failures: int, reason: str, now: datetime) -> Worry | None:
    """The same of one that could not be read, `failures` times in a row; None while that may be the weather."""
    since = source.trouble_at or now
    if source.kind == "page" and reason in NO_LIST and source.first_contact_at is not None:
        return Worry("rows", since)
    return Worry("errors", since) if failures >= ALARM_AFTER else None


def silent_since(told: Told, gap: int | None, listened_at: datetime, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Since when a source says nothing new, when that is longer than TIMES its usual gap and SHORTEST_SILENCE; None
    while it is not. Nobody listened before `listened_at`.

    Hours of the night do not count for a source none of whose last items was published at night.
    """
    if gap is None or not told:
        return None
    since = max(listened_at, max(seen for _, seen in told))
    patience = max(SHORTEST_SILENCE, TIMES * timedelta(seconds=gap))
    silence = now - since
    if silence > patience and not any(at.astimezone(zone).time() < MORNING for at, _ in told):
        silence -= _nights(since, now, zone)
    return since if silence > patience else None


def _nights(since: datetime, until: datetime, zone: ZoneInfo) -> timedelta:
    """How much of [since, until) is night."""
    total = timedelta(0)
    day = since.astimezone(zone).date()
    while (begins := datetime.combine(day, time(0), zone)) < until:
        ends = datetime.combine(day, MORNING, zone)
        # Two instants of one zone are subtracted by their wall clocks, which is wrong when the clocks change.
        inside = min(ends.astimezone(UTC), until) - max(begins.astimezone(UTC), since)
        total += max(timedelta(0), inside)
        day += timedelta(days=1)
    return total


def ahead(zone: ZoneInfo, now: datetime) -> timedelta:
    """By how much the zone's clock is ahead of UTC, at least nothing."""
    return max(timedelta(0), zone.utcoffset(now.astimezone(zone)) or timedelta(0))


def seems_ahead(reports: Sequence[Report], now: datetime) -> bool:
    """Whether several entries stand where a reader of feeds puts those from the future: at `now` and after it."""
    instants = [report.published_at for report in reports if report.published_at]
    return sum(at > now - timedelta(seconds=1) for at in instants) >= FROM_AHEAD


def calls_local_time_utc(reports: Sequence[Report], zone: ZoneInfo, now: datetime) -> bool:
    """Whether the entries come from the future by what the zone's clock is ahead: several, none from further, the
    newest as if it had just been published."""
    future = [at - now for report in reports if (at := report.published_at) and at > now + SLACK]
    if len(future) < FROM_AHEAD or ahead(zone, now) < FRESH + SLACK:
        return False
    return ahead(zone, now) - FRESH <= max(future) <= ahead(zone, now) + SLACK


def proves_clock(published_at: datetime, zone: ZoneInfo, polled_at: datetime, now: datetime) -> bool | None:
    """Whether an entry that is there `now`, and was not when its source was last asked at `polled_at`, shows that a
    clock which called the zone's time UTC is right again; False: it still lies; None: either may be.

    `published_at` is as it is corrected. If that were true, the entry would have been there the last time; taken at
    its word, it came out since. A little from the future only a lying clock speaks.
    """
    said = published_at.astimezone(zone).replace(tzinfo=UTC)
    if now + SLACK < said:
        return False if said <= now + ahead(zone, now) + SLACK else None  # next week's concert is no clock
    return True if published_at + SLACK < polled_at < said + SLACK else None


def corrected(reports: Sequence[Report], zone: ZoneInfo) -> tuple[Report, ...]:
    """The reports of a source that calls the time on its wall UTC, each at the instant that was meant."""
    return tuple(
        replace(report, published_at=at.replace(tzinfo=zone).astimezone(UTC)) if (at := report.published_at) else report
        for report in reports
    )
