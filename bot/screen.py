"""What a person sees of the bot: a message of our own HTML with rows of buttons below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

DATA_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton


@dataclass(frozen=True, slots=True)
class Button:
    """What is on it, and what a tap sends or opens. A disabled one keeps its place and does nothing."""

    label: str
    data: str = ""
    url: str = ""
    style: Literal["", "primary", "success", "danger"] = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One message."""

    text: Markup
    keyboard: tuple[tuple[Button, ...], ...] = ()


def parameters(page: Page) -> dict[str, Any]:
    """The page as Telegram's sendMessage and editMessageText take it."""
    rows = [[_button(button) for button in row] for row in page.keyboard if row]
    return {
        "text": str(page.text),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": rows},
    }


def message_url(chat: str, message_id: int) -> str:
    """Where a message of a channel or supergroup is to be seen; `chat` is @name or number."""
    name = chat.removeprefix("@")
    return f"https://t.me/{name}/{message_id}" if chat.startswith("@") else f"https://t.me/c/{chat[4:]}/{message_id}"


def _button(button: Button) -> dict[str, Any]:
    said: dict[str, Any] = {"text": button.label}
    if button.disabled:
        said["disabled"] = {}  # exactly one kind a button
    elif button.url:
        said["url"] = button.url
    else:
        assert len(button.data.encode()) <= DATA_BYTES
        said["callback_data"] = button.data
    return said | ({"style": button.style} if button.style else {})
