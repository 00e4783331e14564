"""What is overdue (screens, E15) leaves at an editor's word alone: one message asks, then says what was chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.editions.named import rubric_words
from bot.editions.packing import shorten
from bot.screen import Button, Page
from bot.wording import Wording

MOST = 12  # lines: with the heading and what follows them the message stays within fifteen
TITLE_UNITS = 80
CHANNEL_UNITS = 24
STEP = timedelta(minutes=10)  # screens, E15


@dataclass(frozen=True, slots=True)
class Line:
    """A post (then `rubric` is '') or an edition whose time passed. `url` leads to its card, '' when it has none.

    `outcome` is '' until an editor chose; `became_at` is its new time, None when it has none. `channel` is '' while the
    newsroom has one.
    """

    due_at: datetime
    title: str
    rubric: str = ""
    url: str = ""
    outcome: str = ""
    became_at: datetime | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One message. `lines` are what is overdue, or after a choice what each became; `gap` is the outage, if any.

    `act` is '' until an editor chose; then `editor` and `at` say who and when, and `undo` whether it can be taken back.
    """

    id: int
    version: int
    lines: Sequence[Line]
    gap: tuple[datetime, datetime] | None = None
    act: str = ""
    editor: str = ""
    at: datetime | None = None
    undo: bool = False


def data(act: str, question: Question) -> str:
    """Callback data: `l:<act>:<number>:<version>`."""
    return f"l:{act}:{question.id}:{question.version}"


def show(question: Question, wording: Wording, now: datetime) -> Page:
    """The message as it should stand now."""
    heading = _heading(question, wording, now)
    if question.act:
        assert question.at is not None  # somebody chose
        chosen = f"late.act.{_chosen(question)}"
        said = wording.html(chosen, editor=question.editor, at=wording.dated(question.at, now))
        lines = [_became(line, wording, now) for line in question.lines]
        row = (Button(wording.text("late.button.undo"), data("undo", question)),) if question.undo else ()
        return Page(_text(heading, said, lines, wording), (row,))
    if not question.lines:
        return Page(Markup("\n").join([heading, wording.html("late.settled")]))
    lines = [_overdue(line, wording, now) for line in question.lines]
    return Page(
        _text(heading, wording.html("late.overdue", what=_counted(question, wording)), lines, wording),
        _keyboard(question, wording),
    )


def times(now: datetime, taken: Collection[datetime], count: int, step: timedelta = STEP) -> list[datetime]:
    """So many instants, one `step` apart, from a step after the next full minute on; none is nearer than that to one of
    `taken`."""
    found: list[datetime] = []
    at = now.replace(second=0, microsecond=0) + step
    if at < now + step:
        at += timedelta(minutes=1)
    while len(found) < count:
        if all(abs(at - other) >= step for other in taken):
            found.append(at)
        at += step
    return found


def weightiest(weights: Sequence[tuple[float | None, datetime]]) -> int:
    """Which of these (importance, the time that passed) matters most: what has an importance before what has none,
    the greater one first, of equals the earlier."""

    def place(index: int) -> tuple[bool, float, datetime]:
        importance, due_at = weights[index]
        return (importance is None, -(importance or 0.0), due_at)

    return min(range(len(weights)), key=place)


def _chosen(question: Question) -> str:
    """The act in the words of what it was done to: one thing alone is not spread, nor the most important."""
    alone = len(question.lines) == 1
    if question.act == "spread" and all(line.rubric for line in question.lines):
        return "send"
    return {"spread": "later", "top": "send"}.get(question.act, question.act) if alone else question.act


def _heading(question: Question, wording: Wording, now: datetime) -> Markup:
    if question.gap is None:
        return wording.html("late.title")
    since, until = question.gap
    if since.astimezone(wording.zone).date() == now.astimezone(wording.zone).date():
        return wording.html("late.title.outage", since=wording.clock(since), until=wording.clock(until))
    return wording.html("late.title.outage.days", since=wording.dated(since, now), until=wording.dated(until, since))


def _counted(question: Question, wording: Wording) -> str:
    editions = sum(bool(line.rubric) for line in question.lines)
    posts = len(question.lines) - editions
    counts = [("late.posts", posts), ("late.editions", editions)]
    return wording.text("late.and").join(wording.count(key, number) for key, number in counts if number)


def _text(heading: Markup, said: Markup, lines: Sequence[Markup], wording: Wording) -> Markup:
    shown = [Markup("{}. {}").format(place, line) for place, line in enumerate(lines[:MOST], start=1)]
    if len(lines) > MOST:
        shown.append(Markup("{}").format(wording.count("late.more", len(lines) - MOST)))
    return Markup("\n").join([heading, said, *shown])


def _overdue(line: Line, wording: Wording, now: datetime) -> Markup:
    return Markup("<b>{}</b> {}").format(wording.brief(line.due_at, now), _name(line, wording))


def _became(line: Line, wording: Wording, now: datetime) -> Markup:
    if line.became_at is not None:
        return Markup("<b>{}</b> {}").format(wording.brief(line.became_at, now), _name(line, wording))
    return wording.html(f"late.became.{line.outcome}", name=_name(line, wording))


def _name(line: Line, wording: Wording) -> Markup:
    if line.channel:
        bare = _name(replace(line, channel=""), wording)
        return Markup("{} · {}").format(bare, shorten(line.channel, CHANNEL_UNITS))
    if line.rubric:
        return Markup("{}").format(rubric_words(line.rubric, wording))
    title = shorten(line.title, TITLE_UNITS) or "…"
    return Markup('<a href="{}">{}</a>').format(line.url, title) if line.url else Markup("{}").format(title)


def _keyboard(question: Question, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """What can be chosen; what stands alone is not spread, and editions have no cards."""
    posts = sum(not line.rubric for line in question.lines)
    alone = len(question.lines) == 1
    spread = "late.button.spread" if not alone else "late.button.later"
    first = Button(wording.text(spread if posts else "late.button.send"), data("spread", question), style="success")
    top = Button(wording.text("late.button.now" if alone else "late.button.top"), data("top", question))
    each = Button(wording.text("late.button.each"), data("each", question))
    drop = Button(wording.text("late.button.drop" if not alone else "late.button.drop.one"), data("drop", question))
    return ((first,), (top, each) if posts else (), (drop,))
