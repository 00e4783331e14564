"""What every test of a door needs: a newsroom at noon, its file, its Telegram, and the real bot over HTTP."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
import ssl
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import door as desk_door
from bot.desk.hear import Desk
from bot.desk.paint import Easel
from bot.desk.roles import Roles
from bot.editions import program
from bot.editions.rubrics import digest, roundup
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.judgement import words
from bot.judgement.tastes import default_taste
from bot.judgement.toll import toll_of
from bot.newsroom import Newsroom
from bot.playground import Bot as Account
from bot.playground import Chat, Message, Tap, Telegram, User, serve
from bot.playground.records import Call
from bot.playground.world import World
from bot.readers import door as readers_door
from bot.telegram import telegram as speak
from bot.wording import Wordings
from storage import channels, items, search, sources, stories
from storage.database import Database
from storage.migrate import migrate
from storage.model import Item, Kind, State
from tests.truth import PARSER, Truth

TOKEN = "42:TEST"
NOON = datetime(2024, 11, 23, 12, 6, tzinfo=UTC)  # 14:06 by the newsroom's clock
KYIV = ZoneInfo("Europe/Kyiv")
MINUTE = timedelta(minutes=1)
TRUTH = pytest.StashKey[Truth]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TRUTH] = Truth()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Two workers must give a test one name: packed bytes carry the second of packing, so only their length."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture(scope="session", autouse=True)
def truth(request: pytest.FixtureRequest) -> Iterator[Truth]:
    """Listens at every playground, whoever made it: a world has no ear of its own for requests."""
    heard, remember = request.config.stash[TRUTH], World.remember

    def hear(world: World, call: Call) -> None:
        heard.hear(world, call)
        remember(world, call)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(World, "remember", hear)
        yield heard


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    _tell_no_lies(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    _tell_no_lies(item)  # what was sent while the house was closed, or by a test that failed
    return result


def _tell_no_lies(item: pytest.Item) -> None:
    lies = item.config.stash[TRUTH].lies()
    assert not lies, "the playground reads otherwise than Telegram:\n" + "\n".join(lies)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if why := _no_browser():
        terminalreporter.write_line(f"tests/test_browser.py is left out: {why}")
    if PARSER is None:
        unseen = config.stash[TRUTH].compared
        terminalreporter.write_line(f"tdjson is not installed: {unseen} texts were not shown to Telegram's own parser")


@dataclass(repr=False)
class House:
    """The newsroom's people and chats, the bot that serves them, and the clock that only tests move."""

    telegram: Telegram
    account: Account
    bot: Bot
    db: Database
    reader: User
    editor: User
    channel: Chat
    desk: Chat
    wordings: Wordings
    newsroom: Newsroom
    now: datetime = NOON
    dispatcher: Dispatcher = field(default_factory=lambda: Dispatcher(disable_fsm=True))
    endings: Endings = field(init=False)
    deliverer: Deliverer = field(init=False)
    heard: int = 0

    def __post_init__(self) -> None:
        self.endings = Endings(self.newsroom, self.wordings.default)
        self.deliverer = Deliverer(self.db, self.bot, self.endings)
        self.open(db=self.db, wordings=self.wordings, stir=self.deliverer.stirred.set)

    @property
    def chat(self) -> Chat:
        """The reader's chat with the bot."""
        return self.telegram.private(self.reader)

    def open(self, *routers: Router, **injected: Any) -> None:
        """Puts doors into the house; `injected` is what their handlers get by name beside the usual."""
        for router in routers:
            self.dispatcher.include_router(router)
        self.dispatcher.workflow_data.update(injected)

    def __repr__(self) -> str:
        return "house"

    async def work(self) -> list[Any]:
        """Handles every update that waits, then sends what they put into the outbox; what each handler returned."""
        answers = []
        for update in await self.bot.get_updates(offset=self.heard + 1, timeout=0):
            self.heard = update.update_id
            known = {"now": self.now, "newsroom": self.newsroom}
            answers.append(await self.dispatcher.feed_update(self.bot, update, **known))
        await self.deliver()
        return answers

    async def deliver(self) -> int:
        """Sends what is due; how many arrived."""
        return await self.deliverer.deliver_due(lambda: self.now)

    async def say(self, text: str, chat: Chat | None = None, who: User | None = None) -> list[str]:
        """The person (the reader in private, when not said otherwise) writes this; the chat's texts after it."""
        place = chat or self.chat
        self.telegram.say(place, who or self.reader, text)
        await self.work()
        return self.telegram.texts(place)

    async def tap(self, button: str, message: Message | None = None, **more: Any) -> Tap:
        """The reader taps the button of the message, of the last one in private when not said otherwise."""
        shown = message or self.last
        tap = self.telegram.tap(self.telegram.place(shown.chat_id), self.reader, shown, button, **more)
        await self.work()
        return tap

    @property
    def last(self) -> Message:
        """The last message in the reader's chat."""
        return self.telegram.messages(self.chat)[-1]


@pytest.fixture
def wordings() -> Wordings:
    return Wordings(KYIV)


@pytest.fixture(scope="session", autouse=True)
def one_reading_of_certificates() -> Iterator[None]:
    """aiogram's session reads the machine's certificates, 40 ms for each house, though none speaks TLS."""
    once = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aiogram.client.session.aiohttp.ssl", once)
        yield


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that every migration has shaped, to be copied: shaping one takes longer than most tests."""
    path = tmp_path_factory.mktemp("blank") / "newsroom.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection)
    return path


@pytest.fixture
async def db(tmp_path: Path, blank: Path) -> AsyncIterator[Database]:
    shutil.copyfile(blank, tmp_path / "newsroom.db")
    async with await Database.open(tmp_path / "newsroom.db") as database:
        yield database


@pytest.fixture
async def home(house: House) -> AsyncIterator[House]:
    """The house with both doors open, as the app opens them."""
    taste = default_taste()
    async with house.db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
    rubrics = (digest([time(9), time(13), time(18)], 5), roundup(time(23), 7))
    async with Fetcher() as fetch:
        desk = Desk(
            db=house.db,
            bot=house.bot,
            easel=Easel(program.House(house.newsroom, house.wordings, taste, rubrics, timedelta(hours=1)), channel),
            roles=Roles(house.bot, "@nd"),
            fetch=fetch,
            parser=Parser(),
            grace=timedelta(seconds=20),
            stir=house.deliverer.stirred.set,
            release=house.deliverer.release,
            moved=house.deliverer.moved.set,
            endings=house.endings,
        )
        house.open(desk_door.router(house.desk.id), readers_door.router(), taste=taste, desk=desk)
        yield house


@pytest.fixture
async def house(db: Database, wordings: Wordings) -> AsyncIterator[House]:
    telegram = Telegram(clock=NOON.timestamp)
    account = telegram.bot(TOKEN, username="holovne_bot")
    reader, editor = telegram.user(2002, "Тарас"), telegram.user(1001, "Олена")
    channel = telegram.channel("Новини", username="nd", admins=[account])
    desk = telegram.group("Редакція", members=[editor], admins=[account])
    newsroom = Newsroom("Новини Донбасу", "@nd", desk.id, KYIV, "uk")
    async with serve(telegram) as server, speak(TOKEN, server.url, None) as bot:
        yield House(telegram, account, bot, db, reader, editor, channel, desk, wordings, newsroom)
        assert isinstance(bot.session, AiohttpSession)
        await (await bot.session.create_session()).close()  # aiogram's own close sleeps a quarter of a second


async def put(
    db: Database,
    title: str,
    at: datetime = NOON - 4 * MINUTE,
    *,
    lead: str = "",
    section: str = "",
    language: str = "uk",
    kind: Kind = "news",
    story: int | None = None,
    url: str | None = None,
    family: str = "own",
) -> Item:
    """An item as intake leaves it: with its version, its story in a state, findable."""
    async with db.transaction() as tx:
        source = await sources.put(
            tx, url=f"https://{family}.ua", name=family, kind="feed", family=family, own=family == "own", now=at
        )
        item_id = await items.add(
            tx, source_id=source.id, kind=kind, keys=[f"{family}/{title}"], published_at=at, now=at, history=False
        )
        address = f"https://{family}.ua/{item_id}" if url is None else url
        sections = [section] if section else []
        version = await items.put_version(
            tx, item_id, url=address, title=title, lead=lead, language=language, sections=sections, image=None,
            author=None, now=at,
        )  # fmt: skip
        await search.put(tx, item_id, version, words.index_keys(title), words.index_keys(lead))
        if kind == "news":
            story_id = await stories.begin(tx, at) if story is None else story
            await items.into_story(tx, item_id, story_id)
            await stories.tell(tx, State(story_id, 0, item_id, version, title, toll_of(title, lead), at), at)
    found = await items.get(db.screens, item_id)
    assert found is not None
    return found


async def many(db: Database, count: int) -> None:
    """«Новина 1» to «Новина {count}», a minute apart, the last a minute ago."""
    for number in range(1, count + 1):
        await put(db, f"Новина {number}", NOON - (count - number + 1) * MINUTE)


def headlines(text: str) -> list[str]:
    """The numbered lines of a list."""
    return [line.partition(". ")[2] for line in text.splitlines() if line.partition(". ")[0].isdigit()]


def labels(message: Message) -> list[list[str]]:
    """The labels on the message's buttons, row by row."""
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def _no_browser() -> str:
    """Why the browser tests cannot run here, '' when they can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return "" if shutil.which("chromium") or shutil.which("chromium-browser") else "there is no chromium"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leaves out what needs a browser or Telegram's own parser where there is none; the summary says so."""
    if collection_path.name in ("test_truth.py", "test_playground_markup.py") and PARSER is None:
        return True
    return True if collection_path.name == "test_browser.py" and _no_browser() else None
