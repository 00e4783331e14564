"""Instants are aware UTC in Python and unix seconds in SQL; these two are the only crossing."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(at: datetime) -> int:
    """Unix seconds of an aware instant, rounded down."""
    return int(at.timestamp() // 1)


def instant(at: int) -> datetime:
    """The aware UTC instant of unix seconds."""
    return datetime.fromtimestamp(at, UTC)


def instant_or_none(at: int | None) -> datetime | None:
    """The same where the column may be NULL."""
    return None if at is None else instant(at)
