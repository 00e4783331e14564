"""What a post will say: made from a report, measured against Telegram's limits, and as parameters of its method."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.editions.packing import MESSAGE_LIMIT, shorten, units
from storage.model import Content

CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto: 0–1024 characters after entities parsing
LEAD_UNITS = 600  # screens, C3: a headline and one to three sentences
SENTENCES = 3
_SENTENCE = re.compile(r".+?[.!?…]+[»”\")]*(?=\s|$)|.+$", re.DOTALL)
_METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "document": "sendDocument",
    "animation": "sendAnimation",
    "audio": "sendAudio",
    "voice": "sendVoice",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A method of Telegram with its parameters but the chat."""

    method: str
    parameters: Mapping[str, Any]


def from_report(title: str, lead: str, url: str, section: str = "") -> Content:
    """A post of one report (screens, C3): the headline in bold leads to the page, its first sentences follow."""
    sentences = "".join(each.group() for each in list(_SENTENCE.finditer(lead.strip()))[:SENTENCES])
    below = shorten(" ".join(sentences.split()), LEAD_UNITS)
    length = units(title)
    entities: list[dict[str, Any]] = [{"type": "bold", "offset": 0, "length": length}]
    if url:
        entities.append({"type": "text_link", "offset": 0, "length": length, "url": url})
    return Content(f"{title}\n\n{below}" if below else title, tuple(entities), url=url or None, section=section)


def excess(content: Content) -> int:
    """By how many UTF-16 units the text is longer than Telegram takes; 0 when it fits."""
    limit = CAPTION_LIMIT if content.media else MESSAGE_LIMIT
    return max(0, units(content.text) - limit)


def call(content: Content, *, silent: bool) -> Call:
    """How the post is sent. The preview to an editor is the same but for the chat and the sound."""
    entities = [dict(each) for each in content.entities]
    if content.media:
        first = content.media[0]
        said: dict[str, Any] = {first.kind: first.file_id, "caption": content.text, "caption_entities": entities}
        return Call(_METHODS[first.kind], said | {"disable_notification": silent})
    preview: dict[str, Any] = {"is_disabled": True}
    if content.url:
        preview = {"url": content.url, "prefer_large_media": True, "show_above_text": not content.below}
    said = {"text": content.text, "entities": entities, "link_preview_options": preview}
    return Call("sendMessage", said | {"disable_notification": silent})


def headline(content: Content) -> str:
    """The first line that a reader sees, '' for a file without words."""
    return next((line.strip() for line in content.text.splitlines() if line.strip()), "")


def is_marked(content: Content, words: str) -> bool:
    """Whether the headline says already that these are preliminary data."""
    return headline(content).endswith(words)


def marked(content: Content, words: str) -> Content:
    """The same with these words behind the headline; what is formatted further down moves along."""
    head, line, rest = content.text.partition("\n")
    at, by = units(head), units(words)
    moved = [dict(each) | ({"offset": each["offset"] + by} if each["offset"] > at else {}) for each in content.entities]
    return replace(content, text=f"{head}{words}{line}{rest}", entities=tuple(moved))
