"""What an edition looks like when it goes out: its messages as calls, with the picture that its channel wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from bot.editions.choosing import Choice
from bot.editions.fragments import names_somebody
from bot.editions.packing import Packed, units, visible
from bot.editions.press import Sheet
from bot.editions.program import Program
from bot.editions.rubrics import Rubric
from bot.editions.slots import Slot
from bot.judgement.echo import grave
from bot.pictures.card import Card, fits, from_recipe, recipe

CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto: 0–1024 characters after entities parsing
Why = Literal["", "grave", "names", "long", "letters"]  # there is no card: '' where none is wanted or one is there


@dataclass(frozen=True, slots=True)
class Call:
    """A method of Telegram's with its parameters but the chat."""

    method: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dressed:
    """An edition as its calls, first part first, and why it has no card although its channel wants one."""

    calls: tuple[Call, ...]
    bare: Why = ""


def dressed(
    program: Program, rubric: Rubric, slot: Slot, choices: Sequence[Choice], sheet: Sheet, *, silent: bool
) -> Dressed:
    """The edition as it goes out; what an editor is shown before is the same but for the chat and the sound."""
    wanted = program.channel.picture
    plain = [_message(part, silent=silent) for part in sheet.parts]
    if wanted == "card":
        card = _card(program, rubric, slot, choices, sheet)
        why = _against(card, choices, sheet.parts)
        return Dressed(tuple(plain), why) if why else Dressed((_photo(card, sheet.parts[0], silent=silent),))
    if wanted == "preview" and choices[0].item.url:
        shown = {"url": choices[0].item.url, "prefer_large_media": True, "show_above_text": True}
        plain[0] = Call(plain[0].method, {**plain[0].parameters, "link_preview_options": shown})
    return Dressed(tuple(plain))


def recut(said: Mapping[str, Any], changed: Mapping[str, str]) -> Mapping[str, Any]:
    """The parcel of a message with the words of its card as they became: `changed` gives the new headline or title of
    each old one, '' for what is gone. A card that may not show them shows only whose it is."""
    photo = said.get("photo")
    if not isinstance(photo, Mapping):
        return said
    became = changed.get(photo["headline"], photo["headline"])
    stands = not grave({}, changed.values()) and not names_somebody(became)
    headline = became if stands and fits(from_recipe({**photo, "headline": became})) else ""
    return {**said, "photo": {**photo, "headline": headline}}


def _against(card: Card, choices: Sequence[Choice], parts: Sequence[Packed]) -> Why:
    """Why this card is not shown. Where people died or were wounded no headline is put up like a poster, whichever
    line of the edition tells of it; a private name stays out of pictures."""
    if any(_grave(choice) for choice in choices):
        return "grave"
    if names_somebody(card.headline):
        return "names"
    if len(parts) > 1 or units(visible(parts[0].text)) > CAPTION_LIMIT:
        return "long"
    return "" if fits(card) else "letters"


def _grave(choice: Choice) -> bool:
    story = choice.ranked.story
    return grave(story.state.toll, [choice.headline, story.state.title, *(item.title for item in story.items)])


def _card(program: Program, rubric: Rubric, slot: Slot, choices: Sequence[Choice], sheet: Sheet) -> Card:
    """Its title, or the headline of its first story; a title of two fragments wants the taller card."""
    channel, wording = program.channel, program.wording
    brand = channel.title or program.newsroom.name or channel.chat
    date = wording.moment(slot.at, slot.at + timedelta(days=2))  # as it is told when it is neither today nor yesterday
    shape: Literal["wide", "square"] = "square" if rubric.habits.titled else "wide"
    return Card(sheet.title or choices[0].headline, brand, date, shape)


def _message(part: Packed, *, silent: bool) -> Call:
    options = {"is_disabled": True}
    said = {"text": str(part.text), "parse_mode": "HTML", "link_preview_options": options}
    return Call("sendMessage", said | {"disable_notification": silent})


def _photo(card: Card, part: Packed, *, silent: bool) -> Call:
    said = {"photo": recipe(card), "caption": str(part.text), "parse_mode": "HTML"}
    return Call("sendPhoto", said | {"disable_notification": silent})
