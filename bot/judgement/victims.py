"""Which names of a sentence are a minor's or a victim's: by what stands near, and nearer than who speaks or serves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from bot.judgement import names
from bot.judgement.cautions import Caution, Kind
from bot.judgement.words import fold

NEAR: Final = 7  # words between a name and what makes it a victim's: «загинула мешканка села на околиці Ганна Коваль»
CLOSE: Final = 3  # words between a name and what makes it a minor's: «учениця 5-го класу Марія»
GROWN: Final = 18
INITIAL = re.compile(r"[А-ЯЁІЇЄҐ]\.,?$")

_WORD = re.compile(r"\S+")
_AGE = re.compile(r"(\d{1,3})-?(?:ти|и)?-?(?:річн|летн)|(\d{1,3})$")
_YEARS = re.compile(r"(?:рок(?:и|ів)|р(?:ік|оку)|лет|года?)$")
_DASHES = ("—", "–", "-")
_AMONG = re.compile(r"(?:серед|среди|из|із|з) \S+$|(?:загибл(?:ий|а)|погибш(?:ий|ая)|загиблі)$")


def people(sentence: str, asked: Caution) -> list[tuple[Kind, slice]]:
    """Minors and victims that the sentence names, and where in it."""
    spans = [word.span() for word in _WORD.finditer(sentence)]
    told = [sentence[start:end] for start, end in spans]
    folded = [fold(word).strip('«»“”„"(),.:;!?…–—') for word in told]
    flags: list[tuple[Kind, slice]] = []
    for name in _named(told, asked):
        kind = _whose(folded, told, name, asked)
        if kind is not None:
            flags.append((kind, slice(spans[name.start][0], spans[name.stop - 1][1])))
    return flags


def _named(told: Sequence[str], asked: Caution) -> list[slice]:
    """The names in it, an initial with its first name: «Марія К.»."""
    whole = []
    for name in _private(told, asked):
        more = int(name.stop < len(told) and bool(INITIAL.match(told[name.stop])))
        whole.append(slice(name.start, name.stop + more))
    known = {place for name in whole for place in range(name.start, name.stop)}
    for place, word in enumerate(told[1:], 1):
        if place not in known and INITIAL.match(word) and names.first_name(told[place - 1]) and place - 1 not in known:
            whole.append(slice(place - 1, place + 1))
    return whole


def _private(told: Sequence[str], asked: Caution) -> list[slice]:
    """Names of people whom no office makes public. Who says it, behind a dash, lends an office to nobody before it,
    and neither does a husband or a father behind a comma."""
    edges = [0, len(told)]
    for place, word in enumerate(told[:-1]):
        if word in _DASHES or (word[-1] == "," and asked.kin.match(fold(told[place + 1]))):
            edges.append(place + 1)
    return [
        slice(start + name.start, start + name.stop)
        for start, end in pairwise(sorted(edges))
        for name in names.private(told[start:end])
        if not _says(told, start + name.start)
    ]


def _says(told: Sequence[str], place: int) -> bool:
    """Whether the name there is who says it: «…, — Ганна Коваль», «17 поранених — Ганна Коваль»."""
    if place < 2 or told[place - 1] not in _DASHES:
        return False
    return not _AMONG.search(fold(" ".join(told[: place - 1])))


def _whose(folded: Sequence[str], told: Sequence[str], name: slice, asked: Caution) -> Kind | None:
    """Whether a minor or a victim is named; None for whoever speaks, serves or is charged."""
    if _minor(folded, told, name, asked):
        return "child"
    victim = _distance(folded, name, lambda word: bool(asked.victim.match(word)), told)
    behind = name.stop < len(folded) and asked.kin.match(folded[name.stop])
    reach = (folded[: name.stop], told[: name.stop]) if behind else (folded, told)
    other = _distance(reach[0], name, lambda word: bool(asked.others.match(word)) or names.office(word), reach[1])
    return "victim" if victim <= NEAR and victim < other else None


def _minor(folded: Sequence[str], told: Sequence[str], name: slice, asked: Caution) -> bool:
    for place in range(max(0, name.start - CLOSE), min(len(folded), name.stop + CLOSE)):
        if name.start <= place < name.stop:
            continue
        between = told[place : name.start] if place < name.start else told[name.stop : place + 1]
        if any(each in _DASHES for each in between) or (
            place < name.start and any(each[-1] in ",;:" for each in between)
        ):
            continue
        age = _AGE.match(folded[place])
        if age and age[1]:
            return int(age[1]) < GROWN
        told_so = place == name.stop and (told[place - 1][-1] == "," or told[place][0] == "(")  # «Сашко, 10 років»
        if age and told_so and place + 1 < len(folded) and _YEARS.match(folded[place + 1]):
            return int(age[2]) < GROWN
        if place < name.start and asked.child.match(folded[place]):
            return True
    return False


def _distance(folded: Sequence[str], name: slice, fits: Callable[[str], bool], told: Sequence[str]) -> int:
    """Words between the name and the nearest that fits; another clause is further away."""
    found_at = []
    for place, word in enumerate(folded):
        if name.start <= place < name.stop or not fits(word):
            continue
        between = told[place : name.start] if place < name.start else told[name.stop - 1 : place]
        commas = sum(each[-1] in ",;:—–" for each in between)
        found_at.append(len(between) + 2 * commas)
    return min(found_at, default=1_000)
