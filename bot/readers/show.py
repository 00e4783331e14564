"""Reads what a reader asked for and returns the page that shows it. One table of commands, one of taps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from bot.editions.righted import righted
from bot.judgement import words
from bot.judgement.ranking import rank
from bot.judgement.states import headline
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.readers import finds, pages
from bot.readers.speech import nearest
from bot.readers.views import LIST_SIZE, View, fitted, opened
from bot.screen import Page
from bot.wording import Wording
from storage import items, search, stories
from storage.database import Database
from storage.instants import instant, seconds
from storage.model import Item, Story

SEARCHED = 300  # the newest hits, ranked here: 8 ms at worst, where ranking every hit of a common word costs 400
TOP_SIZE = 20  # more than this is not «головне» any more
AT_ONCE = 40  # stories weighed in one breath, 60 ms: between two breaths the bot hears others
SUGGESTED = 2  # single words offered when all of them together find nothing, and slips looked for in so many
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)  # a section without news for so long is not offered; so old headlines mend no slips
TITLES = 1_000  # of the month, the newest: a look for a slip among their words takes 60 ms


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, where and when; `words` are those of the question. Out of private there is no menu."""

    db: Database
    now: datetime
    wording: Wording
    taste: Taste
    newsroom: Newsroom
    weights: finds.Weights
    private: bool
    words: str = ""

    @property
    def languages(self) -> tuple[str, str]:
        """The reader's, then the newsroom's."""
        return self.wording.language, self.newsroom.language


async def start(ask: Ask, view: View) -> Page:
    """The first screen."""
    return pages.start(ask.wording, ask.newsroom.name)


async def arrive(ask: Ask, view: View) -> Page:
    """What a deep link leads to. One of another time, or broken on its way, is a welcome too."""
    link = opened(ask.words)
    if link is None:
        return await start(ask, view)
    kind, carried = link
    if kind == "news":
        return await news(ask, int(carried))
    if kind == "section":
        return await section(replace(ask, words=""), View(token=carried))
    return await COMMANDS[kind](replace(ask, words=carried), view)


async def news(ask: Ask, item_id: int) -> Page:
    """One item, when it stands and is news; else the first screen."""
    found = await items.get(ask.db.screens, item_id)
    if found is None or found.withdrawn or found.kind != "news":
        return await start(ask, View())
    [told] = await righted(ask.db.screens, [found])
    return pages.news(ask.wording, told, ask.now, private=ask.private)


async def explain(ask: Ask, view: View) -> Page:
    """What the commands do."""
    return pages.help_page(ask.wording, MENU)


async def latest(ask: Ask, view: View) -> Page:
    """The newest news; pages of one view do not move while more comes in."""
    until_id = await items.newest_id(ask.db.screens) if view.anchor is None else view.anchor
    found = await items.newest(ask.db.screens, until_id=until_id, languages=ask.languages, limit=LIST_SIZE)
    found = await righted(ask.db.screens, found)
    fixed = replace(view, anchor=until_id, at=view.at or ask.now)
    return pages.latest(ask.wording, found, fitted(fixed, len(found)), ask.now, private=ask.private)


async def today(ask: Ask, view: View) -> Page:
    """The most important of this day, and no filler; a view of another day is shown afresh."""
    midnight = datetime.combine(ask.now.astimezone(ask.newsroom.zone).date(), time.min, ask.newsroom.zone)
    return await _top(ask, "t", view, midnight.astimezone(UTC))


async def top(ask: Ask, view: View) -> Page:
    """The most important of seven days, and no filler; a view of another day is shown afresh."""
    return await _top(ask, "p", view, None)


async def _top(ask: Ask, kind: str, view: View, since: datetime | None) -> Page:
    zone = ask.newsroom.zone
    if view.at is None or view.at.astimezone(zone).date() != ask.now.astimezone(zone).date():
        view = View(anchor=0, at=instant(seconds(ask.now)))
    assert view.at is not None  # either it was given or it is now
    ids = await stories.ids_between(ask.db.screens, since or view.at - WEEK, view.at)
    weighed: list[tuple[float, Story]] = []
    for first in range(0, len(ids), AT_ONCE):
        told = await stories.several(ask.db.screens, ids[first : first + AT_ONCE], view.at)
        weighed += ask.weights.add(told, view.at, ask.taste)
    best = rank(finds.most_important(weighed, TOP_SIZE), now=view.at, rubric="roundup", taste=ask.taste)[:TOP_SIZE]
    speak = [headline(each.story.state, each.story.items, ask.wording.language) for each in best]
    speak = await righted(ask.db.screens, speak)
    return pages.top(ask.wording, kind, speak, fitted(view, len(speak)), ask.now, private=ask.private)


async def sections(ask: Ask, view: View) -> Page:
    """The sections that have news."""
    until_id = await items.newest_id(ask.db.screens)
    return pages.sections(ask.wording, await _sections(ask, ask.now, until_id), private=ask.private)


async def section(ask: Ask, view: View) -> Page:
    """The newest news of the section that the words name or the view carries. Words that name none are searched for:
    a town is in the headlines. No words, or a section that has no news any more: the sections that have."""
    until_id = await items.newest_id(ask.db.screens) if view.anchor is None else view.anchor
    at = view.at or instant(seconds(ask.now))
    known = await _sections(ask, at, until_id)
    if view.token:
        chosen = next((each for each in known if each.token == view.token), None)
    else:
        chosen = finds.named(ask.words, known)
    if chosen is None:
        return await (find(ask, View()) if finds.query(ask.words) and not view.token else sections(ask, View()))
    found = await items.newest_of(
        ask.db.screens, chosen.spellings, since=at - MONTH, until_id=until_id, languages=ask.languages, limit=LIST_SIZE
    )
    found = await righted(ask.db.screens, found)
    fixed = replace(view, anchor=until_id, at=at, token=chosen.token)
    return pages.section(ask.wording, chosen.name, found, fitted(fixed, len(found)), ask.now, private=ask.private)


async def _sections(ask: Ask, at: datetime, until_id: int) -> list[finds.Section]:
    told = await items.sections(ask.db.screens, since=at - MONTH, until_id=until_id, languages=ask.languages)
    return finds.sections(told)


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
        alone = await _alone(ask, query, until_id)
        meant = await _meant(ask, query, until_id)
        return pages.nothing_found(ask.wording, query, alone, meant, private=ask.private)
    shown = found[:LIST_SIZE]
    fixed = fitted(replace(view, anchor=until_id), len(shown))
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
    """What has all the words, best first, and whether there may be more of it than was looked at. What was corrected
    is found by its new words, and by the old ones, which a reader may have seen."""
    match = words.match(query)
    if match is None:
        return [], False
    ids = {found for found in await search.find(ask.db.slow, match, limit=SEARCHED) if found <= until_id}
    mended = [found for found in await search.amended(ask.db.slow, match, limit=SEARCHED) if found <= until_id]
    in_title: set[int] = set()
    for hits in (search.find, search.amended):
        in_title.update(await hits(ask.db.slow, f"title : ({match})", limit=SEARCHED))
    standing = await items.several(ask.db.slow, [*ids, *mended])
    right = await righted(ask.db.slow, list(standing.values()))
    # A correction is found with every report of its story: those that it did not concern say nothing of the kind.
    told = [item for item in right if item.id in ids or item != standing[item.id]]
    return finds.ordered(told, in_title, ask.languages), len(ids) == SEARCHED


async def _meant(ask: Ask, query: str, until_id: int) -> str:
    """The query with its slips mended, or only a mended word of it when they find nothing together; "" for none."""
    typed, mended = query.split(), []
    lost = [
        place for place, word in enumerate(typed[: words.QUERY_WORDS]) if not (await _found(ask, word, until_id))[0]
    ]
    titles = await items.titles(ask.db.slow, since=ask.now - MONTH, limit=TITLES)
    for place in lost[:SUGGESTED]:
        if near := nearest(typed[place], titles):
            typed[place] = near
            mended.append(near)
    for meant in dict.fromkeys((" ".join(typed), *mended)) if mended else ():
        if (await _found(ask, meant, until_id))[0]:
            return meant
    return ""


async def _alone(ask: Ask, query: str, until_id: int) -> list[tuple[int, str]]:
    """The first words of the query that find something without the others, with their places in it."""
    typed = query.split()
    alone: list[tuple[int, str]] = []
    for place, word in enumerate(typed[: words.QUERY_WORDS], start=1):
        if len(typed) > 1 and len(alone) < SUGGESTED and (await _found(ask, word, until_id))[0]:
            alone.append((place, word))
    return alone


Show = Callable[[Ask, View], Awaitable[Page]]

COMMANDS: dict[str, Show] = {
    "start": arrive, "latest": latest, "today": today, "top": top, "search": find, "section": section, "help": explain,
}  # fmt: skip
MENU = tuple(name for name in COMMANDS if name != "start")  # Telegram itself offers /start
IN_GROUPS = ("latest", "search")

TAPS: dict[str, Show] = {
    "m": start, "l": latest, "t": today, "p": top, "r": sections, "c": section, "s": find, "w": find_alone,
    "g": find, "f": prompt,
}  # fmt: skip
