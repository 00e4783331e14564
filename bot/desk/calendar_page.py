"""Another date for a post (screens, E3): the next days, then the hours of one, by the newsroom's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.desk.times import LONGEST
from bot.editions.slots import instant
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

HOURS = range(6, 24)  # nobody plans a post for the night; a reply with a time does that too
ROW = 3  # a week in a row is cut on a phone
DAYS = 5 * ROW  # of a page


def days(post: Post, shown: date, wording: Wording, now: datetime) -> Page:
    """The page of days that this one is on, each with its weekday, from today up to the last that can be planned."""
    today = now.astimezone(wording.zone).date()
    last = (now + LONGEST).astimezone(wording.zone).date()
    first = today + timedelta(days=max(0, (min(shown, last) - today).days) // DAYS * DAYS)
    here = [day for each in range(DAYS) if (day := first + timedelta(days=each)) <= last]
    buttons = [Button(_short(day, wording), _data("hours", post, day)) for day in here]
    rows = [tuple(buttons[at : at + ROW]) for at in range(0, len(buttons), ROW)]
    before, after = first - timedelta(days=1), first + timedelta(days=DAYS)
    turns = (
        Button(f"‹ {_short(before, wording)}", _data("month", post, before), disabled=before < today),
        Button(f"{_short(after, wording)} ›", _data("month", post, after), disabled=after > last),
    )
    back = (Button(wording.text("card.button.back"), f"q:times:{post.id}:{post.row_version}"),)
    ends = {"first": wording.date(_noon(here[0], wording), now), "last": wording.date(_noon(here[-1], wording), now)}
    return Page(wording.html("calendar.days", **ends), (*rows, turns, back))


def hours(post: Post, day: date, wording: Wording, now: datetime) -> Page:
    """The hours of this day; those that are past, or before the post's embargo, cannot be pressed."""
    earliest = max(now, post.embargo_at or now)
    buttons = []
    for hour in HOURS:
        at = instant(day, time(hour), wording.zone)
        data = f"q:slot:{post.id}:{post.row_version}:{int(at.timestamp())}"
        buttons.append(Button(wording.clock(at), data, disabled=at <= now or at < earliest))
    rows = [tuple(buttons[at : at + ROW]) for at in range(0, len(buttons), ROW)]
    back = (Button(wording.text("card.button.back"), _data("month", post, day)),)
    named = wording.date(_noon(day, wording), now)
    return Page(wording.html("calendar.day", day=named[:1].upper() + named[1:]), (*rows, back))


def _short(day: date, wording: Wording) -> str:
    return wording.short(_noon(day, wording))


def _noon(day: date, wording: Wording) -> datetime:
    return instant(day, time(12), wording.zone)


def _data(act: str, post: Post, day: date) -> str:
    return f"x:{act}:{post.id}:{post.row_version}:{day:%Y%m%d}"
