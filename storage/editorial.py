"""What editors plan: the rubrics they wish, the drafts of editions, the pauses of channels. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from storage.model import Content

Kept = Literal["offered", "left", "over"]  # how a story is followed
Field = Literal["language", "sections", "signature", "quiet", "picture", "pins"]  # of a channel

CorrectionKind = Literal["typo", "data", "error", "withdraw"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A rubric as editors want it. Without walls it is not wanted. `days` are 1 Monday to 7 Sunday, `sections` are
    folded, none: all. No slot before `since_at` is owed. Not `own`: it is as the environment says again, since then."""

    name: str
    walls: tuple[time, ...]
    days: frozenset[int]
    size: int
    sections: tuple[str, ...] = ()
    since_at: datetime | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause of a channel; it lasts while `ended_at` is None. `act` says how it ended, '' until then. `version`
    counts what editors decided about it and stands in its buttons."""

    id: int
    channel_id: int
    since_at: datetime
    since_by: int
    ended_at: datetime | None
    ended_by: int | None
    act: str
    version: int

    @property
    def intent(self) -> str:
        """The event of the message that shows it."""
        return f"pause:{self.id}"


@dataclass(frozen=True, slots=True)
class Lease:
    """An editor's turn to write at a post: nobody else may until `until_at`. `titled`: the next reply is the headline
    alone. `content` is what would be saved, None before anything was written."""

    post_id: int
    editor: int
    until_at: datetime
    titled: bool = False
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the board shows instead of the queue until `until_at`: another `day`, the posts to pick from, or the one
    whose place is changed (`post_id`)."""

    view: Literal["day", "pick", "order"]
    until_at: datetime
    day: date | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A candidate of a draft. `touched`: an editor decided on it, so the judgement does not. `version` is the state
    of its story that was last looked at; `own_text` are an editor's words, which speak of the state `own_version`."""

    story_id: int
    chosen: bool
    version: int
    touched: bool = False
    own_text: str | None = None
    own_version: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that has not gone out, as editors have it: lines in their order, their own fragments, their word.

    `version` counts every change and stands in the buttons. Untouched, it follows the judgement; `approved_at`: an
    editor wants just this; `held_at`: it waits for an editor's word.
    """

    id: int
    channel_id: int
    rubric: str
    local_date: str
    wall_time: str
    slot_at: datetime
    from_at: datetime
    version: int
    state: str
    lines: tuple[DraftLine, ...]
    fragment_a: str | None = None
    fragment_b: str | None = None
    touched_at: datetime | None = None
    approved_at: datetime | None = None
    held_at: datetime | None = None
    settled_by: int | None = None
    checked_at: datetime | None = None
    reminded_at: datetime | None = None
    alarmed_at: datetime | None = None

    @property
    def intent(self) -> str:
        """The event of the message that shows it to the editors."""
        return f"draft:{self.id}"


@dataclass(frozen=True, slots=True)
class Sitting:
    """How editors sit at a draft: `view` is the screen that its message shows ('lines', 'order', or 'line' of
    `story_id`); `writer` writes words until `until_at` (`writes`: fragment 'a' or 'b', or the 'line' of `writes_of`).

    `leads` says of which story, in which state, an own fragment speaks; `undo` is the draft before the last act, which
    left it at `version`.
    """

    acted_at: datetime
    acted_by: int = 0
    act: str = ""
    version: int = 0
    view: str = "lines"
    story_id: int | None = None
    writes: str | None = None
    writes_of: int | None = None
    writer: int | None = None
    until_at: datetime | None = None
    leads: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    undo: Draft | None = None

    def written_by(self, now: datetime) -> int | None:
        """Who writes words now, None when nobody does (any more)."""
        return self.writer if self.until_at is not None and now < self.until_at else None


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changed it last, by name, and when."""

    at: datetime
    editor: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """A channel that made the bot its administrator. `chat_id` is Telegram's number, `name` its @name or '';
    `rights` are those of post, edit, delete that the bot has, `asked`: the editors were asked about it once.

    quiet: they were not, another question stood unanswered; left: the bot is out of it again.
    """

    chat_id: int
    name: str
    title: str
    state: Literal["quiet", "asked", "declined", "taken", "left"]
    rights: tuple[str, ...]
    added_by: int
    asked: bool = False

    @property
    def chat(self) -> str:
        """What Telegram is told."""
        return self.name or str(self.chat_id)

    @property
    def intent(self) -> str:
        """The event of the message that asks the editors."""
        return f"welcome:{self.chat_id}"


@dataclass(frozen=True, slots=True)
class Before:
    """One telling: an editor's post, a person's own in the channel, a line of an edition, or a post that waits for its
    time. `message_id` is None while nothing is known to stand in the channel."""

    how: Literal["post", "hand", "edition", "queue"]
    at: datetime
    text: str
    message_id: int | None = None
    post_id: int | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A message of the bot as a person changed it in the channel."""

    chat_id: int
    message_id: int
    text: str
    entities: tuple[Mapping[str, Any], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """What an editor wants corrected. `text` is None until the new words were written; `line` stands above them.

    `home` is the event of the editors' message that shows it. A withdrawal is done at `due_at`; before, it can be
    taken back.
    """

    id: int
    post_id: int | None
    story_id: int | None
    kind: CorrectionKind
    reason: str
    state: str
    text: str | None
    entities: tuple[Mapping[str, Any], ...]
    line: str
    home: str
    due_at: datetime | None
    editor: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a correction that was carried out made of its post's words, and a report that it concerns; `earlier`: the
    report said so before it."""

    item_id: int
    kind: CorrectionKind
    was: str
    became: str
    earlier: bool


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said, since when, and who wrote it. A sealed one is shown to nobody."""

    text: str
    at: datetime
    editor: int
    sealed: bool


@dataclass(frozen=True, slots=True)
class Following:
    """What editors were offered of a post's story, and answered: the newest state that they know of, and the reports
    that contradict and were `settled`. «over» is never offered again."""

    version: int
    state: Kept
    settled: frozenset[int]


@dataclass(frozen=True, slots=True)
class FlagAnswer:
    """What an editor answered about words of this kind (child, victim, street, strike) in this sentence: «consent» or
    «allowed»."""

    kind: str
    words: str
    sentence: str
    answer: str
    editor: int
    at: datetime
    id: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about."""
        return self.kind, self.words, self.sentence
