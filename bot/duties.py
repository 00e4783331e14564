"""What falls due by the clock. Each duty stands apart: one that fails keeps no other from its work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import afterlife, care, draft_paint, echoes, follow_up, pause
from bot.desk.overdue import gather, gather_within
from bot.desk.paint import Easel
from bot.desk.release import release_due
from bot.editions import programs
from bot.editions.breaking import break_due
from bot.editions.prepare import next_at, prepare_due
from bot.editions.program import House, Program
from bot.editions.proofread import proofread_due
from bot.editions.publish import next_slot_at, publish_due
from bot.rooms import Clock
from storage import approvals, boards, cares, corrections, journal, leases, outbox, pauses, posts
from storage.database import Database, Reading, Transaction

OUTAGE = timedelta(minutes=5)  # a shorter gap in the heartbeat is a restart, not an outage

Duty = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Duties:
    """The editions, posts, corrections and screens that somebody waits for. `breaking_from`: the importance that
    breaks news by itself, None for never."""

    db: Database
    easel: Easel
    clock: Clock
    post_patience: timedelta
    breaking_patience: timedelta
    breaking_from: float | None

    @property
    def all(self) -> tuple[tuple[str, Duty], ...]:
        """Each duty with its name, in the order in which they are done."""
        return (
            ("trying templates", self._try_templates),
            ("mending what went out", self._mend),
            ("drafting", self._draft),
            ("publishing", self._publish),
            ("showing drafts", self._show_drafts),
            ("breaking news", self._break),
            ("releasing posts", self._release),
            ("asking about what is late", self._ask),
            ("offering updates", self._offer_updates),
            ("counting reactions", self._count),
            ("counting what a pause kept", self._show_pauses),
            ("taking down what stood its time", self._take_down),
        )

    async def start(self, tx: Transaction) -> None:
        """The heart starts; what fell into an outage is asked about."""
        now = self.clock()
        await self._after(tx, await journal.start_heart(tx, now), now)

    async def beat(self) -> None:
        """The heart beats. After a gap (the machine slept, or its clock was set) what fell into it is asked about."""
        now = self.clock()
        async with self.db.transaction() as tx:
            before = await journal.beat(tx, now)
            await outbox.clock_went_back(tx, now)  # what was promised by a later clock would wait for its hour
            await posts.clock_went_back(tx, now)
            await corrections.clock_went_back(tx, now)
            await self._after(tx, (before or now, now), now)

    async def next_due_at(self) -> datetime | None:
        """When something is due next, None when nothing ever is."""
        now, db = self.clock(), self.db.screens
        every = await programs.every(db, self._house)
        known = [
            await outbox.next_due_at(db, now),
            next_slot_at(every, now),
            await next_at(db, every, now),
            await posts.next_due_at(db),
            await corrections.next_due_at(db),
            await echoes.next_due_at(db),
            await pauses.next_due_at(db, now),
            await cares.next_due_at(db),
            await leases.next_due_at(db),
            await boards.next_due_at(db),
            await approvals.next_due_at(db),
        ]
        return min((at for at in known if at is not None), default=None)

    @property
    def _house(self) -> House:
        return self.easel.house

    async def _programs(self, db: Reading | None = None) -> list[Program]:
        return await programs.every(db or self.db.screens, self._house)

    async def _after(self, tx: Transaction, gap: tuple[datetime, datetime] | None, now: datetime) -> None:
        if gap is not None and gap[1] - gap[0] > OUTAGE:
            await gather_within(tx, self.easel, await self._programs(tx), now, gap, self.breaking_patience)

    async def _try_templates(self) -> None:
        await proofread_due(self.db, self._house.templates, await self._programs(), self.clock())

    async def _mend(self) -> None:
        await afterlife.follow(self.db, self.easel, self.clock())

    async def _draft(self) -> None:
        await self._in_each_channel(prepare_due)

    async def _publish(self) -> None:
        await self._in_each_channel(publish_due)

    async def _in_each_channel(self, work: Callable[[Database, list[Program], Clock], Awaitable[object]]) -> None:
        """One channel's trouble is raised when the others are served."""
        troubles: list[Exception] = []
        for program in await self._programs():
            try:
                await work(self.db, [program], self.clock)
            except Exception as trouble:
                troubles.append(trouble)
        if troubles:
            raise ExceptionGroup("not every channel was served", troubles)

    async def _show_drafts(self) -> None:
        await draft_paint.keep_up(self.db, self.easel, self.clock)

    async def _break(self) -> None:
        await break_due(self.db, self.easel, await self._programs(), self.breaking_from, self.clock())

    async def _release(self) -> None:
        await release_due(self.db, self.easel, self.clock(), self.post_patience, self.breaking_patience)

    async def _ask(self) -> None:
        await gather(self.db, self.easel, await self._programs(), self.clock(), None, self.breaking_patience)

    async def _offer_updates(self) -> None:
        await follow_up.follow(self.db, self.easel, self.clock())

    async def _count(self) -> None:
        await echoes.follow(self.db, self.easel, self.clock())

    async def _show_pauses(self) -> None:
        await pause.keep_up(self.db, self.easel, self.clock())

    async def _take_down(self) -> None:
        await care.follow(self.db, self.easel, self.clock())
