"""Whether a row of words is a whole sentence or name, and where its parts begin, by the readings of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from bot.judgement.numerals import number
from bot.judgement.words import fold, parses

FEWEST: Final = 3  # screens, C2: fragments of 3–6 words
SIGNS: Final = " ,;:—–-"
_EDGE: Final = "«»“”„\"'(),.:;!?…—–"
_PREDICATES: Final = frozenset({"VERB", "PRED", "PRTS", "ADJS"})
_HANGING: Final = frozenset({"PREP", "CONJ", "PRCL", "ADJF", "PRTF", "NUMR", "ADVB", "GRND", "NPRO"})
_LETTERS = re.compile(r"\w")
_CASES = re.compile("nomn|gent|datv|accs|ablt|loct")
_NO_DEEDS: Final = frozenset({"дело", "село"})  # which did nothing and sat down nowhere
_QUANTITIES: Final = frozenset({"кілька", "декілька", "ряд", "несколько", "низка"})
_GENDERS = re.compile("masc|femn|neut")
_KIND = re.compile("[ ,]")
_QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|[“„][^“”]*[“”]")
_SENTENCE = re.compile(r"[^\W\d_]{4}[.!?]\s")


def bare(word: str) -> str:
    """The word without the signs around it, in small letters."""
    return word.strip(_EDGE).lower()


def size(text: str) -> int:
    """Its words; a dash is none."""
    return sum(1 for word in text.split() if _LETTERS.search(word))


def kinds(word: str) -> frozenset[str]:
    """The parts of speech that the word may be."""
    tags = _tags(bare(word))
    # Ukrainian for «погибла» is no noun, and headlines call nobody.
    usual = [tag for tag in tags if "Dist" not in tag and "voct" not in tag] or tags
    return frozenset(_KIND.split(tag, maxsplit=1)[0] for tag in usual)


def cases(word: str) -> set[str]:
    """The cases that the word may stand in."""
    return {case for tag in _tags(bare(word)) for case in _CASES.findall(tag)}


def acts(word: str) -> bool:
    """Whether the word can only be a verb that tells what is, was or will be."""
    found = kinds(word)
    return bool(found & _PREDICATES) and found <= _PREDICATES | {"GRND"} and not _wants(word)


def tells(word: str) -> bool:
    """Whether the word may be a predicate; an order is none («попри» is no «попри»)."""
    found = {tag for tag in _tags(bare(word)) if _KIND.split(tag, maxsplit=1)[0] in _PREDICATES and "impr" not in tag}
    return (
        bool(found)
        and ("NOUN" not in kinds(word) or (was(word) and bare(word) not in _NO_DEEDS))
        and "PREP" not in kinds(word)
    )


def unquoted(text: str) -> list[str]:
    """The words that stand outside quotation marks."""
    return _QUOTED.sub(" ", text).split()


def was(word: str) -> bool:
    """Whether the word may tell what happened."""
    return any(tag.startswith("VERB") and "past" in tag for tag in _tags(bare(word)))


def done(word: str) -> bool:
    """Whether the word tells what was done and by nobody named: «пошкоджено», «введены»."""
    return any("Impe" in tag or tag.startswith("PRTS") for tag in _tags(bare(word)))


def many(verb: str) -> bool:
    """Whether many do it, or nobody named: «відсторонили»."""
    return "plur" in _numbers(verb)


def deed_of(words: Sequence[str]) -> int | None:
    """Where the first word stands that can only be a predicate; None when there is none."""
    return next((at for at, word in enumerate(words) if acts(word)), None)


def performs(words: Sequence[str], deed: int) -> bool:
    """Whether the one who does it, those counted or what it is done to follow the deed."""
    after = words[deed + 1 : deed + 5]
    noun = next((at for at, word in enumerate(after) if "NOUN" in kinds(word)), None)
    if noun is None or any("PREP" in kinds(word) for word in after[:noun]):
        return False
    if any(number(fold(bare(word))) is not None or bare(word) in _QUANTITIES for word in after[: noun + 1]):
        return bool({"plur", "neut"} & _numbers(words[deed]))
    impersonal = "Impe" in " ".join(_tags(bare(words[deed])))
    return "accs" in cases(after[noun]) if impersonal else agree(words[deed], after[noun])


def to_come(text: str) -> bool:
    """Whether the text tells what will be or what somebody wants: no fact yet."""
    return any(_wants(word) or _future(word) for word in text.split())


def agree(verb: str, noun: str) -> bool:
    """Whether the noun may be the doer of the verb, by number and gender."""
    doers = {form for tag in _tags(bare(noun)) if tag.startswith("NOUN") and "nomn" in tag for form in _forms(tag)}
    return bool(doers & _numbers(verb))


def agreed(adjective: str, noun: str) -> bool:
    """Whether the adjective may belong to the noun: of one case, of one number."""
    fits = {_place(tag) for tag in _tags(bare(adjective)) if tag.startswith(("ADJF", "PRTF"))}
    return bool(fits & {_place(tag) for tag in _tags(bare(noun)) if tag.startswith("NOUN")})


def _place(tag: str) -> tuple[str, bool]:
    """The case of a reading, and whether it is of many."""
    return ("".join(_CASES.findall(tag)), "plur" in tag)


def _numbers(verb: str) -> set[str]:
    return {form for tag in _tags(bare(verb)) if tag.startswith(("VERB", "PRTS")) for form in _forms(tag)}


def _forms(tag: str) -> set[str]:
    """The number and gender of a reading; a verb of now has no gender, a noun of many none either."""
    if "plur" in tag:
        return {"plur"}
    return {"one"} if "3per" in tag else set(_GENDERS.findall(tag)) | ({"one"} if tag.startswith("NOUN") else set())


def stands(text: str, *, border: str = "") -> bool:
    """Whether the text, cut here, is a whole sentence: enough words, a predicate of its own, nothing open or hanging.

    Before a colon, a dash or a full stop (`border`) a sentence is whole already, unless a verb waits for what follows.
    """
    words = text.rstrip(SIGNS).split()
    if size(text) < FEWEST or "," in text or _SENTENCE.search(text) or not closed(text):
        return False
    if not any(map(tells, unquoted(text))):
        return False
    return rests(words) if border and border in ":;.!—–-" else ends(words)


def rests(words: Sequence[str]) -> bool:
    """Whether nothing is open behind the last word, where its author made a stop."""
    last = kinds(words[-1])
    return bool(_LETTERS.search(words[-1])) and not last <= (_PREDICATES | _HANGING) - {"ADVB"}


def ends(words: Sequence[str]) -> bool:
    """Whether the last word needs nothing behind it: a noun, or a name of another alphabet."""
    last = kinds(words[-1])
    named = "NOUN" in last and words[-1][:1].isupper()  # «у Часовому Яру» is no adjective
    ruled = len(words) > 1 and "PREP" in kinds(words[-2]) and _noun_behind_preposition(words[-1])
    return bool(_LETTERS.search(words[-1])) and (named or ruled or not last & (_PREDICATES | _HANGING | {"INFN"}))


def _noun_behind_preposition(word: str) -> bool:
    """Whether it is a noun there: «без світла» is no «світла кімната», but «на військовий» is no soldier."""
    tags = _tags(bare(word))
    epithet = any(
        tag.startswith(("ADJF", "PRTF", "NUMR", "NPRO")) and "nomn" not in tag and "voct" not in tag for tag in tags
    )
    return not epithet and any(tag.startswith("NOUN") and "nomn" not in tag for tag in tags)


def joined(before: str, after: str) -> str:
    """Both parts as one sentence, with a capital when its beginning is new."""
    gap = "" if after.lstrip()[:1] in ",.:;" else " "
    whole = f"{before.rstrip()}{gap}{after.lstrip()}".strip()
    return whole if before.strip() else whole[:1].upper() + whole[1:]


def hangs(word: str) -> bool:
    """Whether the word waits for another behind it; «двоє» need not, nor a name."""
    return word[:1].islower() and kinds(word) <= {"PREP", "CONJ", "PRCL", "ADJF"}


def closed(text: str) -> bool:
    """Whether every quotation and bracket that opens is closed."""
    pairs = text.count("«") == text.count("»") and text.count("(") == text.count(")")
    return pairs and all(len(re.findall(signs, text)) % 2 == 0 for signs in ('"', "[“”„]"))


def _wants(word: str) -> bool:
    return bare(word) == "бути" or any("infn" in tag.lower() for tag in _tags(bare(word)))  # no dictionary is whole


def _future(word: str) -> bool:
    tags = _tags(bare(word))
    return bool(tags) and all("futr" in tag for tag in tags)


@lru_cache(maxsize=5_000)
def _tags(word: str) -> tuple[str, ...]:
    return tuple(str(parse.tag) for parse in parses(word))
