"""Another date for a post (screens, E3): a month, then the hours of a day, by the newsroom's clock."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, datetime, time, timedelta

from bot.desk.times import LONGEST
from bot.editions.slots import instant
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

HOURS = range(6, 24)  # nobody plans a post for the night; a reply with a time does that too
ROW = 3


def month(post: Post, first: date, wording: Wording, now: datetime) -> Page:
    """The days of this month; what is past, or too far away, cannot be pressed. A week is a row, from Monday."""
    today = now.astimezone(wording.zone).date()
    last = (now + LONGEST).astimezone(wording.zone).date()
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = [
        tuple(
            Button(
                str(day.day) if day.month == first.month else "·",
                _data("hours", post, day),
                disabled=day.month != first.month or not today <= day <= last,
            )
            for day in week
        )
        for week in weeks
    ]
    before, after = first - timedelta(days=1), (first + timedelta(days=31)).replace(day=1)
    turns = (
        Button(f"‹ {_named(before, wording)}", _data("month", post, before.replace(day=1)), disabled=before < today),
        Button(f"{_named(after, wording)} ›", _data("month", post, after), disabled=after > last),
    )
    back = (Button(wording.text("card.button.back"), f"q:times:{post.id}:{post.row_version}"),)
    title = f"{_named(first, wording)} {first.year}"
    return Page(wording.html("calendar.month", month=title), (*rows, turns, back))


def hours(post: Post, day: date, wording: Wording, now: datetime) -> Page:
    """The hours of this day; those that are past, or before the post's embargo, cannot be pressed."""
    earliest = max(now, post.embargo_at or now)
    buttons = []
    for hour in HOURS:
        at = instant(day, time(hour), wording.zone)
        data = f"q:slot:{post.id}:{post.row_version}:{int(at.timestamp())}"
        buttons.append(Button(wording.clock(at), data, disabled=at <= now or at < earliest))
    rows = [tuple(buttons[at : at + ROW]) for at in range(0, len(buttons), ROW)]
    back = (Button(wording.text("card.button.back"), _data("month", post, day.replace(day=1))),)
    named = wording.day(instant(day, time(12), wording.zone), now)
    return Page(wording.html("calendar.day", day=named[:1].upper() + named[1:]), (*rows, back))


def _named(day: date, wording: Wording) -> str:
    return wording.text("calendar.months").split()[day.month - 1]


def _data(act: str, post: Post, day: date) -> str:
    return f"x:{act}:{post.id}:{post.row_version}:{day:%Y%m%d}"
