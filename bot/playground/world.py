"""The playground's Telegram: who is there, what was said, what every bot asked, and the clock."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.playground.faults import Faults
from bot.playground.files import Files
from bot.playground.floods import Floods
from bot.playground.records import Call, Inline, Tap
from bot.playground.shapes import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS, Bot, Chat, Member, Message, User
from bot.playground.updates import Queue

T = TypeVar("T")
MOST_CALLS = 50_000  # the oldest are forgotten, so that a demo left running does not grow for ever
PATIENCE_SECONDS = 60.0


class Numbers:
    """1, 2, 3 …; unlike itertools.count it may be pickled."""

    def __init__(self) -> None:
        self.last = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last


class World:
    """A whole Telegram in memory, as methods see it. People act in `Telegram`, which is this and more."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self.clock = clock or time.time  # noqa: TID251 - the outside world has its own clock
        self.users: dict[int, User] = {}
        self.bots: dict[str, Bot] = {}
        self.chats: dict[int, Chat] = {}
        self.privates: dict[tuple[int, int], Chat] = {}
        self.queues: dict[int, Queue] = {}
        self.calls: list[Call] = []
        self.taps: dict[str, Tap] = {}
        self.inlines: dict[str, Inline] = {}
        self.files = Files()
        self.faults = Faults()
        self.floods = Floods(lambda: self.clock())
        self.callback_seconds = 900.0  # ours: Telegram does not say how long a tap may be answered
        self.revision = 0
        self.running = 0
        self.shared_ids = Numbers()  # private chats and basic groups count their messages together
        self.numbers = Numbers()
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._servers: list[Any] = []

    # Who and where

    def bot(self, token: str = "42:TEST", username: str = "test_bot", name: str = "Test", **more: Any) -> Bot:  # noqa: S107
        """A bot; its id is what stands before the colon of its token. `privacy=False` hears whole groups."""
        bot_id = int(token.partition(":")[0])
        bot = Bot(bot_id, name, username=username, is_bot=True, token=token, **more)
        self.bots[token] = self.users[bot_id] = bot
        self.queues[bot_id] = Queue(next_id=100_000_000 + bot_id % 1000)
        return bot

    def user(self, id: int, first_name: str = "Олена", language_code: str = "uk", **more: Any) -> User:  # noqa: A002
        """A person."""
        person = User(id, first_name, language_code=language_code, **more)
        self.users[id] = person
        return person

    def private(self, user: User | int, bot: Bot | int | None = None, started: bool = True) -> Chat:
        """The person's chat with the bot (the first bot when none is named), begun unless `started=False`."""
        person = self.person(user)
        bot_id = self.id_of(bot) if bot is not None else next(iter(self.bots.values())).id
        chat = self.privates.get((bot_id, person.id))
        if chat is None:
            chat = Chat(person.id, "private", username=person.username, bot_id=bot_id, started=started)
            chat.title = f"{person.first_name} {person.last_name}".strip()
            chat.members = {who: Member(who, "member") for who in (person.id, bot_id)}
            self.privates[bot_id, person.id] = chat
        chat.started = chat.started or started
        return chat

    def channel(
        self,
        title: str = "Новини",
        username: str = "",
        admins: Iterable[User | int] = (),
        id: int | None = None,  # noqa: A002
        **more: Any,
    ) -> Chat:
        """A channel; its admins have every right. Nobody is told."""
        chat = Chat(id or -1_001_000_000_000 - next(self.numbers), "channel", title, username, **more)
        return self._place(chat, admins, ())

    def group(
        self,
        title: str = "Редакція",
        members: Iterable[User | int] = (),
        admins: Iterable[User | int] = (),
        supergroup: bool = True,
        id: int | None = None,  # noqa: A002
        **more: Any,
    ) -> Chat:
        """A supergroup, or a basic group. Its admins have every right. Nobody is told."""
        number = next(self.numbers)
        kind = "supergroup" if supergroup else "group"
        chat_id = id or (-1_002_000_000_000 - number if supergroup else -5_000_000 - number)
        return self._place(Chat(chat_id, kind, title, **more), admins, members)

    def _place(self, chat: Chat, admins: Iterable[User | int], members: Iterable[User | int]) -> Chat:
        every = dict.fromkeys(all_rights(chat), True)
        for who in members:
            chat.members[self.id_of(who)] = Member(self.id_of(who), "member")
        for who in admins:
            chat.members[self.id_of(who)] = Member(self.id_of(who), "administrator", dict(every))
        self.chats[chat.id] = chat
        return chat

    def id_of(self, who: User | Chat | int) -> int:
        return who if isinstance(who, int) else who.id

    def person(self, who: User | int) -> User:
        """The user of that id. Raises KeyError when there is none."""
        return self.users[self.id_of(who)]

    def place(self, chat: Chat | int) -> Chat:
        """The chat of that id; a positive id is a private chat with the first bot."""
        if isinstance(chat, Chat):
            return chat
        return self.private(chat) if chat > 0 else self.chats[chat]

    # What stands there now

    def messages(self, chat: Chat | int) -> list[Message]:
        """The chat's messages that were not deleted, oldest first."""
        return self.place(chat).alive()

    def every_message(self, chat: Chat | int) -> list[Message]:
        """With those that were deleted."""
        return list(self.place(chat).messages.values())

    def texts(self, chat: Chat | int) -> list[str]:
        """The texts of `messages(chat)`, service messages left out."""
        return [message.text for message in self.messages(chat) if not message.service]

    def whispers(self, chat: Chat | int, user: User | int) -> list[Message]:
        """The ephemeral messages that this person alone sees in the chat, oldest first."""
        seen = self.place(chat).ephemeral.values()
        return [message for message in seen if message.receiver == self.id_of(user) and not message.deleted]

    def called(self, method: str) -> list[Call]:
        """The requests of that method in order."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def now(self) -> float:
        return self.clock()

    def next_message_id(self, chat: Chat) -> int:
        if chat.type in ("channel", "supergroup"):
            chat.next_id += 1
            return chat.next_id - 1
        return next(self.shared_ids)

    def remember(self, call: Call) -> None:
        self.calls.append(call)
        if len(self.calls) > MOST_CALLS:
            del self.calls[: MOST_CALLS // 10]

    # Waiting without polling

    def ring(self) -> None:
        """Something happened: everyone who waits looks again."""
        self.revision += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls the listener after every event (a page that shows this world)."""
        self._listeners.append(listener)

    async def rung(self) -> None:
        """Returns at the next event."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(self, predicate: Callable[[], T], timeout: float = PATIENCE_SECONDS) -> T:  # noqa: ASYNC109
        """The predicate's first true value, looked for after every event. Raises TimeoutError."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await self.rung()
                return value
        except TimeoutError:
            last = [f"{call.method}: {call.error or 'ok'}" for call in self.calls[-5:]]
            raise TimeoutError(f"nothing of the kind in {timeout} s; the last calls: {last}") from None

    async def arrived(
        self,
        chat: Chat | int,
        count: int = 1,
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109
    ) -> list[Message]:
        """The chat's messages, once there are so many."""
        await self.until(lambda: len(self.messages(chat)) >= count, timeout)
        return self.messages(chat)

    async def quiet(self, timeout: float = PATIENCE_SECONDS) -> None:  # noqa: ASYNC109
        """Returns when every update was confirmed and no request (but getUpdates) is being answered."""
        await self.until(lambda: not self.running and not any(queue.waiting for queue in self.queues.values()), timeout)

    # The server's switches

    async def die(self) -> None:
        """The server cuts every connection and refuses new ones."""
        for server in self._servers:
            await server.die()

    async def revive(self) -> None:
        """The server listens again, on the same port."""
        for server in self._servers:
            await server.revive()

    @property
    def connected(self) -> bool:
        """True while its server listens."""
        return any(server.runner is not None for server in self._servers)

    def revoke(self, token: str) -> None:
        """Every further request with this token is 401."""
        self.bots[token].revoked = True

    def __getstate__(self) -> dict[str, Any]:
        """All but those who wait, the servers and the clock: what pickle may keep."""
        live = {"_waiting", "_listeners", "_servers", "clock", "floods", "faults"}
        return {name: value for name, value in self.__dict__.items() if name not in live}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        self.__dict__.update(state)


def all_rights(chat: Chat) -> tuple[str, ...]:
    """What an administrator of such a chat may be allowed."""
    return ADMIN_RIGHTS + (CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS)
