"""What goes through the pipe to the parsing child and back: frames of bytes, values as JSON."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed
from storage.model import Report

HEAD: Final = struct.Struct(">I")  # four bytes of length stand before every frame
LONGEST: Final = 16 * 1024 * 1024  # 1,000 reports of 3,000 characters, six bytes each at most


def frame(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return HEAD.pack(len(payload)) + payload


def request(content_type: str | None, url: str, now: datetime, zone: ZoneInfo) -> bytes:
    """The first frame of a job; the body follows as the second."""
    asked = {"kind": "feed", "content_type": content_type, "url": url, "now": now.isoformat(), "zone": zone.key}
    return json.dumps(asked).encode()


def asked(payload: bytes) -> tuple[str | None, str, datetime, ZoneInfo]:
    """What `request` said: content type, address, now and zone."""
    said = json.loads(payload)
    return said["content_type"], said["url"], datetime.fromisoformat(said["now"]), ZoneInfo(said["zone"])


def done(feed: Feed) -> bytes:
    """A feed as the child's answer."""
    said = asdict(feed)
    said["ttl"] = feed.ttl.total_seconds() if feed.ttl else None
    for report in said["reports"]:
        at = report["published_at"]
        report["published_at"] = at.timestamp() if at else None
    return json.dumps({"feed": said}).encode()


def failed(reason: str, values: dict[str, str | int]) -> bytes:
    """A refusal as the child's answer."""
    return json.dumps({"reason": reason, "values": values}).encode()


def answered(payload: bytes) -> Feed:
    """The feed in an answer. Raises the UnreadableFeed in it, ValueError when it is no answer at all."""
    said = json.loads(payload)
    if not isinstance(said, dict) or not ("reason" in said or "feed" in said):
        raise ValueError("not an answer of the child")
    if "reason" in said:
        raise UnreadableFeed(said["reason"], **said["values"])
    feed = said["feed"]
    ttl = timedelta(seconds=feed["ttl"]) if feed["ttl"] else None
    reports = tuple(_report(one) for one in feed["reports"])
    return Feed(feed["title"], feed["language"], reports, ttl, tuple(feed["notes"]))


def _report(said: dict[str, Any]) -> Report:
    at = said["published_at"]
    said["published_at"] = None if at is None else datetime.fromtimestamp(at, UTC)
    said["sections"] = tuple(said["sections"])
    return Report(**said)
