"""Whose voice an address is: sources of one family count as one."""

from __future__ import annotations

from urllib.parse import urlsplit


def host(url: str) -> str:
    """The address's host; the whole text when it has none."""
    return urlsplit(url).hostname or url


def family(url: str) -> str:
    """Everything under the same registrable name, as far as its last two or three labels tell. A channel's preview
    is its own voice: t.me is nobody's name."""
    parts = urlsplit(url)
    name = parts.hostname or url
    if name == "t.me":
        return f"t.me/{parts.path.removeprefix('/s/').strip('/').lower()}"
    labels = name.split(".")
    if labels[-1].isdigit():  # an address in numbers is its own voice, each port a site
        return parts.netloc
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # dn.ua, com.ua, co.uk
    return ".".join(labels[-3:] if short else labels[-2:])
