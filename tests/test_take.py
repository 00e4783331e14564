"""What is taken in: one item however it is edited, one story however many tell it, and what takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.intake.take import Intake
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import channels, editions, items, search, sources, stories
from storage.database import Database
from storage.model import Item, Report, Source, State

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KYIV = ZoneInfo("Europe/Kyiv")
NEWSROOM = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")
SITE, RIVAL = "https://nd.dn.ua", "https://rival.ua"


def report(title: str, path: str = "/article/9921-slug", site: str = SITE, **more: object) -> Report:
    known = Report(title, url=site + path, published_at=NOON - HOUR, language="uk")
    return replace(known, **more)  # type: ignore[arg-type]


@dataclass
class Desk:
    """The intake with its file; every taking is a transaction of its own."""

    db: Database
    intake: Intake = field(default_factory=lambda: Intake(NEWSROOM, Wording("uk", KYIV)))

    async def source(self, url: str = SITE, kind: str = "feed") -> Source:
        async with self.db.transaction() as tx:
            own, name = url == SITE or kind == "push", url.removeprefix("https://")
            return await sources.put(
                tx, url=f"{kind}:{url}", name=name, kind=kind, family=url, own=own, now=NOON - HOUR
            )

    async def take(
        self, source: Source, *reports: Report, now: datetime = NOON, history: bool = False, important: bool = False
    ) -> list[str]:
        async with self.db.transaction() as tx:
            arrivals = await self.intake.take(tx, source, reports, now, history=history, important=important)
        return [arrival.what for arrival in arrivals]

    async def withdraw(self, item: Item, now: datetime = NOON) -> bool:
        async with self.db.transaction() as tx:
            return await self.intake.withdraw(tx, item, "push", now)

    async def all(self) -> list[Item]:
        rows = await self.db.screens.all("SELECT * FROM item_now ORDER BY id")
        return [items.item(row) for row in rows]

    async def state(self, story_id: int | None = 1) -> State:
        found = await stories.standing(self.db.screens, story_id or 0)
        assert found is not None
        return found

    async def news(self, start: datetime = NOON, end: datetime = NOON + HOUR) -> list[str]:
        """The headlines that an edition of this window could tell."""
        return [story.state.title for story in await stories.between(self.db.screens, start, end)]

    async def notes(self) -> list[str]:
        return [row["text"] for row in await self.db.screens.all(
            "SELECT payload_json ->> 'text' AS text FROM outbox ORDER BY id"
        )]  # fmt: skip

    async def tell(self, story_ids: Sequence[int], now: datetime = NOON + HOUR) -> None:
        """A digest at `now` told these stories."""
        async with self.db.transaction() as tx:
            channel = await channels.seed(tx, "@nd", "uk", NOON - HOUR)
            lines = [editions.Line(story_id, 1, 1, "", "") for story_id in story_ids]
            await editions.add(
                tx, channel_id=channel.id, rubric="digest", local_date="2024-11-20", wall_time="15:00", slot_at=now,
                from_at=NOON, until_at=now, state="out", lines=lines, now=now,
            )  # fmt: skip


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


# One item


async def test_an_edited_title_is_a_new_version_of_the_same_item(desk: Desk) -> None:
    site = await desk.source()

    first = await desk.take(site, report("У Краматорську зникла вода"))
    again = await desk.take(site, report("У Краматорську зникла вода"))
    edited = await desk.take(site, report("У Краматорську повернули воду"))

    assert (first, again, edited) == (["new"], ["duplicate"], ["updated"])
    [item] = await desk.all()
    assert (item.title, item.version) == ("У Краматорську повернули воду", 2)
    assert await desk.db.screens.value("SELECT count(*) FROM story") == 1


async def test_a_changed_slug_behind_the_sites_own_number_is_the_same_item(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("У Краматорську зникла вода", "/article/9921-znykla-voda"))

    what = await desk.take(site, report("У Краматорську повернули воду", "/article/9921-povernuly-vodu"))

    assert what == ["updated"]
    [item] = await desk.all()
    assert item.url == f"{SITE}/article/9921-povernuly-vodu"


async def test_a_counter_behind_the_address_is_not_an_edit(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("Воду повернули", "/article/9921-voda?utm_source=rss&utm_term=1"))

    what = await desk.take(site, report("Воду повернули", "/article/9921-voda?utm_source=rss&utm_term=2"))

    assert what == ["duplicate"]


async def test_one_page_in_two_feeds_is_one_item_that_two_carry(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    await desk.take(site, report("У Краматорську зникла вода"))

    what = await desk.take(rival, report("У Краматорську зникла вода: що відомо"))

    assert what == ["duplicate"]
    [item] = await desk.all()
    assert (item.title, item.source) == ("У Краматорську зникла вода", "nd.dn.ua")
    carriers = await desk.db.screens.all("SELECT source_id FROM item_source ORDER BY source_id")
    assert [row["source_id"] for row in carriers] == [site.id, rival.id]


@pytest.mark.parametrize("first", [SITE, RIVAL])
async def test_the_newsrooms_cms_takes_over_what_any_feed_told_first(desk: Desk, first: str) -> None:
    feed, cms = await desk.source(first), await desk.source(SITE, "push")
    await desk.take(feed, report("У Краматорську зникла вода"))

    pushed = await desk.take(cms, report("У Краматорську повернули воду"))
    lagging = await desk.take(feed, report("У Краматорську зникла вода"))

    assert (pushed, lagging) == (["updated"], ["duplicate"])
    [item] = await desk.all()
    assert (item.title, item.source_id, item.own) == ("У Краматорську повернули воду", cms.id, True)


async def test_a_short_feed_erases_neither_lead_nor_sections(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("Зникла вода", lead="Воду обіцяють до вечора.", sections=("Краматорськ",)))

    same = await desk.take(site, report("Зникла вода"))
    edited = await desk.take(site, report("Воду повернули"))

    assert (same, edited) == (["duplicate"], ["updated"])
    [item] = await desk.all()
    assert (item.lead, item.sections) == ("Воду обіцяють до вечора.", ("Краматорськ",))


async def test_an_item_that_vanished_and_returned_is_one(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("Зникла вода", "/article/1001-a"))
    await desk.take(site, report("Дали світло", "/article/1002-b"), now=NOON + HOUR)

    what = await desk.take(site, report("Зникла вода", "/article/1001-a"), now=NOON + 48 * HOUR)

    assert what == ["duplicate"]
    assert len(await desk.all()) == 2


# What is news


async def test_first_contact_is_history_and_a_follow_up_to_it_is_news(desk: Desk) -> None:
    site = await desk.source()
    strike = "Удар по Краматорську: зруйновано лікарню"
    await desk.take(site, report(strike, "/article/1001-a"), history=True)
    before = await desk.news()

    follow_up = "Удар по Краматорську: зруйновано лікарню, загинули двоє людей"
    await desk.take(site, report(follow_up, "/article/1002-b", published_at=NOON))

    assert before == []
    assert await desk.news() == [follow_up]
    assert {item.story_id for item in await desk.all()} == {1}


async def test_history_is_not_told_when_its_follow_up_is_taken_back(desk: Desk) -> None:
    site = await desk.source()
    strike = "Удар по Краматорську: зруйновано лікарню"
    await desk.take(site, report(strike, "/article/1001-a"), history=True)
    await desk.take(site, report(f"{strike}, загинули двоє людей", "/article/1002-b", published_at=NOON))

    await desk.withdraw((await desk.all())[1])

    assert await desk.news() == []


@pytest.mark.parametrize(
    "title",
    ["Підписуйтесь на наш канал у Telegram", "Головне за день: вода є. Світла немає", "Дайджест новин за тиждень"],
)
async def test_what_the_newsroom_says_of_itself_never_qualifies(desk: Desk, title: str) -> None:
    site = await desk.source()

    what = await desk.take(site, report(title))

    assert what == ["new"]
    assert await desk.news() == []
    assert await desk.db.screens.value("SELECT count(*) FROM story") == 0
    assert await items.count(desk.db.screens) == 0


async def test_an_undated_report_is_of_the_instant_it_was_seen_and_the_future_is_now(desk: Desk) -> None:
    site = await desk.source()

    await desk.take(site, report("Без дати", "/article/1001-a", published_at=None))
    await desk.take(site, report("Завтрашня", "/article/1002-b", published_at=NOON + 24 * HOUR))

    assert [item.published_at for item in await desk.all()] == [NOON, NOON]


async def test_an_important_mark_stays_also_when_the_report_was_known(desk: Desk) -> None:
    site, cms = await desk.source(), await desk.source(SITE, "push")
    await desk.take(site, report("У Краматорську зникла вода"))

    what = await desk.take(cms, report("У Краматорську зникла вода"), important=True)
    await desk.take(cms, report("У Краматорську повернули воду"))

    assert what == ["duplicate"]
    assert (await desk.all())[0].important


async def test_a_failed_transaction_takes_the_memory_of_its_words_with_it(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    title = "Удар по Краматорську: зруйновано лікарню, загинули двоє людей"
    with pytest.raises(RuntimeError, match="power cut"):
        async with desk.db.transaction() as tx:
            await desk.intake.take(tx, site, [report(title)], NOON, history=False)
            raise RuntimeError("power cut")
    desk.intake.forget()

    await desk.take(rival, report(title, site=RIVAL))

    [item] = await desk.all()
    assert (item.source, item.story_id) == ("rival.ua", 1)
    assert (await desk.state()).title == title


async def test_a_restart_remembers_the_words_of_the_last_days(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    title = "Удар по Краматорську: зруйновано лікарню, загинули двоє людей"
    await desk.take(site, report(title))

    await Desk(desk.db).take(rival, report(title, site=RIVAL))

    assert [item.story_id for item in await desk.all()] == [1, 1]


# Counts


STRIKE = "Удар по Краматорську: зруйновано лікарню, {} людей загинули"


async def test_an_older_count_that_arrives_late_changes_nothing(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    await desk.take(site, report(STRIKE.format("10")))

    await desk.take(rival, report(STRIKE.format("7"), site=RIVAL, published_at=NOON - 2 * HOUR))

    state = await desk.state()
    assert (state.version, dict(state.toll)) == (1, {"killed": 10})
    assert await desk.notes() == []


async def test_a_smaller_later_count_leaves_the_state_and_makes_one_note(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    await desk.take(site, report(STRIKE.format("10")))
    later = report(STRIKE.format("7"), site=RIVAL, published_at=NOON)

    await desk.take(rival, later)
    await desk.take(rival, later)
    await desk.take(rival, replace(later, lead="Рятувальники працюють на місці."))

    assert dict((await desk.state()).toll) == {"killed": 10}
    assert await desk.notes() == [
        "⚠️ <b>Джерела називають різні числа</b>\nЗагиблі: було 10, пізніше 7\n"
        f'Спершу: <a href="{SITE}/article/9921-slug">{STRIKE.format(10)}</a> (nd.dn.ua, 13:00)\n'
        f'Пізніше менше: <a href="{RIVAL}/article/9921-slug">{STRIKE.format(7)}</a> (rival.ua, 14:00)\n'
        "Бот лишає більше число. Перевірте; якщо правильне менше, виправте допис у каналі."
    ]


async def test_history_that_contradicts_itself_disturbs_nobody(desk: Desk) -> None:
    site = await desk.source()

    await desk.take(
        site,
        report(STRIKE.format("10"), "/article/1001-a"),
        report(STRIKE.format("7"), "/article/1002-b", published_at=NOON),
        history=True,
    )

    assert len({item.story_id for item in await desk.all()}) == 1
    assert await desk.notes() == []


# Withdrawals


async def test_a_withdrawn_report_is_gone_from_search_and_its_story_falls_back(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    await desk.take(rival, report(STRIKE.format("7"), site=RIVAL))
    await desk.take(site, report(STRIKE.format("10"), published_at=NOON))

    assert await desk.withdraw((await desk.all())[1])

    assert await search.find(desk.db.screens, "title: лікарня OR title: лікарню", limit=9) == [1]
    state = await desk.state()
    assert (state.item_id, dict(state.toll)) == (1, {"killed": 7})
    assert await desk.notes() == [f"🗑 Джерело відкликало: «{STRIKE.format(10)}» (nd.dn.ua). У канал це не потрапило."]


async def test_a_count_that_only_the_withdrawn_report_gave_goes_with_it(desk: Desk) -> None:
    site, rival = await desk.source(), await desk.source(RIVAL)
    early = "Удар по Краматорську: зруйновано лікарню, 5 людей загинули, 40 поранені"
    await desk.take(rival, report(early, site=RIVAL))
    await desk.take(site, report(STRIKE.format("6"), published_at=NOON))
    joined = dict((await desk.state()).toll)

    await desk.withdraw((await desk.all())[0])

    assert joined == {"killed": 6, "wounded": 40}
    assert dict((await desk.state()).toll) == {"killed": 6}


async def test_the_note_of_a_withdrawal_names_the_editions_that_told_it(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("У Краматорську <зникла> вода"))
    await desk.tell([1])

    await desk.withdraw((await desk.all())[0], NOON + 2 * HOUR)

    assert await desk.notes() == [
        "🛑 <b>Джерело відкликало те, що вже в каналі</b>\n"
        "«У Краматорську &lt;зникла&gt; вода» (nd.dn.ua)\n"
        "Де це вийшло: Дайджест на 15:00. Виправте допис у каналі."
    ]


async def test_a_second_withdrawal_says_so_and_an_edit_does_not_bring_it_back(desk: Desk) -> None:
    site = await desk.source()
    await desk.take(site, report("У Краматорську зникла вода"))
    item = (await desk.all())[0]

    answers = [await desk.withdraw(item), await desk.withdraw(item)]
    edited = await desk.take(site, report("У Краматорську повернули воду"))

    assert answers == [True, False]
    assert edited == ["duplicate"]
    assert len(await desk.notes()) == 1
    assert await desk.news() == []
