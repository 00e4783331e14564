"""An article's page read into what a card needs of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urldefrag, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from bot.intake import (
    bodies,
    entries,
    headlines,
    jsonld,
    languages,
    linked,
    microdata,
    moments,
    opengraph,
    pictures,
    plain,
    urls,
    visible,
)
from bot.intake.articles import Article, Told
from bot.intake.bodies import UnreadableFeed

__all__ = ["Article", "UnreadableFeed", "read"]

AUTHORS: Final = 5
NAME: Final = 100  # characters of an author's, a section's or a site's name
_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body|meta|title|h1|article|div|p)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL
)


def read(body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Article:
    """The article; dates without a zone are the given zone's, the future is the caller's to clamp.

    Raises UnreadableFeed with one of: empty, too_big, bad_encoding, not_page (no HTML, or nothing in it that is a
    headline).
    """
    source, _ = bodies.text(body, labelled(body, content_type))
    if _OTHER.match(source[:5_000]) or not _PAGE.search(source):
        raise UnreadableFeed("not_page")
    tree = LexborHTMLParser(source)
    base = tree.css_first("base[href]")
    start = entries.absolute(base.attributes.get("href"), url) if base else None
    article = _settled(_voices(tree, url), url, start or url, now, zone)
    if not article.title:
        raise UnreadableFeed("not_page")
    return article


def labelled(body: bytes, content_type: str | None) -> str | None:
    """The content type, with the charset of the page's own <meta> when HTTP named none."""
    if content_type and "charset" in content_type.lower():
        return content_type
    found = _CHARSET.search(body[:4_096])
    return f"text/html; charset={found[1].decode('ascii', 'ignore')}" if found else content_type


def _voices(tree: LexborHTMLParser, url: str) -> list[list[Told]]:
    """JSON-LD, OpenGraph, other metas, microdata, marked and seen elements."""
    blocks = (node.text() for node in tree.css('script[type*="ld+json"]')[: jsonld.BLOCKS])
    graph, others = opengraph.read(tree)
    marked, seen = visible.read(tree)
    return [linked.read(jsonld.nodes(blocks), url), [graph], [others], [microdata.read(tree)], [marked], [seen]]


def _settled(voices: list[list[Told]], url: str, base: str, now: datetime, zone: ZoneInfo) -> Article:
    linked_, graph, others, micro, marked, seen = voices
    every = [*linked_, *graph, *others, *micro, *marked, *seen]
    by_eye = [*graph, *linked_, *others, *micro, *marked, *seen]
    site = _site(by_eye)
    names = {one.site for one in every} - {""}
    title = _title([*linked_, *graph, *marked, *micro, *others, *seen], marked[0].titles, names, url)
    lead = _lead(by_eye, title)
    return Article(
        title=title,
        lead=lead,
        author=next(filter(None, (author(one.authors, site) for one in every)), None),
        section=next((one.section for one in by_eye if one.section and len(one.section) <= NAME), None),
        tags=entries.unique(next((one.tags for one in by_eye if one.tags), ())),
        image=pictures.best([one.pictures for one in by_eye], [logo for one in every for logo in one.logos], base),
        published_at=moments.published([date for one in every for date in one.dates], zone, now),
        language=languages.settle(f"{title} {lead}", url, tuple(one.language for one in [*marked, *by_eye])),
        canonical=_canonical([*marked, *graph, *linked_, *micro], url, base),
        site=site,
    )


def _site(voices: Iterable[Told]) -> str:
    said = [one.site for one in voices if one.site and len(one.site) <= NAME]
    return said[0] if said else ""


def _title(voices: Sequence[Told], headings: Sequence[str], names: Iterable[str], url: str) -> str:
    said = [plain.cut(title, entries.TITLE) for voice in voices for title in voice.titles]
    known = tuple(names)
    found = (headlines.bare(headlines.shortened(title, headings), known, url) for title in said)
    return next(filter(None, found), "")


def _lead(voices: Sequence[Told], title: str) -> str:
    """The first description that is neither a stub nor the title; a longer one that goes on where it was cut."""
    leads = [lead for one in voices for said in one.leads if (lead := entries.without_stubs(said))]
    leads = [lead for lead in leads if not entries.same(lead, title)]
    if not leads:
        return ""
    start = leads[0].rstrip(" .…")
    whole = next((lead for lead in leads if len(lead) > len(start) + 1 and lead.startswith(start)), leads[0])
    return plain.cut(whole if leads[0].endswith(("…", "...")) else leads[0], entries.LEAD)


def author(said: Iterable[str], site: str) -> str | None:
    """The names among what is said of the authors, in one line; None when there is none."""
    names = [name for name in said if _is_name(name, site)]
    return ", ".join(dict.fromkeys(names[:AUTHORS])) or None


def _is_name(name: str, site: str) -> bool:
    """No address, no @nickname, not the site itself."""
    address = name.startswith(("@", "http:", "https:", "/", "www.")) or "://" in name
    return len(name) <= NAME and not address and not entries.same(name, site)


def _canonical(voices: Iterable[Told], url: str, base: str) -> str | None:
    """The first address of its own that the page gives, on its own site; never the front page for an article."""
    for one in voices:
        for said in one.addresses:
            found = entries.absolute(said, base)
            if found and _same_site(found, url) and (_path(found) or not _path(url)):
                return urldefrag(found).url
    return None


def _same_site(one: str, other: str) -> bool:
    """Whether one host is the other or lies under it, m. and www. aside; a password before it is nobody's site."""
    first, second = (f".{urlsplit(urls.canonical(address)).netloc}" for address in (one, other))
    return "@" not in urlsplit(one).netloc and (first.endswith(second) or second.endswith(first))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.strip("/") + parts.query
