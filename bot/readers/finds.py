"""In what order a reader sees what was found: by a search, by importance, by the names of sections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.judgement.ranking import enters, rank
from bot.judgement.tastes import Taste
from bot.judgement.words import fold, keys
from storage.model import Item, Story

TITLE_LEAD = timedelta(days=3)  # people look for news: a headline about it beats a mention until it is this much older
NAME_LETTERS = 100  # nobody names a section in more
MOST_KNOWN = 10_000  # weights: some weeks of stories, a megabyte
OUT = -1.0  # an importance below every story's: no edition takes it
TOKEN_BYTES = 5  # a newsroom's hundred sections meet by chance once in two hundred million newsrooms


class Weights:
    """What stories weigh for the roundup, remembered until a story changes: a week has 1,500 of them, weighing one
    takes a millisecond and a half, and every turn of a page asks again. Time does not change these weights."""

    def __init__(self) -> None:
        self._taste: Taste | None = None
        self._known: dict[int, tuple[int, float]] = {}

    def add(self, told: Sequence[Story], now: datetime, taste: Taste) -> list[tuple[float, Story]]:
        """Those of the stories that an edition would take, with their importance."""
        if taste is not self._taste or len(self._known) > MOST_KNOWN:
            self._taste, self._known = taste, {}
        marks = {story.id: hash((story.state.version, story.items)) for story in told}
        fresh = [story for story in told if self._known.get(story.id, (0, 0.0))[0] != marks[story.id]]
        for each in rank(fresh, now=now, rubric="roundup", taste=taste):
            self._known[each.story.id] = marks[each.story.id], each.importance if enters(each) else OUT
        weighed = ((self._known[story.id][1], story) for story in told)
        return [(importance, story) for importance, story in weighed if importance > OUT]


def most_important(weighed: Sequence[tuple[float, Story]], most: int) -> list[Story]:
    """The weightiest stories in no order, with those that weigh as much as the last of them."""
    least = sorted((importance for importance, _ in weighed), reverse=True)[:most]
    return [story for importance, story in weighed if importance >= least[-1]]


@dataclass(frozen=True, slots=True)
class Section:
    """A section under the name that most of its news has, with every spelling of it and a token that names it.

    The token is made of the name alone. So it says the same after a restart and in a link that is a month old, is
    kept nowhere, and is as short for «Надзвичайні події» as for «Війна»; whose it is, the sections of now tell.
    """

    name: str
    spellings: tuple[str, ...]
    token: str


def ordered(items: Iterable[Item], in_title: Collection[int], languages: tuple[str, str]) -> list[Item]:
    """News that stands, one item a story (in the first language that there is), best first.

    Best is newest, but an item whose headline has the words counts as newer by TITLE_LEAD.
    """

    def worth(item: Item) -> tuple[datetime, int]:
        return item.published_at + (TITLE_LEAD if item.id in in_title else timedelta()), item.id

    def voice(item: Item) -> tuple[bool, bool, datetime, int]:
        return item.language == languages[0], item.language == languages[1], *worth(item)

    stories: dict[int, Item] = {}
    for item in items:
        if item.kind == "news" and not item.withdrawn:
            story = item.story_id or -item.id  # an item without a story is one of its own
            if story not in stories or voice(item) > voice(stories[story]):
                stories[story] = item
    return sorted(stories.values(), key=worth, reverse=True)


def query(text: str) -> str:
    """A reader's words in one line, without what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def sections(told: Iterable[tuple[str, int]]) -> list[Section]:
    """Sections of names with how many news each has: those that differ only in case or apostrophe are one,
    most news first. A name that cannot be seen is none."""
    spellings: dict[str, list[tuple[int, str]]] = {}
    for name, count in told:
        if folded := _folded(name):
            spellings.setdefault(folded, []).append((count, name))
    counted = [
        (-sum(count for count, _ in names), Section(query(max(names)[1]), tuple(name for _, name in names), token(key)))
        for key, names in spellings.items()
    ]
    return [section for _, section in sorted(counted, key=lambda each: (each[0], each[1].name))]


def token(name: str) -> str:
    """What stands for the section in a button or a link: ten signs, the same for every spelling of its name."""
    return blake2b(_folded(name).encode(), digest_size=TOKEN_BYTES).hexdigest()


def named(words: str, known: Iterable[Section]) -> Section | None:
    """The section that a reader's words name in any of their forms: «окупації» is «Окупація»."""
    sections, asked = list(known), token(words)
    exact = next((section for section in sections if section.token == asked), None)
    if exact is not None or len(words) > NAME_LETTERS:
        return exact
    forms = keys(words)
    return next((section for section in sections if _same(forms, keys(section.name))), None)


def _folded(name: str) -> str:
    return query(fold(name))


def _same(asked: list[frozenset[str]], name: list[frozenset[str]]) -> bool:
    return bool(asked) and len(asked) == len(name) and all(one & other for one, other in zip(asked, name, strict=True))
