"""What templates are tried on before they are used, and what is wrong with those that fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.editions.choosing import Choice
from bot.editions.forms import BUILT_IN, Forms
from bot.editions.packing import TooLong
from bot.editions.press import Fragments, print_somehow
from bot.editions.rubrics import PLAIN, Rubric, rubric
from bot.editions.slots import Slot
from bot.editions.tongue import UnusableForm, template
from bot.judgement.changes import change
from bot.judgement.ranking import Ranked
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage.model import Item, State, Story, Told

# Signs that markup is made of, a line with everything and lines that lack each thing.
_HEADLINES = ("Воду <b>повернули</b> & «світло»", '5 < 6, кажуть "двоє" — рада', "Рада & <Ко> перенесла розклад", "1")


@dataclass(frozen=True, slots=True)
class Specimen:
    """An edition to try templates on."""

    rubric: Rubric
    slot: Slot
    choices: tuple[Choice, ...]
    signature: str = ""
    fragments: Fragments = (None, None)


def tried(
    own: Mapping[str, str], specimens: Sequence[Specimen], wording: Wording, newsroom: Newsroom
) -> tuple[Forms, list[UnusableForm]]:
    """The templates that set every specimen, and what is wrong with each of the others."""
    good, faults = dict(own), []
    while fault := _first(good, specimens, wording, newsroom):
        faults.append(fault)
        if good.pop(fault.name, None) is None:
            return BUILT_IN, faults
    return Forms(tuple(good.items())), faults


def samples(now: datetime) -> list[Specimen]:
    """An edition of every kind, with and without whatever may be there or not."""
    wall, day = time(9), now.date()
    kinds = [rubric(name, (wall,)) for name in (*PLAIN, "section:окупація")]
    return [
        Specimen(each, Slot(each.name, day, wall, now), _choices(now), signature)
        for each in kinds
        for signature in ("", "Тихої <ночі>")
    ]


def words(fault: UnusableForm, wording: Wording) -> str:
    """What is wrong and where, as a person is told: «рядок 3: поля «edition.titel» немає»."""
    said = wording.text(f"template.fault.{fault.key}", word=fault.word)
    return wording.text("template.line", line=fault.line, words=said) if fault.line else said


def _first(
    own: Mapping[str, str], specimens: Iterable[Specimen], wording: Wording, newsroom: Newsroom
) -> UnusableForm | None:
    forms = Forms(tuple(own.items()))
    try:
        for name, text in own.items():
            template(name, text)
        for each in specimens:
            fault = _print(each, forms, wording, newsroom)
            if fault is not None:
                return fault
    except UnusableForm as fault:
        return fault
    return None


def _print(specimen: Specimen, forms: Forms, wording: Wording, newsroom: Newsroom) -> UnusableForm | None:
    try:
        return print_somehow(
            specimen.rubric, specimen.choices, wording, newsroom,
            slot=specimen.slot, signature=specimen.signature, fragments=specimen.fragments, forms=forms,
        )[1]  # fmt: skip
    except TooLong:  # the built-in ones cannot set it either
        return None


def _choices(now: datetime) -> tuple[Choice, ...]:
    made = [_choice(number, title, now) for number, title in enumerate(_HEADLINES, start=1)]
    first = made[0].ranked.story.state
    before = replace(first, version=0, title="Води немає", toll={"wounded": 1}, at=now - timedelta(hours=9))
    changed = change(before, replace(first, toll={"killed": 2, "wounded": 3}))
    made[0] = replace(made[0], told=Told(before, "digest", before.at, before.title), change=changed)
    return tuple(made)


def _choice(number: int, title: str, now: datetime) -> Choice:
    url = "" if number == len(_HEADLINES) else f"https://example.org/?a={number}&b=2"
    source, own = ("<Джерело> & сини", False) if number % 2 else ("", True)
    item = Item(number, 1, "news", title, "", url, "uk", (), now, now, 1, source, "example", own)
    return Choice(Ranked(Story(number, State(number, 1, number, 1, title, {}, now), (item,)), 5.0, ()), item)
