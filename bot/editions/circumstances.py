"""The circumstances that a headline may lose at its end: a cause, a reason, an origin, a place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.editions.grammar import FEWEST, acts, bare, cases, closed, done, kinds, many, size, stands, tells, to_come, was
from bot.editions.phrases import any_of, phrases
from bot.judgement.people import noun_of

CAUSE = re.compile(rf"\s(?=(?:(?P<for>для)|{phrases('causes')})\s)", re.IGNORECASE)
# «Створили загрозу» without «для безпеки» is half a phrase.
OPEN = any_of("open")
# «Заборонили в Бердянську» without the place would forbid everywhere.
_RULE = any_of("rules")
_PLACE = re.compile(
    r"\s(?=(?:(?P<in>у|в|на)|під|біля|поблизу|под|возле|близ|около)\s(?:[^\W\d_]+(?:ій|ому|ом|ой|ою|им)\s)*"
    r"(?P<name>[А-ЯЁІЇЄҐ][а-яёіїєґ’ʼ'][\w’ʼ'-]*))"
)
SAID = any_of("speech")
_PATH = re.compile(r"експорт|імпорт|транзит|постач|перевез|перевоз|шлях|рух", re.IGNORECASE)
_FATE = re.compile(r"(?:загин|погиб|постражда|пострада|пом[её]р|умер)\w*")
_TOLL = re.compile(r"загин|загиб|погиб|поранен|ранен|постражда|пострада|пом[её]р|умер|людей|человек", re.IGNORECASE)
_REASON = re.compile(r"\sза\s(?!(?:добу|сутки|тиждень|неделю|рік|год|місяць|месяц|день|ніч|ночь)\b)")
_PUNISHED = any_of("punished")
_ORIGIN = re.compile(r"\s(?:з|із|зі|из)\s[А-ЯЁІЇЄҐ][\w’ʼ'-]+$")
_AGAINST = re.compile(
    r"(?:\b(?:протест|мітинг|митинг|страйк|забастовк|марш)[^\W\d_]{0,3})(?P<end>)\s(?:проти|против)\s", re.IGNORECASE
)
_COUNTRY = re.compile(r"\b(?:Україн|Украин|США|РФ|Росі|Росси|Європ|Европ|світ|мир)", re.IGNORECASE)


def cause(text: str) -> Iterator[str]:
    """Without the last phrase of cause, purpose or circumstance."""
    for found in reversed(list(CAUSE.finditer(text))):
        head = text[: found.start()]
        words = head.split()
        last = bare(words[-1]) if words else ""
        if SAID.search(head):
            continue  # «заявив про втрати під час …»: whatever stands there was said
        if _PATH.search(head) and text[found.end() :].lower().startswith("через "):
            continue  # «експорт через порти» is a way
        if found["for"] and not (len(words) > 1 and "PREP" in kinds(words[-2])):
            continue  # «ракети для ППО»; but «вивели ракети з міста для захисту»
        if (stands(head) or _fate(words)) and not OPEN.fullmatch(last) and not to_come(head) and _located(head, text):
            yield head


def _fate(words: Sequence[str]) -> bool:
    """Whether it ends with what became of them: «10 людей поранено», «прокурора відсторонили»."""
    if len(words) < FEWEST or not closed(" ".join(words)) or any("," in word for word in words):
        return False
    last, before = words[-1], words[:-1]
    nouns = [word for word in before if "NOUN" in kinds(word)]
    suffered = bool(_FATE.fullmatch(bare(last))) or done(last)
    whom = was(last) and tells(last) and many(last) and "accs" in cases(words[0]) and "nomn" not in cases(words[0])
    named = any(word[:1].isupper() for word in words[1:])  # «главу міста звільнили» is anybody's
    return named and bool(nouns) and not any(map(acts, before)) and (suffered or whom)


def _located(head: str, text: str) -> bool:
    """Whether people's fate keeps a place that the text names."""
    if not _TOLL.search(head):
        return True
    return any(word[:1].isupper() for word in head.split()[1:]) or not any(
        word[:1].isupper() for word in text[len(head) :].split()
    )


def reason(text: str) -> Iterator[str]:
    """«Суд оштрафував завод за викиди» without what for."""
    for found in reversed(list(_REASON.finditer(text))):
        head, why = text[: found.start()], text[found.end() :].split()
        if (
            _PUNISHED.search(head)
            and stands(head)
            and not to_come(head)
            and why
            and "accs" in cases(why[-1]) | cases(why[0])
        ):
            yield head


def origin(text: str) -> Iterator[str]:
    """«Затримали лікаря з Вербного» without where the person comes from."""
    found = _ORIGIN.search(text)
    if found is None or not _PUNISHED.search(text[: found.start()]):
        return
    words = text[: found.start()].split()
    if noun_of(bare(words[-1])) in ("one", "many") and stands(text[: found.start()]):
        yield text[: found.start()]


def protest(text: str) -> Iterator[str]:
    """«Мешканці вийшли на мітинг проти забудови» without what against."""
    for found in reversed(list(_AGAINST.finditer(text))):
        head = text[: found.end("end")]
        if stands(head) and ("nomn" in cases(head.split()[0]) or any(word[:1].isupper() for word in head.split()[1:])):
            yield head


def place(text: str) -> Iterator[str]:
    """Without the place at the end, when somebody is told to have done something and no other place is named."""
    found = list(_PLACE.finditer(text))
    if len(found) != 1 or found[0].start() == 0 or _RULE.search(text) or SAID.search(text) or to_come(text):
        return
    head, tail = text[: found[0].start()], text[found[0].start() :]
    words = head.split()
    named = words[kinds(words[0]) == {"ADJF"} :] if words else []
    doer = bool(named) and "NOUN" in kinds(named[0]) and "PREP" not in kinds(named[0])
    where = found[0]["in"] is None or "loct" in cases(found[0]["name"])  # «у Лиманську», not «в Румунію»
    if (
        doer
        and where
        and not OPEN.fullmatch(bare(words[-1]))
        and stands(head)
        and any(map(was, words))
        and not _COUNTRY.search(tail)
        and _only_place(tail)
    ):
        yield head


def _only_place(tail: str) -> bool:
    """Whether nothing but the place stands there: «на півночі області», «в російській Уфі», no verb and no person."""
    return not any(kinds(word) & {"VERB", "INFN", "CONJ"} for word in tail.split()[2:]) and size(tail) <= 4
