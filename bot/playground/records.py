"""What the playground remembers of requests, taps and inline queries."""

from dataclasses import dataclass

from bot.playground.shapes import Json


@dataclass
class Call:
    """One request: what was asked, and what was answered (None while it runs or when the answer was lost)."""

    method: str
    params: Json
    bot_id: int
    at: float
    outcome: Json | None = None
    fault: str = ""

    @property
    def ok(self) -> bool:
        return bool(self.outcome and self.outcome.get("ok"))

    @property
    def error(self) -> str:
        return str((self.outcome or {}).get("description", ""))


@dataclass
class Tap:
    """A button that a person tapped; `answer` is what the bot showed, once it did."""

    id: str
    user_id: int
    bot_id: int
    at: float
    update_id: int | None
    answer: Json | None = None

    @property
    def text(self) -> str:
        """The toast or alert; "" when there was none."""
        return str((self.answer or {}).get("text", ""))

    @property
    def alert(self) -> bool:
        return bool((self.answer or {}).get("show_alert"))


@dataclass
class Inline:
    """An inline query that a person typed; `answer` holds the results, once they came."""

    id: str
    user_id: int
    bot_id: int
    at: float
    query: str
    answer: Json | None = None

    @property
    def results(self) -> list[Json]:
        return list((self.answer or {}).get("results", []))
