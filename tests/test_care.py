"""An embargo, a pin and a term: what editors arrange for a post beside its time (screens, E2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import care, release
from bot.editions.compose import candidates
from bot.playground import User
from bot.wording import Wordings
from storage import cares, posts
from storage.database import Transaction
from storage.model import Parcel, Post
from tests.conftest import KYIV, NOON, House, labels, put
from tests.test_late import MONEY, TRAINS, Shift, at

HOUR = timedelta(hours=1)


class Caring(Shift):
    """The desk at work; what is sent is looked after."""

    def __post_init__(self) -> None:
        super().__post_init__()
        house = self.house

        async def ended(tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
            await release.ended(tx, self.easel, what, state, reason, now)
            await care.ended(tx, what, state, now)

        house.endings = Endings(house.newsroom, Wordings(KYIV).default, ended)
        house.deliverer = Deliverer(house.db, house.bot, house.endings)

    async def ring(self, wall: str) -> None:
        await super().ring(wall)
        await care.follow(self.house.db, self.easel, self.house.now)
        await self.house.deliver()

    async def reply(self, post: Post, text: str, who: User | None = None) -> str:
        """Words in reply to the card; the card after them."""
        card = await self.card(post)
        self.house.telegram.say(self.house.desk, who or self.house.editor, text, reply_to=card.message_id)
        await self.house.work()
        return (await self.card(post)).text

    async def press(self, post: Post, button: str) -> str:
        tap = await self.tap(button, shown=await self.card(post))
        return str(tap.answer["text"]) if tap.answer else ""

    async def fresh(self, post: Post) -> Post:
        found = await posts.get(self.house.db.screens, post.id)
        assert found is not None
        return found

    @property
    def pinned(self) -> list[str]:
        return [each.text for each in self.house.telegram.messages(self.house.channel) if each.pinned]


@pytest.fixture
async def desk(home: House) -> Caring:
    return Caring(home, home.dispatcher.workflow_data["desk"].easel)


async def test_what_stands_before_its_embargo_moves_to_its_end(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:30")

    card = await desk.reply(post, "Ембарго до 17:00")

    assert card.splitlines()[0] == "📅 У черзі на 17:00"
    assert "🔒 Ембарго до 17:00" in card


async def test_nobody_gives_it_an_earlier_time_while_the_embargo_stands(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:30")
    await desk.reply(post, "ембарго до завтра 9")

    said = await desk.press(post, "⚡ Зараз")
    await desk.reply(post, "18:40")

    assert said == "Ембарго до завтра о 09:00. Спершу зніміть його"
    assert (await desk.fresh(post)).due_at == datetime(2024, 11, 24, 7, tzinfo=NOON.tzinfo)


async def test_a_lifted_embargo_lets_the_post_go(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:30")
    await desk.reply(post, "Ембарго до 17:00")

    lifted = await desk.press(post, "🔓 Зняти ембарго")
    await desk.press(post, "⚡ Зараз")

    assert lifted == "Ембарго знято"
    assert (await desk.fresh(post)).state == "publishing"


@pytest.mark.parametrize("words", ["Ембарго на зерно скасовано: що це означає", "Ембарго", "18:40"])
async def test_other_words_are_no_embargo(desk: Caring, words: str) -> None:
    post = await desk.queued(TRAINS, "15:30")

    await desk.reply(post, words)

    assert (await desk.fresh(post)).embargo_at is None


async def test_an_unreadable_time_of_an_embargo_is_asked_about(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "15:30")

    await desk.reply(post, "Ембарго до обіду")

    assert desk.house.telegram.texts(desk.house.desk)[-1].startswith("До якої години ембарго?")
    assert (await desk.fresh(post)).content.text == TRAINS


async def test_whoever_may_not_publish_sets_no_embargo(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "15:30")

    await desk.reply(post, "Ембарго до 17:00", desk.house.reader)

    assert (await desk.fresh(post)).embargo_at is None


async def test_editions_leave_the_story_out_until_the_embargo_ends_and_then_have_it(desk: Caring) -> None:
    made = [await put(desk.house.db, f"Обстріл Краматорська: {number} загиблих") for number in (2, 3, 4, 5)]
    secret = made[0].story_id
    post = await desk.queued(made[0].title, "15:30", story=secret)
    await desk.reply(post, "Ембарго до 18:30")

    [program] = await desk.programs()
    rubric = program.find("digest")
    assert rubric is not None
    db = desk.house.db.screens
    before = await candidates(db, program, rubric, NOON - HOUR, at("18:00"))
    after = await candidates(db, program, rubric, at("18:00"), at("23:00"))

    assert sorted(each.item.title for each in before.candidates) == [each.title for each in made[1:]]
    assert [each.item.title for each in after.candidates] == [made[0].title]


async def test_a_post_is_pinned_once_it_is_out_and_the_one_before_is_not_any_more(desk: Caring) -> None:
    first, second = await desk.queued(TRAINS, "14:10"), await desk.queued(MONEY, "14:20")
    for post in (first, second):
        await desk.press(post, "📌 Закріпити: ні")

    await desk.ring("14:10")
    before = desk.pinned
    await desk.ring("14:20")

    assert (before, desk.pinned) == ([TRAINS], [MONEY])


async def test_a_pin_without_the_right_is_not_asked_for_again_and_again(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:10")
    await desk.press(post, "📌 Закріпити: ні")
    desk.house.telegram.set_rights(desk.house.channel, desk.house.account, can_edit_messages=False)

    await desk.ring("14:10")
    await desk.ring("14:12")

    assert desk.pinned == []
    assert len(desk.house.telegram.called("pinChatMessage")) == 1
    assert desk.channel == [TRAINS]


async def test_a_card_does_not_call_pinned_what_has_not_left_yet(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:30")

    said = await desk.press(post, "📌 Закріпити: ні")
    waiting = (await desk.card(post)).text
    await desk.ring("14:30")

    assert said == "Закріплю, щойно вийде, замість попереднього"
    assert "📌 Бот закріпить допис, щойно той вийде" in waiting
    assert "📌 Закріплений у каналі" in (await desk.card(post)).text


async def test_a_published_post_is_unpinned_by_a_tap(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:10")
    await desk.press(post, "📌 Закріпити: ні")
    await desk.ring("14:10")

    await desk.press(post, "📌 Закріпити: так")
    await desk.house.deliver()

    assert desk.pinned == []


async def test_what_stands_for_a_day_is_taken_away_after_it(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:10")
    said = await desk.press(post, "🧹 Автовидалення: ні")
    await desk.ring("14:10")
    due_at = await cares.next_due_at(desk.house.db.screens)

    desk.house.now += 24 * HOUR
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.house.deliver()

    assert said == "Бот видалить допис за 24 години після виходу"
    assert due_at == at("14:10") + 24 * HOUR
    assert desk.channel == []
    assert (await desk.card(post)).text.splitlines() == [
        "🧹 Автовидалення спрацювало: допису в каналі вже немає",
        TRAINS,
    ]
    assert await cares.next_due_at(desk.house.db.screens) is None


async def test_the_term_turns_from_never_to_a_day_to_two_and_back(desk: Caring) -> None:
    post = await desk.queued(TRAINS, "14:30")

    terms = [(await desk.press(post, button), (await desk.fresh(post)).stays_hours) for button in
             ("🧹 Автовидалення: ні", "🧹 Автовидалення: 24 год", "🧹 Автовидалення: 47 год")]  # fmt: skip

    assert [hours for _, hours in terms] == [24, 47, None]
    assert ["📌 Закріпити: ні", "🧹 Автовидалення: ні"] in labels(await desk.card(post))
