"""HTML of strangers made safe for a parser that is fast on pages and slow on bombs."""

from __future__ import annotations

import re
from typing import Final

from bot.intake.bodies import ATTRIBUTES, DEPTH, UnreadableFeed

TAGS: Final = 100_000  # a long front page has 10,000
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|div|ul|ol|li|p|table|section|article|main|h[1-6]|a)\b", re.IGNORECASE
)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*+)([^<>]*+)>?")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[\w:.-]\s*=|\s[\w:.-]+(?=\s)")
# What HTML closes by itself: https://html.spec.whatwg.org/#void-elements and #optional-tags
_SELF_CLOSED: Final = frozenset({
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link",
    "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
})  # fmt: skip


def is_html(source: str) -> bool:
    """Whether the text has any of the elements that pages are made of."""
    return bool(_HTML.search(source))


def safe(source: str) -> str:
    """The page without scripts and comments, up to its TAGS-th tag.

    Raises UnreadableFeed("too_deep") or "too_many_attributes": lexbor needs a minute for 100,000 open elements
    and seven seconds for 50,000 attributes.
    """
    source = _UNSEEN.sub(" ", source)
    depth = 0
    for number, tag in enumerate(_TAG.finditer(source)):
        if number >= TAGS:
            return source[: tag.start()]
        inside = tag[3]
        if len(inside) > 2 * ATTRIBUTES and len(_ATTRIBUTE.findall(_QUOTED.sub("", inside))) > ATTRIBUTES:
            raise UnreadableFeed("too_many_attributes", count=ATTRIBUTES + 1)
        if tag[2].lower() in _SELF_CLOSED or inside.endswith("/"):
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEPTH:
            raise UnreadableFeed("too_deep", depth=depth)
    return source
