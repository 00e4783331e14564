"""Which charset bytes are really in: labels lie, so each is believed only as far as the bytes agree."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_HTTP = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_PROLOG = re.compile(rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']\s*([\w.:-]+)""", re.IGNORECASE)
# What people label so is nearly always its superset: https://encoding.spec.whatwg.org/#names-and-labels
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_COMMON = frozenset("оаеинтсрвлкмдпуяыьгзбчйхіжшюцщєїф")
_RARE = re.compile("[ЂЃѓЉЊЌЋЏђљњќћџЅѕ¤¦­¬]|[а-яіїєґ][А-ЯІЇЄҐ]")
_MIXED = re.compile(r"(?:[РС][^\sа-я]){3}|(?:[ÐÑ][^\s\x00-\x7f]){3}")  # D0 and D1 begin each Cyrillic letter in UTF-8
A_FEW = 0.1  # broken sequences among all: less is a damaged UTF-8, more is another charset


def decode(body: bytes, content_type: str | None) -> tuple[str, tuple[str, ...]]:
    """The text and ("charset_repaired",) or ("bad_bytes",) when labels or bytes were wrong; never raises."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), ()
    for start, name in _UNMARKED:
        if body.startswith(start) and b"\x00" in body[1:8]:
            return body.decode(name, "replace"), ()
    body = body.replace(b"\x00", b"")
    labels = _labels(body, content_type)
    if (text := _strict(body, "utf-8")) is not None and not any(map(_many_bytes, labels)):
        # Text that is valid UTF-8 by accident does not exist beyond a few letters, whatever the label says.
        return text, (("charset_repaired",) if labels and not body.isascii() and "utf-8" not in labels else ())
    for label in labels:
        if label != "utf-8" and (text := _strict(body, label)) is not None:
            return text, ()
    return _guessed(body)


def unmixed(text: str) -> str:
    """The text that somebody wrote in UTF-8 and somebody else read in another charset («РџСЂРё» is «При»), as it was
    written; any other text as it is: what is whole UTF-8 after the way back was written so."""
    if not _MIXED.search(text):
        return text
    for name in ("cp1251", "cp1252"):
        try:
            return text.encode(name, "keep_controls").decode("utf-8")
        except UnicodeError:
            continue
    return text


def _keep_controls(error: UnicodeError) -> tuple[bytes, int]:
    """A byte that the charset does not know was kept as a control sign of the same number, or read as cp1252."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    odd = error.object[error.start : error.end]
    try:
        return odd.encode("cp1252" if min(odd) > "\xff" else "latin-1"), error.end
    except UnicodeEncodeError:
        raise error from None


codecs.register_error("keep_controls", _keep_controls)


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """Charsets named by HTTP, then by the prolog; names that Python knows, in its spelling."""
    said = [found[1] for found in [_HTTP.search(content_type or "")] if found]
    said += [found[1].decode("ascii", "ignore") for found in [_PROLOG.match(body[:1024])] if found]
    names = []
    for label in said:
        try:
            info = codecs.lookup(label)
        except (LookupError, ValueError):
            continue
        if info._is_text_encoding and info.name not in {"utf-7", "idna", "punycode", "unicode_escape"}:
            names.append(_SUPERSETS.get(info.name, info.name))
    return names


def _many_bytes(label: str) -> bool:
    return label.startswith(("utf-16", "utf-32", "gb", "big5", "euc", "shift", "iso2022", "cp9", "cp037", "hz"))


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _guessed(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Damaged UTF-8 with its broken signs replaced, else the likeliest of the charsets of Eastern Europe."""
    forgiving = body.decode("utf-8", "replace")
    broken = forgiving.count("\ufffd")
    whole = sum(1 for sign in forgiving if sign > "\x7f") - broken
    if broken <= max(1, whole) * A_FEW:
        return forgiving, ("bad_bytes",)
    sample = body[:100_000]
    name = max(("cp1251", "koi8-u", "cp866", "cp1252"), key=lambda one: _likeness(sample, one))
    return body.decode(name, "replace"), ("charset_repaired",)


def _likeness(sample: bytes, name: str) -> int:
    """How much the bytes look like Cyrillic prose in this charset; zero for cp1252, the last resort."""
    if name == "cp1252":
        return 0
    text = sample.decode(name, "replace")
    foreign = sum(1 for sign in text if sign > "\x7f")
    common = sum(1 for sign in text if sign in _COMMON)
    return 2 * common - foreign - 3 * len(_RARE.findall(text))
