"""After an outage the bot does not fire its backlog: one message asks, and an editor's tap decides (screens, E15)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import paint, release
from bot.desk.overdue import gather
from bot.desk.paint import Easel
from bot.editions import programs
from bot.editions.program import Program
from bot.editions.publish import publish_due
from bot.newsroom import Newsroom
from bot.playground import Message, Tap, User
from bot.wording import Wordings
from storage import channels, outbox, posts
from storage.model import Content, Parcel, Post
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put
from tests.test_app import Town

HOUR = timedelta(hours=1)
WORDINGS = Wordings(KYIV)
UK = WORDINGS.default
ALL = ["Розставити по 10 хв", "Лише найважливіший", "По одному", "Прибрати всі з черги"]
TOWNS = ["Краматорська", "Слов’янська", "Покровська", "Курахового", "Торецька", "Лиману"]
DESKLESS = Newsroom("", "@nd", None, KYIV, "uk")
TRAINS, MONEY, WATER = "Розклад електричок", "Виплати переселенцям", "Краматорськ: вода"


def at(wall: str) -> datetime:
    """The instant of the newsroom's clock on the day of NOON, which is 14:06 there."""
    hours, minutes = wall.split(":")
    return NOON.astimezone(KYIV).replace(hour=int(hours), minute=int(minutes)).astimezone(NOON.tzinfo)


@dataclass(repr=False)
class Shift:
    """The desk at work in the house, with Оля and Андрій who may post and Тарас who may not."""

    house: House
    easel: Easel
    second: User = field(init=False)

    async def programs(self) -> list[Program]:
        return await programs.every(self.house.db.screens, self.easel.house)

    def __post_init__(self) -> None:
        house = self.house
        house.editor.first_name = "Оля"
        self.second = house.telegram.user(1002, "Андрій")
        house.telegram.join(house.desk, self.second)
        house.telegram.join(house.desk, house.reader)
        for editor in (house.editor, self.second):
            house.telegram.set_rights(house.channel, editor, can_post_messages=True)

        async def ended(tx: object, what: Parcel, state: str, reason: str, now: datetime) -> None:
            await release.ended(tx, self.easel, what, state, reason, now)  # type: ignore[arg-type]

        house.endings = Endings(house.newsroom, UK, ended)
        house.deliverer = Deliverer(house.db, house.bot, house.endings)

    async def queued(
        self, title: str, wall: str, state: str = "queued", story: int | None = None, channel: int | None = None
    ) -> Post:
        """A post that an editor queued for this time (or, as 'publishing', sent at once), with its card."""
        async with self.house.db.transaction() as tx:
            made = await posts.add(
                tx, channel_id=channel or self.easel.channel.id, state="draft", content=Content(title),
                editor=self.house.editor.id, now=self.house.now, story_id=story,
            )  # fmt: skip
            await paint.offer(tx, self.easel, made, self.house.now)
            post = await posts.change(
                tx, made, state=state, due_at=at(wall), editor=self.house.editor.id, now=self.house.now
            )
            assert post is not None
            await paint.repaint(tx, self.easel, post, self.house.now)
        await self.house.deliver()
        return post

    async def back(self, since: str, wall: str) -> None:
        """The bot is back after an outage, and looks at what is overdue before anything else."""
        self.house.now = at(wall)
        await gather(self.house.db, self.easel, await self.programs(), self.house.now, (at(since), at(wall)))
        await self.ring(wall)

    async def ring(self, wall: str) -> None:
        """The clock rings: everything that is due, and everything that follows from it."""
        self.house.now = max(self.house.now, at(wall))
        await publish_due(self.house.db, await self.programs(), lambda: self.house.now)
        await release.release_due(self.house.db, self.easel, self.house.now, 10 * MINUTE)
        await gather(self.house.db, self.easel, await self.programs(), self.house.now)
        await self.house.deliver()

    async def tap(self, button: str, who: User | None = None, shown: Message | None = None, **more: bool) -> Tap:
        """An editor (Оля, when not said otherwise) taps a button of the list."""
        tap = self.house.telegram.tap(self.house.desk, who or self.house.editor, shown or self.asked, button, **more)
        await self.house.work()
        return tap

    async def card(self, post: Post) -> Message:
        intent = f"card:{post.id}"
        number = await self.house.db.screens.value(
            "SELECT message_id FROM message JOIN outbox ON outbox.id = outbox_id WHERE intent = ?", (intent,)
        )
        return next(each for each in self.house.telegram.messages(self.house.desk) if each.message_id == number)

    @property
    def lists(self) -> list[Message]:
        """The messages about what is overdue that stand."""
        heads = ("🔌", "⏰ Не вдалося")
        return [each for each in self.house.telegram.messages(self.house.desk) if each.text.startswith(heads)]

    @property
    def asked(self) -> Message:
        """The newest of them."""
        return self.lists[-1]

    @property
    def channel(self) -> list[str]:
        return self.house.telegram.texts(self.house.channel)

    async def states(self) -> dict[str, str]:
        rows = await self.house.db.screens.all(
            """SELECT text, state FROM post JOIN post_version AS v ON v.post_id = id AND v.version = post.version
                ORDER BY id"""
        )
        return {row["text"]: row["state"] for row in rows}

    async def edition(self) -> list[str]:
        return [row["state"] for row in await self.house.db.screens.all("SELECT state FROM edition ORDER BY id")]


@pytest.fixture
async def shift(home: House) -> Shift:
    easel: Easel = home.dispatcher.workflow_data["desk"].easel
    return Shift(home, easel)


async def three(shift: Shift) -> list[Post]:
    """Three posts of the queue whose time passed while the bot was away."""
    made = [await shift.queued(title, wall) for title, wall in ((TRAINS, "14:10"), (MONEY, "14:15"), (WATER, "14:30"))]
    await shift.back("14:07", "14:36")
    return made


# The question


async def test_of_two_channels_each_line_names_its_own_and_the_rights_of_both_are_asked(shift: Shift) -> None:
    async with shift.house.db.transaction() as tx:
        other = await channels.seed(tx, "@nd_ru", "ru", NOON)
    shift.house.telegram.channel("Новости", username="nd_ru", admins=[shift.house.account, shift.house.editor])
    await shift.queued(TRAINS, "14:10")
    await shift.queued(MONEY, "14:15", channel=other.id)
    await shift.back("14:07", "14:36")

    refused = await shift.tap("Прибрати всі з черги", shift.second)  # Андрій may post in the first alone
    asked = shift.asked.text
    taken = await shift.tap("Прибрати всі з черги")

    assert asked.splitlines()[2:] == [f"1. 14:10 {TRAINS} · @nd", f"2. 14:15 {MONEY} · @nd_ru"]
    assert (refused.alert, "Оля" in refused.text, "Андрій" in refused.text) == (True, True, False)
    assert not taken.alert
    assert await shift.states() == {TRAINS: "draft", MONEY: "draft"}


async def test_after_half_an_hour_away_three_due_posts_are_asked_about_and_none_is_sent(shift: Shift) -> None:
    cards = [await shift.card(post) for post in await three(shift)]

    assert shift.channel == []
    assert await shift.states() == {TRAINS: "missed", MONEY: "missed", WATER: "missed"}
    [asked] = shift.lists
    assert asked.text == (
        "🔌 Бот не працював 14:07–14:36\n"
        "Прострочено: 3 дописи. Без вас бот цього не публікує.\n"
        f"1. 14:10 {TRAINS}\n2. 14:15 {MONEY}\n3. 14:30 {WATER}"
    )
    assert labels(asked) == [ALL[:1], ALL[1:3], ALL[3:]]
    assert asked.silent is False
    group = str(shift.house.desk.id).removeprefix("-100")
    assert [each["url"] for each in asked.entities if each["type"] == "text_link"] == [
        f"https://t.me/c/{group}/{card.message_id}" for card in cards
    ]


async def test_the_cards_of_what_was_missed_say_so_and_the_question_is_asked_once(shift: Shift) -> None:
    first, *_ = await three(shift)
    edits = len(shift.house.telegram.called("editMessageText"))

    await shift.ring("14:40")
    await shift.ring("14:50")

    assert len(shift.lists) == 1
    assert len(shift.house.telegram.called("editMessageText")) == edits
    assert (await shift.card(first)).text.startswith("⏰ Час минув: 14:10")
    assert shift.channel == []


async def test_an_outage_with_nothing_overdue_is_one_silent_line(shift: Shift) -> None:
    await shift.queued(WATER, "15:30")

    await shift.back("14:07", "14:36")

    assert [each.text for each in shift.lists] == ["🔌 Бот не працював: 14:07 — 14:36."]
    assert shift.asked.silent


async def test_what_is_due_when_the_outage_ends_goes_by_itself(shift: Shift) -> None:
    post = await shift.queued(WATER, "14:36")

    await shift.back("14:07", "14:36")

    assert shift.channel == [WATER]
    parcel = await outbox.find(shift.house.db.screens, release.intent(post))
    assert parcel is not None and parcel.stale_at == at("14:46")


async def test_what_an_editor_sent_at_once_has_a_patience_of_its_own(shift: Shift) -> None:
    await shift.queued(WATER, "14:07", "publishing")

    await shift.back("14:07", "14:36")

    assert shift.channel == [WATER]


async def test_what_an_editor_sent_at_once_is_asked_about_when_it_is_too_late_for_that_too(shift: Shift) -> None:
    await shift.queued(WATER, "14:07", "publishing")

    await shift.back("14:07", "14:38")

    assert shift.channel == []
    assert WATER in shift.asked.text


async def test_breaking_news_goes_before_everything_else(shift: Shift) -> None:
    await shift.queued(TRAINS, "14:10")
    await shift.queued(WATER, "14:11", "publishing")

    shift.house.now = at("14:12")
    await release.release_due(shift.house.db, shift.easel, shift.house.now, 10 * MINUTE)
    await shift.house.deliver()

    assert shift.channel == [WATER, TRAINS]


async def test_what_becomes_overdue_later_joins_the_list_at_the_end_of_the_chat(shift: Shift) -> None:
    await three(shift)
    first = shift.asked
    await shift.queued("Ще один", "14:40")

    await shift.ring("14:55")

    [asked] = shift.lists
    assert asked.message_id > first.message_id
    assert asked.text.startswith("🔌 Бот не працював 14:07–14:36\nПрострочено: 4 дописи.")
    assert not asked.silent
    tap = await shift.tap("Розставити по 10 хв", shown=first)
    assert tap.text == "Є новіший список — нижче в чаті"


async def test_without_an_outage_the_list_says_that_it_could_not_be_sent_in_time(shift: Shift) -> None:
    await shift.queued(WATER, "14:10")

    await shift.ring("14:25")

    assert shift.asked.text == (
        f"⏰ Не вдалося надіслати вчасно\nПрострочено: 1 допис. Без вас бот цього не публікує.\n1. 14:10 {WATER}"
    )
    assert labels(shift.asked) == [["Поставити через 10 хв"], ["⚡ Зараз", "По одному"], ["Прибрати з черги"]]


async def test_a_post_that_waited_in_the_outbox_too_long_is_missed_and_may_go_again_once(shift: Shift) -> None:
    post = await shift.queued(WATER, "14:10")
    shift.house.now = at("14:10")
    await release.release_due(shift.house.db, shift.easel, shift.house.now, 10 * MINUTE)  # and no network

    await shift.ring("14:21")
    assert shift.channel == []
    assert (await shift.card(post)).text.startswith("⏰ Час минув: 14:10")
    await shift.tap("Поставити через 10 хв")
    await shift.ring("14:31")
    await shift.ring("14:32")

    assert shift.channel == [WATER]
    assert await shift.states() == {WATER: "published"}


async def test_within_its_patience_a_post_in_the_outbox_goes_by_itself(shift: Shift) -> None:
    await shift.queued(WATER, "14:10")
    shift.house.now = at("14:10")
    await release.release_due(shift.house.db, shift.easel, shift.house.now, 10 * MINUTE)

    await shift.ring("14:20")

    assert shift.channel == [WATER]


async def test_new_words_on_a_missed_post_are_no_new_question(shift: Shift) -> None:
    first, *_ = await three(shift)
    card = await shift.card(first)

    shift.house.telegram.say(shift.house.desk, shift.house.editor, "Новий розклад", reply_to=card.message_id)
    await shift.house.work()
    await shift.tap("✅ Зберегти", shown=await shift.card(first))
    await shift.ring("14:40")

    assert len(shift.lists) == 1
    assert "1. 14:10 Новий розклад" in shift.asked.text


async def test_where_there_is_no_desk_a_missed_post_is_only_in_the_journal(shift: Shift) -> None:
    await shift.queued(WATER, "14:10")
    alone = replace(
        shift.easel, house=replace(shift.easel.house, newsroom=replace(shift.house.newsroom, admin_chat=None))
    )

    await gather(shift.house.db, alone, await shift.programs(), at("14:36"), (at("14:07"), at("14:36")))
    await shift.house.deliver()

    assert shift.lists == []
    assert await shift.states() == {WATER: "missed"}
    assert await shift.house.db.screens.value("SELECT act FROM journal ORDER BY id DESC LIMIT 1") == "miss"


async def test_a_post_that_is_missed_again_is_asked_about_again_and_once(shift: Shift) -> None:
    first, second, _ = await three(shift)
    for post in (first, second):
        card = await shift.card(post)
        shift.house.telegram.say(shift.house.desk, shift.house.editor, "14:50", reply_to=card.message_id)
    await shift.house.work()

    await shift.back("14:40", "14:58")

    assert shift.asked.text.endswith(f"1. 14:30 {WATER}\n2. 14:50 {TRAINS}\n3. 14:50 {MONEY}")


async def test_while_telegram_is_away_lists_do_not_pile_up(shift: Shift) -> None:
    for title, wall in ((TRAINS, "14:10"), (MONEY, "14:25")):
        await shift.queued(title, wall)
    for wall in ("14:21", "14:36"):  # the clock rings, and nothing can be sent
        await gather_after(shift, wall)

    await shift.ring("14:40")

    [asked] = shift.lists
    assert asked.text.endswith(f"1. 14:10 {TRAINS}\n2. 14:25 {MONEY}")
    every = shift.house.telegram.every_message(shift.house.desk)
    assert len([each for each in every if each.text.startswith("⏰ Не вдалося")]) == 1


async def gather_after(shift: Shift, wall: str) -> None:
    await release.release_due(shift.house.db, shift.easel, at(wall), 10 * MINUTE)
    await gather(shift.house.db, shift.easel, await shift.programs(), at(wall))


async def test_a_post_that_an_editor_dropped_after_a_doubt_is_a_draft_and_goes_nowhere(shift: Shift) -> None:
    post = await shift.queued(WATER, "14:10")
    shift.house.now = at("14:10")
    await release.release_due(shift.house.db, shift.easel, shift.house.now, 10 * MINUTE)
    async with shift.house.db.transaction() as tx:
        parcel = await outbox.find(tx, release.intent(post))
        assert parcel is not None
        await outbox.doubted(tx, parcel.id, "no answer")
        await shift.house.endings.dropped(tx, parcel, shift.house.now)

    await shift.ring("14:11")

    assert await shift.states() == {WATER: "draft"}
    assert shift.channel == []


async def test_the_bot_itself_asks_when_it_is_back_after_its_process_died(house: House, tmp_path: Path) -> None:
    town = Town(house, tmp_path)
    async with town.open() as app:
        await app.visit()
        async with app.db.transaction() as tx:
            for title, wall in ((TRAINS, "14:10"), (MONEY, "14:15"), (WATER, "14:30")):
                made = await posts.add(
                    tx, channel_id=app.channel.id, state="draft", content=Content(title), editor=1, now=NOON
                )
                await posts.change(tx, made, state="queued", due_at=at(wall), editor=1, now=NOON)

    town.now = at("14:35")  # the last beat was at 14:06
    for _ in range(2):  # and the second time it was away for a moment only
        async with town.open() as app:
            await app.visit()

    assert house.telegram.texts(house.channel) == []
    assert town.notes == ["🔌 Бот не працював 14:06–14:35"]


# The choice


async def test_what_stands_alone_is_spoken_of_alone(shift: Shift) -> None:
    await shift.queued(WATER, "14:10")
    await shift.back("14:07", "14:36")

    tap = await shift.tap("Поставити через 10 хв")
    assert tap.text == "У черзі на 14:46"
    assert "✅ Поставлено в чергу · Оля, 14:36" in shift.asked.text
    await shift.tap("↩️ Скасувати")
    tap = await shift.tap("⚡ Зараз")

    assert tap.text == "Скоро піде в канал. Передумали — «Скасувати»"
    assert "✅ Надсилаю · Оля, 14:36" in shift.asked.text


async def test_spread_ten_minutes_apart_in_the_old_order_past_what_is_taken(shift: Shift) -> None:
    await shift.queued("Зайнято", "14:58")
    await three(shift)

    tap = await shift.tap("Розставити по 10 хв")

    assert tap.text == "Розставлено. Перший допис — 14:46"
    assert shift.asked.text == (
        "🔌 Бот не працював 14:07–14:36\n✅ Розставлено по 10 хв · Оля, 14:36\n"
        f"1. 14:46 {TRAINS}\n2. 15:16 {MONEY}\n3. 15:26 {WATER}"
    )
    assert labels(shift.asked) == [["↩️ Скасувати"]]
    for wall in ("14:46", "14:58", "15:16", "15:26"):
        await shift.ring(wall)
    assert shift.channel == [TRAINS, "Зайнято", MONEY, WATER]
    assert labels(shift.asked) == []  # there is nothing to take back any more


async def test_what_did_not_go_meanwhile_can_be_taken_back(shift: Shift) -> None:
    await three(shift)
    await shift.tap("Розставити по 10 хв")
    await shift.ring("14:46")

    tap = await shift.tap("↩️ Скасувати", shift.second)

    assert tap.text == "Скасовано 2 із 3: решта вже пішла або змінилася"
    assert shift.asked.text.endswith(
        f"Прострочено: 2 дописи. Без вас бот цього не публікує.\n1. 14:15 {MONEY}\n2. 14:30 {WATER}"
    )
    assert labels(shift.asked) == [ALL[:1], ALL[1:3], ALL[3:]]
    await shift.ring("15:30")
    assert shift.channel == [TRAINS]


async def test_what_an_editor_moved_at_its_card_stays_there_when_the_choice_is_taken_back(shift: Shift) -> None:
    first, *_ = await three(shift)
    await shift.tap("Розставити по 10 хв")
    card = await shift.card(first)
    shift.house.telegram.say(shift.house.desk, shift.second, "18:40", reply_to=card.message_id)
    await shift.house.work()

    tap = await shift.tap("↩️ Скасувати")

    assert tap.text == "Скасовано 2 із 3: решта вже пішла або змінилася"
    assert await shift.states() == {TRAINS: "queued", MONEY: "missed", WATER: "missed"}


async def test_only_the_most_important_leaves_and_the_others_are_drafts(shift: Shift) -> None:
    item = await put(shift.house.db, "Обстріл Краматорська: троє загиблих", section="Війна")
    await shift.queued(TRAINS, "14:10")
    await shift.queued(WATER, "14:30", story=item.story_id)
    await shift.back("14:07", "14:36")

    tap = await shift.tap("Лише найважливіший")

    assert tap.text == "Найважливіший скоро піде. Передумали — «Скасувати»"
    assert shift.asked.text.endswith(
        f"✅ Лише найважливіший · Оля, 14:36\n1. {TRAINS} — у чернетки\n2. {WATER} — одразу в канал"
    )
    await shift.ring("14:37")
    assert shift.channel == [WATER]
    assert await shift.states() == {TRAINS: "draft", WATER: "published"}


async def test_only_the_most_important_can_be_taken_back_until_it_leaves(shift: Shift) -> None:
    await three(shift)
    await shift.tap("Лише найважливіший")

    tap = await shift.tap("↩️ Скасувати")
    await shift.ring("14:40")

    assert tap.text == "Скасовано: знову чекає вашого рішення"
    assert shift.channel == []
    assert set((await shift.states()).values()) == {"missed"}


async def test_everything_out_of_the_queue_leaves_drafts(shift: Shift) -> None:
    await three(shift)

    tap = await shift.tap("Прибрати всі з черги")
    await shift.ring("15:30")

    assert tap.text == "Прибрано з черги. Дописи лишилися чернетками"
    assert set((await shift.states()).values()) == {"draft"}
    assert shift.channel == []
    await shift.tap("↩️ Скасувати")
    assert set((await shift.states()).values()) == {"missed"}


async def test_a_choice_of_yesterday_is_not_taken_back_here(shift: Shift) -> None:
    await three(shift)
    await shift.tap("Прибрати всі з черги")
    shown = shift.asked
    button = str(shown.buttons[0]["callback_data"])

    shift.house.now += 24 * HOUR + MINUTE
    await shift.ring("14:36")
    tap = await shift.tap(button, shown=shown, stale=True)

    assert labels(shown) == []
    assert tap.text == "Скасувати вже не можна"
    assert set((await shift.states()).values()) == {"draft"}


async def test_one_by_one_leads_to_the_cards_and_leaves_the_list(shift: Shift) -> None:
    await three(shift)
    before = shift.asked.text

    tap = await shift.tap("По одному", shift.house.reader)

    assert tap.text == "Торкніться заголовка — відкриється картка"
    assert shift.asked.text == before


async def test_when_each_card_was_dealt_with_the_list_says_so(shift: Shift) -> None:
    first, second, third = await three(shift)

    await shift.tap("⚡ Зараз", shown=await shift.card(first))
    assert shift.asked.text.endswith(f"1. 14:15 {MONEY}\n2. 14:30 {WATER}")
    for post in (second, third):
        await shift.tap("Не для каналу", shown=await shift.card(post))

    assert shift.asked.text == "🔌 Бот не працював 14:07–14:36\n✅ Прострочене розібрано."
    assert labels(shift.asked) == []


async def test_two_editors_at_once_one_wins_and_the_other_is_told_who(shift: Shift) -> None:
    await three(shift)
    house, asked = shift.house, shift.asked

    first = house.telegram.tap(house.desk, house.editor, asked, "Розставити по 10 хв")
    second = house.telegram.tap(house.desk, shift.second, asked, "Прибрати всі з черги")
    await house.work()

    assert first.text == "Розставлено. Перший допис — 14:46"
    assert second.text == "Змінено о 14:36 (Оля). Показую, як тепер"
    assert set((await shift.states()).values()) == {"queued"}


@pytest.mark.parametrize("button", [ALL[0], ALL[1], ALL[3]])
async def test_who_may_not_post_is_told_who_may(shift: Shift, button: str) -> None:
    await three(shift)

    tap = await shift.tap(button, shift.house.reader)

    assert tap.text is not None and set(tap.text.removeprefix("Це може: ").split(", ")) == {"Оля", "Андрій"}
    assert set((await shift.states()).values()) == {"missed"}


@pytest.mark.parametrize("data", ["l:undo:99:1", "l:spread:1", "l:", "l:erase:1:1"])
async def test_a_button_of_another_time_explains_itself(shift: Shift, data: str) -> None:
    await three(shift)

    tap = await shift.tap(data, stale=True)

    assert tap.text == UK.text("desk.toast.stale")


async def test_who_chose_what_is_in_the_journal(shift: Shift) -> None:
    await three(shift)
    await shift.tap("Прибрати всі з черги")

    rows = await shift.house.db.screens.all("SELECT act, subject, actor FROM journal WHERE actor <> 0 ORDER BY id")

    assert [tuple(row) for row in rows][-4:] == [
        *(("remove", f"post:{number}", 1001) for number in (1, 2, 3)),
        ("drop", "late:1", 1001),
    ]


# Editions


async def news(shift: Shift, count: int = 4) -> None:
    for number, town in enumerate(TOWNS[:count], start=2):
        await put(shift.house.db, f"Обстріл {town}: {number} загиблих", at("17:00"), section="Війна")


async def test_a_missed_digest_goes_at_an_editors_word_and_tells_what_is_known_now(shift: Shift) -> None:
    await news(shift)
    await shift.queued(WATER, "19:10")
    await shift.back("17:50", "19:30")
    assert "Прострочено: 1 допис і 1 випуск." in shift.asked.text
    assert f"1. 18:00 Дайджест\n2. 19:10 {WATER}" in shift.asked.text

    await shift.tap("Розставити по 10 хв")
    await shift.ring("19:31")

    assert await shift.edition() == ["out"]
    [digest] = shift.channel
    assert digest.endswith("Лише найважливіше на 18:00")
    assert f"1. Дайджест — одразу в канал\n2. 19:40 {WATER}" in shift.asked.text


async def test_editions_alone_are_sent_or_not(shift: Shift) -> None:
    await news(shift)
    await shift.back("17:50", "19:30")

    assert "Прострочено: 1 випуск." in shift.asked.text
    assert labels(shift.asked) == [["Надіслати зараз"], ["Прибрати з черги"]]
    tap = await shift.tap("Надіслати зараз")
    assert tap.text == "Скоро піде в канал. Передумали — «Скасувати»"
    assert "✅ Надсилаю · Оля, 19:30" in shift.asked.text


async def test_a_digest_that_an_editor_sent_can_be_taken_back_until_it_leaves(shift: Shift) -> None:
    await news(shift)
    await shift.back("17:50", "19:30")
    await shift.tap("Надіслати зараз")

    await shift.tap("↩️ Скасувати")
    await shift.ring("19:32")
    assert (shift.channel, await shift.edition()) == ([], ["missed"])
    await shift.tap("Надіслати зараз")
    await shift.ring("19:33")

    assert len(shift.channel) == 1
    assert await shift.edition() == ["out"]


async def test_a_missed_digest_with_too_little_to_tell_says_so(shift: Shift) -> None:
    await news(shift, 1)
    await shift.back("17:50", "19:30")

    tap = await shift.tap("Надіслати зараз")
    await shift.ring("19:32")

    assert tap.text == "Випуску не буде. Чому — у списку"
    assert "1. Дайджест — без випуску: важливих новин замало" in shift.asked.text
    assert (shift.channel, await shift.edition()) == ([], ["skipped"])
    assert labels(shift.asked) == []
    assert len(shift.house.telegram.texts(shift.house.desk)) == 1  # no note beside it


async def test_the_news_of_a_digest_that_an_editor_dropped_stays_for_the_next(shift: Shift) -> None:
    await news(shift, 6)
    await shift.back("17:50", "19:30")

    await shift.tap("Прибрати з черги")
    await shift.ring("23:00")

    assert await shift.edition() == ["missed", "out"]
    assert TOWNS[1] in shift.channel[0]


async def test_of_several_missed_digests_the_latest_tells_it_all(shift: Shift) -> None:
    await news(shift)
    tomorrow = at("14:20") + 24 * HOUR
    shift.house.now = tomorrow
    await gather(shift.house.db, shift.easel, await shift.programs(), tomorrow, (at("17:50"), tomorrow))
    await shift.house.deliver()

    await shift.tap("Надіслати зараз")

    few = "без випуску: важливих новин замало"
    assert shift.asked.text.splitlines()[2:] == [
        f"1. Дайджест — {few}", f"2. Головне за день — {few}", f"3. Дайджест — {few}", "4. Дайджест — одразу в канал",
    ]  # fmt: skip


async def stuck(shift: Shift) -> None:
    """A digest that stands in the outbox, and no network until its patience is over."""
    await news(shift)
    shift.house.now = at("18:00")
    await publish_due(shift.house.db, await shift.programs(), lambda: at("18:00"))
    await shift.ring("19:01")


async def test_a_digest_that_waited_in_the_outbox_too_long_is_asked_about_and_goes_at_an_editors_word(
    shift: Shift,
) -> None:
    await stuck(shift)
    assert (shift.channel, await shift.edition()) == ([], ["approved"])
    assert "1. 18:00 Дайджест" in shift.asked.text

    await shift.tap("Надіслати зараз")
    await shift.ring("19:02")

    assert len(shift.channel) == 1
    assert await shift.edition() == ["out"]


async def test_a_digest_that_an_editor_dropped_from_the_outbox_is_held_and_can_be_brought_back(shift: Shift) -> None:
    await stuck(shift)

    await shift.tap("Прибрати з черги")
    assert await shift.edition() == ["held"]
    await shift.tap("↩️ Скасувати")
    await shift.ring("19:10")
    assert (shift.channel, await shift.edition()) == ([], ["approved"])
    assert "1. 18:00 Дайджест" in shift.asked.text
    await shift.tap("Надіслати зараз")
    await shift.ring("19:12")

    assert len(shift.channel) == 1


async def test_the_rest_of_an_edition_that_went_in_part_can_be_cut_and_brought_back(shift: Shift) -> None:
    await stuck(shift)
    async with shift.house.db.transaction() as tx:  # its first part went, this is its second
        await tx.run("UPDATE outbox SET part = 2 WHERE intent = 'edition:1:1'")
        await outbox.put(
            tx,
            Parcel("edition:1:0", "@nd", "sendMessage", {"text": "перша"}, 1, at("18:00"), edition_id=1),
            at("18:00"),
        )
    await shift.house.deliver()

    await shift.tap("Прибрати з черги")
    assert "1. Дайджест — решта не виходить" in shift.asked.text
    assert await shift.edition() == ["out"]
    await shift.tap("↩️ Скасувати")
    await shift.tap("Надіслати зараз")
    await shift.ring("19:02")

    assert len(shift.channel) == 2
    assert await shift.edition() == ["out"]


async def test_a_digest_that_the_newsroom_wants_no_more_is_not_sent(shift: Shift) -> None:
    await news(shift)
    await shift.back("17:50", "19:30")
    desk = shift.house.dispatcher.workflow_data["desk"]
    easel = replace(shift.easel, house=replace(shift.easel.house, rubrics=()))
    shift.house.open(desk=replace(desk, easel=easel))

    tap = await shift.tap("Надіслати зараз")

    assert tap.text == "Випуску не буде. Чому — у списку"
    assert "1. Дайджест — такого випуску в налаштуваннях уже немає" in shift.asked.text
    await shift.ring("19:32")
    assert (shift.channel, len(shift.lists)) == ([], 1)


async def test_where_there_is_no_desk_the_news_of_a_stuck_digest_goes_into_the_next(shift: Shift) -> None:
    await news(shift)
    await publish_due(shift.house.db, await shift.programs(), lambda: at("18:00"))
    alone = replace(
        shift.easel, house=replace(shift.easel.house, newsroom=replace(shift.house.newsroom, admin_chat=None))
    )

    await gather(shift.house.db, alone, await shift.programs(), at("19:01"))

    assert await shift.edition() == ["held"]


async def test_an_edition_and_a_post_that_are_sent_late_again_are_asked_about_again(shift: Shift) -> None:
    await stuck(shift)
    await shift.tap("Надіслати зараз")  # and again no network
    shift.house.now = at("20:10")

    await shift.ring("20:10")

    assert shift.channel == []
    assert "1. 18:00 Дайджест" in shift.asked.text
    assert labels(shift.asked)[0] == ["Надіслати зараз"]
