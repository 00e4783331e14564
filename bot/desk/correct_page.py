"""Corrections on screen (E10, E11, E12): what went where, and the new words beside the old."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from bot.desk.notices import when
from bot.editions.named import edition_words
from bot.editions.packing import shorten
from bot.judgement.amends import Difference, differences
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Correction, Version

KINDS = ("typo", "data", "error")
REASONS = ("unconfirmed", "safety", "request", "double")
SHOWN = 4  # differences on one card; more of them is another text
EDITIONS = 8  # the newest: a story of many days stood in more than a card can name
TITLE_UNITS = 200
WORDS_UNITS, AROUND_UNITS = 200, 60  # of each side of a difference, and of what stands around it
VERSION_UNITS = 3000
Editions = Sequence[tuple[str, str, str]]  # (channel, rubric, wall time), the channel '' while there is only one
_DATA = re.compile(r"c:([a-z]{2,8}):([ps])(\d{1,12}):(\d{1,9})(?::(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is corrected: a post (p) in a version of its row, or a story (s) that only editions told."""

    kind: str
    id: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Everywhere a thing went. `sent_at` is None for what no post told; `others` are the other channels with their
    language and whether they told it; `deletable`: its post can be deleted still."""

    title: str
    sent_at: datetime | None
    editions: Editions
    readers: int
    others: Sequence[tuple[str, str, bool]]
    deletable: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a post's source says now: other words, or nothing any more."""

    was: str
    became: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Afterlife:
    """What became of a post after it went out. `reason` is '' unless it was withdrawn by an editor."""

    versions: int = 1
    reason: str = ""
    sealed: bool = False
    offer: Offer | None = None


UNTOUCHED: Final = Afterlife()


def read(data: str) -> tuple[str, Subject, int] | None:
    """The act of a button, on what, and with which argument (0: none); None for what is no such button."""
    found = _DATA.fullmatch(data)
    if not found:
        return None
    return found[1], Subject(found[2], int(found[3]), int(found[4])), int(found[5] or 0)


def data(act: str, what: Subject, argument: int | None = None) -> str:
    """Callback data: `c:<act>:<p or s><id>:<row version>[:<argument>]`."""
    tail = "" if argument is None else f":{argument}"
    return f"c:{act}:{what.kind}{what.id}:{what.version}{tail}"


def told(afterlife: Afterlife, wording: Wording) -> list[Markup]:
    """What the card of a published post says of its source."""
    offer = afterlife.offer
    if offer is None:
        return []
    if offer.withdrawn:
        return [wording.html("correct.site.gone")]
    return [wording.html("correct.site.edited", became=shorten(offer.became, TITLE_UNITS))]


def rows(post_id: int, row_version: int, afterlife: Afterlife, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """The buttons below the card of a published post."""
    what, offer = Subject("p", post_id, row_version), afterlife.offer
    offered: tuple[Button, ...] = ()
    if offer is not None and offer.withdrawn:
        offered = (
            Button(wording.text("correct.button.recall"), data("kill", what), style="danger"),
            Button(wording.text("correct.button.let_be"), data("leave", what)),
        )
    elif offer is not None:
        offered = (
            Button(wording.text("correct.button.site"), data("site", what), style="primary"),
            Button(wording.text("correct.button.let_be"), data("leave", what)),
        )
    own = (
        Button(wording.text("correct.button.correct"), data("open", what)),
        Button(wording.text("correct.button.withdraw"), data("kill", what)),
    )
    old = Button(wording.text("correct.button.versions", count=afterlife.versions), data("look", what, 1))
    return offered, own, (old,) if afterlife.versions > 1 else ()


def opening(what: Subject, reach: Reach, wording: Wording, now: datetime) -> Page:
    """E11: what is corrected, with all that it touched."""
    lines = [wording.html("correct.open"), _bold(reach.title), *_went(reach, wording, now)]
    kinds = tuple((Button(wording.text(f"correct.button.{kind}"), data(kind, what)),) for kind in KINDS)
    label = "correct.button.kill" if reach.deletable else "correct.button.replace"
    kill = (Button(wording.text(label), data("kill", what), style="danger"),)
    return Page(_lines(lines), (*kinds, kill, _back(what, wording)))


def asking(what: Subject, going: Correction, words: str, wording: Wording) -> Page:
    """E9: the new words are to be written in reply."""
    text = wording.html("correct.ask", kind=wording.text(f"correct.kind.{going.kind}"), text=shorten(words, 3000))
    return Page(text, (_back(what, wording),))


def checking(what: Subject, going: Correction, was: str, reach: Reach, wording: Wording, apart: Editions = ()) -> Page:
    """E10: what was and what will be, before anything changes. `apart` are the editions that tell the story in words
    which the correction does not touch."""
    lines = [wording.html("correct.check", kind=wording.text(f"correct.kind.{going.kind}"))]
    lines += changed(was, going.text or "", wording)
    if going.line:
        lines.append(wording.html("correct.check.line", line=going.line))
    if apart:
        lines.append(wording.html("correct.check.apart", editions=_editions(apart, wording)))
    if going.kind != "typo" and reach.readers:
        lines.append(Markup("{}").format(wording.count("correct.check.readers", reach.readers)))
    keyboard = (
        (
            Button(wording.text("correct.button.save"), data("save", what), style="success"),
            Button(wording.text("correct.button.again"), data("again", what)),
        ),
        (Button(wording.text("correct.button.discard"), data("back", what)),),
    )
    return Page(_lines(lines), keyboard)


def changed(was: str, became: str, wording: Wording) -> list[Markup]:
    """What was and what will be, change by change; of equal words only that the formatting may differ."""
    found = differences(was, became)
    lines = [each for difference in found[:SHOWN] for each in _difference(difference, wording)]
    if not found:
        lines.append(wording.html("correct.check.formats"))
    elif len(found) > SHOWN:
        lines.append(Markup("{}").format(wording.count("correct.check.more", len(found) - SHOWN)))
    return lines


def killing(what: Subject, reach: Reach, wording: Wording, now: datetime) -> Page:
    """E12: what a withdrawal does, before the tap that does it."""
    lines = [wording.html("correct.kill"), _bold(reach.title), Markup(""), wording.html("correct.kill.will")]
    if reach.sent_at is not None:
        key = "correct.kill.delete" if reach.deletable else "correct.kill.replace"
        lines.append(wording.html(key, at=when(reach.sent_at, wording, now)))
    if reach.editions:
        lines.append(wording.html("correct.kill.editions", editions=_editions(reach.editions, wording)))
    lines += [wording.html("correct.kill.other", channel=name) for name, _, went in reach.others if went]
    if reach.readers:
        lines.append(Markup("{}").format(wording.count("correct.kill.readers", reach.readers)))
    lines += [Markup(""), wording.html("correct.kill.reason")]
    first, second, third, fourth = (
        Button(
            wording.text(f"correct.button.{reason}"),
            data("gone", what, place),
            style="danger" if reason in ("unconfirmed", "safety") else "",
        )
        for place, reason in enumerate(REASONS)
    )
    last = (fourth,) if what.kind == "p" else ()  # a story that only editions told has no double
    stay = (Button(wording.text("correct.button.stay"), data("back", what)),)
    return Page(_lines(lines), ((first, second), (third,), last, stay))


def leaving(what: Subject, going: Correction, title: str, wording: Wording) -> Page:
    """A withdrawal that can still be taken back."""
    assert going.due_at is not None  # a withdrawal has its time
    at = f"{going.due_at.astimezone(wording.zone):%H:%M:%S}"
    reason = wording.text(f"correct.reason.{going.reason}")
    text = _lines([wording.html("correct.leaving", at=at, reason=reason), _bold(title)])
    return Page(text, ((Button(wording.text("card.button.cancel"), data("back", what), style="danger"),),))


def withdrawn(afterlife: Afterlife, title: str, editor: str, wording: Wording) -> Page:
    """What was withdrawn, and why; nothing can be pressed. What was hidden for people's safety is not named."""
    reason = wording.text(f"correct.reason.{afterlife.reason}")
    lines = [wording.html("correct.withdrawn", reason=reason, editor=editor)]
    return Page(_lines(lines if afterlife.sealed else [*lines, _bold(title)]))


def version(what: Subject, versions: Sequence[Version], number: int, names: Sequence[str], wording: Wording) -> Page:
    """One version of the post, from 1; ‹ and › turn to the others."""
    number = min(max(number, 1), len(versions))
    shown = versions[number - 1]
    words = wording.text("correct.version.sealed") if shown.sealed else shorten(shown.text, VERSION_UNITS)
    text = wording.html(
        "correct.version",
        number=number,
        count=len(versions),
        at=wording.moment(shown.at, versions[-1].at),
        editor=names[number - 1],
        text=words,
    )
    turns = (
        Button("‹", data("look", what, number - 1), disabled=number == 1),
        Button("›", data("look", what, number + 1), disabled=number == len(versions)),
    )
    return Page(text, (turns, _back(what, wording)))


def recall(story_id: int, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """Below a note that a report which editions told was taken back at its source."""
    return ((Button(wording.text("correct.button.recall"), data("kill", Subject("s", story_id)), style="danger"),),)


def _went(reach: Reach, wording: Wording, now: datetime) -> list[Markup]:
    lines = []
    if reach.sent_at is not None:
        lines.append(wording.html("correct.went", at=when(reach.sent_at, wording, now)))
    if reach.editions:
        lines.append(wording.html("correct.went.editions", editions=_editions(reach.editions, wording)))
    if reach.readers:
        lines.append(Markup("{}").format(wording.count("correct.went.readers", reach.readers)))
    for name, language, went in reach.others:
        key = "correct.went.other" if went else "correct.went.nowhere"
        lines.append(wording.html(key, channel=name, language=language.upper()))
    return lines


def _editions(editions: Editions, wording: Wording) -> str:
    names = [
        f"{edition_words(rubric, wall, wording)} ({channel})" if channel else edition_words(rubric, wall, wording)
        for channel, rubric, wall in editions
    ]
    return ", ".join(list(dict.fromkeys(names))[-EDITIONS:])


def _difference(found: Difference, wording: Wording) -> list[Markup]:
    was = Markup("<s>{}</s>").format(shorten(found.was, WORDS_UNITS)) if found.was else Markup("")
    became = Markup("<b>{}</b>").format(shorten(found.became, WORDS_UNITS)) if found.became else Markup("")
    return [
        wording.html("correct.check.was", words=_around(found, was)),
        wording.html("correct.check.became", words=_around(found, became)),
    ]


def _around(found: Difference, words: Markup) -> Markup:
    pieces = (escape(shorten(found.before, AROUND_UNITS)), words, escape(shorten(found.after, AROUND_UNITS)))
    return Markup(" ").join(piece for piece in pieces if piece)


def _back(what: Subject, wording: Wording) -> tuple[Button, ...]:
    return (Button(wording.text("card.button.back"), data("back", what)),)


def _bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(shorten(text, TITLE_UNITS))


def _lines(lines: Sequence[Markup]) -> Markup:
    return Markup("\n").join(lines)
