"""The program of the child that parses what strangers wrote: `python -m bot.intake.child`.

It reads jobs from stdin, answers on stdout and ends when stdin closes. It may be killed at any moment. Its argument is
how many seconds of the processor one job may cost: more, and the system ends the child (SIGPROF), whatever it is in
the middle of. A clock on the wall would refuse honest feeds on a machine that is busy with something else.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final

from bot.intake import discovery, feeds, gleaned, lists, pages, previews, wire
from bot.intake.bodies import UnreadableFeed

READY: Final = b"ready"
# A 5 MiB feed is decoded to at most 20 MB of text, copied a few times and made into 1,000 entries.
ROOM_BYTES: Final = 100 * 1024 * 1024


def main() -> None:
    """Answer jobs until stdin closes."""
    # Nothing that a library prints may come between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    seconds = float(sys.argv[1])
    extract = gleaned.extractor()  # what it imports is not part of ROOM_BYTES
    _limit_memory()
    _say(answers, READY)
    while (head := _heard(sys.stdin.buffer)) is not None:
        body = _heard(sys.stdin.buffer)
        if body is None:
            break
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer(head, body, extract)
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        _say(answers, answer)


def _answer(head: bytes, body: bytes, extract: gleaned.Extract | None) -> bytes:
    try:
        return wire.done(_read(wire.asked(head), body, extract))
    except UnreadableFeed as error:
        return wire.failed(error.reason, error.values)
    except MemoryError:
        return wire.failed("too_big", {"size_bytes": len(body)})


def _read(job: wire.Job, body: bytes, extract: gleaned.Extract | None) -> wire.Found:
    if job.kind == "list":
        return lists.read(body, job.content_type, job.url, job.now, job.zone, job.selector)
    if job.kind == "site":
        return discovery.candidates(body, job.content_type, job.url)
    asked = (body, job.content_type, job.url, job.now, job.zone)
    if job.kind == "page":
        article = pages.read(*asked)
        return article if extract is None else gleaned.filled(article, extract, *asked)
    return previews.read(*asked) if job.kind == "preview" else feeds.read(*asked)


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
