"""Asks the optional small model what texts mean, in a child of its own: a model of strangers' making reads strangers'
texts. Nobody waits long for it, and everything works without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Final

from bot.intake import vectors
from bot.intake.offspring import Lost, Offspring
from bot.judgement.meaning import Vector

PROGRAM: Final = "bot.intake.embedder"
SECONDS: Final = 6.0  # of the processor for a poll’s texts, which cost a little more than one
WAIT_SECONDS: Final = 5.0  # for one's turn: a poll that waits longer goes by the words alone
TRIES: Final = 4  # in a row that fail: it is broken or too slow here, and rests until the bot starts anew

log = logging.getLogger(__name__)


class Embedder:
    """One child with the model, started when it is first asked."""

    def __init__(self, program: str = PROGRAM, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._child = Offspring(program, SECONDS)
        self._wait_seconds = wait_seconds
        self._turn = asyncio.Lock()
        self._failed = 0

    async def close(self) -> None:
        """End the child and wait until it is gone."""
        await self._child.close()

    async def meaning(self, texts: Sequence[str]) -> list[Vector] | None:
        """Places of the texts, in order; of none when the child died of them, None when it does not start, rests or
        too many wait for it."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            return None
        try:
            return await self._ask(texts) if self._failed < TRIES else None
        finally:
            self._turn.release()

    async def _ask(self, texts: Sequence[str]) -> list[Vector] | None:
        try:
            found = await self._child.ask(partial(vectors.answered, count=len(texts)), b"", vectors.asked(texts))
        except Lost as lost:
            self._failed += 1
            log.warning("the model did not place %d texts: %s", len(texts), lost.reason)
            return None if lost.reason == "no_reader" else []
        self._failed = 0
        return found
