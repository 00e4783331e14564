"""«Головне за день: A. B»: a headline's words, fewer where what stays is whole and still true.

A fragment is the headline's own words in their order (the first may gain a capital). What may go: the source
that is a known one and tells a fact (`credit`); a promise («що відомо»), a time, an office before a name that all
know, the last clauses, deeds, causes and places; and where that makes a fragment, epithets, manners and reasons too
(`trims`). What never goes is in `truth`. A private name goes wherever a noun stands for it. Where nothing may go, the
headline stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.editions import credit, grammar, tails, trims, truth
from bot.judgement import names
from bot.judgement.people import noun_of

WORDS = 6  # screens, C2: fragments of 3–6 words
FEWEST = grammar.FEWEST

_SPOKEN = re.compile(r",\s*[—–-]\s+\S+(?=.)")
_ORNAMENT = re.compile(r"^[^\w«„“\"(]+|[^\w»”\")!?…]+$")


def fragment(headline: str) -> str:
    """The headline's essence in 3–6 words, or the shortest of it that is still whole and true."""
    whole = _ORNAMENT.sub("", " ".join(headline.split()))
    body, source = credit.credited(whole)
    words = WORDS - grammar.size(source)
    body = _trimmed(body, words, trims.TRIMS)
    bold, sure = _trimmed(body, words, trims.BOLD), _trimmed(body, words, trims.LAST)
    ways = (bold, sure, _trimmed(bold, words, trims.LAST))
    return _nameless(next((each for each in ways if grammar.size(each) <= words), sure) + source)


def opening(headlines: Sequence[str]) -> list[str]:
    """Fragments for a title: of the first two headlines that name nobody private, else of the first two."""
    made = [fragment(headline) for headline in headlines]
    return [each for each in made if not names_somebody(each)][:2] or made[:2]


def short(headline: str) -> bool:
    """Whether its fragment has 3–6 words and names nobody private."""
    made = fragment(headline)
    return FEWEST <= grammar.size(made) <= WORDS and not names_somebody(made)


def names_somebody(text: str) -> bool:
    """Whether a private person is named in it: no title may say that."""
    return bool(names.private(text.split()))


def _trimmed(text: str, words: int, ways: Sequence[trims.Trim]) -> str:
    """The text after these trims, each only while it is longer than so many words; a promise always goes."""
    for trim in ways:
        if trim is tails.teaser or grammar.size(text) > words:
            text = _shorter(text, trim, words)
    return text


def _shorter(text: str, trim: trims.Trim, words: int) -> str:
    """The text after every trim of this kind that leaves it true; a denial keeps all that stands behind it."""
    if truth.denies(text) and trim not in trims.WITHIN_DENIALS:
        return text
    while trim is tails.teaser or grammar.size(text) > words:
        shorter = next((each for each in trim(text) if _true(text, each, trim)), None)
        if shorter is None:
            break
        text = shorter
    return text


def _true(text: str, shorter: str, trim: trims.Trim) -> bool:
    if grammar.size(shorter) < FEWEST or not grammar.closed(shorter):
        return False
    if not all(spoken in shorter for spoken in _SPOKEN.findall(text)):
        return False  # within the text somebody says it: « …, — Київський ТЦК. Поліція …»
    weigh = truth.facts if trim in trims.CLAUSES else truth.weighty
    return trim in trims.UNWEIGHED or weigh(shorter) == weigh(text)


def _alike(noun: str, name: str) -> bool:
    """Whether the noun may be the bearer of the name: no «заступник Івана Коваля»."""
    return bool(grammar.cases(noun) & grammar.cases(name))


def _nameless(text: str) -> str:
    """The text without private names, where a noun before each stands for the person; else as it is."""
    words = text.split()
    for found in reversed(names.private(words)):
        before = words[found.start - 1] if found.start else ""
        stranger = noun_of(grammar.bare(before)) in ("one", "many") and before[-1:].isalpha()
        if not stranger or not _alike(before, words[found.start]) or (before[:1].isupper() and found.start > 1):
            return text
        signs = re.search(r"[^\w’ʼ']*$", words[found.stop - 1])
        words[found.start - 1 : found.stop] = [before + (signs[0] if signs else "")]
    return " ".join(words)
