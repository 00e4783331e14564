"""The readers' screens: values in, a page out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot.readers.finds import Section
from bot.readers.views import PAGE_SIZE, View, data, opening, pages
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Item

QUERY_LETTERS = 256  # https://core.telegram.org/bots/api#inlinequery: as much as inline mode lets one ask
# So that five entries and a query stay far below 4096 whatever a source sends.
TITLE_LETTERS = 300
SECTION_LETTERS = 60
LEAD_LETTERS = 600
URL_LETTERS = 2_000
LABEL_WORD_LETTERS = 20
# What a phone shows whole (screens, rule 12).
LABEL_LETTERS = 32
ROW_LETTERS = 44
ROW_BUTTONS = 3
SECTIONS = 9  # three rows: what is rarer is found by its name
_SENTENCE = re.compile(r".+?[.!?…]+[»”\")]*(?=\s+[^\s\da-zа-яіїєґ]|$)|.+$", re.DOTALL)

BY_TIME = ("latest.button.newer", "latest.button.older")
BY_WORTH = ("page.button.previous", "page.button.next")

Rows = tuple[tuple[Button, ...], ...]


def start(wording: Wording, name: str) -> Page:
    """The first screen; `name` is the newsroom's and may be empty."""
    text = wording.html("start.text", name=name) if name else wording.html("start.text.nameless")
    week = Button(wording.text("start.button.top"), data("p"))
    sections = Button(wording.text("start.button.sections"), data("r"))
    search = Button(wording.text("start.button.search"), data("f"))
    return Page(text, (_openings(wording), (week, sections), (search,)))


def help_page(wording: Wording, commands: Iterable[str]) -> Page:
    """What these commands do."""
    lines = (wording.html("help.line", command=name, description=wording.text(f"command.{name}")) for name in commands)
    return Page(wording.html("help.text", commands=Markup("\n").join(lines)), (_openings(wording),))


def unknown(wording: Wording, key: str) -> Page:
    """A kind answer to what the bot does not understand, with two suggestions."""
    return Page(wording.html(key), (_openings(wording),))


def latest(wording: Wording, items: Sequence[Item], view: View, now: datetime, *, private: bool) -> Page:
    """One page of the newest news. `items` are the whole list, newest first."""
    if not items:
        return Page(wording.html("latest.empty"), _footer(wording, "l", private=private))
    title = wording.html("latest.title", moment=wording.moment(view.at or now, now))
    return _paged(wording, "l", title, items, view, now, _footer(wording, "l", private=private), turns=BY_TIME)


def top(wording: Wording, kind: str, items: Sequence[Item], view: View, now: datetime, *, private: bool) -> Page:
    """One page of the top stories of the day (kind «t») or the week («p»). `items` are the headlines of all of them,
    most important first."""
    name = {"t": "today", "p": "top"}[kind]
    if not items:
        latest_button = Button(wording.text("start.button.latest"), data("l"))
        return Page(wording.html(f"{name}.empty"), ((latest_button,), *_footer(wording, kind, private=private)))
    title = wording.html(f"{name}.title", moment=wording.moment(view.at or now, now))
    return _paged(wording, kind, title, items, view, now, _footer(wording, kind, private=private))


def sections(wording: Wording, known: Sequence[Section], *, private: bool) -> Page:
    """The sections that have news, most of it first."""
    buttons = (
        Button(clip(section.name, LABEL_LETTERS), data("c", View(token=section.token))) for section in known[:SECTIONS]
    )
    rows = (*_rows(buttons), *(() if known else (_openings(wording),)))
    text = wording.html("section.ask" if known else "section.none")
    return Page(text, (*rows, *_footer(wording, "r", private=private)))


def section(wording: Wording, name: str, items: Sequence[Item], view: View, now: datetime, *, private: bool) -> Page:
    """One page of a section's newest news. `items` are the whole list, newest first."""
    moment = wording.moment(view.at or now, now)
    title = wording.html("section.title", section=clip(name, SECTION_LETTERS), moment=moment)
    others = Button(wording.text("section.button.others"), data("r"))
    footer = _footer(wording, opening("c", view), others, private=private)
    return _paged(wording, "c", title, items, view, now, footer, turns=BY_TIME)


def news(wording: Wording, item: Item, now: datetime, *, private: bool) -> Page:
    """One item: its headline, where and when, the first sentence of what follows."""
    first = _SENTENCE.match(item.lead.strip())
    lead = clip(first[0], LEAD_LETTERS) if first else ""
    parts = (wording.html("news.headline", headline=_headline(wording, item)), _details(wording, item, now))
    text = Markup("\n").join((*parts, *((Markup("\n{}").format(lead),) if lead else ())))
    return Page(text, (_openings(wording), *_menu(wording, private=private)))


def found(
    wording: Wording, query: str, items: Sequence[Item], view: View, now: datetime, *, more: bool, private: bool
) -> Page:
    """One page of what a search found. `items` are all of it, best first; `more`: it was cut at LIST_SIZE."""
    count = wording.count("search.most" if more else "search.found", len(items))
    title = wording.html("search.title", query=query, found=count)
    return _paged(wording, "s", title, items, view, now, _footer(wording, "s", private=private))


def nothing_found(
    wording: Wording, query: str, words: Sequence[tuple[int, str]], meant: str = "", *, private: bool
) -> Page:
    """No dead end: what was perhaps `meant`, the `words` of the query that find something alone (with their places
    in it), and the lists."""
    text = wording.html("search.empty.meant" if meant else "search.empty", query=query, meant=meant)
    label = wording.text("search.button.meant", query=clip(meant, LABEL_WORD_LETTERS))
    instead = ((Button(label, data("g")),),) if meant else ()
    only = tuple(
        (Button(wording.text("search.button.only", word=clip(word, LABEL_WORD_LETTERS)), data("w", View(place))),)
        for place, word in words
    )
    openings = _openings(wording) if private else _openings(wording)[:1]
    return Page(text, (*instead, *only, openings, *_menu(wording, private=private)))


def search(wording: Wording, *, private: bool) -> Page:
    """What to write to find something."""
    key = "search.ask" if private else "search.ask.group"
    return Page(wording.html(key), _menu(wording, private=private))


def too_long(wording: Wording, *, private: bool) -> Page:
    """The query is longer than QUERY_LETTERS."""
    return Page(Markup.escape(wording.count("search.long", QUERY_LETTERS)), _menu(wording, private=private))


def clip(text: str, letters: int) -> str:
    """The text in one line and at most that many letters, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    whole, space, _ = line[:letters].rpartition(" ")
    return f"{whole.rstrip(' ,;:—–-') if space else line[: letters - 1]}…"


def _paged(
    wording: Wording,
    kind: str,
    title: Markup,
    items: Sequence[Item],
    view: View,
    now: datetime,
    footer: Rows,
    *,
    turns: tuple[str, str] = BY_WORTH,
) -> Page:
    first = (view.page - 1) * PAGE_SIZE
    shown = enumerate(items[first : first + PAGE_SIZE], start=first + 1)
    entries = Markup("\n").join(_entry(wording, number, item, now) for number, item in shown)
    return Page(Markup("\n\n").join((title, entries)), (*_turns(wording, kind, view, len(items), turns), *footer))


def _entry(wording: Wording, number: int, item: Item, now: datetime) -> Markup:
    headline = wording.html("entry.headline", number=number, headline=_headline(wording, item))
    return Markup("\n").join((headline, _details(wording, item, now)))


def _headline(wording: Wording, item: Item) -> Markup:
    title = clip(item.title, TITLE_LETTERS)
    linked = item.url.startswith(("http://", "https://")) and len(item.url) <= URL_LETTERS
    return wording.html("entry.link", url=item.url, title=title) if linked else Markup.escape(title)


def _details(wording: Wording, item: Item, now: datetime) -> str:
    section = item.sections[0] if item.sections else "" if item.own else item.source
    moment = wording.moment(item.published_at, now)
    return wording.text("entry.details", section=clip(section, SECTION_LETTERS), moment=moment) if section else moment


def _rows(buttons: Iterable[Button]) -> Rows:
    """The buttons in order, in rows that a phone shows whole."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        last = rows[-1] if rows else ()
        if last and len(last) < ROW_BUTTONS and sum(len(each.label) for each in (*last, button)) <= ROW_LETTERS:
            rows[-1] = (*last, button)
        else:
            rows.append((button,))
    return tuple(rows)


def _turns(wording: Wording, kind: str, view: View, total: int, labels: tuple[str, str]) -> Rows:
    last = pages(total)
    if last == 1:
        return ()
    back, onward = (replace(view, page=max(1, min(view.page + step, last))) for step in (-1, 1))
    return (
        (
            Button(wording.text(labels[0]), data(kind, back), disabled=view.page == 1),
            Button(wording.text("page.button.place", page=view.page, pages=last), data(kind, view), disabled=True),
            Button(wording.text(labels[1]), data(kind, onward), disabled=view.page == last),
        ),
    )


def _footer(wording: Wording, afresh: str, *others: Button, private: bool) -> Rows:
    refresh = Button(wording.text("page.button.refresh"), afresh)
    return ((refresh, *others, *(button for row in _menu(wording, private=private) for button in row)),)


def _menu(wording: Wording, *, private: bool) -> Rows:
    # In a group the first screen is nobody's: there the lists are all there is.
    return ((Button(wording.text("page.button.menu"), data("m")),),) if private else ()


def _openings(wording: Wording) -> tuple[Button, ...]:
    return (
        Button(wording.text("start.button.latest"), data("l")),
        Button(wording.text("start.button.today"), data("t")),
    )
