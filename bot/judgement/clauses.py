"""A sentence as clauses of marks: who was killed or wounded, how many people, and what denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.judgement.numerals import compound, number
from bot.judgement.people import noun_of

KILLED: Final = "killed"
WOUNDED: Final = "wounded"

# Which, whether the word alone speaks of one person, and the whole folded word. The first that fits.
_TRIGGERS: Final = [
    (which, alone, re.compile(pattern))
    for which, alone, pattern in (
        (KILLED, True, r"загинув|загинула|погиб|погибла"),
        (KILLED, False, r"загинули|загинуло|погибли|погибло|загибл\w+|погибш\w+|жертв|жертвами"),
        (KILLED, False, r"[ву]бито|[ву]бит[іиаы]|[ву]бит(?:ий|ый|их|ых|ими|ыми|ого)|[ву]бил[аио]?|[ву]бив|убит"),
        (WOUNDED, False, r"(?:важко|легко|тяжело)?(?:поранен\w*|поранил[иоа]|поранив|ранен\w*|ранил[иоа]?)"),
        (WOUNDED, False, r"постражда\w+|пострада\w+|травмован\w+|травмирован\w+|травмував\w*|травми|травмы"),
    )
]
_PLURAL = re.compile(r"жертв\w*|\w+(?:их|ых|им|ым|ими|ыми)")
_NOT: Final = """
не немає нема нет без ніхто никто обійшлося обошлось обошлося жодного жодний жодних жоден жодна уникли ні
кожен кожний каждый двічі тричі дважды трижды менше менш менее меньше може можуть может могут могли
"""
_NO: Final = frozenset(_NOT.split())
_WITHIN: Final = "серед среди зокрема них числі числе включно включая помер померла померли умер умерла"
_ASIDE: Final = frozenset(_WITHIN.split())  # what follows is counted already; one who died is not one more wounded
_FEW: Final = "ще еще також также вже уже щонайменше близько понад около более до її його їх їхній їхня её его их ее"
_LITTLE: Final = frozenset(_FEW.split())
_BEFORE: Final = "о об в у к на з із с від от № під біля через по"
_PLACES: Final = frozenset(_BEFORE.split())
_OF: Final = frozenset({"з", "із", "зі", "из"})
_JOINTS: Final = frozenset({"та", "і", "й", "и", "а", "але", "но"})
_THEIR = re.compile(r"російськ\w+|российск\w+|ворож\w+|вражеск\w+")
_SOLDIERS = re.compile(r"(?:військов|солдат|бійц|боєць|воен|офіцер|офицер|десантник)\w*")
_ENEMYS: Final = (["рф"], ["росії"], ["россии"])
_THOUSAND = re.compile(r"тис|тисяч\w*|тысяч\w*|млн|мільйон\w*|миллион\w*")
_TOKEN = re.compile(
    r"(?P<skip>\d+(?:(?: та| і| и| й|,) \d+)* (?:рок[иі]в?|рік|лет|года?)\b"
    r"|\d{1,2}:\d\d|\d+[.,]\d+(?:[.,]\d+)?|\d+\s*%|\d+ ?[–—-] ?\d+"
    r"|\d+-?(?:річ|лет|міс|мес|годин|часов|поверх|этаж|й\b|го\b|му\b|а\b)\w*"
    r"|[a-zа-яіїє]+-\d+\w*)"
    r"|(?P<word>\d{1,3}(?: \d{3})+(?!\d)|\d+(?:-[а-яіїє]{1,5})?|[a-zа-яіїє]+(?:-[a-zа-яіїє]+)*|№)"
    r"|(?P<cut>[,;:()—–]|-(?=\s))"
)
Kind = Literal["trigger", "people", "little", "no", "aside", "other"]


@dataclass(slots=True, eq=False)
class Mark:
    """One meaningful piece of a clause. `alone`: the trigger itself, or the count, speaks of one unnumbered person.

    `many`: a trigger in the plural («загиблих»), which only a stated count can number.
    """

    kind: Kind
    which: str = ""
    alone: bool = False
    many: bool = False
    count: int = 0


@dataclass(slots=True)
class Clause:
    """Marks between two joints; `joint` is what stood before the first: a comma, a dash, «та», or nothing."""

    joint: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def triggers(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "trigger"]

    @property
    def people(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "people"]

    @property
    def bare(self) -> bool:
        """Only people: it continues its neighbour's list."""
        return bool(self.people) and all(mark.kind in ("people", "little") for mark in self.marks)

    @property
    def ones(self) -> bool:
        return all(mark.alone for mark in self.people)

    @property
    def starts_with_people(self) -> bool:
        first = next((mark for mark in self.marks if mark.kind != "little"), None)
        return first is not None and first.kind == "people"

    @property
    def denied(self) -> bool:
        return any(mark.kind == "no" for mark in self.marks)

    @property
    def aside(self) -> bool:
        return any(mark.kind == "aside" for mark in self.marks)

    def pairs(self) -> Iterator[tuple[Mark, Mark | None]]:
        """Each trigger with the people nearest to it, a stated count before a single person."""
        free = self.people
        for trigger in self.triggers:
            place = self.marks.index(trigger)
            fits = [mark for mark in free if not (mark.alone and trigger.many)]
            near = min(fits, key=lambda mark: (mark.alone, abs(self.marks.index(mark) - place)), default=None)
            if near:
                free.remove(near)
            yield trigger, near


def clauses(sentence: str) -> list[Clause]:
    """The clauses of one folded sentence, in order; none of them is empty."""
    row = [Clause("")]
    tokens = [(token.lastgroup or "", token[0]) for token in _TOKEN.finditer(sentence)]
    place = 0
    while place < len(tokens):
        group, text = tokens[place]
        if group == "cut" or text in _JOINTS:
            row.append(Clause(text))
            place += 1
            continue
        before = tokens[place - 1][1] if place else ""
        if group == "word" and number(text.replace(" ", "")) is not None:
            mark, place = _counted([token for _, token in tokens], place, before)
        else:
            mark, place = _mark(group, text, before), place + 1
        row[-1].marks.append(mark)
    return [clause for clause in row if clause.marks]


def _mark(group: str, word: str, before: str) -> Mark:
    for which, alone, pattern in _TRIGGERS:
        if pattern.fullmatch(word):
            return Mark("trigger", which, alone, bool(_PLURAL.fullmatch(word)))
    if word in _NO:
        return Mark("no")
    if word in _ASIDE:
        return Mark("aside")
    if word in _LITTLE or group == "skip":
        return Mark("little")
    noun = noun_of(word)
    if noun == "animal":
        return Mark("no")
    if noun == "one" and before not in _PLACES:
        return Mark("people", alone=True, count=1)
    return Mark("little" if noun == "adjective" else "other")


def _counted(tokens: list[str], place: int, before: str) -> tuple[Mark, int]:
    """The number that begins here with what it counts, and the place after both."""
    count = number(tokens[place].replace(" ", "")) or 0
    place += 1
    if place < len(tokens) and compound(count, number(tokens[place]) or 100):
        count += number(tokens[place]) or 0
        place += 1
    theirs, seen = False, place
    while seen < min(place + 4, len(tokens)):
        noun = noun_of(tokens[seen]) if not _is_trigger(tokens[seen]) else "other"
        theirs = theirs or noun == "enemy" or bool(_THEIR.fullmatch(tokens[seen]))
        theirs = theirs or (_SOLDIERS.fullmatch(tokens[seen]) is not None and tokens[seen + 1 : seen + 2] in _ENEMYS)
        if noun in ("one", "many") and not theirs:
            return Mark("people", count=count), seen + 1
        if (
            noun in ("animal", "thing", "enemy")
            or _THOUSAND.fullmatch(tokens[seen])
            or (theirs and noun != "adjective")
        ):
            return Mark("other"), seen + 1
        if noun != "adjective":
            break
        seen += 1
    if tokens[place : place + 1] and tokens[place] in _OF:
        if place + 1 < len(tokens) and number(tokens[place + 1]) is not None:
            return Mark("no"), place  # «троє з п’яти поранених» are not three wounded
        return Mark("other" if count == 1 or before in _PLACES else "people", count=count), place
    return Mark("other") if before in _PLACES else Mark("people", count=count), place


def _is_trigger(word: str) -> bool:
    return any(pattern.fullmatch(word) for _, _, pattern in _TRIGGERS)
