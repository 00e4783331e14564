"""Half an hour before an edition its draft stands in the editors' chat: they change it, and it goes out as they want
(screens, E13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import door as desk_door
from bot.desk import draft_page, draft_paint, release
from bot.desk.draft_page import Row, View
from bot.desk.hear import Desk
from bot.desk.paint import Easel
from bot.desk.roles import Roles
from bot.editions import program as plans
from bot.editions import programs
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.editions.prepare import prepare_due
from bot.editions.publish import publish_due
from bot.editions.rubrics import digest, roundup
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.playground import Message, User
from bot.wording import Wordings
from storage import channels, drafts, items, posts, votes
from storage.editorial import Draft, Sitting
from storage.model import Content, Parcel
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put
from tests.test_publish import TASTE

HOUR = timedelta(hours=1)
HEADLINES = [
    "Краматорськ: воду повернули в чотири райони",
    "Виплати переселенцям: що зміниться в грудні",
    "Верховна Рада ухвалила бюджет на рік",
    "У Слов’янську відкрили новий притулок",
    "Дорогу на Покровськ закрили для вантажівок",
    "У Дружківці полагодили тепломережу",
    "Росіяни обстріляли Торецьк на Донеччині",
    "Розклад автобусів на вихідні",
]


def at(wall: str, day: int = 0) -> datetime:
    """The instant of the newsroom's clock on the day of NOON, or so many days later."""
    hours, minutes = map(int, wall.split(":"))
    local = NOON.astimezone(KYIV) + timedelta(days=day)
    return local.replace(hour=hours, minute=minutes).astimezone(NOON.tzinfo)


@dataclass(repr=False)
class Evening:
    """The desk before an edition, with Оля and Андрій who may post and Тарас who may not."""

    house: House
    easel: Easel
    second: User

    async def ring(self, wall: str | datetime) -> None:
        """What the clock does at this minute, and what comes of it in the chats."""
        self.house.now = at(wall) if isinstance(wall, str) else wall
        db, clock = self.house.db, lambda: self.house.now
        every = await programs.every(db.screens, self.easel.house)
        await prepare_due(db, every, clock)
        await publish_due(db, every, clock)
        await draft_paint.keep_up(db, self.easel, clock)
        await self.house.deliver()

    async def draft(self) -> Draft:
        """The only draft as it stands."""
        row = await self.house.db.screens.one("SELECT id FROM edition ORDER BY id DESC LIMIT 1")
        assert row is not None
        found = await drafts.get(self.house.db.screens, row["id"])
        assert found is not None
        return found

    @property
    def message(self) -> Message:
        """The message that shows it."""
        return next(each for each in self.house.telegram.messages(self.house.desk) if each.by_bot)

    @property
    def lines(self) -> list[str]:
        """Its lines, each with its mark."""
        found = self.message.text.splitlines()
        return [line for line in found if line.startswith(("✅ ", "▫️ ")) and line.split()[1].endswith(".")]

    async def tap(self, button: str, who: User | None = None, message: Message | None = None) -> str:
        """An editor's tap; what the toast says."""
        tap = self.house.telegram.tap(self.house.desk, who or self.house.editor, message or self.message, button)
        await self.house.work()
        return tap.text or ""

    async def press(self, old: str) -> str:
        """An editor's tap on what an older screen still shows; what the toast says."""
        tap = self.house.telegram.tap(self.house.desk, self.house.editor, self.message, old, stale=True)
        await self.house.work()
        return tap.text or ""

    async def reply(self, text: str, who: User | None = None) -> list[str]:
        """An editor's words in reply to the draft; the bot's texts after it."""
        house = self.house
        house.telegram.say(house.desk, who or house.editor, text, reply_to=self.message.message_id)
        await house.work()
        return [each.text for each in house.telegram.messages(house.desk) if each.by_bot]

    async def say(self, text: str) -> str:
        """A command, and the bot's answer."""
        await self.house.say(text, self.house.desk, self.house.editor)
        return [each for each in self.house.telegram.messages(self.house.desk) if each.by_bot][-1].text

    def channel(self) -> list[str]:
        return self.house.telegram.texts(self.house.channel)


async def opened(
    house: House,
    fetch: Fetcher,
    *,
    approval: bool = False,
    minutes: int = 30,
    kind: str = "roundup",
    wall: time = time(23),
) -> Evening:
    house.editor.first_name = "Оля"
    second = house.telegram.user(1002, "Андрій")
    house.telegram.join(house.desk, second)
    house.telegram.join(house.desk, house.reader)
    for editor in (house.editor, second):
        house.telegram.set_rights(house.channel, editor, can_post_messages=True)
    async with house.db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", at("06:00"))
    rubrics = (roundup(wall, 7),) if kind == "roundup" else (digest([time(18)], 5),)
    plan = plans.House(house.newsroom, house.wordings, TASTE, rubrics, HOUR, minutes * MINUTE, approval)
    easel = Easel(plan, channel)

    async def ended(tx: Any, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await release.ended(tx, easel, what, state, reason, now)
        await draft_paint.ended(tx, easel, what, now)

    house.endings = Endings(house.newsroom, house.wordings.default, ended)
    house.deliverer = Deliverer(house.db, house.bot, house.endings)
    desk = Desk(
        db=house.db, bot=house.bot, easel=easel, roles=Roles(house.bot, "@nd"), fetch=fetch, parser=Parser(),
        grace=timedelta(seconds=20), stir=house.deliverer.stirred.set, release=house.deliverer.release,
        moved=house.deliverer.moved.set, endings=house.endings,
    )  # fmt: skip
    house.open(desk_door.router(house.desk.id), taste=TASTE, desk=desk)
    return Evening(house, easel, second)


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    """Read once: the catalogues are the slowest thing here."""
    return Wordings(KYIV)


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


@pytest.fixture
async def evening(house: House, fetch: Fetcher) -> Evening:
    """22:30, with eight stories since the morning: the draft has just come."""
    made = await opened(house, fetch)
    await _news(made)
    await made.ring("22:30")
    return made


async def _news(made: Evening) -> None:
    for number, headline in enumerate(HEADLINES):
        await put(made.house.db, headline, at("12:00") - number * MINUTE)


async def _guarded(house: House, fetch: Fetcher) -> Evening:
    """The same in a newsroom that approves its drafts."""
    made = await opened(house, fetch, approval=True)
    await _news(made)
    await made.ring("22:30")
    return made


# What stands there


async def test_the_draft_says_when_it_goes_and_what_it_tells(evening: Evening) -> None:
    text = evening.message.text

    assert text.startswith("🌙 Головне за день — чернетка\n«")
    assert "Вийде сама о 23:00." in text
    assert "Обрано 7 з 8," in text
    assert len(evening.lines) == 8
    assert evening.lines[-1].startswith("▫️ 8. ")
    assert labels(evening.message)[0] == ["✅ Затвердити", "⏸ Не випускати"]
    assert labels(evening.message)[1:4] == [["1", "2", "3"], ["4", "5", "6"], ["7", "8"]]
    assert labels(evening.message)[4:] == [["✏️ Змінити А", "✏️ Змінити Б", "А ⇄ Б"], ["🔀 Порядок", "👁 Як у каналі"]]


async def test_it_goes_out_by_itself_and_says_where(evening: Evening) -> None:
    await evening.ring("23:00")

    assert len(evening.channel()) == 1
    assert "✅ Вийшло о 23:00." in evening.message.text
    assert labels(evening.message) == [["Відкрити в каналі ↗"]]


async def test_a_digest_has_no_fragments_and_the_same_buttons(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch, kind="digest")
    await _news(made)
    await made.ring("17:30")

    assert made.message.text.startswith("🗞 Дайджест — чернетка\nВийде сама о 18:00.")
    assert not any("Змінити" in label for row in labels(made.message) for label in row)
    await made.tap("1")
    await made.ring("18:00")

    [post] = made.channel()
    assert "1. " not in post and post.endswith("Лише найважливіше на 18:00")


async def test_without_drafts_no_message_stands(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch, minutes=0)
    await _news(made)
    await made.ring("22:30")
    await made.ring("23:00")

    assert [each for each in house.telegram.messages(house.desk) if each.by_bot] == []
    assert len(made.channel()) == 1


# Lines


async def test_a_number_takes_its_line_out_and_in(evening: Evening) -> None:
    first = evening.lines[0]

    assert await evening.tap("1") == "Рядка 1 у випуску не буде"
    assert evening.lines[0] == first.replace("✅", "▫️")
    assert await evening.tap("1") == "Рядок 1 буде у випуску"
    assert await evening.tap("2") == "Рядка 2 у випуску не буде"
    gone = evening.lines[1].partition(". ")[2]
    await evening.ring("23:00")

    assert gone not in evening.channel()[0]


async def test_a_line_is_moved_on_its_own_screen(evening: Evening) -> None:
    third = evening.lines[2].partition(". ")[2]

    await evening.tap("🔀 Порядок")
    assert "🔀 Який рядок?" in evening.message.text
    assert await evening.tap("3") == "Рядок 3: місце й слова"
    assert "Рядок 3 з 8" in evening.message.text
    assert await evening.tap("⬆️ Вище") == "Тепер рядок 2"
    assert await evening.tap("⏫ Першим") == "Тепер рядок 1"
    assert await evening.tap("⬆️ Вище") == "Рядок 1 уже там"
    await evening.tap("‹ Назад")
    assert evening.lines[0] == f"✅ 1. {third}"
    await evening.tap("🔀 Порядок")
    await evening.tap("1")
    assert await evening.tap("⏬ Останнім") == "Тепер рядок 7"


async def test_the_next_candidate_takes_a_lines_place(evening: Evening) -> None:
    last = evening.lines[7].partition(". ")[2]
    await evening.tap("🔀 Порядок")
    await evening.tap("2")

    assert await evening.tap("Замінити наступною") == "У рядку 2 — наступна новина"

    assert evening.lines[1] == f"✅ 2. {last}"
    assert evening.lines[7].startswith("▫️ 8. ")


async def test_votes_stand_beside_their_line(evening: Evening) -> None:
    house = evening.house
    async with house.db.transaction() as tx:
        post = await posts.add(
            tx, channel_id=1, state="draft", content=Content("…"), editor=1, now=house.now, story_id=8
        )
        await votes.put(tx, post.id, 1001, 1, house.now)
        await votes.put(tx, post.id, 1002, 1, house.now)
    await evening.ring("22:35")

    assert sum("🔥 2 редактори" in line for line in evening.lines) == 1


# Words


async def test_own_words_of_a_line_go_out(evening: Evening) -> None:
    await evening.tap("🔀 Порядок")
    await evening.tap("2")
    assert await evening.tap("✏️ Свої слова") == "Відповідайте на це повідомлення, до 22:35"
    assert "✏️ Редагує Оля, до 22:35." in evening.message.text

    await evening.reply("Переселенцям перерахують <b>виплати</b>")

    assert "слова редактора" in evening.message.text
    await evening.ring("23:00")
    assert "Переселенцям перерахують <b>виплати</b>" in evening.channel()[0]


async def test_an_editors_fragment_is_the_title_and_a_dash_takes_it_away(evening: Evening) -> None:
    before = evening.message.text.splitlines()[1]
    await evening.tap("✏️ Змінити А")
    await evening.reply("Вода повернулася.")
    assert evening.message.text.splitlines()[1].startswith("«Вода повернулася. ")

    await evening.tap("✏️ Змінити А")
    await evening.reply("—")
    assert evening.message.text.splitlines()[1] == before
    assert await evening.tap("↩️ Скасувати останнє") == "Повернуто як було"
    await evening.ring("23:00")

    assert evening.channel()[0].startswith("Головне за день: Вода повернулася. ")


async def test_the_fragments_change_places(evening: Evening) -> None:
    before = evening.message.text.splitlines()[1].strip("«»").split(". ")

    assert await evening.tap("А ⇄ Б") == "А і Б помінялися місцями"

    assert evening.message.text.splitlines()[1].strip("«»").split(". ") == before[::-1]


async def test_words_too_long_or_none_change_nothing_and_keep_the_lease(evening: Evening) -> None:
    await evening.tap("✏️ Змінити Б")
    before = await evening.draft()

    assert (await evening.reply("ще " * 30 + "."))[-1].startswith("⛔ Задовго на 9 знаків.")
    assert (await evening.reply("…!"))[-1].startswith("У відповіді немає слів.")
    assert await evening.draft() == before
    await evening.reply("Інший фрагмент")

    assert (await evening.draft()).fragment_b == "Інший фрагмент"


async def test_one_editor_writes_at_a_time_and_five_minutes(evening: Evening) -> None:
    await evening.tap("✏️ Змінити А")

    assert await evening.tap("✏️ Змінити Б", evening.second) == "Зараз редагує Оля, до 22:35"
    assert (await evening.reply("Чуже", evening.second))[-1].startswith("Зараз редагує Оля, до 22:35.")
    await evening.ring("22:35")
    assert "Редагує" not in evening.message.text
    assert (await evening.reply("Запізно"))[-1].startswith("Щоб змінити слова, натисніть")
    await evening.tap("✏️ Змінити Б", evening.second)
    await evening.reply("Слова Андрія", evening.second)

    draft = await evening.draft()
    assert (draft.fragment_a, draft.fragment_b) == (None, "Слова Андрія")


async def test_an_edit_is_left_without_a_change(evening: Evening) -> None:
    before = await evening.draft()
    await evening.tap("✏️ Змінити А")

    assert await evening.tap("Скасувати правку") == "Правку скасовано, нічого не змінено"

    assert await evening.draft() == before


# The news goes on


async def test_an_update_is_taken_and_said(evening: Evening) -> None:
    await put(evening.house.db, "Обстріл Торецька на Донеччині: двоє загиблих", at("22:40"), story=7)
    await evening.ring("22:41")

    assert any("двоє загиблих" in line for line in evening.lines)
    assert "оновлено о 22:40 — узято новий текст" in evening.message.text


async def test_an_editors_words_stay_when_the_story_goes_on_and_both_are_shown(evening: Evening) -> None:
    number = next(line.partition(".")[0].split()[-1] for line in evening.lines if "Торецьк" in line)
    await evening.tap("🔀 Порядок")
    await evening.tap(number)
    await evening.tap("✏️ Свої слова")
    await evening.reply("Росіяни вдарили по Торецьку")
    await put(evening.house.db, "Обстріл Торецька на Донеччині: двоє загиблих", at("22:40"), story=7)
    await evening.ring("22:41")
    assert "лишилися слова редактора, а новину оновлено о 22:40: «Обстріл Торецька" in evening.message.text

    await evening.tap("🔀 Порядок")
    await evening.tap(number)
    assert await evening.tap("Текст новини") == "Повернуто автоматичний текст"
    await evening.ring("23:00")

    assert "двоє загиблих" in evening.channel()[0]


async def test_what_is_withdrawn_leaves_the_draft_and_another_takes_its_place(evening: Evening) -> None:
    async with evening.house.db.transaction() as tx:
        await items.withdraw(tx, 2, "push", at("22:50"))
    await evening.ring("22:51")

    assert not any("Виплати" in line for line in evening.lines)
    assert len(evening.lines) == 7
    await evening.ring("23:00")
    assert "Виплати" not in evening.channel()[0]


async def test_no_edit_is_sent_when_nothing_changed(evening: Evening) -> None:
    before = len(evening.house.telegram.calls)

    for minute in (31, 33, 36):
        await evening.ring(f"22:{minute}")

    assert [call.method for call in evening.house.telegram.calls[before:]] == []


async def test_a_tap_that_the_news_overtook_still_means_its_line(evening: Evening) -> None:
    shown = labels_to_data(evening.message)
    out = evening.lines[0].partition(". ")[2]
    await put(evening.house.db, "Обстріл Донеччини: загиблі", at("22:31"))
    await evening.ring("22:32")

    approve = await evening.press(shown["✅ Затвердити"])
    off = await evening.press(shown["1"])

    assert approve == "Новини змінили чернетку. Показую новий стан"
    assert off.startswith("Рядка ") and off.endswith("у випуску не буде")
    assert any(line.startswith("▫️") and line.endswith(out) for line in evening.lines)


# Two at once, stale, without rights


async def test_of_two_at_once_the_first_wins_and_the_other_is_told(evening: Evening) -> None:
    house, shown = evening.house, evening.message
    first = house.telegram.tap(house.desk, house.editor, shown, "1")
    second = house.telegram.tap(house.desk, evening.second, shown, "1")
    await house.work()

    assert (first.text, second.text) == (
        "Рядка 1 у випуску не буде",
        "Чернетку змінено о 22:30 (Оля). Показую новий стан",
    )
    assert evening.lines[0].startswith("▫️ 1.")


async def test_who_may_not_post_is_told_who_may(evening: Evening) -> None:
    before = await evening.draft()

    assert await evening.tap("1", evening.house.reader) == "Це може: Оля, Андрій"
    assert (await evening.reply("Слова", evening.house.reader))[-1] == "Це може: Оля, Андрій"
    assert await evening.draft() == before


async def test_a_button_of_a_draft_that_went_says_so(evening: Evening) -> None:
    old = labels_to_data(evening.message)["1"]
    await evening.ring("23:00")

    assert await evening.press(old) == "Ця чернетка вже не чекає. Показую, що сталося"
    assert len(evening.channel()) == 1


# Approve, hold, skip, undo


async def test_held_it_waits_for_a_word_and_goes_on_one(evening: Evening) -> None:
    assert await evening.tap("⏸ Не випускати") == "Не вийде, доки не скажете"
    assert labels(evening.message)[0] == ["Випустити зараз", "За розкладом", "Пропустити"]
    await evening.ring("23:05")
    assert evening.channel() == []
    assert labels(evening.message)[0] == ["Випустити зараз", "Пропустити"]

    assert await evening.tap("Випустити зараз") == "Надсилаю в канал"
    assert "Піде в канал о 23:05:20" in evening.message.text
    await evening.ring(at("23:05") + timedelta(seconds=20))

    assert len(evening.channel()) == 1
    assert "✅ Вийшло о 23:05." in evening.message.text


async def test_what_is_sent_before_its_time_is_sent_once_and_loses_no_news(evening: Evening) -> None:
    await evening.tap("⏸ Не випускати")
    await evening.tap("Випустити зараз")
    await evening.ring(at("22:30") + timedelta(seconds=20))
    await put(evening.house.db, "Пізня новина", at("22:50"))
    await evening.ring("23:00")

    assert len(evening.channel()) == 1
    until = await evening.house.db.screens.value("SELECT until_at FROM edition")
    assert until == int(at("22:30").timestamp())


async def test_sending_can_be_taken_back_in_its_grace(evening: Evening) -> None:
    await evening.tap("⏸ Не випускати")
    await evening.tap("Випустити зараз")

    assert await evening.tap("↩️ Скасувати останнє") == "Повернуто як було"

    await evening.ring("22:40")
    assert evening.channel() == []
    assert "⏸ Без вашого слова не вийде" in evening.message.text
    await evening.tap("За розкладом")
    await evening.ring("23:00")
    assert len(evening.channel()) == 1


async def test_skipped_it_does_not_go_and_can_come_back(evening: Evening) -> None:
    await evening.tap("⏸ Не випускати")
    assert await evening.tap("Пропустити") == "Пропущено. Новини перейдуть у наступний випуск"
    assert "⏭ Пропущено: Оля, 22:30." in evening.message.text

    assert await evening.tap("↩️ Скасувати останнє") == "Повернуто як було"
    assert "⏸ Без вашого слова не вийде" in evening.message.text
    await evening.tap("Пропустити")
    await evening.ring("23:00")

    assert evening.channel() == []


async def test_approved_it_keeps_its_lines_whatever_comes(evening: Evening) -> None:
    told = [line for line in evening.lines if line.startswith("✅")]
    await evening.tap("✅ Затвердити")
    assert "✅ Затверджено: Оля, 22:30. Вийде о 23:00." in evening.message.text
    await put(evening.house.db, "Обстріл Донеччини: загиблі", at("22:45"))
    await evening.ring("22:50")

    assert [line for line in evening.lines if line.startswith("✅ ")] == told
    await evening.ring("23:00")
    assert "загиблі" not in evening.channel()[0]
    assert "Затверджено: Оля, 22:30." in evening.message.text


async def test_every_act_is_in_the_journal(evening: Evening) -> None:
    await evening.tap("1")
    await evening.tap("↩️ Скасувати останнє")
    await evening.tap("✅ Затвердити")

    rows = await evening.house.db.screens.all(
        "SELECT act, actor FROM journal WHERE subject = 'edition:1' AND actor <> 0 ORDER BY id"
    )
    assert [(row["act"], row["actor"]) for row in rows] == [("off", 1001), ("undo", 1001), ("approve", 1001)]


# Where drafts are approved


async def test_unapproved_it_reminds_once_alarms_once_and_ends_at_midnight(house: House, fetch: Fetcher) -> None:
    made = await _guarded(house, fetch)
    assert "Вийде о 23:00, якщо хтось затвердить." in made.message.text
    for wall in ("22:55", "22:57", "23:00", "23:10", "23:30", "23:59"):
        await made.ring(wall)
    await made.ring(at("00:00", 1))
    await made.ring(at("00:05", 1))

    said = [each.text.splitlines()[0] for each in house.telegram.messages(house.desk) if each.by_bot]
    assert said[1:] == [
        "⏰ «Головне за день» на 23:00 ніхто не затвердив",
        "🚨 «Головне за день» на 23:00 чекає затвердження",
        "⌛ «Головне за день» на 23:00 — випуску не було: до півночі чернетку ніхто не випустив. "
        "Новини перейдуть у наступний.",
    ]
    assert "⌛ Мало вийти сб, 23 листопада о 23:00" in made.message.text
    assert made.channel() == []


async def test_approved_after_its_slot_it_goes_at_once(house: House, fetch: Fetcher) -> None:
    made = await _guarded(house, fetch)
    await made.ring("23:20")
    assert "🚨 Мало вийти о 23:00" in made.message.text

    assert await made.tap("✅ Затвердити", made.second) == "Надсилаю в канал"

    assert len(made.channel()) == 1
    await made.ring("23:21")
    assert "✅ Вийшло о 23:20." in made.message.text
    assert "Затверджено: Андрій, 23:20." in made.message.text
    assert len(made.channel()) == 1


async def test_a_change_after_approval_has_to_be_approved_anew(house: House, fetch: Fetcher) -> None:
    made = await _guarded(house, fetch)
    await made.tap("✅ Затвердити")

    assert await made.tap("1", made.second) == "Змінено. Затвердження знято: затвердьте ще раз"

    await made.ring("23:00")
    assert made.channel() == []


# Looking


async def test_the_preview_is_the_edition_and_only_its_editor_sees_it(evening: Evening) -> None:
    house = evening.house
    await evening.tap("✏️ Змінити А")
    await evening.reply("Вода повернулася")

    assert await evening.tap("👁 Як у каналі") == "Показую нижче — бачите лише ви"
    await evening.ring("23:00")

    preview, post = house.telegram.whispers(house.desk, house.editor)[-1], house.telegram.messages(house.channel)[-1]
    assert (preview.text, preview.entities, preview.link_preview) == (post.text, post.entities, post.link_preview)
    assert house.telegram.whispers(house.desk, evening.second) == []


async def test_evening_leads_to_the_draft_or_says_when_it_comes(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch)
    await _news(made)
    await made.ring("20:00")
    assert await made.say("/evening") == "Чернетка «Головного за день» з’явиться тут: 22:30. Випуск — 23:00."
    await made.ring("22:30")

    assert (await made.say("/evening")).startswith("⬆️ чернетка «Головного за день» · 23:00")
    answer = [each for each in house.telegram.messages(house.desk) if each.by_bot][-1]
    assert answer.reply_to is not None


async def test_drafts_lists_editions_and_posts(evening: Evening) -> None:
    await evening.tap("🔀 Порядок")  # the bot hears her name
    async with evening.house.db.transaction() as tx:
        await posts.add(tx, channel_id=1, state="draft", content=Content("<b>Інтерв’ю</b>"), editor=1001, now=NOON)

    assert await evening.say("/drafts") == (
        "📝 Чернетки: 2\n1. «Головне за день» на 23:00 · 23:00\n2. <b>Інтерв’ю</b> · Оля"
    )


async def test_a_draft_whose_message_was_deleted_comes_back_when_asked_for(evening: Evening) -> None:
    evening.house.telegram.delete(evening.house.desk, evening.message)
    await put(evening.house.db, "Обстріл Торецька на Донеччині: двоє загиблих", at("22:40"), story=7)
    await evening.ring("22:41")  # the edit finds nothing to edit

    await evening.say("/evening")

    assert any("— чернетка" in each.text for each in evening.house.telegram.messages(evening.house.desk))


async def test_every_channel_is_named_when_there_are_several(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch)
    async with house.db.transaction() as tx:
        await channels.seed(tx, "@second", "uk", at("06:00"))
    await _news(made)
    await made.ring("22:30")

    assert made.message.text.splitlines()[0] == "🌙 Головне за день — чернетка · @nd"


async def test_a_clock_that_looked_before_an_editor_skipped_does_nothing(evening: Evening) -> None:
    db = evening.house.db
    every = await programs.every(db.screens, evening.easel.house)
    async with db.transaction() as tx:
        await tx.run("UPDATE edition SET state = 'skipped'")
        rings = [
            asyncio.create_task(prepare_due(db, every, lambda: at("22:40"))),
            asyncio.create_task(publish_due(db, every, lambda: at("23:00"))),
        ]
        for _ in range(30):  # the readers stand in one row: meanwhile both have seen the draft as it was
            await db.screens.value("SELECT 1")
    await asyncio.gather(*rings)

    assert await db.screens.value("SELECT count(*) FROM outbox WHERE edition_id IS NOT NULL") == 0


def labels_to_data(message: Message) -> dict[str, str]:
    """What each button of the message sends, by its label."""
    return {button["text"]: button.get("callback_data", "") for button in message.buttons}


# As it is read


KINDS = ["digest", "roundup", "morning", "weekly", "section:окупація", "reads"]
VIEWS = [
    Sitting(NOON),
    Sitting(NOON, view="order"),
    Sitting(NOON, view="line", story_id=1, writes="line", writes_of=1, writer=1, until_at=NOON + MINUTE),
    Sitting(NOON, writes="a", writer=1, until_at=NOON + MINUTE),
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_draft_fits_a_message_and_a_thumb(kind: str, wordings: Wordings) -> None:
    long = "<b>Дуже</b> " + "довгий " * 60
    rows = [Row(story, long, story % 2 == 0, 3, story == 1, story < 9, long, NOON) for story in range(1, 20)]
    states = ["drafted", "approved", "out", "skipped", "missed", "held", "withdrawn"]
    settled: list[dict[str, Any]] = [{}, {"approved_at": NOON}, {"held_at": NOON}]
    for wording, state, sat, more in product(wordings, states, VIEWS, settled):
        draft = Draft(1, 1, kind, "2024-11-23", "18:00", NOON + HOUR, NOON, 7, state, (), **more)
        view = View(
            draft, sat, rows, [long, long], [("a", long), ("b", long)], "Канал", 99_999, 5, "few", True, False, True,
            "Оля", "Оля", "skip", NOON + MINUTE, url="https://t.me/nd/1",
        )  # fmt: skip
        page = draft_page.show(view, wording, NOON)

        assert units(visible(page.text)) <= MESSAGE_LIMIT
        assert "<b>Дуже" not in page.text
        assert all(1 <= len(row) <= 3 for row in page.keyboard if row)
        assert all(len(button.label) <= 32 and len(button.data) <= 64 for row in page.keyboard for button in row)


async def test_an_editors_fragment_of_a_story_that_went_on_is_shown_with_the_new_one(evening: Evening) -> None:
    await evening.tap("✏️ Змінити Б")
    await evening.reply("Торецьк під вогнем")
    await put(evening.house.db, "Обстріл Торецька на Донеччині: двоє загиблих", at("22:40"), story=7)
    await evening.ring("22:41")

    assert "⚠️ Б: лишилися слова редактора, а новина вже інша: «" in evening.message.text


async def test_a_draft_that_midnight_overtook_in_an_outage_still_goes(house: House, fetch: Fetcher) -> None:
    # Drafts that wait for a word end at midnight; one that goes by itself was only late.
    made = await opened(house, fetch, wall=time(23, 50))
    await _news(made)
    await made.ring("23:20")
    await made.ring(at("00:02", 1))

    assert len(made.channel()) == 1


async def test_a_draft_of_the_day_before_yesterday_ends(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch)
    await _news(made)
    await made.ring("22:30")
    await made.ring(at("12:00", 2))

    states = await house.db.screens.all("SELECT state FROM edition WHERE local_date = '2024-11-23'")
    assert [row["state"] for row in states] == ["skipped"]
    assert made.channel() == []


async def test_a_restart_before_the_message_was_put_shows_the_draft_once(house: House, fetch: Fetcher) -> None:
    made = await opened(house, fetch)
    await _news(made)
    every = await programs.every(house.db.screens, made.easel.house)
    await prepare_due(house.db, every, lambda: at("22:30"))  # and the machine stops here

    await made.ring("22:31")
    await made.ring("22:32")

    assert len([each for each in house.telegram.messages(house.desk) if each.by_bot]) == 1
