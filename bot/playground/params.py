"""A request's parameters, whichever of four ways they came, read as Telegram reads them."""

import json
from typing import Any

from bot.playground.refusals import bad
from bot.playground.shapes import Json


class Upload:
    """A file that came with the request."""

    def __init__(self, name: str, content: bytes, mime: str = "") -> None:
        self.name = name
        self.content = content
        self.mime = mime


class Params:
    """Values by name. Forms and queries carry JSON as text; a JSON body may carry it as it is."""

    def __init__(self, values: Json, uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """The value as text; numbers and flags as Telegram writes them."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def number(self, name: str, default: int = 0) -> int:
        """The value as a whole number; what cannot be read as one is the default, as in TDLib."""
        value = self.values.get(name)
        if isinstance(value, int | float):
            return int(value)
        try:
            return int(str(value).strip())
        except ValueError:
            return default

    def maybe(self, name: str) -> int | None:
        return self.number(name) if self.has(name) else None

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def object(self, name: str) -> Any:
        """The value as JSON; None when it is absent. Raises RefusedError for text that is not JSON."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            shown = name.replace("_", " ")
            raise bad(f"can't parse {shown} JSON object") from None

    def dictionary(self, name: str) -> Json | None:
        value = self.object(name)
        if value is not None and not isinstance(value, dict):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str) -> list[Any] | None:
        value = self.object(name)
        if value is not None and not isinstance(value, list):
            raise bad(f"expected an Array of {name.replace('_', ' ')}")
        return value

    def with_values(self, **values: Any) -> "Params":
        """The same request with other values (the parts of an album)."""
        return Params(self.values | values, self.uploads)

    def plain(self) -> Json:
        """What a reader of `calls` sees: JSON values decoded, uploads as their names and sizes."""
        shown = {name: _decoded(name, value) for name, value in self.values.items()}
        files = {name: f"<{item.name}, {len(item.content)} bytes>" for name, item in self.uploads.items()}
        return files | shown


NUMBERS = frozenset({
    "chat_id", "message_id", "user_id", "from_chat_id", "message_thread_id", "offset", "limit", "timeout",
    "cache_time",
})  # fmt: skip


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in NUMBERS and value.removeprefix("-").isdigit():
        return int(value)
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return {"true": True, "false": False}.get(value, value)
