"""Four eyes (screens, E18): a second editor approves, and a lone one is no dead end."""

from __future__ import annotations

import pytest

from bot.desk import care, overheard
from bot.intake.take import Intake
from bot.playground import User
from storage import approvals, guard, posts
from storage.model import Post
from tests.conftest import MINUTE, House, labels
from tests.test_guard import BURST
from tests.test_late import TRAINS, Shift


class Eyes(Shift):
    """The desk at work, with four eyes wanted. Оля and Андрій may publish, neither is a chief."""

    async def draft(self, title: str = TRAINS, who: User | None = None) -> Post:
        await self.house.say(f"/post {title}", self.house.desk, who or self.house.editor)
        number = await self.house.db.screens.value("SELECT max(id) FROM post")
        return await self.fresh(number)

    async def fresh(self, number: int) -> Post:
        found = await posts.get(self.house.db.screens, number)
        assert found is not None
        return found

    async def press(self, post: Post, button: str, who: User | None = None) -> str:
        tap = await self.tap(button, who, await self.card(post))
        return str(tap.answer["text"]) if tap.answer else ""

    async def state(self, post: Post) -> str:
        return (await self.fresh(post.id)).state


@pytest.fixture
async def desk(home: House) -> Eyes:
    desk = Eyes(home, home.dispatcher.workflow_data["desk"].easel)
    async with home.db.transaction() as tx:
        await approvals.switch(tx, home.editor.id, home.now, on=True)
    for editor in (home.editor, desk.second):
        home.telegram.set_rights(home.channel, editor, can_edit_messages=False, can_delete_messages=False)
    return desk


async def test_an_own_post_waits_for_a_second_editor(desk: Eyes) -> None:
    post = await desk.draft()

    said = await desk.press(post, "✅ У чергу на 14:30")

    card = await desk.card(post)
    assert said == "Чекає затвердження на 14:30"
    assert card.text.splitlines() == [
        "🕓 Чекає затвердження · додано о 14:06 (Оля)", TRAINS, "Потрібен інший випусковий редактор.",
    ]  # fmt: skip
    assert labels(card)[:2] == [["✅ Затвердити на 14:30"], ["На доопрацювання", "✏️ Змінити"]]


async def test_nobody_approves_an_own_post_and_a_colleague_does(desk: Eyes) -> None:
    post = await desk.draft()
    await desk.press(post, "✅ У чергу на 14:30")

    own = await desk.press(post, "✅ Затвердити на 14:30")
    waiting = await desk.state(post)
    other = await desk.press(post, "✅ Затвердити на 14:30", desk.second)

    assert (own, waiting) == ("Свій допис затверджує інший редактор", "pending")
    assert (other, await desk.state(post)) == ("У черзі на 14:30", "queued")


async def test_what_is_not_approved_does_not_leave(desk: Eyes) -> None:
    post = await desk.draft()
    await desk.press(post, "✅ У чергу на 14:30")

    await desk.ring("14:31")

    assert desk.channel == []
    assert await desk.state(post) == "pending"


async def test_a_lone_editor_may_go_without_a_second_signature_after_ten_minutes_and_the_chat_knows(desk: Eyes) -> None:
    post = await desk.draft()
    await desk.press(post, "✅ У чергу на 14:30")
    due_at = await approvals.next_due_at(desk.house.db.screens)
    desk.house.now += 10 * MINUTE
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.house.deliver()

    await desk.press(post, "Випустити без другого підпису")

    assert due_at == desk.house.now
    assert await desk.state(post) == "queued"
    told = desk.house.telegram.texts(desk.house.desk)[-1]
    assert told.startswith("🕓 Оля: без другого підпису")
    rows = await desk.house.db.screens.all("SELECT act FROM journal WHERE act = 'approve:alone'")
    assert len(rows) == 1


async def test_new_words_after_the_approval_ask_again(desk: Eyes) -> None:
    post = await desk.draft()
    await desk.press(post, "✅ У чергу на 14:30")
    await desk.press(post, "✅ Затвердити на 14:30", desk.second)
    card = await desk.card(post)
    desk.house.telegram.say(desk.house.desk, desk.house.editor, "Інші слова", reply_to=card.message_id)
    await desk.house.work()

    await desk.press(post, "✅ Зберегти")

    assert await desk.state(post) == "pending"


async def test_a_chief_may_approve_an_own_post_with_a_mark(desk: Eyes) -> None:
    chief = desk.house.telegram.user(1009, "Ганна")
    desk.house.telegram.join(desk.house.desk, chief)
    desk.house.telegram.set_rights(
        desk.house.channel, chief, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    post = await desk.draft(who=chief)

    await desk.press(post, "✅ У чергу на 14:30", chief)

    assert await desk.state(post) == "queued"
    assert await desk.house.db.screens.value("SELECT count(*) FROM journal WHERE act = 'approve:own'") == 1


async def test_a_colleagues_words_are_two_pairs_of_eyes_already(desk: Eyes) -> None:
    post = await desk.draft(who=desk.house.reader)  # an author, who may not publish

    await desk.press(post, "✅ У чергу на 14:30")

    assert await desk.state(post) == "queued"


async def test_back_for_rework_is_a_draft_again(desk: Eyes) -> None:
    post = await desk.draft()
    await desk.press(post, "✅ У чергу на 14:30")

    said = await desk.press(post, "На доопрацювання", desk.second)

    assert (said, await desk.state(post)) == ("Повернуто на доопрацювання", "draft")


async def test_only_a_chief_turns_four_eyes_off(desk: Eyes) -> None:
    await desk.house.say("/settings", desk.house.desk, desk.house.editor)
    page = desk.house.telegram.messages(desk.house.desk)[-1]
    await desk.tap("👁 Чотири ока", shown=page)

    tap = await desk.tap("Вимкнути «Чотири ока»", shown=page)

    assert tap.answer is not None
    assert tap.answer["show_alert"]
    assert await approvals.are_on(desk.house.db.screens)


async def told_meanwhile(desk: Eyes) -> Post:
    """A post that waits for a second editor, and a person tells the same in the channel themselves."""
    desk.house.open(overheard.router(), intake=Intake(desk.house.newsroom, desk.house.wordings.default))
    post = await desk.draft(BURST)
    await desk.press(post, "✅ У чергу на 14:30")
    desk.house.now += MINUTE
    desk.house.telegram.say(desk.house.channel, None, "Краматорськ: аварія на водогоні, чотири райони без води")
    await desk.house.work()
    return post


async def test_approving_what_the_channel_was_told_meanwhile_asks_first(desk: Eyes) -> None:
    post = await told_meanwhile(desk)

    own = await desk.press(post, "✅ Затвердити на 14:30")
    asked = await desk.press(post, "✅ Затвердити на 14:30", desk.second)
    waiting, text = await desk.state(post), (await desk.card(post)).text
    done = await desk.press(post, "Усе одно на 14:30", desk.second)

    assert own == "Свій допис затверджує інший редактор"
    assert (asked, waiting) == ("Схоже, це вже було. Вирішіть на картці", "pending")
    assert text.startswith("⚠️ Схоже, це вже було в каналі\nВручну в каналі, 14:07: «Краматорськ: аварія")
    assert (done, await desk.state(post)) == ("У черзі на 14:30", "queued")


async def test_a_repeat_is_no_way_around_the_second_editor(desk: Eyes) -> None:
    post = await told_meanwhile(desk)
    await desk.press(post, "✅ Затвердити на 14:30", desk.second)

    said = await desk.press(post, "Усе одно на 14:30")

    assert said == "Повтор підтверджено. Допис і далі чекає затвердження"
    assert await desk.state(post) == "pending"
    assert await desk.press(post, "✅ Затвердити на 14:30", desk.second) == "У черзі на 14:30"


async def test_a_lone_editor_answers_for_the_repeat_and_goes(desk: Eyes) -> None:
    post = await told_meanwhile(desk)
    desk.house.now += 10 * MINUTE
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.house.deliver()

    asked = await desk.press(post, "Випустити без другого підпису")
    await desk.press(post, "Як відповідь на нього")
    went = await desk.press(post, "Випустити без другого підпису")

    assert (asked, went) == ("Схоже, це вже було. Вирішіть на картці", "У черзі на 14:30")
    assert await guard.below(desk.house.db.screens, post.id) is not None
