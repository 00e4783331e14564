"""What the world tells a bot: a queue of updates for each bot, as getUpdates and webhooks empty it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.shapes import Json

# https://core.telegram.org/bots/api#getupdates: these come only to those who ask for them.
ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")
KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query",
    "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer",
    "my_chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages", "purchased_paid_media",
    *ON_REQUEST,
)  # fmt: skip
DEFAULT = frozenset(KINDS) - frozenset(ON_REQUEST)
MOST_KEPT = 10_000  # Telegram keeps 24 hours; a test that leaves more than this has lost its bot


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: float = 0.0

    def json(self, pending: int, allowed: frozenset[str]) -> Json:
        """The Bot API's WebhookInfo."""
        info: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": pending}
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.last_error:
            info |= {"last_error_date": int(self.last_error_at), "last_error_message": self.last_error}
        return info | ({"allowed_updates": sorted(allowed)} if allowed != DEFAULT else {})


@dataclass
class Queue:
    """One bot's updates that are not confirmed yet, oldest first."""

    next_id: int
    allowed: frozenset[str] = DEFAULT
    waiting: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    webhook: Webhook = field(default_factory=Webhook)
    poller: int = 0  # the newest getUpdates; an older one that finds another number here has lost

    def allow(self, kinds: list[str]) -> None:
        """Remembers which kinds are wanted; an empty list means all but those on request."""
        known = frozenset(kind for kind in kinds if kind in KINDS)
        self.allowed = known or DEFAULT

    def put(self, kind: str, body: Json, wanted: Callable[[], bool] = lambda: True) -> int | None:
        """The update's number, or None when this bot did not ask for such updates."""
        if kind not in self.allowed or not wanted():
            return None
        update_id = self.next_id
        self.next_id += 1
        self.waiting.append({"update_id": update_id, kind: body})
        return update_id

    def confirm(self, offset: int) -> None:
        """Forgets updates below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()

    def drop(self) -> None:
        """Forgets everything that waits (drop_pending_updates)."""
        self.waiting.clear()
