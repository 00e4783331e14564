"""What a site takes away is taken back: seen at its page, twice, a minute apart, and at nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.intake.fetch import Fetcher
from bot.intake.recheck import PAGES, Looking, recheck_due
from bot.intake.take import Intake
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import channels, editions, items, outbox, posts, rechecks, sources, stories
from storage.database import Database, Transaction
from storage.model import Content, Report, Source

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KYIV = ZoneInfo("Europe/Kyiv")
WORDING = Wording("uk", KYIV)
SUBJECTS = {
    "/a/11": "У Краматорську зникла вода",
    "/b/12": "Суд виправдав колишнього прокурора з Бахмута",
    "/c/13": "Синоптики обіцяють сніг на вихідних",
}
NEWSROOM = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")


@dataclass
class Desk:
    """A site whose pages answer what the test sets, what the newsroom knows of it, and a clock."""

    db: Database
    fetch: Fetcher
    url: str
    says: dict[str, int | str] = field(default_factory=dict)  # a status, or where it redirects to; else it stands
    asked: list[str] = field(default_factory=list)
    now: datetime = NOON
    intake: Intake = field(default_factory=lambda: Intake(NEWSROOM, WORDING))

    async def take(self, *paths: str) -> list[int]:
        """Its feed lists these pages now; the items that they are."""
        async with self.db.transaction() as tx:
            source = await self.source(tx)
            reports = [self.report(path) for path in paths]
            arrivals = await self.intake.take(tx, source, reports, self.now, history=False)
        return [arrival.item.id for arrival in arrivals]

    def report(self, path: str) -> Report:
        subject = SUBJECTS.get(path, f"Подія {path.rpartition('/')[2]}")
        at = NOON - HOUR + int(path.rpartition("/")[2]) % 100 * timedelta(seconds=1)  # a larger number is newer
        return Report(subject, url=self.url + path, published_at=at)

    async def source(self, tx: Transaction) -> Source:
        return await sources.put(tx, url=f"{self.url}/rss", name="НД", kind="feed", family="nd", own=True, now=NOON)

    async def tell(self, *item_ids: int) -> None:
        """The digest of this hour told the stories of these items."""
        async with self.db.transaction() as tx:
            channel = await channels.seed(tx, "@nd", "uk", NOON)
            found = [await items.get(tx, item_id) for item_id in item_ids]
            lines = [editions.Line(each.story_id, 1, 1, "", "") for each in found if each and each.story_id]
            await editions.add(
                tx, channel_id=channel.id, rubric="digest", local_date="2024-11-20", wall_time=f"{self.now:%H:%M}",
                slot_at=self.now, from_at=NOON - HOUR, until_at=self.now, state="out", lines=lines, now=self.now,
            )  # fmt: skip

    async def look(self, after: timedelta = timedelta(0)) -> list[int]:
        """The items that are taken back by a look that much later."""
        self.now += after
        looking = Looking(self.db, self.fetch, self.intake, NEWSROOM, WORDING, lambda: self.now)
        return [item.id for item in await recheck_due(looking)]

    async def withdraw(self, item_id: int, reason: str) -> None:
        """Somebody says so."""
        async with self.intake.transaction(self.db) as tx:
            item = await items.get(tx, item_id)
            assert item is not None
            await self.intake.withdraw(tx, item, reason, self.now)

    async def withdrawn(self) -> list[int]:
        """What is taken back now."""
        rows = await self.db.screens.all("SELECT id FROM item WHERE withdrawn_at IS NOT NULL ORDER BY id")
        return [row["id"] for row in rows]

    async def told(self) -> list[str]:
        """What the editors were told, oldest first."""
        rows = await self.db.screens.all("SELECT payload_json ->> 'text' AS text FROM outbox ORDER BY id")
        return [row["text"] for row in rows]

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        said = self.says.get(request.path, 200)
        if isinstance(said, str):
            raise web.HTTPFound(said)
        return web.Response(status=said, text="<html></html>")


@asynccontextmanager
async def site(db: Database) -> AsyncIterator[Desk]:
    app = web.Application()
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    async with Fetcher(allow_private=True) as fetch:
        desk = Desk(db, fetch, "")
        app.router.add_get("/{path:.*}", desk.answer)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        desk.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield desk
        finally:
            await runner.cleanup()


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    async with site(db) as made:
        yield made


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_gone_twice_a_minute_apart_takes_its_news_back_and_editors_hear_of_it(
    desk: Desk, status: int
) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    desk.says["/a/11"] = status

    once, soon, twice = await desk.look(), await desk.look(MINUTE / 2), await desk.look(MINUTE / 2)

    assert (once, soon, twice) == ([], [], [item])
    assert desk.asked == ["/a/11", "/a/11", "/"]  # no other page of the site is known, so its front page tells
    assert [text.partition("\n")[0] for text in await desk.told()] == [
        "🛑 <b>Джерело відкликало те, що вже в каналі</b>"
    ]
    assert await desk.look(HOUR) == []  # once and for all


@pytest.mark.parametrize("says", [403, 451, 500, 503, "/", "/section/news", "http://127.0.0.1:1/"])
async def test_what_does_not_say_that_the_page_is_gone_takes_nothing_back(desk: Desk, says: int | str) -> None:
    await desk.tell(*await desk.take("/a/11"))
    desk.says["/a/11"] = says

    seen = [await desk.look(after) for after in (timedelta(0), HOUR, HOUR)]

    assert seen == [[], [], []]
    assert desk.asked.count("/a/11") == 3


async def test_a_page_seen_standing_between_two_absences_is_not_taken_back(desk: Desk) -> None:
    await desk.tell(*await desk.take("/a/11"))

    seen = []
    for says in (404, 200, 404):
        desk.says["/a/11"] = says
        seen += await desk.look(HOUR)

    assert seen == []


@pytest.mark.parametrize("between", [503, 403, "/", "/section/news"])
async def test_an_answer_that_tells_nothing_between_two_absences_changes_nothing(
    desk: Desk, between: int | str
) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)

    seen = []
    for says in (404, between, 404):
        desk.says["/a/11"] = says
        seen += await desk.look(2 * MINUTE)

    assert seen == [item]


async def test_a_new_slug_behind_the_same_number_stands(desk: Desk) -> None:
    [item] = await desk.take("/a/99210011")
    await desk.tell(item)
    desk.says["/a/99210011"] = 404
    await desk.look()
    desk.says["/a/99210011"] = "/a/99210011-new"
    await desk.look(MINUTE)
    desk.says["/a/99210011"] = 404

    assert await desk.look(HOUR) == []


async def test_a_restart_between_the_two_looks_is_no_matter(desk: Desk) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    desk.says["/a/11"] = 404
    await desk.look()

    desk.intake = Intake(NEWSROOM, WORDING)

    assert await desk.look(MINUTE) == [item]


async def test_only_what_went_out_or_will_is_asked_about(desk: Desk) -> None:
    told, queued, _ = await desk.take("/a/11", "/b/12", "/c/13")
    await desk.tell(told)
    async with desk.db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        await posts.add(
            tx, channel_id=channel.id, state="queued", content=Content("Про воду"), editor=1, now=NOON, item_id=queued
        )

    await desk.look()

    assert sorted(desk.asked) == ["/a/11", "/b/12"]


async def test_a_page_that_stands_is_asked_again_after_half_an_hour_for_two_days(desk: Desk) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)

    counts = []
    for after in (timedelta(0), 29 * MINUTE, MINUTE, 48 * HOUR):
        await desk.look(after)
        counts.append(len(desk.asked))

    assert counts == [1, 1, 2, 2]


async def test_a_pass_asks_a_bounded_number_of_pages_and_the_next_one_the_others(desk: Desk) -> None:
    paths = [f"/{place}/{number}" for place, number in enumerate(range(11, 11 + PAGES + 5))]
    await desk.tell(*await desk.take(*paths))

    await desk.look()
    first = len(desk.asked)
    await desk.look(MINUTE)

    assert (first, sorted(desk.asked)) == (PAGES, sorted(paths))


# What comes back


async def test_a_page_that_came_back_stands_again_and_editors_hear_of_it_once(desk: Desk) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    desk.says["/a/11"] = 404
    await desk.look()
    await desk.look(MINUTE)
    assert await desk.withdrawn() == [item]

    desk.says["/a/11"] = 200
    await desk.look(HOUR)
    after_an_hour = await desk.withdrawn()
    await desk.look(HOUR)

    assert (after_an_hour, await desk.withdrawn()) == ([], [])
    assert [text.partition("\n")[0] for text in await desk.told()][1:] == [
        "↩️ <b>Новина, яку джерело відкликало, знову на сайті</b>"
    ]


async def test_what_was_taken_back_a_second_time_is_told_a_second_time(desk: Desk) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    for says in (404, 200, 404):
        desk.says["/a/11"] = says
        await desk.look(HOUR)
        await desk.look(MINUTE)

    assert await desk.withdrawn() == [item]
    assert [text[0] for text in await desk.told()] == ["🛑", "↩", "🛑"]


@pytest.mark.parametrize("reason", ["push", "editor"])
async def test_what_a_person_or_the_cms_took_back_does_not_come_back_by_itself(desk: Desk, reason: str) -> None:
    first, *_ = await desk.take("/a/11", "/b/12")
    await desk.tell(first)
    await desk.look()
    await desk.withdraw(first, reason)
    desk.asked.clear()

    await desk.look(HOUR)
    await desk.take("/a/11", "/b/12")
    await desk.look(HOUR)

    assert (await desk.withdrawn(), desk.asked) == ([first], [])


async def test_after_two_days_a_lost_page_is_looked_at_only_when_a_feed_lists_it(desk: Desk) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    desk.says["/a/11"] = 404
    await desk.look()
    await desk.look(MINUTE)
    desk.says["/a/11"] = 200
    desk.asked.clear()

    await desk.look(49 * HOUR)
    unlisted = list(desk.asked)
    await desk.take("/a/11")
    await desk.look(MINUTE)

    assert (unlisted, desk.asked, await desk.withdrawn()) == ([], ["/a/11"], [])


async def test_a_story_whose_report_came_back_is_told_in_the_next_edition(desk: Desk) -> None:
    _, gone, _ = await desk.take("/a/11", "/b/12", "/c/13")
    await desk.take("/a/11", "/c/13")
    desk.says["/b/12"] = 404
    await desk.look()
    await desk.look(MINUTE)
    assert await desk.withdrawn() == [gone]
    until = desk.now + MINUTE  # the window of an edition ends without it
    desk.says["/b/12"] = 200

    await desk.look(HOUR)

    [story] = await stories.between(desk.db.screens, until, desk.now + MINUTE)
    assert [item.id for item in story.items] == [gone]
    [again] = await desk.take("/b/12")
    assert again == gone


# A site that is down


async def test_pages_gone_together_are_a_site_that_is_down_and_nothing_is_taken_back(desk: Desk) -> None:
    paths = ["/a/11", "/b/12", "/c/13"]
    await desk.tell(*await desk.take(*paths))
    desk.says |= dict.fromkeys(paths, 404)

    seen = [await desk.look(after) for after in (MINUTE, MINUTE, MINUTE, HOUR, MINUTE)]

    assert (seen, await desk.withdrawn()) == ([[], [], [], [], []], [])
    assert await desk.told() == [
        f"🕳 <b>Сторінок немає: {desk.url}/</b>\n"
        "Хоч яку статтю бот там відкриває, сайт відповідає, що її немає. "
        "Схоже на збій, тож бот нічого не відкликає.\n"
        "Якщо сайт справді щось зняв, зніміть це з черги самі. Коли сторінки з’являться, ця нотатка скаже."
    ]


async def test_a_site_that_is_down_is_asked_no_more_often_than_one_that_stands(desk: Desk) -> None:
    paths = ["/a/11", "/b/12", "/c/13"]
    await desk.tell(*await desk.take(*paths))
    desk.says |= dict.fromkeys(paths, 404)
    await desk.look()
    await desk.look(MINUTE)
    desk.asked.clear()

    for _ in range(29):
        await desk.look(MINUTE)

    assert desk.asked == []


async def test_where_the_front_page_is_gone_too_a_single_page_says_nothing(desk: Desk) -> None:
    await desk.tell(*await desk.take("/a/11"))
    desk.says |= {"/a/11": 404, "/": 404}

    seen = [await desk.look(after) for after in (MINUTE, MINUTE, HOUR, MINUTE)]

    assert (seen, [text[0] for text in await desk.told()]) == ([[], [], [], []], ["🕳"])


@pytest.mark.parametrize("front", [503, 403, "http://127.0.0.1:1/"])
async def test_where_nothing_can_be_learnt_of_the_site_a_withdrawal_waits(desk: Desk, front: int | str) -> None:
    [item] = await desk.take("/a/11")
    await desk.tell(item)
    desk.says |= {"/a/11": 404, "/": front}

    waits = [await desk.look(after) for after in (MINUTE, MINUTE, MINUTE)]
    desk.says["/"] = "/uk/"

    assert (waits, await desk.look(MINUTE), [text[0] for text in await desk.told()]) == ([[], [], []], [item], ["🛑"])


async def test_three_articles_taken_down_while_the_site_shows_others_are_withdrawn(desk: Desk) -> None:
    found = await desk.take("/a/11", "/b/12", "/c/13", "/d/14")
    await desk.tell(*found[:3])
    desk.says |= dict.fromkeys(["/a/11", "/b/12", "/c/13"], 410)
    await desk.look()

    assert sorted(await desk.look(MINUTE)) == found[:3]


async def test_when_the_pages_are_back_the_note_says_so_and_the_next_trouble_is_told_anew(desk: Desk) -> None:
    paths = ["/a/11", "/b/12", "/c/13"]
    await desk.tell(*await desk.take(*paths))
    for says in (404, 200, 404):
        desk.says |= dict.fromkeys(paths, says)
        await desk.look(HOUR)
        await desk.look(MINUTE)
        async with desk.db.transaction() as tx:
            await tx.run("UPDATE outbox SET state = 'sent'")
            for row in await tx.all("SELECT id FROM outbox ORDER BY id"):
                await outbox.record(tx, row["id"], -100, 500 + row["id"], "text", 1, desk.now)

    rows = await desk.db.screens.all("SELECT wanted_json ->> 'text' AS text FROM outbox ORDER BY id")
    assert [row["text"] and row["text"][0] for row in rows] == ["✅", None]


# What left its own feed


async def test_leaving_the_feed_is_only_a_reason_to_look(desk: Desk) -> None:
    _, gone, _ = await desk.take("/a/11", "/b/12", "/c/13")
    await desk.take("/a/11", "/c/13")

    standing = await desk.look()
    desk.says["/b/12"] = 410
    await desk.look(HOUR)
    taken_back = await desk.look(MINUTE)

    assert (standing, taken_back) == ([], [gone])
    assert set(desk.asked) == {"/b/12", "/c/13"}  # whether the site still shows any other


async def test_what_newer_news_pushed_out_of_the_feed_is_not_missed(desk: Desk) -> None:
    await desk.take("/a/11", "/b/12")
    await desk.take("/b/12", "/c/13")

    await desk.look()

    assert desk.asked == []


async def test_what_came_back_is_not_missed_any_more(desk: Desk) -> None:
    await desk.take("/a/11", "/b/12", "/c/13")
    await desk.take("/a/11", "/c/13")
    await desk.take("/a/11", "/b/12", "/c/13")

    await desk.look()

    assert desk.asked == []


async def test_a_day_old_item_that_leaves_is_not_looked_for(desk: Desk) -> None:
    await desk.take("/a/11", "/b/12", "/c/13")
    desk.now += 25 * HOUR
    await desk.take("/a/11", "/c/13")

    await desk.look()

    assert desk.asked == []


# What changed after it was told


def water(desk: Desk, title: str, lead: str = "") -> Report:
    return Report(title, url=f"{desk.url}/a/11", lead=lead, published_at=NOON - HOUR)


async def edited(desk: Desk, *versions: Report, told_after: int = 1) -> list[str]:
    """What editors hear when the page goes through these versions and a digest tells it after so many of them."""
    for place, version in enumerate(versions, start=1):
        async with desk.db.transaction() as tx:
            source = await desk.source(tx)
            [arrival] = await desk.intake.take(tx, source, [version], desk.now, history=False)
        desk.now += MINUTE
        if place == told_after:
            await desk.tell(arrival.item.id)
        desk.now += MINUTE
    return await desk.told()


async def test_a_number_changed_after_it_went_out_is_told_to_the_editors(desk: Desk) -> None:
    was, became = "У Краматорську без води 5 тисяч людей", "У Краматорську без води 15 тисяч людей"

    [note] = await edited(desk, water(desk, was), water(desk, became))

    assert note.splitlines()[:3] == [
        "✏️ <b>Змінилося на сайті після публікації</b>",
        f"Було: {was}",
        f"Стало: {became}",
    ]
    assert f'<a href="{desk.url}/a/11">' in note


async def test_other_words_for_the_same_are_not_told(desk: Desk) -> None:
    assert (
        await edited(
            desk,
            water(desk, "У Краматорську без води 5 тисяч людей"),
            water(desk, "Без води у Краматорську лишилися п’ять тисяч людей"),
        )
        == []
    )


async def test_an_edit_before_it_went_out_is_not_told(desk: Desk) -> None:
    was, became = water(desk, "Без води 5 тисяч людей"), water(desk, "Без води 15 тисяч людей")

    assert await edited(desk, was, became, told_after=2) == []


async def test_each_edit_is_compared_with_what_the_channel_shows(desk: Desk) -> None:
    five, six = water(desk, "Без води 5 тисяч людей"), water(desk, "Без води 6 тисяч людей")

    heard = await edited(desk, five, six, five)

    assert len(heard) == 1  # the second edit took the first one back


async def test_of_an_item_nobody_was_told_of_nothing_is_shown(desk: Desk) -> None:
    [item] = await desk.take("/a/11")

    assert await rechecks.shown(desk.db.screens, item) is None
