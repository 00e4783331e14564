"""A page's headline without the site's name that is glued to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_SIGN = re.compile(r"\s+(?:[|—–·•»«›/-]|::|\|\|)\s+|\s*(?:\||｜|::)\s*|\s+[—–-](?=\S)")
_PIPE = re.compile(r"\||｜|::")  # no headline is written with these, so whatever stands behind one is not the headline
_LETTERS = re.compile(r"\w+")
SHORT: Final = 3  # letters; «ТСН» is a name, «ua» in a domain is none
WORDS: Final = 6  # a tail behind a pipe that is longer may be the headline itself


def bare(title: str, names: Iterable[str], url: str) -> str:
    """The title without the names of its site at either end, as told (og:site_name) or as the domain spells them.

    What follows a « | » or a «::» is cut though it is no known name; what follows a dash only when it is one:
    «Рух пустили — ОВА» names a source, not a site.
    """
    known = {key for name in names if (key := _key(name))} | _domain(url)
    previous = None
    while previous != title:
        previous = title
        title = _without_end(_without_start(title, known), known)
    return title


def shortened(title: str, headings: Iterable[str]) -> str:
    """The title without what is glued behind the page's heading: «Міст відкрито - Газета» over «Міст відкрито»."""
    for heading in headings:
        if title.startswith(heading) and len(_LETTERS.findall(heading)) > 1 and _SIGN.match(title, len(heading)):
            return heading
    return title


def _without_end(title: str, known: set[str]) -> str:
    signs = list(_SIGN.finditer(title))
    for sign in signs:  # the earliest, so that «| Місто | Новини» goes whole when it is one name
        head, tail = title[: sign.start()].rstrip(), title[sign.end() :]
        if head and _names(tail, known):
            return head
    for sign in signs:
        head, tail = title[: sign.start()].rstrip(), title[sign.end() :]
        if _PIPE.search(sign.group()) and len(_LETTERS.findall(head)) >= SHORT and len(_LETTERS.findall(tail)) <= WORDS:
            return head
    return title


def _without_start(title: str, known: set[str]) -> str:
    sign = _SIGN.search(title)
    if sign and title[sign.end() :] and _names(title[: sign.start()], known):
        return title[sign.end() :].lstrip()
    return title


def _names(text: str, known: set[str]) -> bool:
    """Whether the text is a name of the site, alone or with its domain's ending («Misto.ua», «Місто.Новини»)."""
    key = _key(text)
    return len(key) >= SHORT and key in known


def _key(name: str) -> str:
    return "".join(_LETTERS.findall(name.casefold()))


def _domain(url: str) -> set[str]:
    """The ways in which an address names its site: novosti.dn.ua → novostidnua, novostidn, novosti."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return set()
    labels = host.split(".")[-4:]
    spelt = {
        _key("".join(labels[start:end])) for start in range(len(labels)) for end in range(start + 1, len(labels) + 1)
    }
    return {one for one in spelt if len(one) > SHORT}
