"""Whom a headline credits with what it says, and whether a short title may leave that to the line below it.

Only a fact of a known voice may stand alone: never a forecast, a doubt, an opinion, nor a word of the Russian side.
"""

from __future__ import annotations

import re

from bot.editions import grammar, truth
from bot.editions.phrases import any_of, phrases
from bot.judgement import names
from bot.judgement.words import LITTLE, fold

_OPENED = re.compile(r"(?P<who>[^\W\d_][^:.!?—–]{1,40}):\s+(?=[^\W\d_])")
_REPORTED = re.compile(rf",\s+{phrases('reports')}\s+(?P<who>[^,:—–]{{2,60}})$", re.IGNORECASE)
_PRESS = any_of("press")
_OFFICIAL = re.compile(phrases("officials"))
_NAME = re.compile(r"[^\W\d_][\w’ʼ'-]*")
_ENEMY = any_of("enemy")  # their word on themselves is their claim
_LOCAL = any_of("local")
_OURS = any_of("ours")  # cities where the local word is Ukraine's
_THEIRS = any_of("theirs")  # what makes it doubtful whose word it is


def credited(text: str) -> tuple[str, str]:
    """What is said, and who says it behind it; '' when it can be told without them."""
    body, source = names.split(text)
    if source:
        return (body, "") if _free(body, source, text) else (body, source)
    if reported := _REPORTED.search(text):
        said = text[: reported.start()]
        return (said, "") if _free(said, reported["who"], text) else (text, "")
    if opened := _OPENED.match(text):
        said = text[opened.end() :]
        if not _PRESS.fullmatch(opened["who"]) and _happened(said) and _free(said, opened["who"], text):
            return said[:1].upper() + said[1:], ""
    return text, ""


def _free(said: str, who: str, text: str) -> bool:
    """Whether the words stand without the one who says them."""
    if grammar.size(said) < grammar.FEWEST or grammar.hangs(said.split()[-1]):
        return False
    known = names.trusted(who) or bool(_OFFICIAL.fullmatch(who.strip(" ,.—–-"))) or _neighbour(who, said)
    fact = known and not grammar.to_come(said) and not truth.doubted(said)
    return (fact or _itself(who, said)) and truth.weighty(said) == truth.weighty(text)


def _neighbour(who: str, said: str) -> bool:
    """Whether it is the word of a town's own office on that town."""
    own = _LOCAL.fullmatch(who.strip(" ,.—–-").lower())
    return bool(own and _OURS.search(said)) and not _THEIRS.search(said)


def _itself(who: str, said: str) -> bool:
    """Whether it is the doer who tells of it: «НАБУ й САП підозрюють …, — НАБУ та САП»."""
    named = [fold(word) for word in _NAME.findall(who) if fold(word) not in LITTLE]
    doers = [fold(word) for word in _NAME.findall(said)][: len(named) + 1]
    return bool(named) and set(named) <= set(doers) and not _ENEMY.search(said)


def _happened(said: str) -> bool:
    """Whether it tells what was done, outside any quotation, and does not explain it."""
    return any(grammar.was(word) or grammar.done(word) for word in grammar.unquoted(said)) and "«" not in said
