"""The program of the child that parses what strangers wrote: `python -m bot.intake.child`."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.intake import discovery, feeds, gleaned, lists, pages, previews, wire
from bot.intake.bodies import UnreadableFeed
from bot.intake.obey import Work, obey

# A 5 MiB feed is decoded to at most 20 MB of text, copied a few times and made into 1,000 entries.
ROOM_BYTES: Final = 100 * 1024 * 1024


def main() -> None:
    """Answer jobs until stdin closes."""
    obey(_prepare, ROOM_BYTES)


def _prepare() -> Work:
    return partial(_answer, gleaned.extractor())


def _answer(extract: gleaned.Extract | None, head: bytes, body: bytes) -> bytes:
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


if __name__ == "__main__":
    main()
