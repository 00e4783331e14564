"""E19: breaking news before it leaves, with all that it does; and its form in the channel (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot.desk import flag_page
from bot.desk.content import headline
from bot.desk.flag_page import NOTHING, Question
from bot.desk.guard_page import Match, data
from bot.editions.packing import shorten, units
from bot.judgement.names import said_by
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Content, Item, Post

NAME_UNITS = 60
SENTENCE_UNITS = 300
TITLE_UNITS = 120


@dataclass(frozen=True, slots=True)
class Alarm:
    """What breaking news would be: its words, its channel, how many posts make way, whether it is night there, who
    else says so, and what was told already (None: nothing). `night`: the channel has its quiet hours."""

    words: Content
    channel: str
    moved: int
    night: bool
    voices: Sequence[str]
    match: Match | None = None
    question: Question = NOTHING  # what its words name that nobody answered for


def form(post: Post, item: Item | None, wording: Wording, now: datetime) -> Content:
    """C4: one sentence, the source, the time; the sentence leads to the page. `wording` is the channel's."""
    sentence = shorten(headline(post.content), SENTENCE_UNITS)
    at = wording.clock(item.published_at if item is not None else now)
    source = item.source if item is not None and not item.own and not said_by(item.title) else ""
    key = "breaking.post" if source else "breaking.post.bare"
    text = wording.text(key, sentence=sentence, source=shorten(source, NAME_UNITS), at=at)
    length = units(sentence)
    entities: list[dict[str, object]] = [{"type": "bold", "offset": 0, "length": length}]
    if post.content.url:
        entities.append({"type": "text_link", "offset": 0, "length": length, "url": post.content.url})
    return replace(post.content, text=text, entities=tuple(entities) if text.startswith(sentence) else ())


def show(post: Post, alarm: Alarm, wording: Wording, now: datetime) -> Page:
    """E19: the full text, where it goes, and what makes way for it."""
    lines = [wording.html("breaking.title"), Markup("<b>{}</b>").format(alarm.words.text)]
    lines.append(wording.html("breaking.where", channel=shorten(alarm.channel, NAME_UNITS)))
    if alarm.night:
        lines.append(wording.html("breaking.night"))
    if alarm.moved:
        lines.append(Markup("{}").format(wording.count("breaking.moved", alarm.moved)))
    if len(alarm.voices) == 1:
        lines.append(wording.html("breaking.alone", source=shorten(alarm.voices[0], NAME_UNITS)))
    lines += flag_page.lines(alarm.question, wording, now)
    if alarm.match is not None:
        told = alarm.match.before
        title = shorten(next(iter(told.text.splitlines()), ""), TITLE_UNITS)
        lines.append(wording.html("guard.title"))
        lines.append(wording.html(f"guard.told.{told.how}", at=wording.moment(told.at, now), title=title))
    keyboard = (
        (Button(wording.text("breaking.button.send"), data("send", post, 0), style="danger"),),
        (Button(wording.text("breaking.button.silent"), data("send", post, 1)),),
        (Button(wording.text("card.button.back"), data("back", post)),),
    )
    return Page(Markup("\n").join(lines), keyboard)


def opening(post: Post, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """The card's row that leads here."""
    return ((Button(wording.text("breaking.button.open"), data("alarm", post)),),)


def whose(post: Post, editor: str, wording: Wording) -> Markup:
    """Who lets a post out, and whether it is heard."""
    if not post.changed_by:
        return wording.html("breaking.auto")
    return wording.html("card.tapped.silent" if post.silent else "card.tapped", editor=editor)
