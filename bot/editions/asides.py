"""What may be left out before the deed or between its words: a cause, a clause about somebody, other places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.editions import circumstances, tails
from bot.editions.grammar import (
    acts,
    agree,
    bare,
    cases,
    deed_of,
    joined,
    kinds,
    many,
    performs,
    stands,
    tells,
    was,
)
from bot.editions.phrases import phrases
from bot.editions.truth import counts, denies
from bot.judgement.people import noun_of

_PUN = re.compile(r"(?P<pun>(?:[^\W\d_]+ ){0,2}[^\W\d_]{4,})\. (?P<said>[A-ZА-ЯЁІЇЄҐ][^?]+)")
_ABOUT = re.compile(
    r", (?P<who>який|яка|яке|якого|яку|якої|который|которая|которое|которого|которую|которой|[^\W\d_]+"
    r"(?:вш|вша|вше)[^\W\d_]{1,3})\s(?P<what>[^,:;—–]+),\s"
)
_AGENTS = re.compile(phrases("agents"))
_OTHERS = re.compile(
    rf"\s(?:та|і|й|и)\s{phrases('others')}"
    r"(?: (?:України|Украины|країни|страны|област[іи]|району|района|громади))?(?=\s|,|$)",
    re.IGNORECASE,
)


def pun(text: str) -> Iterator[str]:
    """«Порожні тарілки. Армія втрачає зв’язок» as its second sentence: the first tells nothing."""
    found = _PUN.fullmatch(text)
    if found is None or tails.TEASER.match(found["said"]):
        return
    if not any(map(tells, found["pun"].split())) and stands(found["said"], border="."):
        yield found["said"]


def about(text: str) -> Iterator[str]:
    """«Прокурора, який видав ордер, відсторонили» without the clause about the one who is meant."""
    for found in _ABOUT.finditer(text):
        head, rest = text[: found.start()], text[found.end() :]
        meant = any(noun_of(bare(word)) == "one" for word in head.split()[-3:-1])  # no «чоловіка, який …»
        told = any(was(word) for word in found["what"].split()) or "вш" in found["who"]
        if told and meant and "," not in head and acts(rest.split()[0]):
            yield f"{head} {rest}"


def others(text: str) -> Iterator[str]:
    """«У Лиманську та інших містах» as «у Лиманську»; what was counted in all of them stays in all of them."""
    for found in () if counts(text) else _OTHERS.finditer(text):
        before = text[: found.start()].split()
        if len(before) > 1 and "PREP" in kinds(before[-2]):
            yield joined(text[: found.start()], text[found.end() :])


def agent(text: str) -> Iterator[str]:
    """«У Лиманську рятувальники підняли прапор» as «у Лиманську підняли прапор»: who does it goes without saying."""
    words = text.split()
    at = next((at for at, word in enumerate(words) if _AGENTS.fullmatch(word)), None)
    if at is None or not 2 <= at <= 4 or at + 2 >= len(words) or "PREP" not in kinds(words[0]):
        return
    deed, what = words[at + 1], words[at + 2]
    if was(deed) and acts(deed) and many(deed) and "PREP" not in kinds(what) and "loct" in cases(words[at - 1]):
        yield " ".join([*words[:at], *words[at + 1 :]])


def circumstance(text: str) -> Iterator[str]:
    """«У захопленій Горлівці внаслідок … постраждали люди» without the cause between the place and the deed."""
    for found in circumstances.CAUSE.finditer(text):
        head, rest = text[: found.start()].split(), text[found.end() :].split()
        if not head or "PREP" not in kinds(head[0]) or len(head) > 4 or any(map(acts, head)) or "," in text:
            continue
        deed = deed_of(rest)
        if deed and not found["for"] and performs(rest, deed) and not denies(" ".join(rest[:deed])):
            yield " ".join([*head, *rest[deed:]])


def sequel(text: str) -> Iterator[str]:
    """«Міська рада після прохання мешканців знизила тариф» without the cause between the doer and the deed."""
    for found in circumstances.CAUSE.finditer(text):
        head, rest = text[: found.start()].split(), text[found.end() :].split()
        named = bool(head) and "PREP" not in kinds(head[0]) and len(head) <= 3 and not any(map(tells, head))
        if not named or found["for"] or "," in text or "PRTF" in kinds(head[-1]) or "NOUN" not in kinds(head[-1]):
            continue
        deed = deed_of(rest)
        vague = circumstances.SAID.search(text) or circumstances.OPEN.fullmatch(bare(rest[-1]))
        if deed and not vague and any(agree(rest[deed], word) for word in head):
            yield " ".join([*head, *rest[deed:]])
