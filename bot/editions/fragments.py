"""«Головне за день: A. B»: a headline's first words, cut only where what stands is whole and still true.

What may go: the source behind the dash (when the line below keeps it and it is no claim of one side), then
clauses and prepositional phrases from the end. What never goes: a negation, a number, a word in quotes,
«окупований», a doubt, or what the verb needs («увійшли до центру»). When nothing may go, the headline stays.
"""

from __future__ import annotations

import re

from bot.judgement.words import parses

WORDS = 6  # screens, C2: fragments of 3–6 words
FEWEST = 3

_SOURCE = re.compile(
    r"\s+[—–-]\s+(?P<source>(?:[«\"]?[A-ZА-ЯЁІЇЄҐ]|аналіти|експерт|полі[цт]|прокур|міськ|мер\b|голов|речни|ЗМІ|джерел|"
    r"аналит|эксперт|глав|СМИ|источн)[^—–]{1,40})$"
)
_CLAIM = re.compile(
    r"\b(?:рф|росі\w*|росмі\w*|кремл\w*|тасс|риа|ріа|мо рф|міноборони рф|окупац\w*|пушилін\w*|«?днр»?|«?лнр»?|"
    r"росс\w*|минобороны рф|оккупац\w*|пушилин\w*)\b",
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(
    r"\b(?:нібито|ймовірно|імовірно|можлив\w*|за попередніми|якобы|вероятно|возможно|по предварительным)\b",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"\d|[«»\"„“]|\b(?:не|ні|без|жодн\w*|немає|ані|нет|ни|окупован\w*|оккупированн\w*|захоплен\w*|захваченн\w*|"
    r"нібито|ймовірно|імовірно|можлив\w*|якобы|вероятно|возможно|один|одна|одне|дв[аіоє]\w*|тр[иоьї]\w*|"
    r"чотир\w*|четвер\w*|п’ят\w*|десят\w*|перш\w*|перв\w*)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:не|ні|ані|без|немає|жодн\w*|нет|ни)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"\s*(?:[:;]|\s[—–]\s|[.!?]\s|,\s)")
_PHRASE = re.compile(
    r"\s(?=(?:для|через|після|під|попри|задля|заради|унаслідок|внаслідок|на|у|в|біля|поблизу|до|від|з|із|зі|за|"
    r"после|из-за|ради|во|со|с|из|около|от|к|ко|при|про|о|об)\s)",
    re.IGNORECASE,
)


def fragment(headline: str) -> str:
    """The headline's essence in 3–6 words, or the shortest of it that is still whole and true."""
    text = " ".join(headline.split()).rstrip(" .!")
    source = _SOURCE.search(text)
    if source:
        if _CLAIM.search(source["source"]) or _DOUBTFUL.search(text):
            return text  # a claim or a doubt without its source would become our own word
        text = text[: source.start()]
    text = _shorten(text, _CLAUSE)
    # «Не застосовувати міни в містах» without its last words would deny what nobody denied.
    return text if _NEGATION.search(text) else _shorten(text, _PHRASE)


def _shorten(text: str, border: re.Pattern[str]) -> str:
    while len(text.split()) > WORDS:
        cuts = [cut.start() for cut in border.finditer(text)]
        safe = [cut for cut in cuts if _stands(text[:cut]) and not _KEEP.search(text[cut:])]
        if not safe:
            return text
        text = text[: safe[-1]].rstrip(" ,;:—–")
    return text


def _stands(text: str) -> bool:
    """Whether the text is a whole sentence: enough words, a predicate, and nothing that its last word still needs."""
    words = text.rstrip(" ,;:—–").split()
    if len(words) < FEWEST or "," in text:
        return False
    kinds = [_kinds(word) for word in words]
    return any(kind & _PREDICATES for kind in kinds) and not kinds[-1] & (_PREDICATES | _HANGING)


_PREDICATES = frozenset({"VERB", "PRED", "PRTS", "ADJS", "INFN"})
_HANGING = frozenset({"PREP", "CONJ", "PRCL", "ADJF", "PRTF", "NUMR", "ADVB"})


def _kinds(word: str) -> frozenset[str]:
    return frozenset(str(parse.tag.POS) for parse in parses(word.strip('«»“”„"(),.:;!?').lower()))
