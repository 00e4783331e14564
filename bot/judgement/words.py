"""Words as readers mean them: «горлівка» is in «окупованій Горлівці», whatever the apostrophe or the keyboard."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

LETTERS: Final = "a-zа-яёіїєґ0-9"
INDEX_WORDS = 1_000  # words of one item in the search index: a lead of 2,000 characters has about 300
QUERY_WORDS = 12  # words of one search: more are a pasted paragraph, and would find nothing
WORD_LETTERS = 40  # letters of one word: longer ones are broken text
LEMMAS = 8  # lemmas of one word: guesses about an unknown name stay few
PREFIX_LETTERS = 4  # «обстріл» also means «обстрілюють», but three letters begin too many words

_APOSTROPHES = re.compile("[ʼ’‘`´ʹ′ʻ＇]")
_HYPHENS = re.compile("[‐‑]")
_LOOKALIKES: Final = str.maketrans("ABCEHIKMOPTXYaceiopxyïÏ", "АВСЕНІКМОРТХУасеіорхуїЇ")
_UNSEEN = re.compile(
    "[\\u0300-\\u036f\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufe0e\\ufe0f\\ufeff]"
)  # stress marks, soft hyphens
_KNOWN_LETTER = re.compile(rf"[{LETTERS}']")
_STRANGE = re.compile(rf"[^\W_{LETTERS}]")  # a letter or a number that words here have not
_LATIN = re.compile(r"[A-Za-zÏï]")
_CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ]")
_RUN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_WORD = re.compile(rf"[{LETTERS}]+(?:'[{LETTERS}]+)*")
_TEXT = """
а або але б би був була були було в вже від во все для до є за з зі і із й його її як коли ми на над не ні о об під
по при про та так те ти то у хто це ці чи що щоб я
без бы был была были было вы где да если же и из или их к как ко ли мы но от под с со также что чтобы это
"""
LITTLE: Final = frozenset(_TEXT.split())


def fold(text: str) -> str:
    """The text as it is compared: small letters, no apostrophes or stress marks, Cyrillic words all in Cyrillic.

    Other signs stay where they are.
    """
    return _same(_clean(text))


def words(text: str) -> list[str]:
    """The folded words in order; numbers are words too."""
    return [_same(word) for word in _WORD.findall(_clean(text))]


def keys(text: str) -> list[frozenset[str]]:
    """For each word all that it may be a form of, in Ukrainian or Russian, and the folded word itself."""
    return [_keys(word) for word in _WORD.findall(_clean(text))]


def index_keys(text: str) -> str:
    """The text for a full-text column: every key of every word once, in order of appearance, joined by spaces."""
    found: dict[str, None] = {}
    for options in keys(text)[:INDEX_WORDS]:
        found.update(dict.fromkeys(sorted(options)))
    return " ".join(found)


def match(query: str) -> str | None:
    """What FTS5 is asked for a reader's words: every word in some form. None: nothing to search for."""
    typed = list(dict.fromkeys(_WORD.findall(_clean(query))))
    wanted = [word for word in typed if _same(word) not in LITTLE] or typed
    return " AND ".join(_group(word) for word in wanted[:QUERY_WORDS]) or None


def parses(word: str) -> list[Any]:
    """Readings of one word by the languages that know it; guesses of both when neither does."""
    word = word[:WORD_LETTERS]
    ukrainian, russian = _analyser("uk"), _analyser("ru")
    knowing = [analyser for analyser in (ukrainian, russian) if analyser.word_is_known(word)]
    return [parse for analyser in knowing or (ukrainian, russian) for parse in analyser.parse(word)]


def _clean(text: str) -> str:
    """Letters that compare, one kind of apostrophe, and the other signs."""
    plain = _HYPHENS.sub("-", _APOSTROPHES.sub("'", text))
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", plain))
    if _LATIN.search(plain) and _CYRILLIC.search(plain):
        plain = _RUN.sub(lambda run: _one_alphabet(run[0]), plain)
    return _STRANGE.sub(lambda sign: _letter(sign[0]), plain.casefold())


def _same(text: str) -> str:
    """Letters that keyboards and habits exchange are one letter."""
    return text.replace("ё", "е").replace("ґ", "г").replace("'", "")  # str.translate takes five times as long


def _one_alphabet(word: str) -> str:
    return word.translate(_LOOKALIKES) if _LATIN.search(word) and _CYRILLIC.search(word) else word


@lru_cache(maxsize=2_000)
def _letter(sign: str) -> str:
    """The sign itself, the letter below its accent (é → e), or a space for a letter that words here have not."""
    if _KNOWN_LETTER.match(sign) or not sign.isalnum():
        return sign
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if _KNOWN_LETTER.match(base) else " "


def _group(word: str) -> str:
    options = []
    for key in sorted(_keys(word)):
        options.append(f'"{key}"')
        if len(key) >= PREFIX_LETTERS and not key.isdigit():
            options.append(f'"{key}"*')
    return f"({' OR '.join(options)})"


@lru_cache(maxsize=20_000)
def _keys(word: str) -> frozenset[str]:
    word = word[:WORD_LETTERS].rstrip("'")
    found = {_same(word): None}
    if _CYRILLIC.search(word):
        found.update(dict.fromkeys("".join(words(parse.normal_form)) for parse in parses(word)))
    return frozenset(key for key in list(found)[: LEMMAS + 1] if key)


@cache
def _analyser(language: str) -> Any:
    import pymorphy3  # 0.2 s and 50 MB of dictionaries: only for those who search or judge

    return pymorphy3.MorphAnalyzer(lang=language)
