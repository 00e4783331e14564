"""Trouble by plan: what goes wrong with the next requests."""

import asyncio
from dataclasses import dataclass, field

from bot.playground.params import Params

KINDS = (
    "lost_before",  # the connection is cut, nothing happened
    "lost_after",  # the connection is cut, the message landed
    "late",  # the connection is cut, the message lands `seconds` later, or at `land()`
    "delay",  # the request waits `seconds`, or until `release()`, then all is as usual
    "held",  # the message landed, its answer waits `seconds`, or until `release()`
    "refuse",  # `code`, `description`, `parameters`
    "flood",  # 429 with `retry_after`
    "server_error",  # `code` (500 or more) with a JSON body
    "html",  # a gateway's HTML page with status `code` (502), nothing happened
    "html_after",  # the same page, but the message landed
    "truncated",  # the message landed, the JSON breaks off
)


@dataclass
class Fault:
    kind: str
    method: str | None = None
    chats: tuple[str, ...] = ()
    times: int = 1
    after: int = 0  # so many matching requests pass unharmed first
    seconds: float | None = None
    code: int = 0
    description: str = ""
    parameters: dict[str, object] = field(default_factory=dict)
    retry_after: int = 1

    def fits(self, method: str, params: Params) -> bool:
        """True for the method (any but getUpdates when none is named) and the chat (any when none is named).

        "send*" is every method whose name begins so.
        """
        wanted, asked = (self.method or "").lower(), method.lower()
        begins = wanted.endswith("*") and asked.startswith(wanted[:-1])
        named = begins or asked == wanted if wanted else asked != "getupdates"
        return named and (not self.chats or params.text("chat_id") in self.chats)


class Faults:
    """The plan, in the order in which it was made."""

    def __init__(self) -> None:
        self.plan: list[Fault] = []
        self.held = asyncio.Event()
        self.landing = asyncio.Event()

    def next(self, kind: str, method: str | None = None, chat: object = None, **more: object) -> Fault:
        """The next `times` requests of that method to that chat (a Chat, an id or an @name) meet this trouble."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
        names = (getattr(chat, "id", chat), f"@{getattr(chat, 'username', '')}")
        chats = tuple(str(name) for name in names if name != "@") if chat is not None else ()
        fault = Fault(kind, method, chats, **more)  # type: ignore[arg-type]
        self.plan.append(fault)
        return fault

    def take(self, method: str, params: Params) -> Fault | None:
        """The trouble this request meets, taken off the plan; None when it meets none."""
        fault = next((fault for fault in self.plan if fault.fits(method, params)), None)
        if fault is None:
            return None
        if fault.after > 0:
            fault.after -= 1
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.plan.remove(fault)
        return fault

    def release(self) -> None:
        """Lets go the requests and answers that are kept without seconds."""
        self.held.set()
        self.held = asyncio.Event()

    def land(self) -> None:
        """Lands what a "late" without seconds keeps in the air."""
        self.landing.set()
        self.landing = asyncio.Event()

    def clear(self) -> None:
        self.plan.clear()
