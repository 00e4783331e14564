"""What the children have in common: jobs from stdin, answers on stdout, limits of time and memory on both."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from bot.intake import frames

READY: Final = b"ready"
Work = Callable[[bytes, bytes], bytes]  # the answer to a job's head and body


def obey(prepare: Callable[[], Work], room_bytes: int) -> None:
    """Answer jobs until stdin closes. May be killed at any moment.

    The program's argument is how many seconds of the processor one job may cost: more, and the system ends the child
    (SIGPROF), whatever it is in the middle of. A clock on the wall would refuse honest jobs on a machine that is busy
    with something else. What `prepare` imports and loads is not part of the room.
    """
    # Nothing that a library prints may come between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    seconds = float(sys.argv[1])
    work = prepare()
    _limit_memory(room_bytes)
    _say(answers, READY)
    while (head := _heard(sys.stdin.buffer)) is not None:
        body = _heard(sys.stdin.buffer)
        if body is None:
            break
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = work(head, body)
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        _say(answers, answer)


def _limit_memory(room_bytes: int) -> None:
    """Address space: what the imports took and the room more. Where /proc is missing, none is set."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + room_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _heard(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(frames.HEAD.size)
    if len(head) < frames.HEAD.size:
        return None
    (length,) = frames.HEAD.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def _say(pipe: BinaryIO, payload: bytes) -> None:
    pipe.write(frames.frame(payload))
    pipe.flush()
