"""Takes reports in: an identity for each, a version for each edit, a place in a story for what is news."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot import notes
from bot.editions.named import edition_words
from bot.intake import dates, identity, kinds, languages
from bot.intake import twins as other_language
from bot.intake.join import join
from bot.intake.passes import Arrival
from bot.judgement import changes, states, words
from bot.judgement.grouping import WINDOW, Memory, Verdict
from bot.judgement.meaning import Meaning, Meanings
from bot.judgement.tellings import telling
from bot.judgement.toll import toll_of
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import editions, items, journal, links, outbox, rechecks, search, stories, twins
from storage.database import Database, Transaction
from storage.model import Item, Parcel, Report, Source, State, What

GRASPED = 8  # texts of one poll that the model is asked about, the newest: a second; the rest at the next poll
MOST_ASKED = 2  # stories that one report may belong to: a longer list is not read
_LISTING = frozenset({"feed", "sitemap", "page"})  # they show all that they hold: what is missing left them


class Intake:
    """Lives as long as the bot: it remembers the words of the last days, to know which reports are of one event."""

    def __init__(self, newsroom: Newsroom, wording: Wording, meaning: Meaning | None = None) -> None:
        self._newsroom = newsroom
        self._wording = wording
        self._meaning = meaning
        self._meanings = Meanings()
        self._memory: Memory | None = None
        self._acts = 0  # of editors on stories, those that the memory knows

    def forget(self) -> None:
        """A transaction failed: what was remembered of it never happened, so everything is read anew."""
        self._memory = None

    @asynccontextmanager
    async def transaction(self, db: Database) -> AsyncIterator[Transaction]:
        """A transaction that takes the memory of words back with it when it fails."""
        try:
            async with db.transaction() as tx:
                yield tx
        except BaseException:
            self.forget()
            raise

    async def grasp(self, reports: Sequence[Report]) -> None:
        """Asks what the first of these reports mean, before the transaction that takes them in: nothing waits inside
        one. What is not known by then is judged by its words."""
        if self._meaning is not None:
            texts = self._meanings.unknown(telling(report.title, report.lead) for report in reports)[:GRASPED]
            if texts and (places := await self._meaning(texts)) is not None:
                self._meanings.put(texts, places)

    async def take(
        self,
        tx: Transaction,
        source: Source,
        reports: Sequence[Report],
        now: datetime,
        *,
        history: bool,
        important: bool = False,
    ) -> list[Arrival]:
        """What became of each report, in order. `history`: they were there before the source was first read."""
        memory = await self._remembering(tx, now)
        arrivals = []
        for report in reports:
            what, item = await self._identify(tx, source, report, now, history)
            if important and not item.important:
                await items.mark_important(tx, item.id)
            if what != "duplicate" and item.kind == "news":
                keys = words.index_keys(item.title), words.index_keys(item.lead)
                await search.put(tx, item.id, item.version, *keys)
                if what == "updated":
                    await self._tell_edit(tx, item, now)
                told = item.history and source.kind == "channel"  # by hand in our own channel
                item = await self._into_story(tx, memory, item, now, told=told)
            arrivals.append(Arrival(what, item))
        await join(tx, [each.item for each in arrivals if each.what == "new"])
        if arrivals and source.kind in _LISTING:
            await rechecks.listed(tx, source.id, [arrival.item.id for arrival in arrivals], now)
        return arrivals

    async def withdraw(self, tx: Transaction, item: Item, reason: str, now: datetime) -> bool:
        """Takes the item back; False when it was taken back already. Editors learn where its story was told."""
        if not await items.withdraw(tx, item.id, reason, now):
            return False
        (await self._remembering(tx, now)).remove(item.id)
        await journal.write(tx, "withdraw", f"item:{item.id}", now, reason=reason)
        if item.story_id is None:
            return True
        told_in = await editions.telling(tx, item.story_id)
        names = [edition_words(rubric, wall_time, self._wording) for rubric, wall_time in told_in]
        await _tell(tx, notes.withdrawn(self._wording, self._newsroom, item, names, now), now)
        state = await stories.standing(tx, item.story_id)
        left = await stories.items_of(tx, item.story_id)
        if left and state is not None and _rests_on(state, item, left):
            await stories.tell(tx, states.of(item.story_id, left), now)
        return True

    async def _identify(
        self, tx: Transaction, source: Source, report: Report, now: datetime, history: bool
    ) -> tuple[What, Item]:
        keys = identity.keys(report, str(source.id))
        item_id = await items.known(tx, keys)
        if item_id is None:
            return "new", await self._add(tx, source, report, keys, now, history)
        await items.learn_keys(tx, item_id, keys)
        await items.told_by(tx, item_id, source.id, now)
        item = await _standing(tx, item_id)
        if item.withdrawn or not _may_edit(source, item) or not _differs(report, item):
            return "duplicate", item
        await self._put_version(tx, item_id, source, report, now, item)
        if source.kind == "push" and item.source_id != source.id:
            await items.hand_over(tx, item_id, source.id)  # the CMS knows better than its feed, which lags
        return "updated", await _standing(tx, item_id)

    async def _add(
        self, tx: Transaction, source: Source, report: Report, keys: Sequence[str], now: datetime, history: bool
    ) -> Item:
        item_id = await items.add(
            tx,
            source_id=source.id,
            kind=kinds.kind(report.title, report.lead, report.url),
            keys=keys,
            published_at=dates.clamp(report.published_at, now) if report.published_at else now,
            now=now,
            history=history,
        )
        twin_id = await items.known(tx, other_language.keys(keys))
        if twin_id is not None:
            await twins.link(tx, item_id, twin_id)
        await items.told_by(tx, item_id, source.id, now)
        await self._put_version(tx, item_id, source, report, now, None)
        return await _standing(tx, item_id)

    async def _put_version(
        self, tx: Transaction, item_id: int, source: Source, report: Report, now: datetime, before: Item | None
    ) -> None:
        language = report.language or source.language or languages.by_letters(f"{report.title} {report.lead}")
        await items.put_version(
            tx,
            item_id,
            url=report.url or "",
            title=report.title,
            lead=report.lead or (before.lead if before else ""),
            language=language or self._newsroom.language,
            sections=report.sections or (before.sections if before else (source.section,) if source.section else ()),
            image=report.image,
            author=report.author,
            now=now,
        )

    async def _into_story(
        self, tx: Transaction, memory: Memory, item: Item, now: datetime, *, told: bool = False
    ) -> Item:
        """The item in its story; the story in the state that this report puts it into, if it does. What was `told`
        already says nothing further of a story that is known."""
        text = telling(item.title, item.lead)
        if item.story_id is None:
            twin = await twins.story_of(tx, item.id)
            verdict = memory.judge(text, item.published_at) if twin is None else Verdict(twin)
            story_id, part_id = verdict.story or await stories.begin(tx, now), verdict.part
            await items.into_story(tx, item.id, story_id)
            await links.into_part(tx, item.id, part_id or story_id)
            if verdict.story is None and not item.history:
                await links.ask(tx, item.id, verdict.likely[:MOST_ASKED], now)
        else:
            story_id, part_id = item.story_id, memory.part_of(item.id)
        memory.replace(item.id, story_id, text, item.published_at, part_id)
        if not told or await stories.standing(tx, story_id) is None:
            await self._tell_state(tx, story_id, item, now)
        return await _standing(tx, item.id)

    async def _tell_state(self, tx: Transaction, story_id: int, item: Item, now: datetime) -> None:
        state = await stories.standing(tx, story_id)
        if state is None:
            await stories.tell(tx, states.first(story_id, item), now)
            return
        translated = await twins.story_of(tx, item.id) == story_id  # its other words are no other news
        turn = states.turn(state, item, () if translated else await stories.items_of(tx, story_id))
        if turn.conflicts and not item.history:
            stands = await _standing(tx, state.item_id)
            await _tell(tx, notes.conflict(self._wording, self._newsroom, stands, item, turn.conflicts, now), now)
        if turn.state is not None:
            await stories.tell(tx, turn.state, now)

    async def _tell_edit(self, tx: Transaction, item: Item, now: datetime) -> None:
        shown = await rechecks.shown(tx, item.id)
        if shown is not None and (edit := changes.edit(shown, (item.title, item.lead))) is not None:
            await _tell(tx, notes.edited(self._wording, self._newsroom, item, edit, now), now)

    async def _remembering(self, tx: Transaction, now: datetime) -> Memory:
        newest = await links.newest_act(tx)
        if self._memory is None:
            self._memory, parts = Memory(meanings=self._meanings), await links.parts(tx, now - WINDOW)
            for item in await items.since(tx, now - WINDOW):
                if item.story_id is not None:
                    text = telling(item.title, item.lead)
                    self._memory.add(item.id, item.story_id, text, item.published_at, parts.get(item.id))
        elif newest > self._acts:
            for place in await links.moved_since(tx, self._acts):
                self._memory.move(place.item_id, place.story_id, place.part_id)
        self._acts = newest
        self._memory.forget_before(now - WINDOW)
        return self._memory


def _may_edit(source: Source, item: Item) -> bool:
    """A page carried by several sources is edited only by the one that told it first, or by the newsroom's CMS."""
    return source.id == item.source_id or source.kind == "push"


def _differs(report: Report, item: Item) -> bool:
    """Whether a reader of the item would see a change. An empty lead is a short feed, not an edit, and neither is
    another counter behind the same address."""
    if report.title != item.title or (report.lead and report.lead != item.lead):
        return True
    return bool(report.url) and identity.canonical(report.url or "") != identity.canonical(item.url)


def _rests_on(state: State, withdrawn: Item, left: Sequence[Item]) -> bool:
    """Whether the state is the withdrawn report's: its words, or a count that no report which stands gives."""
    told = [toll_of(item.title, item.lead) for item in left]
    counted = all(any(toll.get(which, 0) >= count for toll in told) for which, count in state.toll.items())
    return state.item_id == withdrawn.id or not counted


async def _standing(tx: Transaction, item_id: int) -> Item:
    item = await items.get(tx, item_id)
    assert item is not None  # the caller knows its id
    return item


async def _tell(tx: Transaction, note: Parcel | None, now: datetime) -> None:
    if note is not None:
        await outbox.put(tx, note, now)
