"""Entities as TDLib keeps them: their order, and which may nest in which.

Offsets and lengths are in UTF-16 units. What is here follows TDLib's MessageEntity.cpp, measured against `tdjson`.
"""

from dataclasses import dataclass
from typing import Any

from bot.playground.shapes import Json

PRIORITIES = {
    "expandable_blockquote": 0, "blockquote": 0, "pre_code": 10, "pre": 11, "code": 20, "date_time": 30,
    "text_link": 49, "text_mention": 49, "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93,
    "spoiler": 94, "custom_emoji": 99,
}  # fmt: skip
SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
PRE = ("pre", "code", "pre_code", "date_time")
FOUND = ("mention", "hashtag", "bot_command", "url", "email", "cashtag", "phone_number", "bank_card_number")
CONTINUOUS = (*FOUND, "text_link", "text_mention", "custom_emoji")


@dataclass(frozen=True)
class Entity:
    type: str
    offset: int
    length: int
    argument: str = ""
    number: int = 0

    @property
    def end(self) -> int:
        return self.offset + self.length

    @property
    def order(self) -> tuple[int, int, int]:
        return self.offset, -self.length, PRIORITIES.get(self.type, 50)


def width(text: str) -> int:
    """The text's length in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: entity.order)


def without_empty(entities: list[Entity]) -> list[Entity]:
    """Those that mean something."""
    kept = []
    for entity in entities:
        empty_link = entity.type == "text_link" and not entity.argument
        if entity.length > 0 and not empty_link:
            kept.append(entity)
    return kept


def valid(entities: list[Entity]) -> bool:
    """True when sorted entities need no fixing."""
    ends = dict.fromkeys(SPLITTABLE, -1)
    stack: list[Entity] = []
    for entity in entities:
        while stack and entity.offset >= stack[-1].end:
            stack.pop()
        if stack and not _may_nest(entity, stack):
            return False
        if entity.type in SPLITTABLE:
            if ends[entity.type] >= entity.offset:
                return False
            ends[entity.type] = entity.end
        stack.append(entity)
    return True


def _may_nest(entity: Entity, stack: list[Entity]) -> bool:
    around = [outer.type for outer in stack]
    if entity.end > stack[-1].end or entity.type in around or around[-1] in PRE:
        return False
    if entity.type in PRE and any(kind not in QUOTES for kind in around):
        return False
    inside_continuous = any(kind in CONTINUOUS for kind in around)
    if entity.type in CONTINUOUS + QUOTES and inside_continuous:
        return False
    if entity.type in QUOTES and any(kind in QUOTES for kind in around):
        return False
    return not any(kind in SPLITTABLE for kind in around)


def fixed(entities: list[Entity]) -> list[Entity]:
    """The same formatting as entities that may stand together, in order."""
    entities = in_order(entities)
    if valid(entities):
        return entities
    return _joined(entities, None)


def merged(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """With what was found in the text (links, hashtags) wherever nothing formatted is in the way."""
    return _joined(entities, found) if found else entities


def _joined(entities: list[Entity], found: list[Entity] | None) -> list[Entity]:
    splittable = [entity for entity in entities if entity.type in SPLITTABLE]
    quotes = [entity for entity in entities if entity.type in QUOTES]
    solid = [entity for entity in entities if entity.type not in SPLITTABLE + QUOTES]
    if found is None:
        solid, quotes = _apart(solid), _apart(quotes)
        solid = _not_across(solid, quotes)
    else:
        solid = _filled(solid, _not_across(found, quotes))
    solid = in_order(solid + quotes)
    return in_order(solid + split(splittable, solid)) if splittable else solid


def _apart(entities: list[Entity]) -> list[Entity]:
    """Each that begins after the one before it ended."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _not_across(entities: list[Entity], quotes: list[Entity]) -> list[Entity]:
    """Those that cross no border of a quote."""
    kept = []
    for entity in entities:
        quote = next((quote for quote in quotes if quote.end > entity.offset), None)
        if quote and (quote.end < entity.end or entity.offset < quote.offset < entity.end):
            continue
        kept.append(entity)
    return kept


def _filled(old: list[Entity], new: list[Entity]) -> list[Entity]:
    """The old ones, and the new ones that touch none of them."""
    free = [one for one in new if all(one.end <= other.offset or one.offset >= other.end for other in old)]
    return in_order(old + free)


def split(splittable: list[Entity], others: list[Entity]) -> list[Entity]:
    """Bold, italic … merged where they touch and cut at the borders of the others, none inside code."""
    return _Splitter(in_order(splittable)).run(others)


class _Splitter:
    def __init__(self, entities: list[Entity]) -> None:
        self.left = entities
        self.begun = dict.fromkeys(SPLITTABLE, 0)
        self.ends = dict.fromkeys(SPLITTABLE, 0)
        self.result: list[Entity] = []

    def run(self, others: list[Entity]) -> list[Entity]:
        stack: list[Entity] = []
        for offset, other in [(other.offset, other) for other in others] + [(1 << 30, None)]:
            while stack and offset >= stack[-1].end:
                before = len(self.result)
                self._add(stack[-1].end)
                if stack.pop().type in PRE:
                    del self.result[before:]
            self._add(offset)
            if other is not None:
                stack.append(other)
        return in_order(self.result)

    def _add(self, end: int) -> None:
        while self.left and self.left[0].offset < end:
            entity = self.left.pop(0)
            if entity.offset <= self.ends[entity.type] and self.ends[entity.type]:
                self.ends[entity.type] = max(self.ends[entity.type], entity.end)
            else:
                self._flush(entity.offset)
                self.begun[entity.type], self.ends[entity.type] = entity.offset, entity.end
        self._flush(end)

    def _flush(self, offset: int) -> None:
        for kind in SPLITTABLE:
            begun, end = self.begun[kind], self.ends[kind]
            if not end or begun >= offset:
                continue
            if end <= offset:
                self.result.append(Entity(kind, begun, end - begun))
                self.begun[kind] = self.ends[kind] = 0
            else:
                self.result.append(Entity(kind, begun, offset - begun))
                self.begun[kind] = offset


def to_json(entity: Entity, users: dict[int, Any]) -> Json:
    """The Bot API's MessageEntity."""
    kind = {"pre_code": "pre"}.get(entity.type, entity.type)
    shown: Json = {"offset": entity.offset, "length": entity.length, "type": kind}
    match entity.type:
        case "text_link":
            shown["url"] = entity.argument
        case "text_mention":
            shown["user"] = users[entity.number].json()
        case "pre_code":
            shown["language"] = entity.argument
        case "custom_emoji":
            shown["custom_emoji_id"] = str(entity.number)
        case "date_time":
            shown["unix_time"] = entity.number
            shown |= {"date_time_format": entity.argument} if entity.argument else {}
    return shown
