"""WebSub (https://www.w3.org/TR/websub/): a source that tells us itself when it has something new."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from bot.intake.entries import URL, absolute

Mode = Literal["subscribe", "unsubscribe", "denied"]

SECRET_BYTES: Final = 199  # «less than 200 bytes»: §5.1
CHALLENGE: Final = 1_024  # characters; hubs send some forty
REASON: Final = 300  # characters of why a hub said no
HEADER: Final = 8_192  # characters of a Link header: what servers let through
LONGEST: Final = timedelta(days=30)  # a hub that promises a year may forget us within it
UNSAID: Final = timedelta(days=1)  # the lease of a hub that names none: to renew too early costs one request
SOONEST: Final = timedelta(hours=1)  # a lease of seconds would make us ask all day; polls fill what it leaves out
_MODES: Final[dict[str, Mode]] = {"subscribe": "subscribe", "unsubscribe": "unsubscribe", "denied": "denied"}
_METHODS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_SIGNATURE = re.compile(r"\s*(sha\d{1,3})=([0-9a-f]{40,128})\s*", re.IGNORECASE)
_LINK = re.compile(r'<([^<>]{1,2048})>((?:\s*+;\s*+[\w*-]++(?:\s*+=\s*+(?:"[^"]*+"|[^\s;,"]++))?+)*+)')  # RFC 8288 §3
_REL = re.compile(r';\s*+rel\s*+=\s*+(?:"([^"]*+)"|([^\s;,"]++))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verification:
    """A hub's question whether we meant it, or its refusal.

    `challenge` is the body that confirms it, as text/plain and only when we did mean it: empty for a refusal.
    `lease` is for how long the hub will tell us, None when it does not say. `reason`: why it refused.
    """

    mode: Mode
    topic: str
    challenge: str = ""
    lease: timedelta | None = None
    reason: str = ""


def chosen(links: Iterable[tuple[str, str | None]], url: str) -> tuple[str | None, str | None]:
    """The hub and the topic that (rel, href) links name: absolute addresses, of several the first.

    Without a link to itself the topic is the address that was read; without a hub both are None.
    """
    hub = topic = None
    for rel, href in links:
        names = rel.lower().split()
        if "hub" in names:
            hub = hub or absolute(href, url)
        if "self" in names:
            topic = topic or absolute(href, url)
    return (hub, topic or absolute(url, url)) if hub else (None, None)


def linked(header: str | None, url: str) -> tuple[str | None, str | None]:
    """The same from an answer's Link header (several joined by commas); it goes before what the feed says: §4."""
    found = _LINK.finditer((header or "")[:HEADER])
    rels = ((_REL.search(one[2]), one[1]) for one in found)
    return chosen(((rel[1] or rel[2] or "", href) for rel, href in rels if rel), url)


def subscription(
    callback: str,
    topic: str,
    secret: str,
    lease_seconds: int,
    mode: Literal["subscribe", "unsubscribe"] = "subscribe",
) -> dict[str, str]:
    """The fields of the form that is posted to the hub; only a subscription has a secret and a lease.

    Raises ValueError for a secret that is empty or too long.
    """
    fields = {"hub.callback": callback, "hub.mode": mode, "hub.topic": topic}
    if mode == "unsubscribe":
        return fields
    if not 0 < len(secret.encode()) <= SECRET_BYTES:
        raise ValueError(f"a hub takes a secret of 1–{SECRET_BYTES} bytes")
    return fields | {"hub.secret": secret, "hub.lease_seconds": str(lease_seconds)}


def intent(query: Mapping[str, str]) -> Verification | None:
    """What a hub asks or says with a GET of our callback; None when it is no question of a hub's."""
    mode, topic = _MODES.get(query.get("hub.mode", "").lower()), query.get("hub.topic", "")
    challenge = query.get("hub.challenge", "")
    if mode is None or not 0 < len(topic) <= URL:
        return None
    if mode == "denied":
        return Verification(mode, topic, reason=" ".join(query.get("hub.reason", "")[:REASON].split()))
    if not 0 < len(challenge) <= CHALLENGE:
        return None
    said = query.get("hub.lease_seconds", "")
    lease = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    return Verification(mode, topic, challenge, timedelta(seconds=lease) if lease else None)


def signed(secret: str, header: str | None, body: bytes) -> bool:
    """Whether X-Hub-Signature shows that who sent the body knows the secret; False without one. Takes equally long
    for a signature that is nearly right and for one that is not."""
    found = _SIGNATURE.fullmatch((header or "")[:200])
    method = _METHODS.get(found[1].lower()) if found else None
    if found is None or method is None or not secret:
        return False
    ours = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(ours, found[2].lower())


def renew_at(confirmed_at: datetime, lease: timedelta | None) -> datetime:
    """When to subscribe again: two thirds into the lease, so that there is time to ask once more when the hub is down.

    A lease beyond LONGEST counts as LONGEST, an unsaid one as UNSAID; SOONEST is waited whatever the lease.
    """
    held = max(min(lease or UNSAID, LONGEST), SOONEST)
    return confirmed_at + max(held * 2 / 3, SOONEST)


def keeps_secrets(hub: str | None) -> bool:
    """Whether a hub may be told one: only over https does nobody else read it."""
    try:
        return urlsplit(hub or "").scheme == "https"
    except ValueError:
        return False
