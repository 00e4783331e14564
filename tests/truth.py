"""Telegram's own parser (tdjson) beside the playground's: the same text and entities for all that the suite sends.

tdjson reads markup and finds links, but does not clean a text offline: spaces and entities are put in order by the
playground's own functions on both sides, and tests/test_playground_markup.py has a table of what Telegram does there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.playground.cleaning import cleaned, trimmed
from bot.playground.entities import Entity, fixed, merged, to_json, without_empty
from bot.playground.formatting import finished, formatted
from bot.playground.params import Params
from bot.playground.records import Call
from bot.playground.refusals import RefusedError
from bot.playground.world import World

# The suite runs without it, and says so in one line.
PARSER: Any = import_module("tdjson") if find_spec("tdjson") else None

MODES = {"html": {"@type": "textParseModeHTML"}, "markdownv2": {"@type": "textParseModeMarkdown", "version": 2}}
WORDS = ("text", "caption", "message_text")  # what parse_mode speaks of, in a request or within one
NAMES = {
    "TextUrl": "text_link", "MentionName": "text_mention", "PreCode": "pre_code", "CustomEmoji": "custom_emoji",
    "DateTime": "date_time", "BlockQuote": "blockquote", "ExpandableBlockQuote": "expandable_blockquote",
    "BotCommand": "bot_command", "EmailAddress": "email", "BankCardNumber": "bank_card_number",
}  # fmt: skip

Read = tuple[str, list[dict[str, Any]]] | str  # a text with its entities as the Bot API shows them, or a complaint


@dataclass
class Said:
    """A text with markup that went to Telegram, and what the playground made of it."""

    raw: str
    mode: str
    here: Read


class Truth:
    """Hears every request to every playground, and compares each text with markup once."""

    def __init__(self) -> None:
        self.compared = 0
        self._heard: list[tuple[World, Call]] = []
        self._seen: set[tuple[str, str]] = set()

    def hear(self, world: World, call: Call) -> None:
        """Remembers a request; its answer is looked at in `lies`."""
        self._heard.append((world, call))

    def lies(self) -> list[str]:
        """What the playground read otherwise than Telegram does, of all that was heard since the last time."""
        heard, self._heard = self._heard, []
        found = []
        for world, call in heard:
            for said in texts(world, call):
                if (said.raw, said.mode) in self._seen:
                    continue
                self._seen.add((said.raw, said.mode))
                self.compared += 1
                there = read(said.raw, said.mode, world) if PARSER else said.here
                if there != said.here:
                    found.append(
                        f"{call.method}, {said.mode}: {said.raw!r}\n  here: {said.here!r}\n  Telegram: {there!r}"
                    )
        return found


def texts(world: World, call: Call) -> Iterator[Said]:
    """Every text with markup in the request, as the playground stored it; as it would have, where it stored none."""
    result = (call.outcome or {}).get("result")
    media = call.params.get("media")
    if isinstance(result, list) and isinstance(media, list):
        pairs = list(zip(media, result, strict=False))
    else:
        pairs = [(part, result if part is call.params else None) for part in _parts(call.params)]
    for part, stored in pairs:
        mode = str(part.get("parse_mode", "")).lower()
        for name in WORDS if mode in MODES else ():
            raw = part.get(name)
            if isinstance(raw, str) and raw and "\0" not in raw:  # where C ends a string
                here = _stored(stored, name) or _would_store(world, part, name)
                if here is not None:
                    yield Said(raw, mode, here)


def read(raw: str, mode: str, world: World) -> Read:
    """What Telegram makes of a text with markup, or its complaint."""
    parsed = _ask({"@type": "parseTextEntities", "text": raw, "parse_mode": MODES[mode]})
    if parsed["@type"] == "error":
        return _plain(parsed["message"])
    own = [each for each in _entities(parsed["entities"]) if each.type != "text_mention" or each.number in world.users]
    text, own = cleaned(parsed["text"], fixed(without_empty(own)))
    text, own = trimmed(text, fixed(without_empty(own)))
    if not finished(world, text, [], find_more=False)[0]:
        return "", []  # nothing can be seen, so it is no text at all
    found = _entities(_ask({"@type": "getTextEntities", "text": text})["entities"])
    return text, [to_json(each, world.users) for each in merged(own, found)]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a request that has a parse_mode: the request itself, media, inline results."""
    if isinstance(value, dict):
        if "parse_mode" in value:
            yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _parts(each)


def _stored(result: Any, name: str) -> Read | None:
    entities = {"text": "entities", "caption": "caption_entities"}.get(name, "")
    if isinstance(result, dict) and isinstance(result.get(name), str):
        return result[name], result.get(entities, [])
    return None


def _would_store(world: World, part: dict[str, Any], name: str) -> Read | None:
    try:
        return formatted(world, Params(part), name, "entities")
    except RefusedError as refused:  # None: it was refused before it was parsed
        return complaint if (complaint := _plain(refused.description)).startswith("can't parse entities") else None


def _plain(complaint: str) -> str:
    """The complaint as the Bot API and TDLib both have it."""
    return complaint.removeprefix("Bad Request: ").replace("Can't parse", "can't parse", 1)


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    PARSER.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')
    answer: dict[str, Any] = json.loads(PARSER.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


def _entities(shown: list[dict[str, Any]]) -> list[Entity]:
    """Entities of TDLib's API as the playground keeps them."""
    found = []
    for each in shown:
        about = each["type"]
        kind = about["@type"].removeprefix("textEntityType")
        if kind == "MediaTimestamp":  # bots are not told
            continue
        number = next((int(about[name]) for name in ("user_id", "custom_emoji_id", "unix_time") if about.get(name)), 0)
        argument = about.get("url") or about.get("language") or _style(about.get("formatting_type")) or ""
        found.append(Entity(NAMES.get(kind, kind.lower()), each["offset"], each["length"], argument, number))
    return found


def _style(formatting: dict[str, Any] | None) -> str:
    """How a time is shown, in the letters of the Bot API."""
    if formatting is None:
        return ""
    if formatting["@type"].endswith("Relative"):
        return "r"
    shown = "w" if formatting["show_day_of_week"] else ""
    for name in ("date_precision", "time_precision"):
        length = formatting[name]["@type"].removeprefix("dateTimePartPrecision")
        shown += {"Short": name[0], "Long": name[0].upper(), "None": ""}[length]
    return shown
