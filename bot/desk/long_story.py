"""One long story (screens, E21): what is counted in it, who said it and when, and who says less."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from bot.editions.fragments import fragment
from bot.editions.packing import shorten
from bot.judgement.counts import Count, Saying, told
from bot.screen import Page
from bot.wording import Wording
from storage.model import Story

TITLE_UNITS = 80
WHO_UNITS = 40
MOST = 3  # contradictions of one count: who reads more of them opens the reports


def page(story: Story, wording: Wording, now: datetime) -> Page:
    """The story's message: its name, each count with its voices, each contradiction below the count that it denies."""
    title = shorten(fragment(story.state.title), TITLE_UNITS)
    counts = told(story.items)
    lines = [wording.html("story.title", title=title, updates=story.state.version - 1)]
    for count in counts:
        lines.append(_count(count, wording, now))
        lines.extend(_against(each, wording, now) for each in count.against[-MOST:])
    if not counts:
        lines.append(wording.html("story.uncounted"))
    return Page(Markup("\n").join(lines))


def _count(count: Count, wording: Wording, now: datetime) -> Markup:
    said = wording.html(f"story.count.{count.which}", said=_said(count.now, wording, now))
    if count.before is None:
        return said
    key = "story.count.mended" if count.mended else "story.count.before"
    return wording.html(key, now=said, before=_said(count.before, wording, now))


def _said(saying: Saying, wording: Wording, now: datetime) -> Markup:
    """«2 — Філашкін, 16:50»."""
    return wording.html("story.said", number=saying.count, who=_who(saying), at=wording.moment(saying.at, now))


def _against(saying: Saying, wording: Wording, now: datetime) -> Markup:
    """«⚠️ Прокуратура о 17:05 називає 1»."""
    moment, clock = wording.moment(saying.at, now), wording.clock(saying.at)
    at = wording.at(saying.at) if moment == clock else moment
    who = _who(saying)
    who = who[:1].upper() + who[1:]
    return wording.html("story.against", who=who, at=at, number=saying.count)


def _who(saying: Saying) -> str:
    return shorten(saying.who, WHO_UNITS)
