"""What may be asked for, what comes back, and why nothing came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit


class Refused(Exception):
    """A body that we did not get or did not want: `reason` is a key of the catalogues, `values` its facts."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. `body` is empty with 304; `permanent_url` is where to ask from now on, or None."""

    status: int
    url: str
    permanent_url: str | None
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    retry_after: timedelta | None
    max_age: timedelta | None
    link: str = ""  # the Link headers, joined by commas


def host_of(url: str) -> str:
    """The host of an address that may be asked. Raises Refused for any other: bad_url, scheme, credentials."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise Refused("bad_url", url=url[:200]) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise Refused("scheme", scheme=parts.scheme[:40])
    if not host:
        raise Refused("bad_url", url=url[:200])
    if "@" in parts.netloc:
        raise Refused("credentials", host=host)
    return host


def onward(url: str, place: str) -> str:
    """Where a form that was sent to `url` is sent on to. Raises Refused("scheme") for a way out of https: a form may
    hold a secret; "bad_url" for what is no address."""
    try:
        there = urljoin(url, place)
    except ValueError as error:
        raise Refused("bad_url", url=place[:200]) from error
    if url.lower().startswith("https:") and not there.lower().startswith("https:"):
        raise Refused("scheme", scheme=there.partition(":")[0][:40])
    return there
