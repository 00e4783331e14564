"""A busy day, shrunk to a few seconds: what stands in the newsroom's file at its beginning, who lives in its Telegram,
what they do, and how often each thing must be found there in the end."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.playground import Bot, Chat, Message, Telegram, User
from storage import channels, posts
from storage.database import Database
from storage.model import Content
from tests.conftest import put
from tests.crash_bot import CHANNEL, TOKEN

START = datetime(2024, 11, 23, 10, 59, 59, tzinfo=UTC)  # a second before the digest of 13:00
LEAP = timedelta(seconds=59)  # made in the middle of the day, to come to the digest of 13:01
SECOND = timedelta(seconds=61)
LONG = " і ще слова, яких стільки, щоб випуск не вмістився в одне повідомлення" * 4  # print_sheet cuts at 300
OWN = "own.ua"
LETTERS = "абвгдежзиклмнопрстуфхцчшю"


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens in a day, and in how many seconds people do their part of it; two thirds of the posts and
    headlines belong before the leap, the rest behind it."""

    posts: int = 9
    headlines: int = 21
    links: int = 3
    readers: int = 4
    seconds: float = 1.5


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that must stand so many times in the chat: messages of the bot that `shows` is true of."""

    kind: str
    name: str
    times: int
    shows: Callable[[Message], bool]
    chat: Chat


async def fill(path: Path, size: Size) -> None:
    """The newsroom's file at START: queued posts, and reports for two digests."""
    hour = timedelta(hours=1)
    async with await Database.open(path) as db:
        async with db.transaction() as tx:
            channel = await channels.seed(tx, CHANNEL, "uk", START - hour)
            town = Town.empty()
            await channels.heard(tx, town.channel.id, CHANNEL[1:], 1, START - hour)
            await channels.heard(tx, town.desk.id, None, 1, START - hour)
            for number in range(size.posts):
                said = Content(post(number))
                made = await posts.add(
                    tx, channel_id=channel.id, state="draft", content=said, editor=1001, now=START - hour
                )
                at = START + (timedelta(seconds=1 + number // 2) if number < size.posts * 2 // 3 else SECOND)
                await posts.change(tx, made, state="queued", due_at=at, editor=1001, now=START - hour)
        for number in range(size.headlines):
            first = number < size.headlines * 2 // 3
            await put(db, headline(number), START - hour if first else START + timedelta(seconds=30))
        for number in range(size.links):
            await put(db, news(number), START - 72 * hour, family=OWN, url=f"https://{OWN}/{news(number)}")
        async with db.transaction() as tx:  # nobody is asked for news
            await tx.run("UPDATE source SET due_at = due_at + 1000000000")


def post(number: int) -> str:
    """Its number is its name; two texts share few words, or the bot would have to ask which is which."""
    chance = random.Random(number)
    return f"Допис {1000 + number} {' '.join(''.join(chance.choices(LETTERS, k=7)) for _ in range(6))}"


def headline(number: int) -> str:
    return f"Обстріл: {1000 + number} домівок без світла{LONG}"


def news(number: int) -> str:
    return f"news/{71_001 + number}"


@dataclass
class Town:
    """The people and chats of one newsroom's Telegram."""

    telegram: Telegram
    account: Bot
    editor: User
    second: User
    channel: Chat
    desk: Chat
    pasted: list[Message] = field(default_factory=list)
    tapped: list[Message] = field(default_factory=list)  # those of the pasted links that shall go out
    asked: dict[int, int] = field(default_factory=dict)  # questions by reader

    @classmethod
    def empty(cls, clock: Callable[[], float] | None = None) -> Town:
        """Everybody is there, nothing was said but one old post; every town has the same ids."""
        telegram = Telegram(clock=clock)
        account = telegram.bot(TOKEN, username="holovne_bot")
        editor, second = telegram.user(1001, "Олена"), telegram.user(1002, "Андрій")
        channel = telegram.channel("Новини", username=CHANNEL[1:], admins=[account, editor])
        desk = telegram.group("Редакція", members=[second], admins=[account, editor])
        telegram.say(channel, editor, "Доброго ранку")
        telegram.say(desk, second, "Доброго ранку")
        return cls(telegram, account, editor, second, channel, desk)

    def paste(self, number: int) -> Message:
        """The editor pastes the address of a report that the bot knows."""
        said = self.telegram.say(self.desk, self.editor, f"https://{OWN}/{news(number)}")
        self.pasted.append(said)
        return said

    async def publish(self, pasted: Message, patience_seconds: float) -> None:
        """The editor waits for the card of that link, not for ever, and taps «Зараз» on it."""
        try:
            card = await self.telegram.until(lambda: self._card(pasted), patience_seconds)
        except TimeoutError:
            return
        assert card is not None  # until returns what is true
        button = next(each for each in card.buttons if each.get("callback_data", "").startswith("q:now:"))
        self.telegram.tap(self.desk, self.editor, card, button["callback_data"])
        self.tapped.append(pasted)

    def ask(self, reader: int, chance: random.Random) -> None:
        """A reader asks for the latest, or for something."""
        person = self.telegram.users.get(reader) or self.telegram.user(reader, f"Читач {reader}")
        words = chance.choice(["/latest", "обстріл", "домівок", "зозуля", "/help"])
        self.telegram.say(self.telegram.private(person), person, words)
        self.asked[reader] = self.asked.get(reader, 0) + 1

    def disturb(self, chance: random.Random) -> None:
        """Somebody else posts in the channel, or talks at the desk."""
        words = f"Слово редактора {chance.randrange(10**6)}"
        if chance.random() < 0.7:
            self.telegram.say(self.channel, self.editor, words)
        else:
            self.telegram.say(self.desk, self.second, words)

    def things(self, size: Size) -> list[Thing]:
        """All that must be found, and how often."""
        queued = [Thing("post", post(number), 1, _says(post(number)), self.channel) for number in range(size.posts)]
        told = [
            Thing("headline", headline(number), 1, _tells(f"Обстріл: {1000 + number} "), self.channel)
            for number in range(size.headlines)
        ]
        cards = [Thing("card", each.text, 1, _answers(each), self.desk) for each in self.pasted]
        tapped = [Thing("post", _page(each), 1, _tells(_page(each)), self.channel) for each in self.tapped]
        answers = [
            Thing("answer", str(reader), times, _is_there, self.telegram.private(reader))
            for reader, times in self.asked.items()
        ]
        return [*queued, *told, *cards, *tapped, *answers]

    def said(self, thing: Thing) -> list[Message]:
        """The bot's messages that are this thing, also such as were deleted; what it forwarded to look at is none."""
        every = self.telegram.every_message(thing.chat)
        return [each for each in every if each.by_bot and each.forward_origin is None and thing.shows(each)]

    def disorder(self, size: Size) -> int:
        """How many of the queued posts stand after one that was to go later, and how many parts of a digest after its
        last one."""
        ours = [each.text for each in self.telegram.every_message(self.channel) if each.by_bot]
        numbers = [int(text.split()[1]) for text in ours if text.startswith(post(0)[:7])]
        late = sum(before > after for before, after in pairwise(numbers))
        parts = [text for text in ours if headline(0)[:8] in text]
        for wall in ("13:00", "13:01"):
            last = next((place for place, text in enumerate(parts) if text.endswith(wall)), None)
            late += last is not None and any(_same_half(each, parts[last], size) for each in parts[last + 1 :])
        return late

    def _card(self, asked: Message) -> Message | None:
        every = self.telegram.messages(self.desk)
        return next((each for each in every if each.by_bot and each.buttons and _answers(asked)(each)), None)


def _page(pasted: Message) -> str:
    return pasted.text.partition(f"{OWN}/")[2]


def _same_half(one: str, other: str, size: Size) -> bool:
    """Whether both tell headlines of the same digest."""
    half = size.headlines * 2 // 3
    first, second = (
        {int(each) // (1000 + half) for each in re.findall(r"Обстріл: (\d+)", text)} for text in (one, other)
    )
    return first == second


def _says(text: str) -> Callable[[Message], bool]:
    return lambda message: message.text == text


def _tells(part: str) -> Callable[[Message], bool]:
    return lambda message: part in message.text


def _answers(asked: Message) -> Callable[[Message], bool]:
    return lambda message: message.reply_to == asked.message_id


def _is_there(message: Message) -> bool:
    return not message.service
