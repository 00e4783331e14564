"""The readers' screens: values in, a page out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot.readers.views import View, data
from bot.wording import Wording
from storage.model import Item

PAGE_SIZE = 5  # five headlines with their lines fit one phone screen
LIST_SIZE = 100  # what is older than twenty pages is found by search
QUERY_LETTERS = 256  # https://core.telegram.org/bots/api#inlinequery: as much as inline mode lets one ask
# So that five entries and a query stay far below 4096 whatever a source sends.
TITLE_LETTERS = 300
SECTION_LETTERS = 60
URL_LETTERS = 2_000
LABEL_WORD_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Button:
    """What is on it and what a tap sends; a disabled one keeps its place and sends nothing."""

    label: str
    data: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One message: Telegram's HTML and rows of buttons below it."""

    text: Markup
    keyboard: tuple[tuple[Button, ...], ...] = ()


def start(wording: Wording, name: str) -> Page:
    """The first screen; `name` is the newsroom's and may be empty."""
    text = wording.html("start.text", name=name) if name else wording.html("start.text.nameless")
    search = Button(wording.text("start.button.search"), data("f"))
    return Page(text, (_openings(wording), (search,)))


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
    turns = _turns(wording, "l", view, len(items), ("latest.button.newer", "latest.button.older"))
    text = _list(wording, title, _cut(items, view), view, now)
    return Page(text, (*turns, *_footer(wording, "l", private=private)))


def today(wording: Wording, items: Sequence[Item], view: View, now: datetime, *, private: bool) -> Page:
    """One page of today's top stories. `items` are the headlines of all of them, most important first."""
    if not items:
        latest_button = Button(wording.text("start.button.latest"), data("l"))
        return Page(wording.html("today.empty"), ((latest_button,), *_footer(wording, "t", private=private)))
    title = wording.html("today.title", moment=wording.moment(view.at or now, now))
    turns = _turns(wording, "t", view, len(items), ("page.button.previous", "page.button.next"))
    text = _list(wording, title, _cut(items, view), view, now)
    return Page(text, (*turns, *_footer(wording, "t", private=private)))


def found(
    wording: Wording, query: str, items: Sequence[Item], view: View, now: datetime, *, more: bool, private: bool
) -> Page:
    """One page of what a search found. `items` are all of it, best first; `more`: it was cut at LIST_SIZE."""
    count = wording.count("search.most" if more else "search.found", len(items))
    title = wording.html("search.title", query=query, found=count)
    turns = _turns(wording, "s", view, len(items), ("page.button.previous", "page.button.next"))
    text = _list(wording, title, _cut(items, view), view, now)
    return Page(text, (*turns, *_footer(wording, "s", private=private)))


def nothing_found(wording: Wording, query: str, words: Sequence[tuple[int, str]], *, private: bool) -> Page:
    """No dead end: the `words` of the query that find something alone (with their places in it), and the lists."""
    only = tuple(
        (Button(wording.text("search.button.only", word=clip(word, LABEL_WORD_LETTERS)), data("w", View(place))),)
        for place, word in words
    )
    openings = _openings(wording) if private else _openings(wording)[:1]
    return Page(wording.html("search.empty", query=query), (*only, openings, *_menu(wording, private=private)))


def search(wording: Wording, *, private: bool) -> Page:
    """What to write to find something."""
    key = "search.ask" if private else "search.ask.group"
    return Page(wording.html(key), _menu(wording, private=private))


def too_long(wording: Wording, *, private: bool) -> Page:
    """The query is longer than QUERY_LETTERS."""
    return Page(Markup.escape(wording.count("search.long", QUERY_LETTERS)), _menu(wording, private=private))


def fitted(view: View, total: int) -> View:
    """The view, on the last page when the list has become shorter."""
    return replace(view, page=min(view.page, pages(total)))


def pages(total: int) -> int:
    """How many pages the list has, one when it is empty."""
    return max(1, -(-total // PAGE_SIZE))


def clip(text: str, letters: int) -> str:
    """The text in one line and at most that many letters, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    whole, space, _ = line[:letters].rpartition(" ")
    return f"{whole.rstrip(' ,;:—–-') if space else line[: letters - 1]}…"


def _cut(items: Sequence[Item], view: View) -> Sequence[Item]:
    first = (view.page - 1) * PAGE_SIZE
    return items[first : first + PAGE_SIZE]


def _list(wording: Wording, title: Markup, items: Sequence[Item], view: View, now: datetime) -> Markup:
    first = (view.page - 1) * PAGE_SIZE + 1
    entries = (_entry(wording, number, item, now) for number, item in enumerate(items, start=first))
    return Markup("\n\n").join((title, Markup("\n").join(entries)))


def _entry(wording: Wording, number: int, item: Item, now: datetime) -> Markup:
    title = clip(item.title, TITLE_LETTERS)
    linked = item.url.startswith(("http://", "https://")) and len(item.url) <= URL_LETTERS
    headline = wording.html("entry.link", url=item.url, title=title) if linked else Markup.escape(title)
    section = item.sections[0] if item.sections else "" if item.own else item.source
    details = wording.moment(item.published_at, now)
    if section:
        details = wording.text("entry.details", section=clip(section, SECTION_LETTERS), moment=details)
    return Markup("\n").join((wording.html("entry.headline", number=number, headline=headline), details))


def _turns(
    wording: Wording, kind: str, view: View, total: int, labels: tuple[str, str]
) -> tuple[tuple[Button, ...], ...]:
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


def _footer(wording: Wording, kind: str, *, private: bool) -> tuple[tuple[Button, ...], ...]:
    refresh = Button(wording.text("page.button.refresh"), data(kind))
    menu = _menu(wording, private=private)
    return ((refresh, *menu[0]) if menu else (refresh,),)


def _menu(wording: Wording, *, private: bool) -> tuple[tuple[Button, ...], ...]:
    # In a group the first screen is nobody's: there the lists are all there is.
    return ((Button(wording.text("page.button.menu"), data("m")),),) if private else ()


def _openings(wording: Wording) -> tuple[Button, ...]:
    return (
        Button(wording.text("start.button.latest"), data("l")),
        Button(wording.text("start.button.today"), data("t")),
    )
