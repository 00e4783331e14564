"""A draft as one message in the editors' chat (screens, E13): its lines to choose from, one line's own screen, and
after its time what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from markupsafe import Markup

from bot.desk import flag_page
from bot.desk.draft_words import LIMITS
from bot.desk.flag_page import NOTHING, Question
from bot.editions.named import rubric_words
from bot.editions.packing import shorten
from bot.editions.press import TITLE_UNITS
from bot.editions.rubrics import kind_of
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Draft, Sitting

LINES_UNITS: Final = 2000  # of all lines: with all else the message stays within 4096
BESIDE_UNITS: Final = 45  # what may stand beside a headline: its number, whose words it is, the votes
HEADLINE_UNITS: Final = 140
NEWS_UNITS: Final = 80
CHANGES: Final = 6  # that are told; the others are seen in the lines
IN_A_ROW: Final = 3  # screens, rule 12
DATA: Final = re.compile(r"e:([a-z]{1,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")
Outlook = Literal["", "few", "empty", "too_long"]  # why it would not go out, '' when it would
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line: its headline as the channel would be told it, how many editors voted for it, and `news`: what its story
    says at `news_at`, when that is not what the line was chosen for. `own`: the headline is an editor's."""

    story_id: int
    headline: str
    chosen: bool
    votes: int = 0
    grave: bool = False
    own: bool = False
    news: str = ""
    news_at: datetime | None = None
    question: Question = NOTHING  # what the headline names that nobody answered for


@dataclass(frozen=True, slots=True)
class View:
    """All that the message tells. `fragments` make the title (none: it has none), `stale` are fragments as the
    judgement would make them where an editor's own speak of an older state. `channel` is '' where there is one alone.

    `editor` approved, held or skipped it, `writer` writes words; `ended` is what ended it as the journal calls it.
    `went_at` and `url` tell of the edition in the channel, '' and None before.
    """

    draft: Draft
    sitting: Sitting
    rows: Sequence[Row] = ()
    fragments: Sequence[str] = ()
    stale: Sequence[tuple[str, str]] = ()
    channel: str = ""
    length: int = 0
    fewest: int = 0
    outlook: Outlook = ""
    approval: bool = False
    paused: bool = False
    undo: bool = False
    editor: str = ""
    writer: str = ""
    ended: str = ""
    leaves_at: datetime | None = None
    went_at: datetime | None = None
    url: str = ""


def data(act: str, draft: Draft, story_id: int | None = None) -> str:
    """Callback data: `e:<act>:<edition>:<version>[:<story>]`."""
    tail = "" if story_id is None else f":{story_id}"
    return f"e:{act}:{draft.id}:{draft.version}{tail}"


def show(view: View, wording: Wording, now: datetime) -> Page:
    """The message as it should stand now."""
    if view.draft.state != "drafted":
        return _ended(view, wording, now)
    writing = _writing(view, wording, now)
    if view.sitting.view == "order":
        whole = (_title(view, wording), _text(_lines(view, wording)), wording.html("draft.which"))
        return Page(_parted(whole), _which(view, wording))
    if view.sitting.view == "line" and (found := _row(view)) is not None:
        return _one(view, *found, wording, now, writing)
    lines = [_title(view, wording), *_fragments(view, wording), _state(view, wording, now), _counted(view, wording)]
    changed = [*_changes(view, wording, now), *_stale(view, wording)]
    parts = (_text(lines), _text(_lines(view, wording)), _text(changed), writing)
    return Page(_parted(parts), _keyboard(view, wording, now))


def _title(view: View, wording: Wording) -> Markup:
    kind = kind_of(view.draft.rubric)
    name = rubric_words(view.draft.rubric, wording)
    title = wording.html("draft.title", mark=wording.text(f"draft.mark.{kind}"), rubric=name)
    return title + Markup(" · {}").format(shorten(view.channel, 24)) if view.channel else title


def _fragments(view: View, wording: Wording) -> list[Markup]:
    return (
        [wording.html("draft.fragments", fragments=shorten(". ".join(view.fragments), TITLE_UNITS))]
        if view.fragments
        else []
    )


def _state(view: View, wording: Wording, now: datetime) -> Markup:
    """When it goes out, and on whose word."""
    draft, at = view.draft, _when(view.draft.slot_at, wording, now)
    if view.paused:
        return wording.html("draft.paused")
    if draft.held_at is not None:
        return wording.html("draft.held", editor=view.editor, held=wording.clock(draft.held_at), at=at)
    if draft.approved_at is not None:
        return wording.html("draft.approved", editor=view.editor, clock=wording.clock(draft.approved_at), at=at)
    if not view.approval:
        return wording.html("draft.goes", at=at)
    return wording.html("draft.waits" if now < draft.slot_at else "draft.waits.late", at=at)


def _counted(view: View, wording: Wording) -> Markup:
    chosen = sum(row.chosen for row in view.rows)
    spoken = f"{view.length:,}".replace(",", "\u00a0")
    signs = wording.count("draft.signs", view.length, spoken=spoken)
    said = wording.html("draft.counted", chosen=chosen, all=len(view.rows), signs=signs)
    if view.outlook:
        said += Markup("\n{}").format(wording.html(f"draft.outlook.{view.outlook}", needed=view.fewest))
    return said


def _lines(view: View, wording: Wording) -> list[Markup]:
    limit = min(HEADLINE_UNITS, LINES_UNITS // max(len(view.rows), 1) - BESIDE_UNITS)
    lines = [_line(row, number, wording, limit) for number, row in enumerate(view.rows, 1)]
    return lines or [wording.html("draft.none")]


def _line(row: Row, number: int, wording: Wording, limit: int = HEADLINE_UNITS) -> Markup:
    key = "draft.line.chosen" if row.chosen else "draft.line.left"
    said = wording.html(key, number=number, headline=shorten(row.headline, limit))
    if row.own:
        said += wording.html("draft.line.own")
    if row.votes:
        said += Markup(" · {}").format(wording.count("card.votes.grave" if row.grave else "card.votes", row.votes))
    return said + flag_page.behind(row.question, wording)


def _changes(view: View, wording: Wording, now: datetime) -> list[Markup]:
    """What went on since the lines were chosen, and where that is not what an editor wrote."""
    return [_changed(row, number, wording, now) for number, row in enumerate(view.rows, 1) if row.news][:CHANGES]


def _changed(row: Row, number: int, wording: Wording, now: datetime) -> Markup:
    assert row.news_at is not None  # news has its time
    key = "draft.conflict" if row.own else "draft.changed"
    news = shorten(row.news, NEWS_UNITS)
    return wording.html(key, number=number, at=_when(row.news_at, wording, now), news=news)


def _stale(view: View, wording: Wording) -> list[Markup]:
    return [
        wording.html(
            "draft.conflict.fragment", letter=wording.text(f"draft.letter.{name}"), news=shorten(made, NEWS_UNITS)
        )
        for name, made in view.stale
    ]


def _writing(view: View, wording: Wording, now: datetime) -> Markup:
    """Who writes which words, and how; nothing when nobody does."""
    sitting = view.sitting
    if sitting.written_by(now) is None or sitting.until_at is None or sitting.writes is None:
        return Markup()
    until, limit = wording.clock(sitting.until_at), LIMITS[sitting.writes]
    if sitting.writes == "line":
        found = next(((at, row) for at, row in enumerate(view.rows, 1) if row.story_id == sitting.writes_of), None)
        what = wording.text("draft.writes.line", number=found[0] if found else "…")
        standing = found[1].headline if found else ""
    else:
        place = int(sitting.writes == "b")
        what = wording.text("draft.writes.fragment", letter=wording.text(f"draft.letter.{sitting.writes}"))
        standing = view.fragments[place] if place < len(view.fragments) else ""
    return wording.html(
        "draft.writing",
        editor=view.writer,
        until=until,
        what=what,
        limit=limit,
        standing=shorten(standing, HEADLINE_UNITS) or "…",
    )


def _keyboard(view: View, wording: Wording, now: datetime) -> Rows:
    """The default first; then the lines' numbers as on a telephone, the words, the order."""
    draft = view.draft

    def button(act: str, style: Literal["", "success"] = "") -> Button:
        return Button(wording.text(f"draft.button.{act}"), data(act, draft), style=style)

    numbers = [
        Button(str(number), data("off" if row.chosen else "on", draft, row.story_id))
        for number, row in enumerate(view.rows, 1)
    ]
    titled = (button("a"), button("b"), button("swap"))[: 3 if len(view.fragments) > 1 else len(view.fragments)]
    settle: Rows = ((button("yes", "success"), button("hold")),)
    if draft.approved_at is not None:
        settle = ((button("hold"),),)
    if draft.held_at is not None:
        plan = (button("plan"),) if now < draft.slot_at else ()
        settle = ((button("now", "success"), *plan, button("skip")),)
    writing = view.sitting.written_by(now) is not None
    return (
        *(((button("auto"), button("leave")),) if writing else ()),
        *settle,
        *_rows(numbers),
        titled,
        (button("order"), button("view")),
        (button("undo"),) if view.undo else (),
    )


def _which(view: View, wording: Wording) -> Rows:
    numbers = [Button(str(number), data("line", view.draft, row.story_id)) for number, row in enumerate(view.rows, 1)]
    return (*_rows(numbers), (Button(wording.text("draft.button.back"), data("back", view.draft)),))


def _one(view: View, number: int, row: Row, wording: Wording, now: datetime, writing: Markup) -> Page:
    """A line's own screen."""
    draft = view.draft

    def button(act: str) -> Button:
        return Button(wording.text(f"draft.button.{act}"), data(act, draft, row.story_id))

    place = wording.html("draft.place", number=number, all=len(view.rows))
    lines = [_line(row, number, wording)]
    if row.news:
        lines.append(_changed(row, number, wording, now))
    parts = (_text([_title(view, wording), place]), _text(lines), writing)
    conflict = (button("fresh"), button("keep")) if row.news and row.own else (button("fresh"),) if row.own else ()
    open_edit = view.sitting.written_by(now) is not None
    return Page(
        _parted(parts),
        (
            (button("auto"), button("leave")) if open_edit else (),
            (button("up"), button("down")),
            (button("first"), button("last")),
            (button("next"), button("words")) if row.chosen else (button("words"),),
            conflict,
            (button("back"),),
        ),
    )


def _ended(view: View, wording: Wording, now: datetime) -> Page:
    """What became of it. Nothing is to be pressed but the way back, or into the channel."""
    draft, sitting = view.draft, view.sitting
    at, name = _when(draft.slot_at, wording, now), rubric_words(draft.rubric, wording)
    title = Markup("{} <b>{}</b>").format(wording.text(f"draft.mark.{kind_of(draft.rubric)}"), name)
    title += Markup(" · {}").format(shorten(view.channel, 24)) if view.channel else ""
    lines = [title, *_fragments(view, wording)]
    key = f"draft.ended.{_end(view, now)}"
    went = _when(view.went_at, wording, now) if view.went_at else ""
    leaves = f"{view.leaves_at.astimezone(wording.zone):%H:%M:%S}" if view.leaves_at else ""
    by = wording.clock(sitting.acted_at)
    lines.append(wording.html(key, at=at, went=went, leaves=leaves, editor=view.editor, clock=by))
    if draft.state in ("approved", "out") and draft.approved_at is not None and view.editor:
        lines.append(wording.html("draft.ended.by", editor=view.editor, clock=wording.clock(draft.approved_at)))
    opening = (Button(wording.text("draft.button.open"), url=view.url),) if view.url else ()
    undo = (Button(wording.text("draft.button.undo"), data("undo", draft)),) if view.undo else ()
    return Page(_text(lines), (opening, undo))


def _end(view: View, now: datetime) -> str:
    if view.went_at is not None and view.draft.state in ("approved", "out", "held"):
        return "out"
    if view.draft.state == "approved":
        return "leaving" if view.leaves_at is not None and view.leaves_at > now else "sending"
    if view.draft.state == "skipped":
        return {"skip": "skipped", "expire": "expired", "unwanted": "unwanted"}.get(view.ended, "few")
    return view.draft.state


def _row(view: View) -> tuple[int, Row] | None:
    return next(
        ((number, row) for number, row in enumerate(view.rows, 1) if row.story_id == view.sitting.story_id), None
    )


def _rows(numbers: Sequence[Button]) -> Rows:
    return tuple(tuple(numbers[start : start + IN_A_ROW]) for start in range(0, len(numbers), IN_A_ROW))


def _when(at: datetime, wording: Wording, now: datetime) -> str:
    """«о 23:00», on another day «завтра о 00:15»."""
    return wording.dated_at(at, now)


def _text(lines: Sequence[Markup]) -> Markup:
    return Markup("\n").join(line for line in lines if line)


def _parted(parts: Sequence[Markup]) -> Markup:
    return Markup("\n\n").join(part for part in parts if part)
