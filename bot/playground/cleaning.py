"""Cleaning and trimming a text while its entities follow it, as TDLib's fix_formatted_text does."""

from dataclasses import replace

from bot.playground.entities import Entity, in_order, width


class UnfitEntityError(Exception):
    """An entity that does not fit its text; the message is TDLib's."""


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Control characters become spaces, \\r and directional marks go; the sorted entities follow the text.

    Raises UnfitEntityError for an entity that ends outside the text or within a surrogate pair.
    """
    places, removed, kept = [0], [0], []
    for char in text:
        units = 2 if char > "\uffff" else 1
        gone = char == "\r" or "\u2028" <= char <= "\u202e" or char in "\u0333\u033f\u030a"
        places.append(places[-1] + units)
        removed.append(removed[-1] + gone)
        if not gone:
            kept.append(" " if char < " " and char != "\n" else char)
    skipped = dict(zip(places, removed, strict=True))
    moved = []
    for entity in entities:
        _check_fit(entity, skipped, places, text)
        before, after = skipped[entity.offset], skipped[entity.end]
        moved.append(replace(entity, offset=entity.offset - before, length=entity.length - after + before))
    return "".join(kept), moved


def _check_fit(entity: Entity, skipped: dict[int, int], places: list[int], text: str) -> None:
    end = places[-1]
    if entity.offset > end:
        raise UnfitEntityError(f"Entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if entity.end > end:
        raise UnfitEntityError(
            f"Entity beginning at UTF-16 offset {entity.offset} ends after the end of the text "
            f"at UTF-16 offset {entity.end}"
        )
    if entity.offset not in skipped:
        place = len(text[: places.index(entity.offset + 1)].encode())
        raise UnfitEntityError(f"Entity begins in a middle of a UTF-16 symbol at byte offset {place}")
    if entity.end not in skipped:
        place = len(text[: places.index(entity.end + 1)].encode())
        raise UnfitEntityError(
            f"Entity beginning at UTF-16 offset {entity.offset} ends in a middle of a UTF-16 symbol "
            f"at byte offset {place}"
        )


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the end, and at the beginning as far as no entity holds it."""
    text = text.rstrip(" \n")
    end = width(text)
    entities = [replace(one, length=min(one.length, end - one.offset)) for one in entities if one.offset < end]
    entities = in_order(entities)
    first = entities[0].offset if entities else len(text)
    lead = 0
    while lead < first and text[lead] in " \n":
        lead += 1
    return text[lead:], [replace(one, offset=one.offset - lead) for one in entities]
