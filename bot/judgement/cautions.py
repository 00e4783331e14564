"""What a newsroom asks its editors about: its lists of words, from flags.toml or from a changed copy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

Kind = Literal["child", "victim", "street", "strike"]
KINDS: Final[tuple[Kind, ...]] = ("child", "victim", "street", "strike")  # as they are told

_HOUSE = r"(?:,?\s*(?:буд(?:инок|инку|\.)|дом(?:е|у)?|д\.)?\s*\d{1,3}(?:[-/]\d{1,3}|[-/]?[а-яіїє](?!\w))?(?!\w|-|:\d))?"
_OWN = r"\s+(?:\d{1,3}-(?:го|ї|й|та|а)\s+)?[«\"]?(?:[А-ЯЁІЇЄҐ][\w’ʼ'-]*\.?)(?:\s[А-ЯЁІЇЄҐ][\w’ʼ'-]+)?[»\"]?"
_BEFORE = r"[А-ЯЁІЇЄҐ][\w’ʼ'-]+(?:а|ій|у|ої|ою|ая|ой|ую)"

_TABLES: Final = {
    "child": ("words",),
    "victim": ("words", "others", "kin"),
    "street": ("kinds", "where"),
    "strike": ("deeds", "objects", "vital", "theirs"),
}


class UnreadableCaution(ValueError):
    """The newsroom's file has a name that means nothing here, or no lists of words."""


@dataclass(frozen=True, slots=True)
class Caution:
    """The words of each list; flags.toml says what each is for."""

    child: re.Pattern[str]
    victim: re.Pattern[str]
    others: re.Pattern[str]
    kin: re.Pattern[str]
    street: re.Pattern[str]
    where: re.Pattern[str]
    deeds: re.Pattern[str]
    objects: re.Pattern[str]
    vital: re.Pattern[str]
    theirs: re.Pattern[str]


def caution(toml: str) -> Caution:
    """What the file asks about; a list that it leaves out is the built-in one. Raises UnreadableCaution."""
    try:
        own = {name: dict(table) for name, table in tomllib.loads(toml).items()}
        unknown = [name for name in own if name not in _TABLES or set(own[name]) - set(_TABLES[name])]
        if unknown:
            raise UnreadableCaution(", ".join(unknown))
        lists = {name: _built_in()[name] | own.get(name, {}) for name in _TABLES}
        if not all(isinstance(words, list) for table in lists.values() for words in table.values()):
            raise UnreadableCaution("a list of words is wanted")
        return _caution(lists)
    except (tomllib.TOMLDecodeError, re.error, TypeError, ValueError) as trouble:
        raise UnreadableCaution(str(trouble)) from trouble


@cache
def default_caution() -> Caution:
    """What is asked about where the newsroom has no list of its own."""
    return caution("")


def _caution(lists: dict[str, dict[str, list[str]]]) -> Caution:
    victim, street, strike = lists["victim"], lists["street"], lists["strike"]
    return Caution(
        child=_stems(lists["child"]["words"]),
        victim=_stems(victim["words"]),
        others=_stems(victim["others"]),
        kin=_stems(victim["kin"]),
        street=_streets(street["kinds"]),
        where=_stems(street["where"]),
        deeds=_stems(strike["deeds"]),
        objects=_stems(strike["objects"]),
        vital=_stems(strike["vital"]),
        theirs=_stems(strike["theirs"]),
    )


def _stems(words: Sequence[str]) -> re.Pattern[str]:
    """What begins with one of them, nothing for an empty list; $ ends a word, wherever the text goes on."""
    return re.compile("(?:" + "|".join(str(word).replace("$", r"(?!\w)") for word in words or ["(?!)"]) + ")")


def _streets(kinds: Sequence[str]) -> re.Pattern[str]:
    every = "|".join(kinds or ["(?!)"])
    return re.compile(rf"(?<!\w)(?:{_BEFORE}\s+(?i:{every})|(?i:{every}){_OWN}){_HOUSE}(?!\w)")


def _built_in() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("bot.judgement").joinpath("flags.toml").read_text("utf-8"))
