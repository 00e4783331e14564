"""What people do in the playground's Telegram: they write, tap, edit, react, forward, search."""

from typing import Any

from bot.playground.formatting import finished
from bot.playground.forwarding import origin_of
from bot.playground.keyboards import start_payload
from bot.playground.markup import parse_html
from bot.playground.media import file_json
from bot.playground.members import Membership
from bot.playground.records import Inline, Tap
from bot.playground.rendering import chat_json, message_json
from bot.playground.shapes import Bot, Chat, Json, Message, User
from bot.playground.telling import tell_message, tell_reaction, tell_reaction_count
from bot.playground.world import PATIENCE_SECONDS

# The smallest picture there is: for photos whose content nobody looks at.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364600000"
    "00060002308 1d02f0000000049454e44ae426082".replace(" ", "")
)


class Telegram(Membership):
    """A whole Telegram in memory, for tests and the demo. Bots reach it by HTTP: see `serve`."""

    def _put(self, chat: Chat, user: User | int | None, message: Message, reply_to: int | None) -> Message:
        message.message_id = self.next_message_id(chat)
        if chat.type == "channel":
            message.sender_chat = chat.id
            if chat.signed and user is not None:
                message.signature = self.person(user).first_name
        elif user is not None:
            message.from_user = self.id_of(user)
        message.reply_to = reply_to
        if chat.private and chat.blocked:
            self.block(chat.id, blocked=False)
        chat.messages[message.message_id] = message
        tell_message(self, chat, message)
        return message

    def say(
        self,
        chat: Chat | int,
        user: User | int | None,
        text: str,
        *,
        reply_to: Message | int | None = None,
        html: bool = False,
        entities: list[Json] | None = None,
        thread: int | None = None,
    ) -> Message:
        """The person writes this (in a channel: posts it). `html=True` reads the text as Telegram's HTML."""
        place = self.place(chat)
        plain, own = parse_html(text) if html else (text, [])
        shown, found = finished(self, plain, own)
        message = Message(0, place.id, self.now(), shown, found if entities is None else entities)
        message.thread_id = thread
        return self._put(place, user, message, _number(reply_to))

    def _send(self, chat: Chat | int, user: User | int | None, media: Json, caption: str, **more: Any) -> Message:
        place = self.place(chat)
        text, entities = finished(self, caption, [])
        reply_to = _number(more.pop("reply_to", None))
        message = Message(0, place.id, self.now(), text, entities, media=media, **more)
        return self._put(place, user, message, reply_to)

    def send_photo(
        self, chat: Chat | int, user: User | int | None, caption: str = "", content: bytes = DOT, **more: Any
    ) -> Message:
        """The person sends a photo."""
        return self._send(chat, user, file_json(self, self.files.put("photo", content)), caption, **more)

    def send_video(
        self, chat: Chat | int, user: User | int | None, caption: str = "", content: bytes = b"video", **more: Any
    ) -> Message:
        """The person sends a video."""
        return self._send(chat, user, file_json(self, self.files.put("video", content)), caption, **more)

    def document(
        self,
        chat: Chat | int,
        user: User | int | None,
        name: str = "file.txt",
        content: bytes = b"text",
        caption: str = "",
        mime: str = "text/plain",
        **more: Any,
    ) -> Message:
        """The person sends a file."""
        file = self.files.put("document", content, name, mime)
        return self._send(chat, user, file_json(self, file), caption, **more)

    def send_album(
        self, chat: Chat | int, user: User | int | None, captions: list[str], group: str = ""
    ) -> list[Message]:
        """The person sends that many photos as one album; the same `group` again lets late parts join it."""
        group = group or str(13_000_000_000_000_000 + next(self.numbers))
        return [self.send_photo(chat, user, caption, media_group_id=group) for caption in captions]

    def forward(self, chat: Chat | int, user: User | int | None, source: Chat | int, message: Message | int) -> Message:
        """The person forwards a message of another chat (which the bot need not be in)."""
        place, origin = self.place(chat), self.place(source)
        original = origin.messages[_number(message) or 0]
        copy = Message(0, place.id, self.now(), original.text, list(original.entities), media=original.media)
        copy.forward_origin = origin_of(self, origin, original)
        return self._put(place, user, copy, None)

    def edit(self, chat: Chat | int, message: Message | int, text: str, html: bool = False) -> Message:
        """Its author (or an admin of the channel) changes the text or caption."""
        place = self.place(chat)
        edited = place.messages[_number(message) or 0]
        edited.keep_version()
        plain, own = parse_html(text) if html else (text, [])
        edited.text, edited.entities = finished(self, plain, own)
        edited.edited = self.now()
        tell_message(self, place, edited, edited=True)
        return edited

    def delete(self, chat: Chat | int, *messages: Message | int) -> None:
        """People delete these messages; bots are not told."""
        place = self.place(chat)
        for message in messages:
            place.messages[_number(message) or 0].deleted = True
        self.ring()

    def react(
        self, chat: Chat | int, user: User | int, message: Message | int, *emoji: str, anonymous: bool = False
    ) -> None:
        """The person's reactions are these from now on; none takes them away. An `anonymous` admin reacts as the
        chat itself."""
        place = self.place(chat)
        target = place.messages[_number(message) or 0]
        old = target.reactions.get(self.id_of(user), [])
        target.reactions[self.id_of(user)] = [{"type": "emoji", "emoji": sign} for sign in emoji]
        tell_reaction(self, place, target, self.id_of(user), old, anonymous)

    def count_reactions(self, chat: Chat | int, message: Message | int, **counts: int) -> None:
        """A channel post has that many reactions: `count_reactions(channel, post, **{"🔥": 12})`."""
        place = self.place(chat)
        target = place.messages[_number(message) or 0]
        target.anonymous_reactions = [
            {"type": {"type": "emoji", "emoji": emoji}, "total_count": count} for emoji, count in counts.items()
        ]
        tell_reaction_count(self, place, target)

    def tap(self, chat: Chat | int, user: User | int, message: Message | int, button: str, stale: bool = False) -> Tap:
        """The person taps the button with this text or data. `await telegram.answered(tap)` shows the toast.

        Raises LookupError when no such button is there; `stale=True` taps data that an old screen still shows.
        """
        place = self.place(chat)
        shown = message if isinstance(message, Message) else place.messages[message]
        data = button if stale else _button(shown, button)["callback_data"]
        body: Json = {
            "id": str(4_000_000_000_000_000_000 + next(self.numbers)),
            "from": self.person(user).json(),
            "message": message_json(self, place, shown),
            "chat_instance": str(place.id * 7_919),
            "data": data,
        }
        bot_id = shown.by_bot or next(iter(self.queues))
        tap = Tap(body["id"], self.id_of(user), bot_id, self.now(), None)
        self.taps[tap.id] = tap
        tap.update_id = self.queues[bot_id].put("callback_query", body)
        self.ring()
        return tap

    async def answered(self, tap: Tap, timeout: float = PATIENCE_SECONDS) -> Tap:  # noqa: ASYNC109
        """The tap with its answer: `.text`, `.alert`."""
        await self.until(lambda: tap.answer is not None, timeout)
        return tap

    def start(self, user: User | int, payload: str = "", bot: Bot | None = None) -> Message:
        """The person opens the bot, by a deep link when there is a payload, and presses Start."""
        chat = self.private(user, bot)
        return self.say(chat, user, f"/start {payload}".strip())

    def follow(self, user: User | int, url: str) -> Message:
        """The person follows a t.me deep link to the bot. Raises ValueError when it is none."""
        payload = start_payload(url)
        if payload is None:
            raise ValueError(f"{url!r} is no deep link")
        return self.start(user, payload)

    def search_inline(
        self, user: User | int, query: str, bot: Bot | None = None, offset: str = "", chat_type: str = "sender"
    ) -> Inline:
        """The person types `@bot query`. `await telegram.shown(inline)` has the results."""
        target = bot or next(iter(self.bots.values()))
        number = str(6_000_000_000_000_000_000 + next(self.numbers))
        inline = Inline(number, self.id_of(user), target.id, self.now(), query)
        self.inlines[number] = inline
        body = {"id": number, "from": self.person(user).json(), "query": query, "offset": offset}
        if target.inline:
            self.queues[target.id].put("inline_query", {**body, "chat_type": chat_type})
        self.ring()
        return inline

    async def shown(self, inline: Inline, timeout: float = PATIENCE_SECONDS) -> Inline:  # noqa: ASYNC109
        """The query with its answer: `.results`."""
        await self.until(lambda: inline.answer is not None, timeout)
        return inline

    def choose(self, chat: Chat | int, inline: Inline, result_id: str) -> Message:
        """The person takes a result: its message stands in the chat, the bot may be told."""
        place = self.place(chat)
        result = next(result for result in inline.results if result["id"] == result_id)
        shown = result["shown"]
        message = Message(0, place.id, self.now(), shown["text"], shown["entities"], result.get("reply_markup"))
        body = {"result_id": result_id, "from": self.users[inline.user_id].json(), "query": inline.query}
        message.via_bot = inline.bot_id
        if any(bot.id == inline.bot_id and bot.inline_feedback for bot in self.bots.values()):
            self.queues[inline.bot_id].put("chosen_inline_result", body)
        return self._put(place, inline.user_id, message, None)

    def chat_json(self, chat: Chat | int) -> Json:
        """The Bot API's Chat (a page that shows the chats)."""
        return chat_json(self, self.place(chat))


def _number(message: Message | int | None) -> int | None:
    return message.message_id if isinstance(message, Message) else message


def _button(message: Message, wanted: str) -> Json:
    """The button with that text or data."""
    for button in message.buttons:
        if (
            "callback_data" in button
            and "disabled" not in button
            and wanted in (button["text"], button["callback_data"])
        ):
            return button
    names = ", ".join(repr(button["text"]) for button in message.buttons) or "none"
    raise LookupError(f"no button {wanted!r}; there are: {names}")
