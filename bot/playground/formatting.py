"""A request's text with its formatting: parsed or given as entities, cleaned, trimmed, measured, completed."""

from typing import Any

from bot.playground import links
from bot.playground.cleaning import UnfitEntityError, cleaned, trimmed
from bot.playground.entities import FOUND, PRIORITIES, Entity, fixed, merged, to_json, without_empty
from bot.playground.finding import not_implemented
from bot.playground.found import find
from bot.playground.markdown import parse_markdown_v2
from bot.playground.markup import parse_html
from bot.playground.params import Params
from bot.playground.references import UnparsableError, date_format, emoji_id
from bot.playground.refusals import bad
from bot.playground.shapes import Json
from bot.playground.world import World

TEXT_LIMIT = 4096  # https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto
RAW_LIMIT = 1 << 15  # telegram-bot-api, get_formatted_text: bytes before parsing
MOST_OFFSET = 1_000_000  # TDLib, fix_formatted_text
SERVER_LIMIT = 100  # user's own entities that the server keeps (TDLib, get_input_message_entities)


def text_of(world: World, params: Params, editing: bool = False) -> tuple[str, list[Json]]:
    """The message's text and entities. Raises RefusedError as sendMessage or editMessageText does."""
    if not params.text("text"):
        raise bad("message text is empty")
    text, entities = formatted(world, params, "text", "entities")
    if not text:
        raise bad("text must be non-empty")
    if len(text) > TEXT_LIMIT:
        raise bad("MESSAGE_TOO_LONG" if editing else "message is too long")
    return text, entities


def caption_of(world: World, params: Params, editing: bool = False) -> tuple[str, list[Json]]:
    """The caption, "" when there is none."""
    text, entities = formatted(world, params, "caption", "caption_entities")
    if len(text) > CAPTION_LIMIT:
        raise bad("MEDIA_CAPTION_TOO_LONG" if editing else "message caption is too long")
    return text, entities


def formatted(world: World, params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    """The text as readers see it and its entities as the Bot API shows them."""
    raw = params.text(name)
    if len(raw.encode("utf8", "surrogatepass")) > RAW_LIMIT:
        raise bad("text is too long")
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raise bad("strings must be encoded in UTF-8")
    mode = params.text("parse_mode").lower()
    try:
        text, entities = _parsed(raw, mode)
    except UnparsableError as error:
        raise bad(f"can't parse entities: {error}") from None
    if mode in ("", "none"):
        entities = [_given(world, one) for one in params.array(entities_name) or []]
    return finished(world, text, [one for one in entities if one.type != "text_mention" or one.number in world.users])


def _parsed(raw: str, mode: str) -> tuple[str, list[Entity]]:
    if mode in ("", "none"):
        return raw, []
    if mode == "html":
        return parse_html(raw)
    if mode == "markdownv2":
        return parse_markdown_v2(raw)
    if mode == "markdown":
        raise not_implemented("with parse_mode Markdown (version 1)")
    raise bad("unsupported parse_mode")


def finished(world: World, text: str, entities: list[Entity], find_more: bool = True) -> tuple[str, list[Json]]:
    """Cleaned, trimmed and with what Telegram finds by itself. Raises RefusedError for entities that do not fit."""
    try:
        text, entities = cleaned(text, fixed(without_empty(entities)))
    except UnfitEntityError as error:
        raise bad(str(error)[0].lower() + str(error)[1:]) from None
    text, entities = trimmed(text, fixed(without_empty(entities)))
    if not text.strip("\u200b\u200c\u200d\u2060\ufeff \n\u00a0"):
        text, entities = "", []
    kept = _counted(merged(entities, find(text) if find_more else []))
    return text, [to_json(entity, world.users) for entity in kept]


def _counted(entities: list[Entity]) -> list[Entity]:
    """The server silently drops formatting beyond its hundred: continuous ones first in line, then bold and others."""
    found = [one for one in entities if one.type in FOUND or one.type == "custom_emoji"]
    own = [one for one in entities if one not in found]
    if len(own) <= SERVER_LIMIT:
        return entities
    splittable = ("bold", "italic", "underline", "strikethrough", "spoiler")
    kept = sorted(own, key=lambda one: one.type in splittable)[:SERVER_LIMIT]
    return sorted(found + kept, key=lambda one: one.order)


def _given(world: World, value: Any) -> Entity:
    """An entity of the request. Raises RefusedError for a shape or a kind that Telegram does not take."""
    if not isinstance(value, dict):
        raise bad("can't parse MessageEntity: expected an Object")
    for name in ("type", "offset", "length"):
        if name not in value:
            raise bad(f"can't parse MessageEntity: Can't find field \"{name}\"")
    kind, offset, length = str(value["type"]), int(value["offset"]), int(value["length"])
    for name, number in (("offset", offset), ("length", length)):
        if not 0 <= number <= MOST_OFFSET:
            raise bad(f"receive an entity with incorrect {name} {number}")
    if kind in FOUND:
        return Entity(kind, offset, 0)  # Telegram finds these by itself, whatever the bot says
    if kind not in PRIORITIES:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    if kind == "text_link":
        return _link(str(value.get("url", "")), offset, length)
    try:
        kind, argument, number = _details(kind, value)
    except UnparsableError as error:
        raise bad(f"can't parse MessageEntity: {error}") from None
    return Entity(kind, offset, length, argument, number)


def _details(kind: str, value: Json) -> tuple[str, str, int]:
    """The kind, with what belongs to it in words and in numbers. Raises UnparsableError."""
    match kind:
        case "text_mention":
            return kind, "", int((value.get("user") or {}).get("id", 0))
        case "custom_emoji":
            return kind, "", emoji_id(str(value.get("custom_emoji_id", "")))
        case "date_time":
            style = date_format(str(value.get("date_time_format") or ""))
            return kind, style, int(value.get("unix_time") or 0)
        case "pre" if value.get("language"):
            return "pre_code", str(value["language"]), 0
    return kind, "", 0


def _link(url: str, offset: int, length: int) -> Entity:
    user = links.user_id(url)
    if user:
        return Entity("text_mention", offset, length, number=user)
    try:
        return Entity("text_link", offset, length, links.check(url))
    except links.WrongLinkError as error:
        raise bad(f"entity URL '{url}' is invalid: {error}") from None
