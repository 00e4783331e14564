"""In what order a reader sees what a search found, and the sections of news by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.judgement.words import fold, keys
from storage.model import Item

TITLE_LEAD = timedelta(days=3)  # people look for news: a headline about it beats a mention until it is this much older
TOKEN_BYTES = 5  # a newsroom's hundred sections meet by chance once in two hundred million newsrooms


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
    sections = list(known)
    exact = next((section for section in sections if section.token == token(words)), None)
    return exact or next((section for section in sections if _same(keys(words), keys(section.name))), None)


def _folded(name: str) -> str:
    return query(fold(name))


def _same(asked: list[frozenset[str]], name: list[frozenset[str]]) -> bool:
    return bool(asked) and len(asked) == len(name) and all(one & other for one, other in zip(asked, name, strict=True))
