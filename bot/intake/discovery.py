"""Where a site may keep its news: the addresses worth asking, found in what its page or its robots.txt says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final, Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from bot.intake import bodies, charsets, plain, previews
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import absolute

Kind = Literal["feed", "sitemap", "preview", "robots", "page"]

CANDIDATES: Final = 20  # each costs the site a request; at one a second an editor waits that long
DECLARED: Final = 10
LINKED: Final = 6
COMMONEST: Final = 2  # guesses asked before a sitemap that is not said to be for news
TAGS: Final = 20_000  # links of a page that are looked at; a front page has some 500
HEAD: Final = 8_192  # bytes in which a document says what it is
VALUE: Final = 4_096  # characters of one attribute
# In the order in which newsrooms have them; a robots.txt is short and names the sitemaps.
GUESSES: Final[tuple[tuple[str, Kind], ...]] = (
    ("/rss", "feed"), ("/feed/", "feed"), ("/rss.xml", "feed"), ("/feed.xml", "feed"), ("/atom.xml", "feed"),
    ("/index.xml", "feed"), ("/feed.json", "feed"), ("/robots.txt", "robots"), ("/sitemap-news.xml", "sitemap"),
    ("/news-sitemap.xml", "sitemap"), ("/sitemap_news.xml", "sitemap"),
)  # fmt: skip

_TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<(?P<mute>script|style)\b(?:.*?</(?P=mute)\s*>|.*)"
    rf"""|<(?P<name>link|a|base)(?=[\s/])(?P<said>(?:[^<>"']|"[^"]{{0,{VALUE}}}"|'[^']{{0,{VALUE}}}')*+)>""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"""([\w:-]{{1,40}}+)\s*+=\s*+(?:"([^"]{{0,{VALUE}}})"|'([^']{{0,{VALUE}}})'|([^\s"'<>]++))""")
_ROOT = re.compile(
    r"(?:\s|<\?[^>]{0,2000}>|<!--.*?-->|<!DOCTYPE\b[^>\[]{0,2000}(?:\[[^\]]*\]\s*)?>)*+<([A-Za-z_][\w:.-]*)",
    re.IGNORECASE | re.DOTALL,
)
_KNOWN_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_ROOTS: Final[dict[str, Kind]] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "channel": "feed", "urlset": "sitemap", "sitemapindex": "sitemap",
}  # fmt: skip
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2048})", re.IGNORECASE | re.MULTILINE)
_RULE_LINE = re.compile(r"^[ \t]*(?:user-agent|disallow|allow|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FEED_TYPE = re.compile(r"application/(?:rss|(?:x\.)?atom|rdf|feed)\+(?:xml|json)", re.IGNORECASE)
_VAGUE_TYPE = re.compile(r"(?:application|text)/(?:json|xml)", re.IGNORECASE)
_FEED_PART = re.compile(
    r"(?:[a-z0-9]+[_-])?rss(?:2|20)?(?:[_-]\w+)?(?:\.(?:xml|php|json|aspx?))?|(?:feeds?|atom|rdf)(?:\.(?:xml|php|json))?|"
    r"[\w-]+\.(?:rss|atom|rdf)|(?:news|all|main|last|export|ukrnet)[\w-]*\.xml",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf)|(?:format|type|alt|mode)=(?:feed|rss|atom)|rss(?:=|&|$))", re.IGNORECASE
)
_BURNERS: Final = frozenset({"feeds.feedburner.com", "feeds2.feedburner.com", "feedproxy.google.com"})
# What people say under an article and what one of them writes is not the site's news.
_ASIDE = re.compile(
    r"comment|coment[aá]ri|kommentar|komentar|коментар|комментар|відгук|отзыв|replies|/(?:author|user|tag|podcast)s?/|"
    r"[?&]author=|/20\d\d/\d\d/.+/feed/?(?:\?|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address worth asking and what is expected there. `guess`: nothing on the site named it."""

    url: str
    kind: Kind
    title: str = ""
    guess: bool = False


def candidates(body: bytes, content_type: str | None, url: str) -> tuple[Candidate, ...]:
    """The addresses to ask for a site's news, best first, each once, at most CANDIDATES. `url` is what answered.

    What is a feed, a sitemap or a channel already is the only one. Otherwise: feeds that the page declares, then
    those it links to (or the sitemaps of a robots.txt), then guesses, and last the page as a list of headlines.
    """
    if channel := previews.address(url):
        return (Candidate(channel, "preview"),)
    kind = kind_of(body, content_type, url)
    if kind in {"feed", "sitemap"}:
        return (Candidate(url, kind),)
    page = urljoin(url, "/") if kind == "robots" else url
    found = _sitemaps(_text(body, content_type), url) if kind == "robots" else _named(_text(body, content_type), url)
    guesses = [Candidate(urljoin(url, path), what, guess=True) for path, what in GUESSES]
    asked = _once([*found, *guesses], _key(url))
    return (*asked[: CANDIDATES - 1], Candidate(urldefrag(page).url, "page"))


def named(found: Sequence[Candidate]) -> bool:
    """Whether anything on the site named one of these: then its robots.txt is not needed."""
    return len(found) == 1 or any(not one.guess for one in found[:-1])


def with_robots(found: Sequence[Candidate], told: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates of a page that names none, with the sitemaps `told` by the site's robots.txt among the guesses.

    One that is for news comes first; the others, mostly of the whole archive, after the two commonest guesses.
    """
    sitemaps = [one for one in told if one.kind == "sitemap" and not one.guess]
    news = [one for one in sitemaps if _is_for_news(one)]
    guesses = [one for one in found[:-1] if one.kind != "robots"]
    asked = _once([*news, *guesses[:COMMONEST], *sitemaps, *guesses[COMMONEST:]])
    return (*asked[: CANDIDATES - 1], *found[-1:])


def kind_of(body: bytes, content_type: str | None, url: str) -> Kind:
    """What an answer is, by its first bytes (also packed with gzip), since labels lie; "page" when it is no other."""
    if previews.address(url) and "/s/" in url:
        return "preview"
    start = charsets.decode(_unpacked(body)[:HEAD], content_type)[0].lstrip("\ufeff\x00 \t\r\n")
    if start[:1] in {"{", "["}:
        return "feed" if "jsonfeed.org/version" in start or b'"items"' in body else "page"
    root = _ROOT.match(start)
    name = root[1].rpartition(":")[2].lower() if root else ""
    if name in _ROOTS:
        return _ROOTS[name]
    if name not in {"html", "head", "body"} and (known := _KNOWN_ROOT.search(start)):
        return _ROOTS[known[1].lower()]  # a server's warning stands before it
    return "robots" if not root and _RULE_LINE.search(start) else "page"


def _text(body: bytes, content_type: str | None) -> str:
    try:
        return bodies.text(body, content_type)[0]
    except UnreadableFeed:
        return ""


def _unpacked(body: bytes) -> bytes:
    """The first HEAD bytes of a gzip file; other bytes as they are."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body[: 8 * HEAD], HEAD)
    except zlib.error:
        return b""


def _sitemaps(robots: str, url: str) -> list[Candidate]:
    """Those that a robots.txt names, the ones for news before the whole site's."""
    said = [found[1] for found in islice(_SITEMAP_LINE.finditer(robots), TAGS)]
    found = [Candidate(address, "sitemap") for one in said if (address := absolute(one, url))]
    return sorted(found, key=lambda one: not _is_for_news(one))[:DECLARED]


def _is_for_news(one: Candidate) -> bool:
    return "news" in urlsplit(one.url).path.lower()


def _named(page: str, url: str) -> list[Candidate]:
    """The feeds that the page declares, then those that it only links to; comments' and authors' after all others."""
    declared, linked, base = [], [], url
    for name, said in _tags(page):
        href = said.get("href", "")
        if name == "base":
            base = absolute(href, url) or base if base == url else base
        elif name == "link":
            declared += _declared(said, href, base)
        elif (address := absolute(href, base)) and _near(address, url) and _looks_like_a_feed(address):
            linked.append(Candidate(urldefrag(address).url, "feed"))
    near = [*_once(declared)[:DECLARED], *_once(linked)[:LINKED]]
    return sorted(near, key=_is_aside)


def _tags(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in islice(_TAG.finditer(page), TAGS):
        if tag["name"]:
            said = islice(_ATTRIBUTE.finditer(tag["said"]), 40)
            yield tag["name"].lower(), {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in said}


def _declared(said: dict[str, str], href: str, base: str) -> list[Candidate]:
    """The feed of a <link>, if it is one. WordPress calls an article's JSON an alternate, and its players too."""
    rel, kind = said.get("rel", "").lower().split(), said.get("type", "").partition(";")[0].strip()
    address = absolute(href, base)
    if not address or "stylesheet" in rel or not {"alternate", "feed", "service.feed"} & set(rel):
        return []
    vague = "feed" in rel or bool(_VAGUE_TYPE.fullmatch(kind))
    if not _FEED_TYPE.fullmatch(kind) and not (vague and _looks_like_a_feed(address)):
        return []
    return [Candidate(urldefrag(address).url, "feed", plain.cut(plain.fold(said.get("title", "")), 200))]


def _looks_like_a_feed(address: str) -> bool:
    parts = urlsplit(address)
    if parts.hostname in _BURNERS:
        return bool(parts.path.strip("/"))
    inside = any(_FEED_PART.fullmatch(part) for part in parts.path.split("/")[:10])
    return inside or bool(_FEED_QUERY.search(parts.query))


def _near(address: str, url: str) -> bool:
    """Whether a link stays on the site, or leads to who serves feeds for many."""
    there, here = urlsplit(address).hostname or "", urlsplit(url).hostname or ""
    there, here = f".{there.removeprefix('www.')}", f".{here.removeprefix('www.')}"
    return there[1:] in _BURNERS or there.endswith(here) or here.endswith(there)


def _is_aside(one: Candidate) -> bool:
    return bool(_ASIDE.search(f"{urlsplit(one.url).path}?{urlsplit(one.url).query} {one.title}"))


def _once(found: Iterable[Candidate], besides: str = "") -> list[Candidate]:
    """Each address once, the first of its spellings; none that is `besides`."""
    kept: dict[str, Candidate] = {}
    for one in found:
        kept.setdefault(_key(one.url), one)
    kept.pop(besides, None)
    return list(kept.values())


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
