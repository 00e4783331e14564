"""What an editor's message holds for a post: its words with their formatting, its file, the one link in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from aiogram.types import Message, MessageEntity

from bot.editions.packing import units
from storage.model import Content, Media

_KEPT = {"type", "offset", "length", "url", "language", "custom_emoji_id", "unix_time", "date_time_format"}
# Telegram finds these by itself when the post is sent; a command would be a link to us.
_FOUND_AGAIN = {"url", "mention", "hashtag", "cashtag", "bot_command", "email", "phone_number", "bank_card"}


def content(message: Message, *, after: str = "") -> Content:
    """The message as a post. `after` is the command that stood before the words and is not part of them."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or []
    start = 0
    if after and text.startswith(after):
        rest = text[len(after) :].lstrip()
        start = units(text) - units(rest)
        text = rest
    return Content(text, tuple(_kept(entities, start)), _media(message))


def link(message: Message) -> str | None:
    """The address, when the message holds exactly one link and no other words."""
    text = (message.text or "").strip()
    if not text or len(text.split()) > 1 or message.forward_origin is not None:
        return None
    parts = urlsplit(text if "://" in text else f"https://{text}")
    found = any(entity.type == "url" for entity in message.entities or [])
    return parts.geturl() if found and parts.scheme in ("http", "https") else None


def _kept(entities: Sequence[MessageEntity], start: int) -> list[dict[str, Any]]:
    kept = []
    for entity in entities:
        if entity.type in _FOUND_AGAIN or entity.offset < start:
            continue
        said = {name: value for name, value in entity.model_dump(exclude_none=True).items() if name in _KEPT}
        if entity.type != "text_mention":  # a mention of a person by number means nothing to subscribers
            kept.append(said | {"offset": entity.offset - start})
    return kept


def _media(message: Message) -> tuple[Media, ...]:
    if message.photo:
        return (Media("photo", message.photo[-1].file_id, message.photo[-1].file_unique_id),)
    if message.video:
        return (Media("video", message.video.file_id, message.video.file_unique_id),)
    if message.animation:
        return (Media("animation", message.animation.file_id, message.animation.file_unique_id),)
    if message.document:
        return (Media("document", message.document.file_id, message.document.file_unique_id),)
    if message.audio:
        return (Media("audio", message.audio.file_id, message.audio.file_unique_id),)
    if message.voice:
        return (Media("voice", message.voice.file_id, message.voice.file_unique_id),)
    return ()
