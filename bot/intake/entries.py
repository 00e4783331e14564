"""One entry of any kind of feed made into a Report; what every format shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from bot.intake import languages, plain
from storage.model import Report

TITLE = 500  # characters; the longest headline among 8,138 real ones has 262
LEAD = 2_000  # the judgement reads 300, a long post shows a few sentences
SECTIONS = 20
URL = 2_048  # what browsers and sitemaps take: https://www.sitemaps.org/protocol.html
START = 160  # of a text that has to serve as a title

_STUB = re.compile(
    # In the middle of a sentence only what begins like a new one: «Рассказываем о них подробнее» is told, not offered.
    r"""(?:^|(?<=[.!?…»"”)\]])|(?<=\s)(?-i:(?=[\[…А-ЯІЇЄҐA-Z])))\s*(?:\[?(?:…|\.\.\.|&hellip;)\]?\s*)?(?:
      (?:читати|читать|дізнатися|узнать|подробиці|подробности|детальніше|подробнее|більше)
        (?:\s+(?:далі|дальше|далее|повністю|полностью|більше|больше|детальніше|подробнее|новину|новость|статтю|статью))?
        (?:[\s:]*(?:читайте|дивіться|смотрите))?
        (?:\s+(?:на|в|у|за)\s+(?:нашому|нашем|сайті|сайте|сайту|посиланням|ссылке|матеріалі|материале|джерелі|источнике)(?:\s+сайт[іе])?)?
    | read\s+(?:more|the\s+full\s+(?:story|article))|continue\s+reading|full\s+story
    | (?:докладніше|детальніше|подробнее)\s+(?:на|в|у)\s+\S+
    )(?:\s+\S+\.(?:ua|com|org|net|ru|info|media)\S*)?[\s.…»→>:!\]]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED = re.compile(
    r"\s*(?:The post .{1,400} (?:appeared first on|first appeared on) .*"
    r"|(?:Запис|Допис|Сообщение|Запись) .{1,400} (?:з.явився|з.явилися|появил(?:ась|ись|ось)) .*)$",
    re.DOTALL,
)
_TAIL = re.compile(r"\s*(?:\[(?:…|\.\.\.|&hellip;)\]|\[\s*…?\s*\])\s*$")
# «10 липня 2026 р.», «О. Коваль», «30 тис. доларів» go on after their full stop.
_SENTENCE = re.compile(rf".{{20,{START}}}?(?<!\W[^\W\d])(?<!\bтис)(?<!\bмлн)(?<!\bмлрд)(?<!\bім)[.!?…](?=\s|$)")
_LETTERS = re.compile(r"\w+")
_IMAGE_NAME: Final = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
_ADDRESS = re.compile(r"[<(\[]?\s*(?:mailto:)?[\w.+-]+@[\w-]+\.[\w.-]+\s*[>)\]]?")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read: its reports in the feed's order, how long it asks to be left alone, what was repaired.

    `more`: addresses that hold the rest, the newest first, where the feed is only an index of them.
    `hub`: who tells when there is more, `topic`: the name it knows the feed by; both or neither.
    """

    title: str = ""
    language: str | None = None
    reports: tuple[Report, ...] = ()
    ttl: timedelta | None = None
    notes: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """What a format says of one entry, before anything is cleaned. Texts are tried in order for a lead."""

    title: plain.Text = field(default_factory=lambda: plain.Text(()))
    texts: tuple[plain.Text, ...] = ()
    url: str | None = None
    guid: str | None = None
    published_at: datetime | None = None
    declared: tuple[str | None, ...] = ()
    sections: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    author: str | None = None
    base: str = ""


def report(raw: Raw) -> Report | None:
    """The entry as a Report; None when it has neither a title nor any text."""
    leads = [lead for text in raw.texts if (lead := without_stubs(text.line))]
    title = plain.cut(raw.title.line, TITLE) or _opening(raw.texts)
    if not title:
        return None
    lead = next((lead for lead in leads if not same(lead, title)), "")
    url = absolute(raw.url, raw.base)
    return Report(
        title=title,
        url=url,
        guid=plain.fold(raw.guid or "")[:URL] or None,
        lead=plain.cut(lead, LEAD),
        published_at=raw.published_at,
        language=languages.settle(f"{title} {lead}", url, raw.declared),
        sections=unique(raw.sections),
        image=_first_image(raw),
        author=_name(raw.author),
    )


def without_stubs(text: str) -> str:
    """The text without «Читати далі», «Подробиці читайте на сайті», a blog engine's signature, […] at its end."""
    head, tail = text[:-800], text[-800:]  # a stub is short; the expressions never see a long text
    previous = None
    while previous != tail:
        previous = tail
        tail = _TAIL.sub("…", _STUB.sub("", _SIGNED.sub("", tail))).rstrip()
    return "" if tail in {"…", "..."} and not head else head + tail


def same(one: str, other: str) -> bool:
    """Whether two texts have the same words, whatever the signs and capitals between them."""
    if abs(len(one) - len(other)) > 40:
        return False
    return _LETTERS.findall(one.casefold()) == _LETTERS.findall(other.casefold())


def absolute(link: str | None, base: str) -> str | None:
    """An absolute http(s) address without spaces; None for any other scheme, too long or no address."""
    text = "".join((link or "").split())
    if not text or len(text) > URL:
        return None
    try:
        joined = urljoin(base, text)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme.lower() in {"http", "https"} and parts.hostname else None


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Sections as plain text in order, each once, at most SECTIONS; names beyond 100 characters are no names."""
    found: dict[str, str] = {}
    for name in names:
        text = plain.from_html(name).line if "<" in name or "&" in name else plain.fold(name)
        if text and len(text) <= 100:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:SECTIONS]


def is_image(address: str) -> bool:
    """Whether the name in an address ends like a picture's."""
    try:
        return urlsplit(address).path.lower().endswith(_IMAGE_NAME)
    except ValueError:
        return False


def _opening(texts: tuple[plain.Text, ...]) -> str:
    """The first sentence or words of the first text that has any: a channel's entry has no title of its own."""
    for text in texts:
        first = next((part for part in text.paragraphs if without_stubs(part)), "")
        if first:
            sentence = _SENTENCE.match(first)
            return sentence.group() if sentence else plain.cut(first, START)
    return ""


def _first_image(raw: Raw) -> str | None:
    inside = tuple(text.image for text in raw.texts if text.image)
    return next((found for one in (*raw.images, *inside) if (found := absolute(one, raw.base))), None)


def _name(author: str | None) -> str | None:
    """The author's name without the postal address of RSS (`a@b.c (Ім'я)`); None when only that was given."""
    text = plain.from_html(author or "").line if author else ""
    return plain.cut(_ADDRESS.sub(" ", text).strip(" ()<>[],;"), 200) or None
