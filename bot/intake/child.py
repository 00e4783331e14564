"""The program of the child that parses what strangers wrote: `python -m bot.intake.child`.

It reads jobs from stdin, answers on stdout and ends when stdin closes. It may be killed at any moment.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from bot.intake import feeds, lists, pages, previews, wire
from bot.intake.articles import Article
from bot.intake.bodies import UnreadableFeed
from bot.intake.entries import Feed

READY: Final = b"ready"
# A 5 MiB feed is decoded to at most 20 MB of text, copied a few times and made into 1,000 entries.
ROOM_BYTES: Final = 100 * 1024 * 1024


def main() -> None:
    """Answer jobs until stdin closes."""
    # Nothing that a library prints may come between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    _say(answers, READY)
    while (head := _heard(sys.stdin.buffer)) is not None:
        body = _heard(sys.stdin.buffer)
        if body is None:
            break
        _say(answers, _answer(head, body))


def _answer(head: bytes, body: bytes) -> bytes:
    try:
        return wire.done(_read(wire.asked(head), body))
    except UnreadableFeed as error:
        return wire.failed(error.reason, error.values)
    except MemoryError:
        return wire.failed("too_big", {"size_bytes": len(body)})


def _read(job: wire.Job, body: bytes) -> Feed | Article:
    if job.kind == "list":
        return lists.read(body, job.content_type, job.url, job.now, job.zone, job.selector)
    read: dict[wire.Kind, Callable[..., Feed | Article]]
    read = {"feed": feeds.read, "page": pages.read, "preview": previews.read}
    return read[job.kind](body, job.content_type, job.url, job.now, job.zone)


def _limit_memory() -> None:
    """Address space: what the imports took and ROOM_BYTES more. Where /proc is missing, none is set."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _heard(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(wire.HEAD.size)
    if len(head) < wire.HEAD.size:
        return None
    (length,) = wire.HEAD.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def _say(pipe: BinaryIO, payload: bytes) -> None:
    pipe.write(wire.frame(payload))
    pipe.flush()


if __name__ == "__main__":
    main()
