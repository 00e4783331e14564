"""Reply markups: what Telegram takes and what it refuses."""

import re
from typing import Any

from bot.playground import links
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.shapes import Chat, Json

# https://core.telegram.org/bots/api#inlinekeyboardbutton; the rows and the sum are TDLib's ReplyMarkup.cpp
MOST_IN_ROW = 12
SERVER_BUTTONS = 100
ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip


def markup_of(params: Params, chat: Chat | None) -> Json | None:
    """The request's reply markup as Telegram keeps it. Raises RefusedError."""
    markup = params.object("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup, chat)
    if chat is not None and chat.type == "channel":
        raise bad("reply keyboard can't be used in channels")
    if len(str(markup.get("input_field_placeholder", ""))) > 64:
        raise bad("REPLY_MARKUP_INVALID")
    return markup or None


def _inline(markup: Json, chat: Chat | None) -> Json | None:
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list):
        raise bad('can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array')
    kept = []
    for row in rows:
        if not isinstance(row, list):
            raise bad("can't parse inline keyboard button: Inline keyboard row must be an Array")
        buttons = [_button(button, chat) for button in row]
        if len(buttons) > MOST_IN_ROW:
            raise bad("REPLY_MARKUP_TOO_LONG")
        kept += [buttons] if buttons else []
    if sum(map(len, kept)) > SERVER_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    return {**markup, "inline_keyboard": kept} if kept else None


def _button(button: Any, chat: Chat | None) -> Json:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    text = str(button["text"]).strip()
    if not text:
        raise bad("inline keyboard button text must be non-empty")
    actions = _actions(button)
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return {**button, "text": text} | _checked(button, actions[0], chat)


def _actions(button: Json) -> list[str]:
    return [name for name in ACTIONS if name in button and button[name] is not None]


def _checked(button: Json, action: str, chat: Chat | None) -> Json:
    value = button[action]
    match action:
        case "url":
            return _url(str(value))
        case "callback_data":
            if not 1 <= len(str(value).encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
        case "web_app":
            if chat is not None and not chat.private:
                raise bad("BUTTON_TYPE_INVALID")
        case "copy_text":
            if not 1 <= len(str((value or {}).get("text", ""))) <= 256:
                raise bad("BUTTON_COPY_TEXT_INVALID")
        case "callback_game" | "pay" | "login_url":
            raise bad("BUTTON_TYPE_INVALID")
    return {}


def _url(url: str) -> Json:
    user = links.user_id(url)
    if user:
        return {"url": url}
    try:
        return {"url": links.check(url)}
    except links.WrongLinkError as error:
        raise bad(f"inline keyboard button URL '{url}' is invalid: {error}") from None


def start_payload(url: str) -> str | None:
    """What a deep link gives the bot after /start; None when it is no deep link."""
    match = re.fullmatch(r"(?:https?://)?t\.me/\w+\?start=([A-Za-z0-9_-]{1,64})", url)
    return match[1] if match else None
