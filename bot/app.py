"""The composition root: opens the rooms, joins them with Telegram, starts and stops them in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError

from bot import announce, menus, notes
from bot.delivery import alarms
from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.delivery.gate import Gate
from bot.delivery.look import Looker
from bot.delivery.pace import Pace
from bot.delivery.uploads import Uploads
from bot.delivery.watch import Watch
from bot.desk import care, draft_paint, overheard
from bot.desk import door as desk_door
from bot.desk.hear import Desk as EditorsDesk
from bot.desk.paint import Easel
from bot.desk.release import ended
from bot.desk.roles import Roles
from bot.duties import Duties
from bot.intake.passes import Pass
from bot.intake.recheck import Looking, recheck_due
from bot.intake.subscribe import renew_due
from bot.learn import learn_due
from bot.listen import Listener
from bot.readers import door as readers_door
from bot.readers import show
from bot.rooms import Clock, Rooms, caution, collecting, house, livery, machine_clock, weights
from bot.settings import Settings
from bot.telegram import telegram
from bot.timetable import Timetable
from bot.web.door import open_door
from bot.wording import Wordings
from storage import catalogue, channels, hubs, journal, outbox, sources
from storage.database import Transaction
from storage.model import Channel, Parcel
from storage.troubles import Kind

log = logging.getLogger(__name__)
CHECKPOINT_SECONDS = 60.0
LOCK_SECONDS = 6.0  # a supervisor starts the next one while the last is still saying farewell
FAREWELL_SECONDS = 3.0  # a send in hand is finished and recorded; all of it is over within five


class ChatMoved(Exception):
    """The editors' chat has another number, which half the house was built with."""


class App:
    """The open bot. `opened` makes it; `run` keeps it going, or `visit` takes one step of a moved clock."""

    def __init__(
        self,
        rooms: Rooms,
        settings: Settings,
        wordings: Wordings,
        bot: Bot,
        channel: Channel,
        clock: Clock,
        watch: Watch,
        pace: Pace,
    ) -> None:
        self.db = rooms.db
        self.collector = rooms.collector
        self._fetch = rooms.fetch
        self._public_url = settings.public_url
        self.bot = bot
        self.clock = clock
        self.house = house(settings, wordings)
        self.channel = channel
        self.wordings = wordings
        newsroom = self.house.newsroom
        self._weights, self._unweighed = settings.weights, weights(settings)[1]
        self._people, self._unasked = settings.people, caution(settings)[1]
        self._easel = Easel(self.house, channel)
        self._duties = Duties(
            self.db,
            self._easel,
            clock,
            post_patience=timedelta(minutes=settings.post_patience_minutes),
            breaking_patience=timedelta(minutes=settings.breaking_patience_minutes),
            breaking_from=settings.breaking_from,
        )
        self._endings = Endings(newsroom, wordings.default, self._ended)
        self._looking = Looking(self.db, rooms.fetch, self.collector.intake, newsroom, wordings.default, clock)
        self.deliverer = Deliverer(self.db, bot, self._endings, watch=watch, pace=pace, livery=livery(settings)[0])
        self.looker = Looker(
            self.db,
            bot,
            self._endings,
            settings.probe_chat or newsroom.admin_chat,
            pace=pace,
            watch=watch,
            stirred=self.deliverer.doubted,
            stir=self.deliverer.stirred.set,
        )
        self._editors = EditorsDesk(
            db=self.db,
            bot=bot,
            easel=self._easel,
            roles=Roles(bot, channel.chat),
            fetch=rooms.fetch,
            parser=rooms.parser,
            grace=timedelta(seconds=settings.undo_seconds),
            stir=self._stir,
            release=self.deliverer.release,
            moved=self.deliverer.moved.set,
            endings=self._endings,
            patience=self.house.patience,
            uploads=Uploads(livery(settings)[0], bot.id),
            probe=settings.probe_chat or newsroom.admin_chat,
        )
        self.listener = Listener(self.db, bot, self._dispatcher(), clock, on_trouble=self._hearing)
        self.http_port: int | None = None  # where the HTTP door stands open
        self._polling: asyncio.Task[None] | None = None
        self._timetable: Timetable | None = None  # while it runs by itself

    def _dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher(
            disable_fsm=True,
            db=self.db,
            wordings=self.wordings,
            taste=self.house.taste,
            newsroom=self.house.newsroom,
            desk=self._editors,
            stir=self._stir,
            intake=self.collector.intake,
        )
        dispatcher.include_router(overheard.router())
        if self.house.newsroom.admin_chat is not None:
            dispatcher.include_router(desk_door.router(self.house.newsroom.admin_chat))
        dispatcher.include_router(readers_door.router())
        return dispatcher

    async def start(self) -> None:
        """What happens once: the heart starts, what a dead process left is doubted, menus are set."""
        now = self.clock()
        async with self.db.transaction() as tx:
            await self._duties.start(tx)
            if self._unweighed and (note := self._of_weights(now)):
                await outbox.put(tx, note, now)
            if self._unasked and (note := self._of_people(now)):
                await outbox.put(tx, note, now)
        await self.deliverer.start(now)

    def _of_weights(self, now: datetime) -> Parcel | None:
        house, reason = self.house, self._unweighed or ""
        return notes.weights(house.wordings.default, house.newsroom, str(self._weights), reason, now)

    def _of_people(self, now: datetime) -> Parcel | None:
        house, reason = self.house, self._unasked or ""
        return notes.people(house.wordings.default, house.newsroom, str(self._people), reason, now)

    async def visit(self) -> list[Pass]:
        """Everything that is due now, in order: collect, publish, learn, deliver. What the polls brought."""
        passes = await self.collector.collect_due(self.clock)
        for _, duty in self._duties.all:
            await duty()
        await learn_due(self.db, self.house, self.clock)
        await self.deliverer.deliver_due(self.clock)
        async with self.db.transaction() as tx:
            await journal.beat(tx, self.clock())  # a jump of the demo's clock is never an outage
        return passes

    async def next_due_at(self) -> datetime | None:
        """When something is due next, None when nothing ever is."""
        polls = self._polls()  # a source that is being read stays due until it was
        known = [
            await self._duties.next_due_at(),
            None if polls else await sources.next_due_at(self.db.screens),
            await hubs.next_due_at(self.db.screens) if self._public_url and not polls else None,
        ]
        return min((at for at in known if at is not None), default=None)

    async def run(self) -> None:
        """Keeps the bot going until it is cancelled; then the send in hand is finished and recorded. It returns by
        itself only when the editors' chat has another number: then the bot has to be opened anew."""
        self._timetable = Timetable(
            clock=self.clock, machine=machine_clock, next_due_at=self.next_due_at, ring=self._ring
        )
        gc.collect()
        gc.freeze()  # a full pass over aiogram's types stops the loop for 170 ms
        try:
            async with asyncio.TaskGroup() as group:
                for room in (
                    self.announce(),
                    self._timetable.run(),
                    self.deliverer.run(self.clock),
                    self.looker.run(self.clock),
                    self.listener.run(),
                    self._keep_file(),
                    self._leave_when_moved(),
                ):
                    group.create_task(room)
        except asyncio.CancelledError:  # asked to stop; whatever else ends it is an outage
            await self._stop()
            async with self.db.transaction() as tx:
                await journal.stop_heart(tx, self.clock())
            raise
        except BaseException as ending:
            await self._stop()
            if isinstance(ending, BaseExceptionGroup) and ending.subgroup(ChatMoved):
                return
            raise

    async def _leave_when_moved(self) -> None:
        await self.deliverer.moved.wait()
        raise ChatMoved

    async def _ring(self) -> None:
        await _apart("the heartbeat", self._duties.beat())
        if not self._polls():  # a slow source delays no edition
            self._polling = asyncio.create_task(self._poll())
        for name, duty in self._duties.all:
            await _apart(name, duty())
        self.deliverer.stirred.set()

    async def _ended(self, tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await ended(tx, self._easel, what, state, reason, now)
        await care.ended(tx, what, state, now)
        await draft_paint.ended(tx, self._easel, what, now)

    async def _hearing(self, kind: Kind | None, reason: str) -> None:
        newsroom, wording = self.house.newsroom, self.wordings.default
        await alarms.hearing(self.db, newsroom, wording, kind, reason, self.clock())
        self.deliverer.stirred.set()

    def _stir(self) -> None:
        """An editor did something: there is something to deliver, and perhaps something due earlier than before."""
        self.deliverer.stirred.set()
        if self._timetable is not None:
            self._timetable.hurry()

    def _polls(self) -> bool:
        return self._polling is not None and not self._polling.done()

    async def _poll(self) -> None:
        await _apart("collecting", self.collector.collect_due(self.clock))
        await _apart("looking again at pages", recheck_due(self._looking))
        await _apart("learning", learn_due(self.db, self.house, self.clock))
        if self._public_url is not None:
            await _apart("subscribing", renew_due(self.db, self._fetch, self._public_url, self.clock))
        self.deliverer.stirred.set()  # it may have told the editors something

    async def announce(self) -> None:
        wanted = menus.menus(
            self.wordings,
            readers=show.MENU,
            groups=show.IN_GROUPS,
            desk=desk_door.MENU,
            admin_chat=self.house.newsroom.admin_chat,
        )
        try:
            await announce.announce(self.bot, wanted, menus.faces(self.wordings, self.house.newsroom.name))
        except ClientDecodeError:
            log.warning("menus not set: a gateway answered for Telegram; the rest waits for the next start")

    async def _keep_file(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            try:
                await self.db.checkpoint()
            except sqlite3.Error:
                log.exception("no checkpoint; again in %.0f s", CHECKPOINT_SECONDS)

    async def _stop(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await self.deliverer.farewell(FAREWELL_SECONDS)
        await self.listener.stop()


async def _apart(what: str, step: Awaitable[object]) -> None:
    """Awaits one step of a ring. Whatever it raises is logged and stays its own: this is the clock's door, as the
    dispatcher is the people's, and one bad edition does not stop the bot."""
    try:
        await step
    except Exception:
        log.exception("%s failed; the next ring tries again", what)


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock = machine_clock, *, watch: Watch | None = None, pace: Pace | None = None
) -> AsyncIterator[App]:
    """The bot with every room joined and its HTTP door open, not yet running. Raises what Database.open raises.

    `watch` and `pace` are the machine's and Telegram's own unless somebody lets time run faster.
    """
    watch, pace = watch or Watch(), pace or Pace()
    wordings = Wordings(settings.timezone, settings.language)
    async with AsyncExitStack() as stack:
        rooms = await stack.enter_async_context(collecting(settings, wordings, LOCK_SECONDS))
        settings = rooms.settings
        assert settings.token is not None and settings.channel is not None
        bot = telegram(settings.token.get_secret_value(), settings.api_url, settings.proxy)
        stack.push_async_callback(bot.session.close)
        bot.session.middleware(Gate(pace, watch))
        await rooms.collector.seed(await catalogue.wanted(rooms.db.screens, settings.sources), clock())
        async with rooms.db.transaction() as tx:
            channel = await channels.seed(tx, settings.channel, settings.language, clock())
        app = App(rooms, settings, wordings, bot, channel, clock, watch, pace)
        await app.start()
        app.http_port = await open_door(
            stack, settings, app.db, app.collector, rooms.parser, clock, app.deliverer.stirred.set
        )
        yield app
