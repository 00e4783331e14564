"""Public Telegram channels as sources: the preview page of one read into Reports, its address in any spelling."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from bot.intake import bodies, channelpage, entries, hypertext, plain
from bot.intake.bodies import UnreadableFeed
from bot.intake.channelpage import Line, Post
from bot.intake.entries import Feed
from storage.model import Report

__all__ = ["Feed", "Post", "UnreadableFeed", "address", "older", "posts", "read", "told"]

LIMIT_BYTES: Final = 1024 * 1024  # 20 posts make 200 KB; the tree takes some forty times the page
CALL: Final = 20  # characters; a shorter first line («Терміново!», «Дніпро») is no headline yet

# https://core.telegram.org/method/account.checkUsername: five signs, four on Fragment.
_NAME: Final = r"[A-Za-z][A-Za-z0-9_]{3,31}"
_HOST: Final = r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)"
_SPELLINGS: Final = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        rf"@({_NAME})",
        rf"{_HOST}/(?:s/)?({_NAME})(?:/\d*)?/?(?:[?#]\S*)?",
        rf"(?:https?://)?({_NAME})\.t\.me/?(?:[?#]\S*)?",
        rf"tg:(?://)?resolve/?\?(?:\S*&)?domain=({_NAME})(?:[&#]\S*)?",
    )
)
# What stands in the place of a name: https://core.telegram.org/api/links
_NO_NAMES: Final = frozenset({
    "addemoji", "addlist", "addstickers", "addtheme", "auction", "boost", "call", "confirmphone", "contact",
    "giftcode", "invoice", "joinchat", "login", "nft", "proxy", "setlanguage", "share", "socks", "stickers",
})  # fmt: skip
_OLDER = re.compile(rf"(?:https://t\.me)?/s/{_NAME}\?before=(\d{{1,10}})")
_ORNAMENT = re.compile(r"^[^\w«“„‟\"'‘’(\[#№$€₴+−–—-]+")


def address(text: str) -> str | None:
    """The preview page's address of the channel that a text names in any of Telegram's ways; None for any other.

    A link to a post names its channel. Invitations, private channels (t.me/c/…) and stickers have no preview.
    """
    said = text.strip()[:300]
    names = [found[1] for one in _SPELLINGS if (found := one.fullmatch(said))]
    return f"https://t.me/s/{names[0]}" if names and names[0].lower() not in _NO_NAMES else None


def read(body: bytes, content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """The channel's posts with text, newest first: title, the rest as lead, https://t.me/NAME/ID as url and guid.

    The author is the one who signed it, else whoever it was forwarded from. A channel that shows no post with
    text is a Feed without reports. Raises UnreadableFeed with one of: empty, too_big, too_deep,
    too_many_attributes, no_preview (no channel of that name, or one that shows its posts to its readers only).
    """
    tree = _tree(body, content_type)
    found = channelpage.posts(tree, zone, now)
    if not found and tree.css_first(".tgme_channel_history, .tgme_channel_info") is None:
        raise UnreadableFeed("no_preview")
    name = tree.css_first(".tgme_channel_info_header_title") or tree.css_first(".tgme_header_title")
    return Feed(
        title=plain.cut(plain.fold(name.text()), 200) if name else "",
        reports=tuple(report for post in reversed(found) if (report := told(post))),
    )


def posts(body: bytes, content_type: str | None, now: datetime, zone: ZoneInfo) -> tuple[Post, ...]:
    """The same posts with what no Report holds: views, links, every picture, the origin; oldest first.

    Raises UnreadableFeed as `read` does, but for no_preview: a page without posts has none.
    """
    return channelpage.posts(_tree(body, content_type), zone, now)


def older(body: bytes, url: str) -> str | None:
    """The address of the page with the posts before these, beside `url`; None on the channel's first page or no such
    page."""
    try:
        tree = _tree(body, "text/html; charset=utf-8")
    except UnreadableFeed:
        return None
    for link in tree.css('a.js-messages_more[data-before], link[rel="prev"]')[:5]:
        if found := _OLDER.fullmatch((link.attributes.get("href") or "").strip()):
            return f"{url.partition('?')[0]}?before={found[1]}"
    return None


def _tree(body: bytes, content_type: str | None) -> LexborHTMLParser:
    if len(body) > LIMIT_BYTES:
        raise UnreadableFeed("too_big", size_bytes=len(body), limit_bytes=LIMIT_BYTES)
    source, _ = bodies.text(body, content_type)
    return LexborHTMLParser(hypertext.safe(source))


def told(post: Post) -> Report | None:
    """The post as a Report, as `read` gives it; None without a text."""
    text = plain.Text(tuple(_without_signatures(post.lines)))
    if not any(sign.isalnum() for sign in text.line):
        return None  # «🔥🔥🔥»
    found = entries.report(
        entries.Raw(
            texts=(text,),
            url=post.url,
            guid=post.url,
            published_at=post.published_at,
            images=post.pictures,
            author=post.author or post.origin,
        )
    )
    if found is None:
        return None
    whole = text.line
    # A sentence too long for a title is cut there and told from its beginning in the lead.
    lead = whole[len(found.title) :].strip() if whole.startswith(found.title) else whole
    return replace(found, lead=plain.cut(entries.without_stubs(lead), entries.LEAD))


def _without_signatures(lines: tuple[Line, ...]) -> list[str]:
    """The lines of a post without ornament before them and without hashtags and the channel's names around them.

    A first line that only calls («Терміново!», «Дніпро») opens the second. A post of nothing else stays whole.
    """
    own = [place for place, line in enumerate(lines) if line.own]
    kept = lines[own[0] : own[-1] + 1] if own else lines
    said = [line.text for line in kept]
    said[0] = _ORNAMENT.sub("", said[0]) or said[0]
    if len(said) > 1 and len(said[0]) < CALL:
        stop = "" if re.search(r"[^\w»”\")\]]\W*$", said[0]) else "."
        said[:2] = [f"{said[0]}{stop} {_ORNAMENT.sub('', said[1])}"]
    return said
