"""Log lines for people or for programs, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

_TOKEN = re.compile(r"\d{5,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")  # also as an address spells it
MOST_FRAMES = 6  # the innermost; the dispatcher above them is always the same


class _Text(logging.Formatter):
    """One line for a person; a token that found its way into an error's text is struck out."""

    def format(self, record: logging.LogRecord) -> str:
        return strike(super().format(record))


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return strike(json.dumps(line, ensure_ascii=False))


def strike(text: str) -> str:
    """The text with every bot token in it struck out."""
    return _TOKEN.sub("***", text)


def trail(error: BaseException) -> str:
    """The kinds of an error and of what caused it, and where each was raised: places only, never a word of what it
    says, because pydantic and int() quote what they were given, and that may be a private letter."""
    seen: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in seen:
        seen.append(step)
        step = step.__cause__ or step.__context__
    return " ← ".join(f"{type(each).__name__} at {_place(each)}" for each in seen)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__, limit=-MOST_FRAMES)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames) or "?"


def set_up(form: str, level: int = logging.INFO) -> None:
    """Log lines go to stderr from now on, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells each ring
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)  # it tells each update
