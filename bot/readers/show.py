"""Reads what a reader asked for and returns the page that shows it. One table of commands, one of taps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from bot.judgement import words
from bot.judgement.ranking import enters, rank
from bot.judgement.states import headline
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.readers import finds, pages
from bot.readers.pages import Page
from bot.readers.views import View
from bot.wording import Wording
from storage import items, search, stories
from storage.database import Database
from storage.instants import instant, seconds
from storage.model import Item

SEARCHED = 300  # the newest hits, ranked here: 8 ms at worst, where ranking every hit of a common word costs 400
TOP_SIZE = 20  # more than this is not «головне» any more
SUGGESTED = 2  # single words offered when all of them together find nothing


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, where and when; `words` are those of the question. Out of private there is no menu."""

    db: Database
    now: datetime
    wording: Wording
    taste: Taste
    newsroom: Newsroom
    private: bool
    words: str = ""

    @property
    def languages(self) -> tuple[str, str]:
        """The reader's, then the newsroom's."""
        return self.wording.language, self.newsroom.language


async def start(ask: Ask, view: View) -> Page:
    """The first screen. What a deep link carries is for later rooms; a reader who has one is still welcome."""
    return pages.start(ask.wording, ask.newsroom.name)


async def explain(ask: Ask, view: View) -> Page:
    """What the commands do."""
    return pages.help_page(ask.wording, MENU)


async def latest(ask: Ask, view: View) -> Page:
    """The newest news; pages of one view do not move while more comes in."""
    until_id = await items.newest_id(ask.db.screens) if view.anchor is None else view.anchor
    found = await items.newest(ask.db.screens, until_id=until_id, languages=ask.languages, limit=pages.LIST_SIZE)
    fixed = replace(view, anchor=until_id, at=view.at or ask.now)
    return pages.latest(ask.wording, found, pages.fitted(fixed, len(found)), ask.now, private=ask.private)


async def today(ask: Ask, view: View) -> Page:
    """The most important of this day, and no filler; a view of another day is shown afresh."""
    zone = ask.newsroom.zone
    day = ask.now.astimezone(zone).date()
    if view.at is None or view.at.astimezone(zone).date() != day:
        view = View(anchor=0, at=instant(seconds(ask.now)))
    assert view.at is not None  # either it was given or it is now
    midnight = datetime.combine(day, time.min, zone).astimezone(UTC)
    told = await stories.between(ask.db.screens, midnight, view.at)
    ranked = rank(told, now=view.at, rubric="roundup", taste=ask.taste)
    top = [each.story for each in ranked if enters(each)][:TOP_SIZE]
    speak = [headline(story.state, story.items, ask.wording.language) for story in top]
    return pages.today(ask.wording, speak, pages.fitted(view, len(speak)), ask.now, private=ask.private)


async def find(ask: Ask, view: View) -> Page:
    """What has these words in any of their forms. The query stays in the page itself and nowhere else."""
    query = finds.query(ask.words)
    if not query:
        return pages.search(ask.wording, private=ask.private)
    if len(query) > pages.QUERY_LETTERS:
        return pages.too_long(ask.wording, private=ask.private)
    until_id = await items.newest_id(ask.db.slow) if view.anchor is None else view.anchor
    found, cut = await _found(ask, query, until_id)
    if not found:
        return pages.nothing_found(ask.wording, query, await _alone(ask, query, until_id), private=ask.private)
    shown = found[: pages.LIST_SIZE]
    fixed = pages.fitted(replace(view, anchor=until_id), len(shown))
    more = cut or len(found) > len(shown)
    return pages.found(ask.wording, query, shown, fixed, ask.now, more=more, private=ask.private)


async def find_alone(ask: Ask, view: View) -> Page:
    """What has one word of the query: the one at the place that the button carries."""
    typed = finds.query(ask.words).split()
    word = typed[view.page - 1] if view.page <= len(typed) else ""
    return await find(replace(ask, words=word), View())


async def prompt(ask: Ask, view: View) -> Page:
    """What to write to find something."""
    return pages.search(ask.wording, private=ask.private)


async def _found(ask: Ask, query: str, until_id: int) -> tuple[list[Item], bool]:
    """What has all the words, best first, and whether there may be more of it than was looked at."""
    match = words.match(query)
    if match is None:
        return [], False
    ids = [found for found in await search.find(ask.db.slow, match, limit=SEARCHED) if found <= until_id]
    in_title = set(await search.find(ask.db.slow, f"title : ({match})", limit=SEARCHED))
    standing = await items.several(ask.db.slow, ids)
    return finds.ordered(standing.values(), in_title, ask.languages), len(ids) == SEARCHED


async def _alone(ask: Ask, query: str, until_id: int) -> list[tuple[int, str]]:
    """The first words of the query that find something without the others, with their places in it."""
    typed = query.split()
    alone: list[tuple[int, str]] = []
    for place, word in enumerate(typed[: words.QUERY_WORDS], start=1):
        if len(typed) > 1 and len(alone) < SUGGESTED and (await _found(ask, word, until_id))[0]:
            alone.append((place, word))
    return alone


Show = Callable[[Ask, View], Awaitable[Page]]

COMMANDS: dict[str, Show] = {"start": start, "latest": latest, "today": today, "search": find, "help": explain}
MENU = tuple(name for name in COMMANDS if name != "start")  # Telegram itself offers /start
IN_GROUPS = ("latest", "search")

TAPS: dict[str, Show] = {"m": start, "l": latest, "t": today, "s": find, "w": find_alone, "f": prompt}
