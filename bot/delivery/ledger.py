"""An entry of the ledger in words: what caused it, its first words, where it went, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.editions.named import edition_words
from bot.editions.packing import shorten, visible
from bot.newsroom import Newsroom
from bot.screen import message_url
from bot.wording import Wording
from storage.model import Entry, Standing

HEADLINE_UNITS = 100
CHANNEL_UNITS = 40
SHOWN = 3  # numbers of an album's messages; they follow each other
STATES = ("waiting", "claimed", "sent", "refused", "doubt", "dropped")
# What the first word of the intent says alone.
SIMPLE = ("card", "board", "draft", "note", "late", "ask", "alarm", "moved", "hand", "pause", "alone", "welcome")
TALKATIVE = ("note", "late", "ask", "alarm", "moved")  # their first line is a heading: the second says what it is about
BREAKING = 0  # the priority of what goes before editions
INDENT = " " * 21  # below a cause: as wide as date, time and two spaces


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words, all plain text; what there is nothing to say of is ''. `url` leads to what stands."""

    mark: str
    cause: str
    chat: str
    headline: str
    outcome: str
    edits: str
    url: str


def tell(entry: Entry, wording: Wording, newsroom: Newsroom, now: datetime) -> Told:
    """The entry in words, by the newsroom's clock."""
    return Told(
        mark=wording.text(f"log.mark.{'asked' if entry.asked_at else entry.state}"),
        cause=_cause(entry, wording, newsroom),
        chat=_chat(entry, wording, newsroom),
        headline=_headline(entry),
        outcome=_outcome(entry, wording, now),
        edits=_edits(entry, wording),
        url=_url(entry),
    )


def lines(entry: Entry, wording: Wording, newsroom: Newsroom, now: datetime) -> list[str]:
    """The entry for a terminal: when it was put and why, and below that its words, outcome and edits."""
    told = tell(entry, wording, newsroom, now)
    cause = wording.text("log.where", cause=told.cause, chat=told.chat) if told.chat else told.cause
    event = f" [{entry.intent}]" if entry.intent else ""
    below = (told.headline, f"{told.outcome} {told.url}".strip(), told.edits)
    head = f"{entry.created_at.astimezone(wording.zone):%Y-%m-%d %H:%M:%S}  {cause}{event}"
    return [head, *(INDENT + line for line in below if line)]


def counted(counts: Mapping[str, int], wording: Wording) -> str:
    """«вийшло: 120 · чекає: 2», each state that has any; '' when none has."""
    return " · ".join(wording.text(f"log.count.{state}", number=counts[state]) for state in STATES if counts.get(state))


def _cause(entry: Entry, wording: Wording, newsroom: Newsroom) -> str:
    if not entry.own and not entry.answers:
        return wording.text("log.cause.alert")
    if entry.answers and entry.kind == "answer":
        asked = "desk" if entry.own else "reader" if entry.to_person else "group"
        return wording.text(f"log.cause.answer.{asked}")
    if entry.rubric is not None and entry.kind == "edition":
        cause = edition_words(entry.rubric, entry.wall_time or "", wording)
    elif entry.kind == "post":
        cause = wording.text("log.cause.post")
    elif entry.kind in SIMPLE:
        cause = wording.text(f"log.cause.{entry.kind}")
    else:
        cause = wording.text("log.cause.other", intent=entry.kind)
    if entry.editor:
        cause = wording.text("log.cause.by", cause=cause, editor=entry.editor)
    if entry.part > 1:
        cause = wording.text("log.cause.part", cause=cause, part=entry.part)
    return wording.text("log.cause.urgent", cause=cause) if entry.priority == BREAKING else cause


def _chat(entry: Entry, wording: Wording, newsroom: Newsroom) -> str:
    if not entry.own:
        return ""
    if entry.chat == str(newsroom.admin_chat):
        return wording.text("log.chat.desk")
    if entry.chat.startswith("@"):
        return entry.chat
    if entry.chat == newsroom.channel:
        return wording.text("log.chat.channel")
    if not entry.channel:
        return entry.chat
    return wording.text("log.chat.other", channel=shorten(entry.channel, CHANNEL_UNITS))


def _headline(entry: Entry) -> str:
    if not entry.own or entry.kind == "board":  # whose first line says again what it is
        return ""
    said = visible(Markup(entry.said)) if entry.is_html else entry.said  # noqa: S704 - read back, not shown
    found = [line.strip() for line in (entry.post_text or entry.title or said).splitlines() if line.strip()]
    return shorten(" · ".join(found[: 2 if entry.kind in TALKATIVE else 1]), HEADLINE_UNITS)


def _outcome(entry: Entry, wording: Wording, now: datetime) -> str:
    """What came of it, since when, and Telegram's or the network's word where something went wrong."""
    key, at = entry.state, entry.done_at or entry.claimed_at or entry.due_at
    if entry.state == "waiting":
        key, at = ("waiting" if entry.due_at <= now else "due"), entry.due_at
    elif entry.state in ("claimed", "doubt"):
        at = entry.claimed_at or entry.due_at
    said = [wording.text(f"log.outcome.{key}", at=_exact(at, entry, wording, now))]
    if entry.state in ("sent", "claimed"):
        said += [wording.text("log.outcome.tries", number=entry.tries)] if entry.tries > 1 else []
    elif entry.tries:
        said.append(wording.text("log.outcome.tried", number=entry.tries))
    if entry.messages:
        numbers = [str(each.message_id) for each in entry.messages]
        shown = ", ".join(numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
        said.append(wording.text("log.outcome.message", numbers=shown))
    if entry.asked_at is not None:
        said.append(wording.text("log.outcome.asked", at=_exact(entry.asked_at, entry, wording, now)))
    if (first := _first(entry)) is not None and first.gone_at is not None:
        said.append(wording.text("log.outcome.gone", at=_exact(first.gone_at, entry, wording, now)))
    whole = ", ".join(said)
    return wording.text("log.reason", what=whole, reason=entry.reason) if entry.reason else whole


def _edits(entry: Entry, wording: Wording) -> str:
    """How far the message is behind what it should show; '' when nobody changed it, or it stands no more."""
    first = _first(entry)
    if first is None or first.gone_at is not None or entry.wanted_version == 1:
        return ""
    shown, wanted = first.shown_version - 1, entry.wanted_version - 1
    key = "shown"
    if shown < wanted:
        key = "unwanted" if entry.unwanted_at is not None else "behind" if shown else "none"
    said = wording.text(f"log.edits.{key}", shown=shown, wanted=wanted)
    if first.trouble is None:
        return said
    return wording.text("log.edits.trouble", edits=said, number=first.tries, reason=first.trouble)


def _first(entry: Entry) -> Standing | None:
    """The message that edits are made to: of an album its first."""
    return entry.messages[0] if entry.messages else None


def _url(entry: Entry) -> str:
    first = _first(entry)
    if first is None or first.gone_at is not None:
        return ""
    chat = entry.chat if entry.chat.startswith("@") else str(first.chat_id)
    return message_url(chat, first.message_id) if chat.startswith(("@", "-100")) else ""


def _exact(at: datetime, entry: Entry, wording: Wording, now: datetime) -> str:
    """«13:00:04», on another day than the entry's own «вчора 13:00:04»."""
    clock = f"{at.astimezone(wording.zone):%H:%M:%S}"
    if at.astimezone(wording.zone).date() == entry.created_at.astimezone(wording.zone).date():
        return clock
    return wording.text("moment.other", day=wording.day(at, now), at=clock)
