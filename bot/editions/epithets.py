"""What may be left out within a phrase: epithets, first names, words said twice. Each gives the shorter text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.editions.grammar import acts, agreed, bare, cases, joined, kinds, tells, unquoted, was
from bot.editions.phrases import any_of, phrases
from bot.judgement import names
from bot.judgement.people import noun_of

_ORNAMENT = re.compile(rf"\s{phrases('ornaments')}(?=\s\w)")
_EPITHET = re.compile(rf"(?:^|(?<=\s)){phrases('epithets')}(?=\s[^\W\d_])", re.IGNORECASE)
# «Став новим символом» says what it became; «нові правила» are rules that were others.
_BECAME = re.compile(r"(?:ста[внл]|стал|назва|визна|призна|счита|вважа|був|бул|был|буд)\w*")
_OF_RULE = re.compile(
    r"(?:правил|поряд|термін|срок|строк|умов|услови|дан|принцип|етап|этап|рівен|уров|режим|план|рік|рок|год|лет)\w*"
)
_INSTRUMENT = re.compile(rf"\s{phrases('instruments')}(?=\s(?:по|у|в|на)\s)")
_MAKE = re.compile(r"(?<=[^\W\d_])\s(?:«(?![ДЛ]НР)[^«»]+»|“(?![ДЛ]НР)[^“”]+”|\"[^\"]+\")(?=\s|,|$)")
_MADE = any_of("makes")
_ADVERB = re.compile(rf"(?:^|(?<=\s)){phrases('adverbs')}(?=\s[^\W\d_])", re.IGNORECASE)
_MANNER = re.compile(rf"\s{phrases('manners')}(?=\s|,|$)", re.IGNORECASE)
_ECHO = re.compile(rf"(?<!\w){phrases('echoed')}(?P<echo>\s(?:України|Украины|ЗСУ|ВСУ))(?=\s|,|$)")
_FAMOUS = re.compile(rf"(?:^|(?<=\s)){phrases('famous')}\s(?=[А-ЯІЇЄҐ])")
_COUNTRY = any_of("countries")
_OF_OFFICE = frozenset({"країни", "держави", "страны", "государства"})


def ornament(text: str) -> Iterator[str]:
    """«Масовану атаку» as «атаку»."""
    for found in _ORNAMENT.finditer(text):
        yield joined(text[: found.start()], text[found.end() :])


def epithet(text: str) -> Iterator[str]:
    """«Нову угоду» as «угоду», «приватний будинок» as «будинок»; a person's epithet stays."""
    for found in _EPITHET.finditer(text):
        after = text[found.end() :].split()
        noun = next((word for word in after[:3] if "NOUN" in kinds(word)), "")
        between = after[: after.index(noun)] if noun else []
        before = text[: found.start()].split()
        loose = not before or not (kinds(before[-1]) <= {"ADVB"} or _BECAME.match(bare(before[-1])))
        named = found.start() and found[0][:1].isupper()  # «Нова пошта»
        fits = (
            noun
            and loose
            and not named
            and not _OF_RULE.match(bare(noun))
            and agreed(found[0], noun)
            and all(kinds(word) & {"ADJF", "PRTF"} for word in between)
        )
        if fits and noun_of(bare(noun)) not in ("one", "many", "enemy") and noun[:1].islower():
            yield joined(text[: found.start()], text[found.end() :])


def adverb(text: str) -> Iterator[str]:
    """«Знову вдарили» as «вдарили»."""
    for found in _ADVERB.finditer(text):
        if any(was(word) or acts(word) for word in text[found.end() :].split()[:1]):
            yield joined(text[: found.start()], text[found.end() :])


def manner(text: str) -> Iterator[str]:
    """«Поговорив по телефону» as «поговорив»."""
    for found in _MANNER.finditer(text):
        head = text[: found.start()].split()
        if (
            head
            and not kinds(head[-1]) <= {"PREP", "CONJ", "ADJF"}
            and any(map(tells, unquoted(text[: found.start()])))
        ):
            yield joined(text[: found.start()], text[found.end() :])


def instrument(text: str) -> Iterator[str]:
    """«Вдарили дронами по складу» as «вдарили по складу»."""
    for found in _INSTRUMENT.finditer(text):
        before = text[: found.start()].split()
        if before and acts(before[-1]):
            yield joined(text[: found.start()], text[found.end() :])


def make(text: str) -> Iterator[str]:
    """«Безпілотник «Герань-2»» as «безпілотник»: what it is stands for how it is called."""
    for found in _MAKE.finditer(text):
        if _MADE.fullmatch(bare(text[: found.start()].split()[-1])):
            yield joined(text[: found.start()], text[found.end() :])


def echo(text: str) -> Iterator[str]:
    """«Генштаб ЗСУ» as «Генштаб»."""
    for found in _ECHO.finditer(text):
        yield joined(text[: found.start("echo")], text[found.end() :])


def given(text: str) -> Iterator[str]:
    """«Дональд Трамп» as «Трамп»: of people whom the surname alone names."""
    for found in _FAMOUS.finditer(text):
        yield joined(text[: found.start()], text[found.end() :])


def title(text: str) -> Iterator[str]:
    """«Президент США Дональд Трамп», «канцлер Німеччини Мерц» as «Трамп», «Мерц»."""
    words = text.split()
    for end in range(2, len(words)):
        if not names.known(words[end]) or words[end][-1:] in '»”"':
            continue
        last = end - 1 if names.first_name(words[end - 1]) else end
        start = next((at for at in range(last - 1, max(-1, last - 5), -1) if names.office(words[at])), None)
        fixed = last == end and len(cases(words[end])) > 4  # «главою Рубіо» may be any case of Рубіо
        if start is None or fixed or start == end - 1 or not cases(words[start]) & cases(words[last]):
            continue
        named = _of_office if last < end else _of_country
        if all(named(each) for each in words[start + 1 : last]):
            while start and kinds(words[start - 1]) <= {"ADJF", "PRTF"}:
                start -= 1
            if start and "ADVB" in kinds(words[start - 1]):
                continue  # «вновь избранный президент»
            yield joined(" ".join(words[:start]), " ".join(words[end:]))


def incumbent(text: str) -> Iterator[str]:
    """«Президент Вербанії Іван Коваль» as «президент Вербанії»: the office says who it is."""
    words = text.split()
    for end in range(3, len(words)):
        first, last = words[end - 1], words[end]
        whole = first[-1:].isalpha() and last[-1:].isalpha() and last[:1].isupper()
        if not (whole and names.first_name(first)) or names.known(last) or names.known(first):
            continue
        start = next((at for at in range(end - 2, max(-1, end - 6), -1) if names.office(words[at])), None)
        if start is None or start == end - 2 or not cases(words[start]) & cases(first) & cases(last):
            continue
        if all(_of_office(each) for each in words[start + 1 : end - 1]) and not _plural_office(words[start]):
            yield " ".join([*words[: end - 1], *words[end + 1 :]])


def _of_office(word: str) -> bool:
    return not names.known(word) and word[-1:].isalpha() and (word[:1].isupper() or bare(word) in _OF_OFFICE)


def _of_country(word: str) -> bool:
    return bool(_COUNTRY.fullmatch(word)) or bare(word) in _OF_OFFICE


def _plural_office(word: str) -> bool:
    return bool(
        re.match(r"(?:депутат|нардеп|сенатор|конгрес|мундеп|генерал|прокурор|радник|советник|посадов)", bare(word))
    )
