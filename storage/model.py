"""The language of the project: what the rooms hand to each other. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Literal

Kind = Literal["news", "promo", "roundup", "digest"]
What = Literal["new", "updated", "duplicate"]
BEGINNING = datetime.fromtimestamp(0, UTC)
Toll = Mapping[str, int]  # {"killed": 2, "wounded": 10}


@dataclass(frozen=True, slots=True)
class Report:
    """One entry as a source told it, before anyone knows whether it is news.

    Text is plain (no markup, entities decoded once). `published_at` is aware UTC, None when the source
    gave no readable date. `url` is absolute, None when the source gave no usable link.
    """

    title: str
    url: str | None = None
    guid: str | None = None
    lead: str = ""
    published_at: datetime | None = None
    language: str | None = None
    sections: tuple[str, ...] = ()
    image: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where reports come from. `family`: sources of one family are one voice. `own`: the newsroom's own.

    `gap_seconds`: what usually lies between two of its items, None while too few are known. `mislabelled_at`: since
    when its «UTC» is known to be the time of its own zone. `alarm`: what the editors are alarmed of, None: nothing.
    """

    id: int
    url: str
    name: str
    kind: str
    family: str
    own: bool
    weight: float
    language: str | None
    section: str | None
    timezone: str | None
    state: str
    etag: str | None
    last_modified: str | None
    first_contact_at: datetime | None
    due_at: datetime
    fresh_at: datetime | None
    failures: int
    trouble: str | None
    trouble_at: datetime | None
    selector: str | None = None  # of the rows of a page; None: they are found
    gap_seconds: int | None = None
    moves_to: str | None = None  # None: the last poll was not sent elsewhere for ever
    mislabelled_at: datetime | None = None
    empty_polls: int = 0  # in a row
    alarm: str | None = None
    alarm_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A report with an identity, as its newest version stands."""

    id: int
    version: int
    kind: Kind
    title: str
    lead: str
    url: str
    language: str
    sections: tuple[str, ...]
    published_at: datetime
    seen_at: datetime
    source_id: int
    source: str
    family: str
    own: bool
    weight: float = 1.0
    history: bool = False
    important: bool = False
    story_id: int | None = None
    image: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a story says at one version: the report that tells it, its headline then, its toll, and as of which
    publication."""

    story_id: int
    version: int
    item_id: int
    item_version: int
    title: str
    toll: Toll
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One event: the reports of it that stand (oldest first) and the state it is in.

    `votes` is how many editors want it in the roundup (🔥, or ✍ where people died); `echo` is how the channel's
    readers answered its post, as a multiple of what posts of that age usually get, None when there is nothing to
    compare.
    """

    id: int
    state: State
    items: tuple[Item, ...]
    votes: int = 0
    echo: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A state of a story that the channel has told: in which rubric («post» for an editor's own), when, and under
    which headline."""

    state: State
    rubric: str
    at: datetime
    headline: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that the newsroom publishes in. `chat` is what Telegram is told: @name or a number.

    `sections` (folded) are the only ones that it tells of, none: of all. `signature` stands below its editions
    instead of the built-in words. Between `quiet_from` and `quiet_until` it speaks without a sound. While `paused_at`
    is set only what is urgent goes out.
    """

    id: int
    chat: str
    title: str
    language: str
    created_at: datetime
    state: str = "active"
    sections: tuple[str, ...] = ()
    signature: str = ""
    quiet_from: time | None = None  # None: it may speak at night
    quiet_until: time | None = None
    picture: Literal["none", "preview", "card"] = "none"
    pins: bool = False
    discussion: int | None = None  # None: no group is linked
    paused_at: datetime | None = None
    paused_by: int | None = None
    version: int = 1  # counts what editors changed of it, its schedule too
    changed_at: datetime | None = None  # None: no editor changed anything
    changed_by: int | None = None


# What goes before what: the news itself, what editors wait for, and what nobody waits for.
URGENT, NEWS, DESK, ALERTS = range(4)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row of the outbox: what goes out, where, and which event it is."""

    intent: str
    chat: str
    method: str
    payload: Mapping[str, Any]
    priority: int
    due_at: datetime
    id: int = 0
    state: str = "waiting"
    tries: int = 0
    reason: str | None = None
    after_message_id: int | None = None
    part: int = 1
    edition_id: int | None = None
    post_id: int | None = None
    story_id: int | None = None
    story_version: int | None = None
    reader_id: int | None = None
    stale_at: datetime | None = None  # None: never too late
    asked_at: datetime | None = None  # None: nobody is asked about it
    update_id: int | None = None  # None: it goes out unasked


@dataclass(frozen=True, slots=True)
class Contribution:
    """One reason of an importance: `points` it adds (or takes), and the words' key with their values."""

    key: str
    points: float
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the editors' decisions taught: leanings that correct the newsroom's taste, and whether they are worth using.

    `since` is the oldest list they decided about, None before any decision. `agreed` and `agreed_plain` are the shares
    of their decisions on days kept aside that were foretold with the leanings and without; None while there are too
    few decisions to keep any aside.
    """

    at: datetime
    since: datetime | None
    decisions: int
    days: int
    leanings: Mapping[str, float] = field(default_factory=dict)
    agreed: float | None = None
    agreed_plain: float | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What editors want of learning: nothing from before `since`, and whether it is off. `before` is what `since` was
    before they had all forgotten, None when that cannot be undone (any more)."""

    since: datetime = BEGINNING
    off: bool = False
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a post, as Telegram knows it. `unique_id` stays the same whoever sends it, '' when nobody told."""

    kind: Literal["photo", "video", "document", "animation", "audio", "voice"]
    file_id: str
    unique_id: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a post says: text with Telegram's own entities (UTF-16 offsets), files, and the page it leads to.

    `url` is the page whose preview is shown, None when it shows none; `section` is what that page stands under.
    """

    text: str
    entities: tuple[Mapping[str, Any], ...] = ()
    media: tuple[Media, ...] = ()
    url: str | None = None
    section: str = ""
    below: bool = False  # the preview stands below the text


@dataclass(frozen=True, slots=True)
class Post:
    """One thing that an editor puts into the channel. `row_version` grows with every change: buttons carry it."""

    id: int
    channel_id: int
    state: str
    version: int
    row_version: int
    due_at: datetime | None
    silent: bool
    in_roundup: bool
    created_at: datetime
    created_by: int
    changed_at: datetime
    changed_by: int
    content: Content
    story_id: int | None = None
    item_id: int | None = None
    undo: Mapping[str, Any] | None = None
    pinned: bool = False  # or will be, once it is out
    embargo_at: datetime | None = None  # None: it may go at any time
    stays_hours: int | None = None  # None: it stays in the channel


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that stands, or stood, because of a parcel; `shown_version` of what the parcel wants, from 1."""

    chat_id: int
    message_id: int
    shown_version: int
    gone_at: datetime | None  # None: it stands
    tries: int  # to make it show what it should
    trouble: str | None  # None: the last try went well


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what went out or was to go, why, where, how often it was tried and what came of it.

    `own` is False for what goes to readers and to chats that are not the newsroom's: then `chat`, `intent` and the
    texts are empty. `said` is the text as it was sent, '' when it is not told; `post_text` is the post's.
    """

    id: int
    own: bool
    kind: str  # the first word of its intent
    intent: str
    chat: str
    to_person: bool  # into a private chat
    answers: bool  # somebody's question; else it went out unasked
    priority: int
    state: str
    due_at: datetime
    created_at: datetime
    claimed_at: datetime | None
    done_at: datetime | None
    asked_at: datetime | None
    unwanted_at: datetime | None
    tries: int
    reason: str | None
    part: int
    wanted_version: int
    said: str
    is_html: bool
    rubric: str | None  # None: not of an edition
    wall_time: str | None  # None: not of an edition
    title: str
    post_text: str
    editor: str  # who made the post, '' when it is of no post
    messages: tuple[Standing, ...] = ()
    channel: str = ""  # what our channel that it went to is called, '' where that is not known


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a source brings. `newest_at`: when it last brought anything new, None before; `week`: items of the last
    seven days by their own dates."""

    newest_at: datetime | None
    week: int


@dataclass(frozen=True, slots=True)
class Headline:
    """A report that a source was the first to tell, as it stands. `url` is '' when it has no page."""

    title: str
    url: str
    published_at: datetime
