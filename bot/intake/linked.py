"""Which node of a page's JSON-LD is the article, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from bot.intake import entries, jsonld, plain, urls
from bot.intake.articles import Picture, Told, filled, pixels
from bot.intake.jsonld import EACH, Node
from bot.intake.opengraph import split

# https://schema.org/Article and what publishers use in its place.
_ARTICLES: Final = frozenset({"SocialMediaPosting", "BlogPosting", "LiveBlogPosting", "Report", "Review", "Recipe"})
_PAGES: Final = ("WebPage", "ItemPage", "AboutPage", "VideoObject", "NewsMediaOrganization", "WebSite")
_WORDS: Final = 8  # levels of objects in one value: {"@value": {"@value": …


def read(nodes: list[Node], url: str) -> list[Told]:
    """What the article's nodes say, the likeliest first, then what the page's own nodes add."""
    known = {one["@id"]: one for one in nodes if isinstance(one.get("@id"), str) and len(one) > 2}
    articles = [one for one in nodes if _is_article(one)]
    here = urls.canonical(url)
    articles.sort(key=lambda one: not _is_here(one, known, here, url))
    pages = [one for name in _PAGES for one in nodes if name in jsonld.types(one)]
    told = [_article(one, known) for one in _alike(articles[:EACH], known)]
    told += [_page(one, known) for one in pages[:EACH]]
    if section := _crumb(nodes, known):
        told.append(Told(section=section))
    return told


def _is_article(node: Node) -> bool:
    kinds = jsonld.types(node)
    said = any(name in node for name in ("headline", "name", "datePublished"))
    return said and any(kind.endswith("Article") or kind in _ARTICLES for kind in kinds)


def _is_here(node: Node, known: dict[str, Node], here: str, url: str) -> bool:
    return any(urls.canonical(entries.absolute(one, url) or "") == here for one in _addresses(node, known))


def _alike(articles: list[Node], known: dict[str, Node]) -> Iterator[Node]:
    """The first article, and the others that tell the same headline or address: one page may hold many articles."""
    if not articles:
        return
    first = articles[0]
    title, addresses = _line(first.get("headline"), known), set(_addresses(first, known))
    yield first
    for one in articles[1:]:
        if (title and _line(one.get("headline"), known) == title) or addresses & set(_addresses(one, known)):
            yield one


def _article(node: Node, known: dict[str, Node]) -> Told:
    sections = _lines(node.get("articleSection"), known)
    keywords = [one for said in _texts(node.get("keywords"), known) for one in split(said)]
    publisher = [one for one in _objects(node.get("publisher"), known) if isinstance(one, dict)]
    return Told(
        titles=filled(_line(node.get(name), known) for name in ("headline", "name", "alternativeHeadline")),
        leads=filled(_line(node.get(name), known) for name in ("description", "abstract")),
        authors=_lines(node.get("author") or node.get("creator"), known),
        section=next(iter(sections), ""),
        tags=tuple(keywords[:EACH]),
        pictures=_pictures(node, known),
        dates=tuple(_texts(node.get("datePublished"), known)),
        language=next(iter(_texts(node.get("inLanguage"), known)), None),
        addresses=tuple(_addresses(node, known)),
        site=next((name for one in publisher if (name := _line(one, known))), ""),
        logos=tuple(one.url for each in publisher for one in _of(each.get("logo"), known)),
    )


def _page(node: Node, known: dict[str, Node]) -> Told:
    """A page's, a film's or a site's node: it dates and pictures the article, but its name may be the site's."""
    kinds = jsonld.types(node)
    if kinds & {"WebSite", "NewsMediaOrganization"}:
        return Told(site=_line(node.get("name"), known), logos=tuple(one.url for one in _of(node.get("logo"), known)))
    return Told(
        titles=filled([_line(node.get("headline"), known)]),
        leads=filled([_line(node.get("description"), known)]),
        pictures=_pictures(node, known),
        dates=tuple(_texts(node.get("datePublished") or node.get("uploadDate"), known)),
        language=next(iter(_texts(node.get("inLanguage"), known)), None),
    )


def _crumb(nodes: list[Node], known: dict[str, Node]) -> str:
    """The section in «Home › Section › Article»: the second crumb, when there are three."""
    for node in nodes:
        crumbs = node.get("itemListElement") if "BreadcrumbList" in jsonld.types(node) else None
        if isinstance(crumbs, list) and len(crumbs) >= 3 and isinstance(crumbs[1], dict):
            item = crumbs[1].get("item")
            return _line(crumbs[1].get("name") or (item if isinstance(item, dict) else None), known)
    return ""


def _addresses(node: Node, known: dict[str, Node]) -> list[str]:
    said = [node.get("url"), node.get("mainEntityOfPage"), node.get("@id")]
    found = []
    for one in said:
        for value in islice(_objects(one, {}), 3):
            address = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
            found += [address] if isinstance(address, str) and address else []
    return found


def _pictures(node: Node, known: dict[str, Node]) -> tuple[Picture, ...]:
    names = ("image", "primaryImageOfPage", "thumbnailUrl", "thumbnail")
    return tuple(one for name in names for one in _of(node.get(name), known))[:EACH]


def _of(value: Any, known: dict[str, Node]) -> Iterator[Picture]:
    for one in _objects(value, known):
        if isinstance(one, str):
            yield Picture(one.strip())
        elif isinstance(one, dict):
            width, height = (_size(one.get(name)) for name in ("width", "height"))
            for name in ("contentUrl", "url", "@id"):
                address = next((each for each in _objects(one.get(name), {}) if isinstance(each, str)), "")
                if address:
                    yield Picture(address.strip(), width, height)
                    break


def _size(said: Any) -> int:
    return pixels(said.get("value") if isinstance(said, dict) else said)


def _objects(value: Any, known: dict[str, Node]) -> Iterator[Any]:
    """The value, or each of a list's; a bare reference is what it refers to."""
    for one in value[:EACH] if isinstance(value, list) else [value]:
        reference = one.get("@id") if isinstance(one, dict) and len(one) <= 2 else None
        yield known.get(reference, one) if isinstance(reference, str) else one


def _texts(value: Any, known: dict[str, Node], depth: int = _WORDS) -> list[str]:
    """Strings and numbers as strings, objects by their value or name."""
    found: list[str] = []
    for one in _objects(value, known):
        if isinstance(one, str | int | float) and not isinstance(one, bool):
            found.append(str(one)[: plain.READ].encode("utf-8", "ignore").decode())  # half a \ud83d\ude00 stays out
        elif isinstance(one, dict) and depth:
            found += _texts(one.get("@value") or one.get("name"), known, depth - 1)
    return found[:EACH]


def _lines(value: Any, known: dict[str, Node]) -> tuple[str, ...]:
    """Plain text: a script's text is not decoded by HTML, yet sites escape it as if it were."""
    return filled(plain.from_html(one).line for one in _texts(value, known))


def _line(value: Any, known: dict[str, Node]) -> str:
    return next(iter(_lines(value, known)), "")
