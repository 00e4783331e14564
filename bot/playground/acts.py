"""What one does on the demo's page, done in its Telegram as the person who was chosen there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.hours import SPEEDS, STEPS, Hours
from bot.playground.places import Places, Refused, number_of, text_of
from bot.playground.refusals import RefusedError
from bot.playground.shapes import Json
from bot.playground.town import Town

TEXT_LIMIT = 4096  # https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024
MOST_PHOTOS = 10
TAP_SECONDS = 10.0
TROUBLES = ("lost_before", "lost_after", "flood")
FLOOD_SECONDS = 5


class Acts:
    """The acts by name: `await acts.do({"act": "say", …})` returns what the page is told."""

    def __init__(self, town: Town, hours: Hours) -> None:
        self._town = town
        self._telegram = town.telegram
        self._hours = hours
        self._places = Places(town)
        self._acts: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "say": self._say, "start": self._start, "tap": self._tap, "edit": self._edit, "delete": self._delete,
            "react": self._react, "forward": self._forward, "clock": self._clock, "fault": self._fault,
        }  # fmt: skip

    async def do(self, asked: Json) -> Json:
        """Does it. Raises Refused."""
        act = self._acts.get(str(asked.get("act")))
        if act is None:
            raise Refused("unknown")
        try:
            return await act(asked)
        except RefusedError as refusal:
            raise Refused(f"telegram: {refusal}") from None

    def photos(self, asked: Json, pictures: list[bytes]) -> Json:
        """Sends one photo, or several as an album with the caption under its first. Raises Refused."""
        chat, person = self._places.writer(asked)
        caption = text_of(asked, CAPTION_LIMIT, empty=True)
        if not 1 <= len(pictures) <= MOST_PHOTOS:
            raise Refused("photos")
        group = str(15_000_000_000_000_000 + next(self._telegram.numbers)) if len(pictures) > 1 else None
        for number, picture in enumerate(pictures):
            try:
                self._telegram.send_photo(
                    chat, person, "" if number else caption, picture,
                    media_group_id=group, reply_to=number_of(asked, "reply"),
                )  # fmt: skip
            except RefusedError:
                raise Refused("picture") from None
        return {}

    async def _say(self, asked: Json) -> Json:
        chat, person = self._places.writer(asked)
        said = self._telegram.say(chat, person, text_of(asked, TEXT_LIMIT), reply_to=number_of(asked, "reply"))
        return {"id": said.message_id}

    async def _start(self, asked: Json) -> Json:
        self._telegram.start(self._places.person(asked), str(asked.get("payload", ""))[:64])
        return {}

    async def _tap(self, asked: Json) -> Json:
        chat, person = self._places.chat(asked), self._places.person(asked)
        data = str(asked.get("data", ""))
        message = self._places.shown(chat, asked)
        if chat.private and chat.id != person.id:
            raise Refused("not_yours", 403)
        try:
            tap = self._telegram.tap(chat, person, message, data)
        except LookupError:
            raise Refused("no_button", 409) from None
        try:
            await self._telegram.answered(tap, TAP_SECONDS)
        except TimeoutError:
            return {"silent": True}
        return {"text": tap.text, "alert": tap.alert, "url": (tap.answer or {}).get("url", "")}

    async def _edit(self, asked: Json) -> Json:
        chat, message = self._places.own(asked, "can_edit_messages")
        self._telegram.edit(chat, message, text_of(asked, CAPTION_LIMIT if message.media else TEXT_LIMIT))
        return {}

    async def _delete(self, asked: Json) -> Json:
        self._telegram.delete(*self._places.own(asked, "can_delete_messages"))
        return {}

    async def _react(self, asked: Json) -> Json:
        """One sign, or none; the same one again takes it back."""
        chat, person = self._places.chat(asked), self._places.person(asked)
        message = self._places.message(chat, asked)
        emoji = str(asked.get("emoji", ""))[:8]
        now = [each.get("emoji") for each in message.reactions.get(person.id, [])]
        chosen = [] if not emoji or emoji in now else [emoji]
        if chat.type != "channel":
            self._telegram.react(chat, person, message, *chosen)
            return {}
        # In a channel bots hear how many, never who.
        message.reactions[person.id] = [{"type": "emoji", "emoji": sign} for sign in chosen]
        counts = Counter(each["emoji"] for signs in message.reactions.values() for each in signs)
        self._telegram.count_reactions(chat, message, **counts)
        return {}

    async def _forward(self, asked: Json) -> Json:
        source = self._places.chat(asked)
        message = self._places.message(source, asked)
        target, person = self._places.writer({"chat": asked.get("to"), "who": asked.get("who")})
        self._telegram.forward(target, person, source, message)
        return {}

    async def _clock(self, asked: Json) -> Json:
        if self._hours.jumping:
            raise Refused("busy", 409)
        to, number = asked.get("to"), asked.get("number")
        if to == "next":
            await self._hours.to_next_edition()
        elif to == "step" and number in STEPS:
            await self._hours.step(int(number))
        elif to == "speed" and number in SPEEDS:
            self._hours.set_speed(int(number))
        else:
            raise Refused("unknown")
        return {}

    async def _fault(self, asked: Json) -> Json:
        kind, on = asked.get("kind"), bool(asked.get("on"))
        if kind == "network":
            await (self._telegram.revive() if on else self._telegram.die())
        elif kind == "rights":
            account, by = self._town.account, self._town.editor
            self._telegram.set_rights(self._town.channel, account, by=by, can_post_messages=on)
        elif kind in TROUBLES:
            more: dict[str, Any] = {"retry_after": FLOOD_SECONDS} if kind == "flood" else {}
            self._telegram.faults.next(str(kind), method="send*", **more)
        else:
            raise Refused("unknown")
        self._telegram.ring()
        return {}
