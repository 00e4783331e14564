"""Whether a word names a person, by its readings in both languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from bot.judgement.words import parses

_ENEMY = re.compile(
    r"ок?купант\w*|загарбник\w*|бойовик\w*|боевик\w*|ворог\w*|враг\w*|противник\w*|рашист\w*|терорист\w*"
    r"|росіян(?!к)\w*|россиян(?!к)\w*"
)
_ANIMAL = re.compile(
    r"собак\w*|пес|пса|псів|к[оі]т(?:|а|у|и|ів|ов)|кішк\w*|кошк\w*|тварин\w*|животн\w+|кор[оі]в\w*|кон(?:ей|і|я|и)"
)
_NAME = re.compile("Surn|Name|Patr")  # «листопада» and «школа» are surnames too
Noun = Literal["one", "many", "enemy", "animal", "thing", "adjective", "other"]


@lru_cache(maxsize=5_000)
def noun_of(word: str) -> Noun:
    """What a word names, by its readings: an ambiguous word is a person when it may be one."""
    if _ENEMY.fullmatch(word):
        return "enemy"
    if _ANIMAL.fullmatch(word):
        return "animal"
    tags = [str(parse.tag) for parse in parses(word)]
    people = [tag for tag in tags if "NOUN" in tag and "anim" in tag and not _NAME.search(tag)]
    if people:
        one = any("plur" not in tag and ("nomn" in tag or "accs" in tag) for tag in people)
        return "one" if one else "many"
    if any("NOUN" in tag for tag in tags):
        return "thing"
    return "adjective" if tags and all("ADJF" in tag or "PRTF" in tag for tag in tags) else "other"
