"""How Telegram says no."""

from typing import Any

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class RefusedError(Exception):
    """A method refused: the HTTP status, the text after its prefix, and the parameters that help the bot."""

    def __init__(self, code: int, text: str, **parameters: Any) -> None:
        super().__init__(code, text)
        self.code = code
        self.description = f"{PREFIXES[code]}: {text}" if code in PREFIXES and text else text or PREFIXES[code]
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The body that Telegram sends."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(text: str, **parameters: Any) -> RefusedError:
    """400, `Bad Request: text`."""
    return RefusedError(400, text, **parameters)


def forbidden(text: str) -> RefusedError:
    """403, `Forbidden: text`."""
    return RefusedError(403, text)
