"""What goes through the pipe to the parsing child and back: values as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.intake.articles import Article
from bot.intake.bodies import UnreadableFeed
from bot.intake.discovery import Candidate
from bot.intake.entries import Feed
from storage.model import Report

Kind = Literal["feed", "page", "list", "preview", "site"]
Found = Feed | Article | tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of the child for one body. `selector`: how the operator finds the rows of a "list"."""

    kind: Kind
    content_type: str | None
    url: str
    now: datetime
    zone: ZoneInfo
    selector: str | None = None


def request(job: Job) -> bytes:
    """The first frame of a job; the body follows as the second."""
    said = {field.name: getattr(job, field.name) for field in fields(job)}
    return json.dumps(said | {"now": job.now.isoformat(), "zone": job.zone.key}).encode()


def asked(payload: bytes) -> Job:
    """What `request` said."""
    said = json.loads(payload)
    return Job(**said | {"now": datetime.fromisoformat(said["now"]), "zone": ZoneInfo(said["zone"])})


def done(found: Found) -> bytes:
    """A feed, an article or a site's addresses as the child's answer."""
    if isinstance(found, tuple):
        return json.dumps({"site": [asdict(one) for one in found]}).encode()
    said = asdict(found)
    if isinstance(found, Article):
        return json.dumps({"page": _sent(said)}).encode()
    said["ttl"] = found.ttl.total_seconds() if found.ttl else None
    said["reports"] = [_sent(report) for report in said["reports"]]
    return json.dumps({"feed": said}).encode()


def failed(reason: str, values: dict[str, str | int]) -> bytes:
    """A refusal as the child's answer."""
    return json.dumps({"reason": reason, "values": values}).encode()


def answered(payload: bytes) -> Found:
    """What is in an answer. Raises the UnreadableFeed in it, ValueError when it is no answer at all."""
    said = json.loads(payload)
    if not isinstance(said, dict) or not said.keys() & {"reason", "feed", "page", "site"}:
        raise ValueError("not an answer of the child")
    if "reason" in said:
        raise UnreadableFeed(said["reason"], **said["values"])
    if "page" in said:
        return Article(**_received(said["page"], "tags"))
    if "site" in said:
        return tuple(Candidate(**one) for one in said["site"])
    feed = said["feed"]
    ttl = timedelta(seconds=feed["ttl"]) if feed["ttl"] else None
    reports = tuple(Report(**_received(one, "sections")) for one in feed["reports"])
    lists = {name: tuple(feed[name]) for name in ("notes", "more")}
    return Feed(**feed | {"reports": reports, "ttl": ttl} | lists)


def _sent(said: dict[str, Any]) -> dict[str, Any]:
    at = said["published_at"]
    return said | {"published_at": at.timestamp() if at else None}


def _received(said: dict[str, Any], names: str) -> dict[str, Any]:
    """The values as they were before the pipe; `names` is the field that JSON made a list of."""
    at = said["published_at"]
    return said | {
        "published_at": None if at is None else datetime.fromtimestamp(at, UTC),
        names: tuple(said[names]),
    }
