"""Cards become files when they go out. A parcel carries the words of its card, so one that is sent again after a
crash is drawn again, the same; one that Telegram has already goes by its number there."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from aiogram.types import BufferedInputFile, Message

from bot.delivery.calls import Unsendable
from bot.pictures.card import Livery, UndrawableCard, draw, from_recipe
from storage import pictures
from storage.database import Reading, Transaction
from storage.messages import Behind
from storage.model import Parcel

FILE = "card.jpg"


class Uploads:
    """How the newsroom's cards look, and which bot's numbers of files count: another bot's are strange to it."""

    def __init__(self, livery: Livery, bot_id: int) -> None:
        self._livery = livery
        self._bot_id = bot_id

    async def ready(self, what: Parcel, db: Reading) -> Parcel:
        """The parcel with its file in it; one without a card as it is. Raises Unsendable."""
        said = what.payload.get("photo")
        if not isinstance(said, Mapping):
            return what
        photo = await pictures.known(db, self._key(said)) or await self._draw(said)
        return replace(what, payload={**what.payload, "photo": photo})

    async def redrawn(self, wish: Behind, db: Reading) -> Behind:
        """The wish with its card drawn anew, when it is of a message with one. What takes the edition's words away
        takes the headline off its card too."""
        if wish.kind != "photo":
            return wish
        stands = await pictures.card_of(db, wish.chat_id, wish.message_id)
        if stands is None:
            return wish
        wanted, instead = [await self._with_card(each, stands, db) for each in (wish.wanted, wish.instead)]
        return replace(wish, wanted=wanted, instead=instead)

    async def _with_card(
        self, said: Mapping[str, Any] | None, stands: Mapping[str, str], db: Reading
    ) -> Mapping[str, Any] | None:
        if said is None:
            return None
        wanted = said.get("photo")
        card = wanted if isinstance(wanted, Mapping) else {**stands, "headline": ""}
        try:
            media = await pictures.known(db, self._key(card)) or await self._draw(card)
        except Unsendable:
            return said
        return {**said, "photo": media, "caption": said.get("caption", said.get("text", ""))}

    async def keep(self, tx: Transaction, what: Parcel, shown: Message, now: datetime) -> None:
        """Remembers the number that the sent card goes by."""
        said = what.payload.get("photo")
        if isinstance(said, Mapping) and shown.photo:
            await pictures.keep(tx, self._key(said), shown.photo[-1].file_id, now)

    async def _draw(self, said: Mapping[str, str]) -> BufferedInputFile:
        try:
            drawn = await asyncio.to_thread(draw, from_recipe(said), self._livery)
        except (UndrawableCard, KeyError) as error:
            raise Unsendable(f"the card cannot be drawn: {error}") from None
        return BufferedInputFile(drawn, FILE)

    def _key(self, said: Mapping[str, str]) -> str:
        """The card with everything that makes it look as it does."""
        livery = asdict(replace(self._livery, logo=None))
        sign = hashlib.sha256(self._livery.logo or b"").hexdigest()
        whole = json.dumps([self._bot_id, dict(said), livery, sign], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()
