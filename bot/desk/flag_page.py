"""On a post's card: who is named in it and which place (screens, E23), what editors answered, and what goes if they
take it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from bot.editions.packing import shorten
from bot.judgement.amends import Difference
from bot.judgement.cautions import KINDS
from bot.judgement.flags import Flag
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Post

WORDS_UNITS: Final = 200
OPEN: Final = frozenset({"candidate", "draft", "queued", "missed", "held"})  # states in which it can still be answered
JUST, AT_ONCE = 0, 1  # what follows the answer: nothing, or «Зараз»; else the time of the slot
_DATA = re.compile(r"p:([a-z]{2,8}):(\d{1,12}):(\d{1,9})(?::(\d{1,12}))?")


@dataclass(frozen=True, slots=True)
class Question:
    """What a post names that nobody answered for, what was answered (flag, answer, who), and until when the place of a
    strike in it is not told (None: it may be told)."""

    open: tuple[Flag, ...] = ()
    answered: tuple[tuple[Flag, str, str], ...] = ()
    not_before: datetime | None = None


NOTHING: Final = Question()


@dataclass(frozen=True, slots=True)
class Ask:
    """What a button asks: an act on a post as its row stood then, and what follows it."""

    act: str
    post_id: int
    version: int
    then: int


def read(data: str) -> Ask | None:
    """What the button asks, None when it is none of ours."""
    found = _DATA.fullmatch(data)
    return Ask(found[1], int(found[2]), int(found[3]), int(found[4] or 0)) if found else None


def data(act: str, post: Post, then: int = JUST) -> str:
    """Callback data: `p:<act>:<post>:<row version>[:<what follows>]`."""
    return f"p:{act}:{post.id}:{post.row_version}" + (f":{then}" if then else "")


def lines(question: Question, wording: Wording, now: datetime) -> list[Markup]:
    """What the card says of it."""
    told = []
    if question.open:
        words = shorten("; ".join(dict.fromkeys(flag.words for flag in question.open)), WORDS_UNITS)
        told.append(wording.html("flag.open", kinds=kinds(question.open, wording), words=words))
    for answer in ("consent", "allowed"):
        those = [(flag, editor) for flag, said, editor in question.answered if said == answer]
        if those:
            named = kinds([flag for flag, _ in those], wording)
            told.append(wording.html(f"flag.answered.{answer}", kinds=named, editor=those[0][1]))
    if question.not_before is not None and question.not_before > now:
        told.append(wording.html("flag.not_before", at=wording.moment(question.not_before, now)))
    return told


def rows(question: Question, post: Post, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """What can be done about it from the card."""
    if post.state not in OPEN:
        return ()
    if question.open:
        return (_answers(post, JUST, wording),)
    if question.answered:
        return ((Button(wording.text("flag.button.undo"), data("undo", post)),),)
    return ()


def asking(post: Post, question: Question, at: datetime | None, wording: Wording, now: datetime) -> Page:
    """Before it goes into the queue (at a time) or out (None): the question, with what follows each answer."""
    title = Markup("<b>{}</b>").format(shorten(next(iter(post.content.text.splitlines()), ""), WORDS_UNITS))
    text = Markup("\n").join([*lines(question, wording, now), title])
    back = (Button(wording.text("card.button.back"), data("back", post)),)
    late = question.not_before is not None and question.not_before > (at or now)
    if question.open:
        then = AT_ONCE if at is None else int(at.timestamp())
        follows = wording.html("flag.then.now" if at is None else "flag.then", at=wording.moment(at or now, now))
        return Page(text + Markup("\n") + follows, (_answers(post, JUST if late else then, wording), back))
    assert question.not_before is not None  # else nothing would be asked
    slot = wording.moment(question.not_before, now)
    wait = Button(
        wording.text("card.button.queue", slot=slot),
        f"q:slot:{post.id}:{post.row_version}:{int(question.not_before.timestamp())}",
        style="success",
    )
    return Page(text, ((wait,), back))


def clearing(post: Post, found: Sequence[Difference], left: Sequence[Flag], wording: Wording) -> Page:
    """What would stand there without it, before it is saved; `left` needs an editor's own words."""
    told = [wording.html("flag.clearing")]
    for each in found:
        was = Markup("<s>{}</s>").format(shorten(each.was, WORDS_UNITS))
        became = Markup("<b>{}</b>").format(shorten(each.became, WORDS_UNITS)) if each.became else Markup("")
        told.append(wording.html("correct.check.was", words=_around(each, was)))
        told.append(wording.html("correct.check.became", words=_around(each, became)))
    if left:
        told.append(wording.html("flag.clearing.left", words="; ".join(flag.words for flag in left)))
    save = Button(wording.text("flag.button.save"), data("save", post), style="success")
    back = Button(wording.text("card.button.back"), data("back", post))
    return Page(Markup("\n").join(told), ((save,), (back,)))


def reason(question: Question, wording: Wording, now: datetime) -> str:
    """Why it does not go: a toast of one line."""
    if question.open:
        return wording.text("flag.toast.asked", kinds=kinds(question.open[:2], wording))
    assert question.not_before is not None  # else nothing would be asked
    return wording.text("flag.toast.early", at=wording.moment(question.not_before, now))


def behind(question: Question, wording: Wording) -> Markup:
    """Behind a draft's line: why it does not go by itself."""
    told = Markup("")
    if question.open:
        told += Markup(" · ⚠️ {}").format(kinds(question.open, wording))
    if question.not_before is not None:
        told += Markup(" · ") + wording.html("flag.not_before", at=wording.clock(question.not_before))
    return told


def kinds(flags: Sequence[Flag], wording: Wording) -> str:
    """«ім’я дитини та назва вулиці»."""
    there = {flag.kind for flag in flags}
    named = [wording.text(f"flag.kind.{kind}") for kind in KINDS if kind in there]
    if len(named) < 2:
        return "".join(named)
    return wording.text("flag.and", first=", ".join(named[:-1]), last=named[-1])


def _answers(post: Post, then: int, wording: Wording) -> tuple[Button, ...]:
    return tuple(
        Button(wording.text(f"flag.button.{act}"), data(act, post, then)) for act in ("cut", "consent", "allowed")
    )


def _around(each: Difference, words: Markup) -> Markup:
    pieces = (escape(each.before), words, escape(each.after))
    return Markup(" ").join(piece for piece in pieces if piece)
