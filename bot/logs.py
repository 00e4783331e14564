"""Log lines for people or for programs, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

_TOKEN = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,}")


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


def set_up(form: str, level: int = logging.INFO) -> None:
    """Log lines go to stderr from now on, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells each ring
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)  # it tells each update
