"""How many people were killed and wounded, as a headline or a lead tells it.

A sentence becomes a row of marks (a trigger, a count, one person, a negation, any other word), cut into
clauses; each trigger takes the count of its own clause. What is not sure is not told: a missing toll is
noticed by an editor, a wrong one may reach the channel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.judgement.clauses import Clause, clauses
from bot.judgement.words import fold

_ANY = re.compile("загин|загиб|погиб|[бв]ит|бил|бив|жертв|поран|ранен|ранил|постражда|пострада|травм|життя|жизн")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n")
_RANGE = re.compile(r"\b(?:від|от) \S+ до \S+")
_AT_LEAST = re.compile(r"\bне (?:менше|менш|менее|меньше)\b(?: ніж| чем)?")
_LIFE = re.compile(r"(?:забра\w+|обірва\w+|унес\w*|оборва\w+) (?:життя|жизни?)")
_TOTAL = re.compile(
    r"(?:кількість|число|чисельність|количество)\b.*\b(?:зрос|збільш|вирос|вырос|увелич|возрос|сягну|досяг|достиг|зменш|уточн)"
)
_OLD = re.compile(
    r"\b(?:раніше|ранее|напередодні|накануне|до цього|до этого)\b|(?:час|годин|минут|хвилин)\w* (?:тому|назад)\b"
)
_LONG = re.compile(  # one \b before all that begin with a word: one for each of them takes six times as long
    r"\b(?:(?:від|з|із|с|от) (?:\w+ ){0,2}(?:початку|начала)\b"
    r"|за (?:\w+ ){0,2}(?:тижд\w+|тижні\w*|місяц\w+|рік|роки|років|пів(?:року|річчя))\b"
    r"|за (?:\w+ ){0,2}(?:недел\w+|месяц\w*|год\w?|лет|полгода|полугодие)\b"
    r"|за (?:\w+ )?(?:время|час) (?:війни|войны|вторгнення)|(?:роковин|річниц|годовщин)"
    r"|торік\b|(?:півріччі|полугодии)\b|[ув] (?:19|20)\d\d\b"
    r"|(?:минулого|позаминулого|прошлого) (?:року|года)|в прошлом году"
    r"|(?:років|роки|рік|лет|года?) (?:тому|назад)\b"
    r"|якби\b|(?:би|б|бы)\b"
    r"|тіла?\b.*(?:поверн|репатр))"
    r"|повномасштабн|полномасштабн|(?:поверну|репатр).*\bтіла?\b"
)
_LOSSES = re.compile(
    r"\b(?:втрати|потери|втратила?|потеряла?)\b.{0,60}(?:ворог|враг|противник|ок?купант|рф|росі|росси|арм|військ|войск)"
    r"|\b(?:ворог|враг|противник|рф|росія|россия) (?:\w+ ){0,2}(?:втрати|потеря)\w+"
    r"|\b(?:рф|росія|россия|кремль) (?:заяв|ствердж|утвержд)\w+.*(?:військ|солдат|воен)"
    r"|\b(?:знищ|уничтож|ліквід|ликвид)\w+ (?:\S+ ){0,3}"
    r"(?:ок?купант|загарбник|ворог|враг|противник|ворож\w+ (?:військ|солдат)|рос\w+ (?:військ|солдат|воен))"
)
_CORRECTS = re.compile(
    r"\b(?:уточн|виправ|скоригув|помилк|спростув|виявилос|насправді|исправ|скоррект|ошиб|опроверг|оказалос"
    r"|на самом деле|не підтверди|не подтверди)"
)
_LIST: Final = frozenset({"та", "і", "и", "й"})
_BUT: Final = frozenset({"а", "але", "но"})
_MOST = 5_000  # people: a bigger number is a war's statistics, not one event's


def toll(text: str) -> dict[str, int]:
    """People killed and wounded in the newest words of the text; a key is absent when nothing is said of it.

    A stated total («зросла до») wins over other counts of the text, these over what it says was told earlier.
    """
    told = fold(text)
    if not _ANY.search(told):  # most texts
        return {}
    found: dict[str, int] = {}
    old: dict[str, int] = {}
    total: dict[str, int] = {}
    for sentence in _SENTENCE.split(told):
        if not _ANY.search(sentence) or _LONG.search(sentence) or _LOSSES.search(sentence):
            continue
        into = total if _TOTAL.search(sentence) else old if _OLD.search(sentence) else found
        for which, count in _counts(clauses(_LIFE.sub("загинуло", _RANGE.sub(" ", _AT_LEAST.sub("", sentence))))):
            into[which] = max(count, into.get(which, 0))
    return {which: count for which, count in (old | found | total).items() if count <= _MOST}


def toll_of(title: str, lead: str = "") -> dict[str, int]:
    """The headline's toll, completed by the lead's: a lead often repeats an older count, a headline never does."""
    return toll(lead) | toll(title)


def corrects(title: str) -> bool:
    """Whether a headline says itself that it puts right what was told before: «уточнили: загинула одна людина»."""
    return bool(_CORRECTS.search(fold(title)))


def _counts(row: Sequence[Clause]) -> Iterator[tuple[str, int]]:
    """(killed or wounded, how many) for each trigger of a sentence that has a count."""
    for place, clause in enumerate(row):
        if clause.denied:
            yield from _instead(clause, row[place + 1 : place + 2])
        if clause.denied or clause.aside:
            continue
        for trigger, mark in clause.pairs():
            count = mark.count if mark else 0
            if mark is None:
                count = _neighbour(row, place) or int(trigger.alone)
            else:
                count += _listed(row, place, trigger_first=clause.marks.index(trigger) < clause.marks.index(mark))
            if count:
                yield trigger.which, count


def _instead(denied: Clause, after: Sequence[Clause]) -> Iterator[tuple[str, int]]:
    """«Загинули не двоє, а один»: what is said instead of the count that is denied."""
    for clause in after:
        if denied.triggers and denied.people and clause.joint in _BUT and clause.bare:
            yield denied.triggers[0].which, clause.people[0].count


def _neighbour(row: Sequence[Clause], place: int) -> int:
    """The count across a dash or a colon: «троє — поранені», «поранених: 10»."""
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if before and before.bare and row[place].joint in "—–-(":
        return sum(mark.count for mark in before.people)
    if after and after.people and after.starts_with_people and after.joint in ":—–-(" and not after.triggers:
        return after.people[0].count
    if before and before.bare and row[place].joint in _LIST:
        return sum(mark.count for mark in before.people)
    return 0


def _listed(row: Sequence[Clause], place: int, *, trigger_first: bool) -> int:
    """The rest of a list: «поранено двох жінок [та чоловіка]», «[чоловік і] жінка загинули»."""
    rest = 0
    if trigger_first:
        for clause in row[place + 1 :]:
            if not (clause.bare and (clause.joint in _LIST or clause.ones)):
                break
            rest += sum(mark.count for mark in clause.people)
        return rest
    for here in range(place, 0, -1):
        if not (row[here].joint in _LIST and row[here - 1].bare):
            break
        rest += sum(mark.count for mark in row[here - 1].people)
    return rest
