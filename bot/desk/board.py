"""The queue as one board (screens, E6): what goes out on a day, edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from markupsafe import Markup

from bot.desk import card_care
from bot.desk.content import headline
from bot.editions.named import rubric_words
from bot.editions.packing import shorten
from bot.editions.slots import Slot
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Content, Post

MOST = 20  # lines: a day has fourteen slots and four editions
NUMBERED = 6  # buttons that lead to cards: two rows of them
TITLE_UNITS = 80
CHANNEL_UNITS = 24
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Board:
    """What the board tells: queued posts, editions to come with their channels' numbers, drafts nobody queued, when a
    channel last spoke, what the channels are called, the addresses of posts' cards, and which channels are paused.

    `day` is None for what comes next; else it is that day's, and `sent` (when, a post's text, an edition's rubric) went
    out on it. `pending` posts wait for a second editor.
    """

    posts: Sequence[Post]
    editions: Sequence[tuple[int, Slot]]
    drafts: int
    last_at: datetime | None
    channels: Mapping[int, str] = field(default_factory=dict)
    cards: Mapping[int, str] = field(default_factory=dict)
    paused: Sequence[int] = ()
    pending: int = 0
    day: date | None = None
    sent: Sequence[tuple[datetime, str, str]] = ()

    def named(self, channel_id: int, text: Markup) -> Markup:
        """The line with its channel, when there is more than one."""
        if len(self.channels) < 2:
            return text
        return Markup("{} · {}").format(text, shorten(self.channels.get(channel_id, ""), CHANNEL_UNITS))


@dataclass(frozen=True, slots=True)
class _Row:
    at: datetime
    text: Markup
    url: str = ""


def show(board: Board, wording: Wording, now: datetime) -> Page:
    """The board, earliest first."""
    rows = _rows(board, wording, now)
    head = wording.html("board.title", day=wording.day(_moment(board, wording, now), now), clock=wording.clock(now))
    if board.day is not None:
        head = wording.html("board.title.day", day=_headed(board.day, wording, now))
    empty = "board.empty" if board.day is None else "board.empty.day"
    lines = [
        Markup("{}. <b>{}</b> {}").format(place, _at(row.at, board, wording, now), row.text)
        for place, row in enumerate(rows[:MOST], start=1)
    ] or [wording.html(empty)]
    if len(rows) > MOST:
        lines.append(Markup("{}").format(wording.count("board.more", len(rows) - MOST)))
    foot = _foot(board, wording, now) if board.day is None else []
    parts = [head, Markup("\n").join(lines), Markup("\n").join(foot)]
    return Page(Markup("\n\n").join(part for part in parts if part), _keyboard(board, rows, wording, now))


def _rows(board: Board, wording: Wording, now: datetime) -> list[_Row]:
    rows = [
        _Row(post.due_at, board.named(post.channel_id, _post(post, wording, now)), board.cards.get(post.id, ""))
        for post in board.posts
        if post.due_at is not None
    ]
    rows += [
        _Row(slot.at, board.named(channel, Markup("{}").format(rubric_words(slot.rubric, wording))))
        for channel, slot in board.editions
    ]
    for at, text, rubric in board.sent:
        title = rubric_words(rubric, wording) if rubric else shorten(headline(Content(text)), TITLE_UNITS) or "…"
        rows.append(_Row(at, wording.html("board.sent", title=title)))
    return sorted(rows, key=lambda row: row.at)


def _foot(board: Board, wording: Wording, now: datetime) -> list[Markup]:
    foot = [Markup("{}").format(wording.count("board.drafts", board.drafts))] if board.drafts else []
    if board.pending:
        foot.append(Markup("{}").format(wording.count("board.pending", board.pending)))
    if board.paused:
        names = ", ".join(board.channels.get(each, "") for each in board.paused) if len(board.channels) > 1 else ""
        foot.append(_paused(names, wording))
    if board.last_at is not None:
        foot.append(wording.html("board.last", at=wording.dated(board.last_at, now)))
    return foot


def _paused(names: str, wording: Wording) -> Markup:
    line = wording.html("board.paused")
    return Markup("{}: {}").format(line, names) if names else line


def _keyboard(board: Board, rows: Sequence[_Row], wording: Wording, now: datetime) -> tuple[tuple[Button, ...], ...]:
    numbers = [Button(str(place), url=row.url) for place, row in enumerate(rows[:MOST], start=1) if row.url][:NUMBERED]
    today = now.astimezone(wording.zone).date()
    shown = board.day or today
    turns = (
        Button(f"‹ {_named(shown - DAY, wording, now)}", f"x:day:{shown - DAY:%Y%m%d}:0"),
        Button(f"{_named(shown + DAY, wording, now)} ›", f"x:day:{shown + DAY:%Y%m%d}:0"),
    )
    found = [tuple(numbers[at : at + 3]) for at in range(0, len(numbers), 3)] + [turns]
    if board.day is not None:
        return (*found, (Button(wording.text("board.button.back"), "x:queue:0:0"),))
    several = len(board.channels) > 1
    pause = Button(wording.text("board.button.pause"), "x:which:0:0" if several else f"x:pause:{_only(board)}:1")
    if board.paused and not several:
        pause = Button(wording.text("board.button.paused"), f"x:shown:{_only(board)}:0")
    order = (Button(wording.text("board.button.order"), "x:pick:0:0"),) if len(board.posts) > 1 else ()
    return (*found, (Button(wording.text("board.button.post"), "x:post:0:0"), *order, pause),
            (Button(wording.text("board.button.refresh"), "b:refresh"),))  # fmt: skip


def noon(day: date, wording: Wording) -> datetime:
    """An instant of this day by the newsroom's clock."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=wording.zone)


def _named(day: date, wording: Wording, now: datetime) -> str:
    words = wording.day(noon(day, wording), now)
    return words[:1].upper() + words[1:]


def _headed(day: date, wording: Wording, now: datetime) -> str:
    """The day as a page of it is headed: «Завтра, чт, 21 листопада», «Пт, 22 листопада»."""
    words = wording.date(noon(day, wording), now)
    if abs(day - now.astimezone(wording.zone).date()) <= DAY:
        words = f"{wording.day(noon(day, wording), now)}, {words}"
    return words[:1].upper() + words[1:]


def _at(at: datetime, board: Board, wording: Wording, now: datetime) -> str:
    return wording.brief(at, now) if board.day is None else wording.clock(at)


def _moment(board: Board, wording: Wording, now: datetime) -> datetime:
    return now if board.day is None else noon(board.day, wording)


def _only(board: Board) -> int:
    return next(iter(board.channels), 0)


def _post(post: Post, wording: Wording, now: datetime) -> Markup:
    title = shorten(headline(post.content), TITLE_UNITS) or "…"
    line = wording.html("board.post.silent" if post.silent else "board.post", title=title)
    if post.embargo_at is not None and post.embargo_at > now:
        until = card_care.until(post.embargo_at, wording, now)
        line += wording.html("board.post.embargo", until=until)
    return line
