"""The composition root: opens the rooms, joins them with Telegram, starts and stops them in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from aiogram import Bot, Dispatcher
from aiohttp import web

from bot import announce, menus, notes
from bot.delivery.deliver import Deliverer
from bot.desk import door as desk_door
from bot.editions.publish import next_slot_at, publish_due
from bot.intake.collect import Pass
from bot.intake.pushed import Pushed
from bot.listen import Listener
from bot.readers import door as readers_door
from bot.readers import show
from bot.rooms import Clock, Rooms, collecting, desk, machine_clock
from bot.settings import Settings
from bot.telegram import telegram
from bot.timetable import Timetable
from bot.web import push
from bot.wording import Wordings
from storage import channels, journal, outbox, sources
from storage.model import Channel

log = logging.getLogger(__name__)
OUTAGE = timedelta(minutes=5)  # a shorter gap in the heartbeat is a restart, not an outage
CHECKPOINT_SECONDS = 60.0
FAREWELL_SECONDS = 4.0  # a send in hand is finished and recorded; supervisors kill after 5 to 10


class App:
    """The open bot. `opened` makes it; `run` keeps it going, or `visit` takes one step of a moved clock."""

    def __init__(self, rooms: Rooms, settings: Settings, wordings: Wordings, bot: Bot, channel: Channel, clock: Clock):
        self.db = rooms.db
        self.collector = rooms.collector
        self.bot = bot
        self.clock = clock
        self.desk = desk(settings, wordings)
        self.channel = channel
        self.wordings = wordings
        self.deliverer = Deliverer(self.db, bot, self.desk.newsroom, wordings.default)
        self.listener = Listener(self.db, bot, self._dispatcher(), clock)
        self.http_port: int | None = None  # where the HTTP door stands open
        self._polling: asyncio.Task[None] | None = None

    def _dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher(
            disable_fsm=True,
            db=self.db,
            wordings=self.wordings,
            taste=self.desk.taste,
            newsroom=self.desk.newsroom,
        )
        if self.desk.newsroom.admin_chat is not None:
            dispatcher.include_router(desk_door.router(self.desk.newsroom.admin_chat))
        dispatcher.include_router(readers_door.router())
        return dispatcher

    async def start(self) -> None:
        """What happens once: the heart starts, what a dead process left is doubted, menus are set."""
        now = self.clock()
        async with self.db.transaction() as tx:
            gap = await journal.start_heart(tx, now)
            if gap and gap[1] - gap[0] > OUTAGE:
                note = notes.outage(self.wordings.default, self.desk.newsroom, *gap)
                if note is not None:
                    await outbox.put(tx, note, now)
        await self.deliverer.doubt_orphans(now)

    async def visit(self) -> list[Pass]:
        """Everything that is due now, in order: collect, publish, deliver. What the polls brought."""
        passes = await self.collector.collect_due(self.clock)
        await publish_due(self.db, self.desk, self.channel, self.clock)
        await self.deliverer.deliver_due(self.clock)
        await self._beat()
        return passes

    async def next_due_at(self) -> datetime | None:
        """When something is due next, None when nothing ever is."""
        known = [
            await sources.next_due_at(self.db.screens),
            await outbox.next_due_at(self.db.screens),
            next_slot_at(self.desk, self.clock()),
        ]
        return min((at for at in known if at is not None), default=None)

    async def run(self) -> None:
        """Keeps the bot going until it is cancelled; then the send in hand is finished and recorded."""
        timetable = Timetable(clock=self.clock, machine=machine_clock, next_due_at=self.next_due_at, ring=self._ring)
        gc.collect()
        gc.freeze()  # a full pass over aiogram's types stops the loop for 170 ms
        try:
            async with asyncio.TaskGroup() as group:
                for room in (
                    self._announce(),
                    timetable.run(),
                    self.deliverer.run(self.clock),
                    self.listener.run(),
                    self._keep_file(),
                ):
                    group.create_task(room)
        finally:
            await self._stop()

    async def _ring(self) -> None:
        await self._beat()
        if self._polling is None or self._polling.done():  # a slow source delays no edition
            self._polling = asyncio.create_task(self._poll())
        await publish_due(self.db, self.desk, self.channel, self.clock)
        self.deliverer.stirred.set()

    async def _poll(self) -> None:
        try:
            await self.collector.collect_due(self.clock)
        except sqlite3.Error:
            log.exception("a poll could not be written; the next ring polls again")
        self.deliverer.stirred.set()  # it may have told the editors something

    async def _announce(self) -> None:
        wanted = menus.menus(
            self.wordings,
            readers=show.MENU,
            groups=show.IN_GROUPS,
            desk=desk_door.MENU,
            admin_chat=self.desk.newsroom.admin_chat,
        )
        await announce.announce(self.bot, wanted, menus.faces(self.wordings, self.desk.newsroom.name))

    async def _keep_file(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            await self.db.checkpoint()

    async def _beat(self) -> None:
        async with self.db.transaction() as tx:
            await journal.beat(tx, self.clock())

    async def _stop(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await self.deliverer.farewell(FAREWELL_SECONDS)
        await self.listener.stop()
        async with self.db.transaction() as tx:
            await journal.stop_heart(tx, self.clock())


@asynccontextmanager
async def opened(settings: Settings, clock: Clock = machine_clock) -> AsyncIterator[App]:
    """The bot with every room joined and its HTTP door open, not yet running. Raises what Database.open raises."""
    wordings = Wordings(settings.timezone, settings.language)
    assert settings.token is not None and settings.channel is not None
    async with AsyncExitStack() as stack:
        rooms = await stack.enter_async_context(collecting(settings, wordings))
        bot = telegram(settings.token.get_secret_value(), settings.api_url, settings.proxy)
        stack.push_async_callback(bot.session.close)
        await rooms.collector.seed(settings.sources, clock())
        async with rooms.db.transaction() as tx:
            channel = await channels.seed(tx, settings.channel, settings.language, clock())
        app = App(rooms, settings, wordings, bot, channel, clock)
        await app.start()
        if settings.http_port is not None and settings.push_token is not None:
            await _open_door(stack, settings, app)
        yield app


async def _open_door(stack: AsyncExitStack, settings: Settings, app: App) -> None:
    assert settings.push_token is not None

    async def take(pushed: Pushed) -> tuple[str, str]:
        answer = await app.collector.push(pushed, app.clock)
        app.deliverer.stirred.set()
        return answer

    runner = web.AppRunner(push.application(settings.push_token.get_secret_value(), take), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    app.http_port = runner.addresses[0][1]
