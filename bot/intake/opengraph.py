"""What the head of a page says in its <meta> tags: OpenGraph first, then Twitter's card, then the plain old names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from bot.intake import plain
from bot.intake.articles import Picture, Told, filled, pixels

TAGS: Final = 1_000  # a page has 40 of them, a bomb 200,000
EACH: Final = 30  # of one name
# Letters only: sites write article:published_time with every sign between the words.
_DATES: Final = (
    "articlepublishedtime", "ogarticlepublishedtime", "ogpublishedtime", "articlepublished", "datepublished",
    "publishedtime", "publishdate", "pubdate", "publicationdate", "cxenseparsepublishtime",
    "cxenseparserecspublishtime", "parselypubdate", "sailthrudate", "dctermscreated", "dctermsissued", "dcdateissued",
    "dcdatecreated", "dctermsdate", "dcdate", "date",
)  # fmt: skip
_AUTHORS: Final = ("author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "dc.creator")
_TAG_LISTS: Final = ("news_keywords", "keywords", "parsely-tags")

Metas = dict[str, list[str]]


def read(tree: LexborHTMLParser) -> tuple[Told, Told]:
    """What OpenGraph says, and what all other names say."""
    told, pictures = _metas(tree)
    tags = told.get("article:tag") or told.get("og:article:tag") or []
    graph = Told(
        titles=_lines(told, "og:title"),
        leads=_lines(told, "og:description"),
        section=_first(told, "article:section", "og:article:section"),
        tags=tuple(one for tag in tags for one in split(tag)),
        pictures=tuple(pictures),
        language=next(iter(told.get("og:locale", ())), None),
        addresses=tuple(told.get("og:url", ())),
        site=_first(told, "og:site_name"),
    )
    lists = next((told[name] for name in _TAG_LISTS if name in told), [])
    others = Told(
        titles=_lines(told, "twitter:title", "dc.title", "title"),
        leads=_lines(told, "description", "twitter:description", "dc.description"),
        authors=_lines(told, *_AUTHORS),
        section=_first(told, "section", "parsely-section", "category"),
        tags=tuple(one for said in lists for one in split(said)),
        pictures=tuple(Picture(url) for name in ("twitter:image", "twitter:image:src") for url in told.get(name, ())),
        dates=tuple(_dates(told)),
        language=next((said for name in ("content-language", "dc.language") for said in told.get(name, ())), None),
        site=_first(told, "application-name"),
    )
    return graph, others


def split(said: str) -> list[str]:
    """Tags that stand in one line, parted by commas or semicolons."""
    return [name.strip() for name in said.replace(";", ",").split(",")][:EACH]


def text(said: str) -> str:
    """One line of plain text; the tree has decoded its entities, so only forgotten ones and markup are repaired."""
    is_markup = "</" in said or "<br" in said
    return (plain.from_html(said) if is_markup else plain.from_text(said)).line


def _metas(tree: LexborHTMLParser) -> tuple[Metas, list[Picture]]:
    """Contents by name in small letters, and the pictures of OpenGraph with the sizes that follow each."""
    told: Metas = {}
    pictures: list[Picture] = []
    for node in tree.css("meta[content]")[:TAGS]:
        said = node.attributes
        content = (said.get("content") or "").strip()
        names = {(said.get(name) or "").strip().lower() for name in ("property", "name", "http-equiv")} - {""}
        for name in names if content else ():
            if len(told.setdefault(name, [])) < EACH:
                told[name].append(content)
            _put(pictures, name, content)
    return told, pictures


def _put(pictures: list[Picture], name: str, content: str) -> None:
    """og:image begins a picture; :url and :secure_url are the same one again; sizes belong to the last begun."""
    if name == "og:image" and len(pictures) < EACH:
        pictures.append(Picture(content))
    elif name in {"og:image:url", "og:image:secure_url"}:
        if pictures and (name == "og:image:url" or content.startswith("https:")):
            pictures[-1] = replace(pictures[-1], url=content)
        elif not pictures:
            pictures.append(Picture(content))
    elif pictures and name == "og:image:width":
        pictures[-1] = replace(pictures[-1], width=pixels(content))
    elif pictures and name == "og:image:height":
        pictures[-1] = replace(pictures[-1], height=pixels(content))


def _lines(told: Metas, *names: str) -> tuple[str, ...]:
    return filled(text(content) for name in names for content in told.get(name, ()))


def _dates(told: Metas) -> list[str]:
    letters: Metas = {}
    for name, contents in told.items():
        letters.setdefault(re.sub(r"[^a-z]", "", name), []).extend(contents)
    return [date for name in _DATES for date in letters.get(name, ())][:EACH]


def _first(told: Metas, *names: str) -> str:
    return next(iter(_lines(told, *names)), "")
