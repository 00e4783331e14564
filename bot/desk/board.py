"""The queue as one board (screens, E6): what goes out on a day, edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from bot.desk.content import headline
from bot.editions.named import rubric_words
from bot.editions.packing import shorten
from bot.editions.slots import Slot
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

MOST = 20  # lines: a day has fourteen slots and four editions
TITLE_UNITS = 80
CHANNEL_UNITS = 24


@dataclass(frozen=True, slots=True)
class Board:
    """What the board tells: queued posts, editions to come with their channels' numbers, drafts nobody queued, when a
    channel last spoke, and what the channels are called."""

    posts: Sequence[Post]
    editions: Sequence[tuple[int, Slot]]
    drafts: int
    last_at: datetime | None
    channels: Mapping[int, str] = field(default_factory=dict)

    def named(self, channel_id: int, text: Markup) -> Markup:
        """The line with its channel, when there is more than one."""
        if len(self.channels) < 2:
            return text
        return Markup("{} · {}").format(text, shorten(self.channels.get(channel_id, ""), CHANNEL_UNITS))


def show(board: Board, wording: Wording, now: datetime) -> Page:
    """The board, earliest first."""
    rows = [
        (post.due_at, board.named(post.channel_id, _post(post, wording)))
        for post in board.posts
        if post.due_at is not None
    ]
    rows += [
        (slot.at, board.named(channel, Markup("{}").format(rubric_words(slot.rubric, wording))))
        for channel, slot in board.editions
    ]
    rows.sort(key=lambda row: row[0])
    head = wording.html("board.title", day=wording.day(now, now), clock=wording.clock(now))
    lines = [
        Markup("{}. <b>{}</b> {}").format(place, wording.moment(at, now), text)
        for place, (at, text) in enumerate(rows[:MOST], start=1)
    ] or [wording.html("board.empty")]
    if len(rows) > MOST:
        lines.append(Markup("{}").format(wording.count("board.more", len(rows) - MOST)))
    foot = [Markup("{}").format(wording.count("board.drafts", board.drafts))]
    if board.last_at is not None:
        foot.append(wording.html("board.last", at=wording.moment(board.last_at, now)))
    text = Markup("\n\n").join([head, Markup("\n").join(lines), Markup("\n").join(foot)])
    return Page(text, ((Button(wording.text("board.button.refresh"), "b:refresh"),),))


def _post(post: Post, wording: Wording) -> Markup:
    title = shorten(headline(post.content), TITLE_UNITS) or "…"
    key = "board.post.silent" if post.silent else "board.post"
    return wording.html(key, title=title)
