"""What a reader of the page sees: its heading, the date and the names beside it, the first paragraph and picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.intake import datewords, plain
from bot.intake.articles import Picture, Told, filled, pixels
from bot.intake.microdata import line

SEEN: Final = 60  # elements of a kind; what stands further down belongs to other articles
DATE: Final = 120  # characters of an element in which a date is looked for
LINK: Final = 6  # ancestors
NEAR: Final = 3  # elements with dates beside the heading
WEEKDAY: Final = 15  # characters that may stand between a label and its date
LABELLED: Final = 20_000  # characters of the page's text in which a date with its label is looked for
PARAGRAPH: Final = 60  # characters; shorter ones are captions, datelines and calls to subscribe
_DATED: Final = ", ".join(
    f'[class*="{name}"]'
    for name in ("date", "Date", "time", "publish", "byline", "meta", "info", "datum", "fecha", "tarih")
)
# A clock alone may be any day's: a visible date has a year, a named day or «5 хвилин тому». What stands around
# the day may hold its clock.
_DAY = re.compile(
    rf"(?:\b\d\d?[:.]\d\d,?\s+(?:[|•·—–-]\s*)?)?"
    rf"(?:(?<!\d)\d{{1,2}}(?:\.?\s+[^\W\d_]{{3,12}}\.?,?\s+(?:19|20)\d\d|([./-])\d\d?\1(?:(?:19|20)\d\d|\d\d))(?!\d)"
    rf"|(?<!\d)(?:19|20)\d\d([./-])\d\d\2\d\d(?!\d)|\b[^\W\d_]{{3,12}}\.?\s+\d{{1,2}},\s+(?:19|20)\d\d"
    rf"|\b(?:{'|'.join(datewords.DAYS_AGO)})\b|(?:\b\d{{1,3}}\s+)?[^\W\d_]+\s+(?:тому|назад|ago)\b)"
    rf"(?:[\s,|•·—–-]{{1,4}}(?:(?:о|об|в|у|at|um|року|рік|года|г)\b\.?,?\s*)?\d\d?[:.]\d\d(?::\d\d)?(?:\s*[ap]\.?m\b)?)?",
    re.IGNORECASE,
)
# «Дата публікації: середа, 17 липня 2024», "Datum 28.04.2023"; what was updated came out before.
_LABEL = re.compile(
    r"\b(?:дата(?:\s+публ[іи]кац[іи][їи])?|опубл[іи]кован[оа]|розміщено|размещено|(?:date\s+)?published(?:\s+on)?|"
    r"posted(?:\s+on)?|date|datum|veröffentlicht(?:\s+am)?|publi(?:é|cado|cada)(?:\s+(?:le|el))?|fecha|opublikowano)"
    r"(?:\s*[:—–-])?\s",
    re.IGNORECASE,
)
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "src")


def read(tree: LexborHTMLParser) -> tuple[Told, Told]:
    """What the elements made for it say (<h1>, <time datetime>), and what is only seen."""
    heading = _heading(tree)
    about = tree.css_first("html")
    language = about.attributes.get("lang") or about.attributes.get("xml:lang") if about else None
    title = tree.css_first("head > title") or tree.css_first("title")
    marked = Told(
        titles=filled([line(heading) if heading else ""]),
        dates=tuple(_times(tree, heading)),
        language=language,
        addresses=filled((one.attributes.get("href") or "") for one in tree.css('link[rel~="canonical"]')[:3]),
    )
    place = tree.css_first("article") or tree.css_first("main") or tree.css_first('[itemprop="articleBody"]')
    links = place.css('a[rel~="author"], a[rel~="tag"]')[:SEEN] if place else []
    seen = Told(
        titles=filled([plain.fold(title.text()) if title else ""]),
        leads=tuple(islice(_paragraphs(place), 1)) if place else (),
        authors=filled(line(one) for one in links if "author" in _rel(one)),
        tags=filled(line(one) for one in links if "tag" in _rel(one)),
        dates=tuple(_dates(tree, heading)) or tuple(_labelled(tree, heading)),
        pictures=tuple(islice(_pictures(place), 3)) if place else (),
    )
    return marked, seen


def _rel(link: LexborNode) -> list[str]:
    return (link.attributes.get("rel") or "").lower().split()


def _heading(tree: LexborHTMLParser) -> LexborNode | None:
    """The <h1> whose words the page's <title> repeats, else the longest: the first is often the site's own mark."""
    found = [(node, line(node)) for node in tree.css("h1")[:SEEN]]
    title = tree.css_first("title")
    said = plain.fold(title.text()).casefold() if title else ""
    repeated = [node for node, text in found if len(text) > 10 and text.casefold() in said]
    if repeated:
        return repeated[0]
    return max(found, key=lambda one: len(one[1]))[0] if found else None


def _times(tree: LexborHTMLParser, heading: LexborNode | None) -> Iterator[str]:
    """Machine dates of <time>: those marked as the publication's, then those after the heading, then others."""
    before: list[str] = []
    after: list[str] = []
    passed = False
    for node in tree.css("h1, time[datetime]")[: 2 * SEEN]:
        passed = passed or (heading is not None and node.mem_id == heading.mem_id)
        said = (node.attributes.get("datetime") or "").strip()
        if "pubdate" in node.attributes or "publish" in (node.attributes.get("class") or ""):
            before.insert(0, said)
        elif said:
            (after if passed else before).append(said)
    marked = before[:1] if before and not passed else []
    yield from (marked + after + before)[:SEEN]


def _dates(tree: LexborHTMLParser, heading: LexborNode | None) -> Iterator[str]:
    """Dates in elements that are named or made for them: the nearest after the heading, then the last before it."""
    before: list[str] = []
    after: list[str] = []
    passed = heading is None
    for node in tree.css(f"h1, time, {_DATED}")[: 10 * SEEN]:
        passed = passed or (heading is not None and node.mem_id == heading.mem_id)
        found = _DAY.search(_opening(node))
        if found and not _in_link(node):
            (after if passed else before).append(found.group())
        if len(after) >= NEAR:
            break
    yield from [*after, *reversed(before[-NEAR:])]


def _labelled(tree: LexborHTMLParser, heading: LexborNode | None) -> Iterator[str]:
    """The first date after the heading that the text itself calls one, where no element is named for it."""
    text = plain.fold(tree.body.text(separator=" ")) if tree.body else ""
    start = max(0, text.find(line(heading))) if heading else 0
    labels = _LABEL.finditer(text, start, start + LABELLED)
    found = ((label.end(), _DAY.search(text, label.end(), label.end() + DATE)) for label in labels)
    yield from islice((day.group() for end, day in found if day and day.start() - end <= WEEKDAY), 1)


def _opening(node: LexborNode) -> str:
    """The first DATE characters of an element's text; the rest, which may be the whole page, is not looked at."""
    inside = islice(node.traverse(include_text=True), SEEN)
    return plain.fold(" ".join((one.text_content or "")[:DATE] for one in inside if one.tag == "-text"))[:DATE]


def _in_link(node: LexborNode) -> bool:
    """Whether a click on it leads elsewhere: then the date is the other article's."""
    step: LexborNode | None = node
    for _ in range(LINK):
        if step is None:
            return False
        if step.tag == "a":
            return True
        step = step.parent
    return False


def _paragraphs(place: LexborNode) -> Iterator[str]:
    for node in place.css("p")[:SEEN]:
        text = line(node)
        if len(text) >= PARAGRAPH:
            yield text


def _pictures(place: LexborNode) -> Iterator[Picture]:
    for node in place.css("img")[:SEEN]:
        said = node.attributes
        address = next((value for name in _LAZY if (value := (said.get(name) or "").strip())), "")
        if address and not address.startswith("data:"):
            yield Picture(address, pixels(said.get("width")), pixels(said.get("height")))
