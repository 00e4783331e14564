"""A pause (screens, E14): only what is urgent goes out, nothing is lost, nothing leaves in a burst afterwards."""

from __future__ import annotations

import pytest

from bot.desk import pause, release
from bot.desk.overdue import gather
from bot.editions.publish import publish_due
from bot.playground import Message, User
from storage import channels, outbox, pauses, posts
from storage.model import NEWS, Parcel, Post
from tests.conftest import MINUTE, NOON, House, labels
from tests.test_late import MONEY, TRAINS, WATER, Shift, at


class Paused(Shift):
    """The desk at work, with a hand on the pause."""

    async def ring(self, wall: str) -> None:
        self.house.now = max(self.house.now, at(wall))
        await publish_due(self.house.db, await self.programs(), lambda: self.house.now)
        await release.release_due(self.house.db, self.easel, self.house.now, 10 * MINUTE)
        await gather(self.house.db, self.easel, await self.programs(), self.house.now)
        await pause.keep_up(self.house.db, self.easel, self.house.now)
        await self.house.deliver()

    async def say(self, text: str, who: User | None = None) -> list[str]:
        return await self.house.say(text, self.house.desk, who or self.house.editor)

    async def press(self, button: str, who: User | None = None, shown: Message | None = None, **more: bool) -> str:
        tap = await self.tap(button, who, shown or self.shown, **more)
        return str(tap.answer["text"]) if tap.answer else ""

    async def state(self, post: Post) -> tuple[str, str]:
        now = await posts.get(self.house.db.screens, post.id)
        assert now is not None
        return now.state, f"{now.due_at.astimezone(self.house.newsroom.zone):%H:%M}" if now.due_at else ""

    @property
    def shown(self) -> Message:
        """The message about the pause."""
        texts = self.house.telegram.messages(self.house.desk)
        return next(each for each in reversed(texts) if "⏸ Пауза" in each.text or "▶️ Паузу" in each.text)

    @property
    def channel(self) -> list[str]:
        return self.house.telegram.texts(self.house.channel)


@pytest.fixture
async def desk(home: House) -> Paused:
    return Paused(home, home.dispatcher.workflow_data["desk"].easel)


async def test_a_paused_channel_keeps_silent_and_counts_what_it_holds(desk: Paused) -> None:
    first = await desk.queued(TRAINS, "14:20")
    await desk.queued(MONEY, "14:25")

    await desk.say("/pause")
    await desk.ring("14:30")

    assert desk.channel == []
    assert await desk.state(first) == ("queued", "14:20")
    assert desk.shown.text.splitlines() == [
        "⏸ Пауза: у канал іде лише термінове",
        "Увімкнено о 14:06 (Оля). Затримано 2 дописи, нічого не втрачено.",
        f"1. 14:20 {TRAINS}",
        f"2. 14:25 {MONEY}",
    ]
    assert labels(desk.shown) == [["▶️ Відновити графік"], ["Розставити 2 дописи по 15 хв"], ["Переглянути по одному"]]


async def test_what_an_editor_sends_at_once_passes_the_pause(desk: Paused) -> None:
    await desk.say("/pause")

    await desk.queued(WATER, "14:07", state="publishing")
    await desk.ring("14:07")

    assert desk.channel == [WATER]


async def test_what_waited_in_the_outbox_when_the_pause_began_waits_on(desk: Paused) -> None:
    post = await desk.queued(TRAINS, "14:07", state="publishing")
    said = {"text": TRAINS}
    waiting = Parcel(f"post:{post.id}:1", "@nd", "sendMessage", said, NEWS, NOON + MINUTE, post_id=post.id)
    async with desk.house.db.transaction() as tx:
        await outbox.put(tx, waiting, NOON)

    await desk.say("/pause")
    await desk.ring("14:08")
    held = list(desk.channel)
    await desk.press("▶️ Відновити графік")

    assert (held, desk.channel) == ([], [TRAINS])


async def test_after_the_pause_late_posts_are_asked_about_and_none_leaves_in_a_burst(desk: Paused) -> None:
    late, future = await desk.queued(TRAINS, "14:20"), await desk.queued(MONEY, "15:30")
    await desk.say("/pause")
    await desk.ring("14:22")

    said = await desk.press("▶️ Відновити графік")
    await desk.ring("14:23")

    assert said == "Графік діє. Про 1 прострочений допис спитаю"
    assert desk.channel == []
    assert await desk.state(late) == ("missed", "14:20")
    assert await desk.state(future) == ("queued", "15:30")
    assert TRAINS in desk.asked.text


async def test_late_posts_are_spread_a_quarter_of_an_hour_apart(desk: Paused) -> None:
    first, second = await desk.queued(TRAINS, "14:20"), await desk.queued(MONEY, "14:25")
    await desk.say("/pause")
    await desk.ring("14:30")

    said = await desk.press("Розставити 2 дописи по 15 хв")

    assert said == "Графік діє. Перший із затриманих — 14:45"
    assert [await desk.state(first), await desk.state(second)] == [("queued", "14:45"), ("queued", "15:00")]


async def test_the_end_of_a_pause_can_be_taken_back(desk: Paused) -> None:
    first, second = await desk.queued(TRAINS, "14:20"), await desk.queued(MONEY, "14:25")
    await desk.say("/pause")
    await desk.ring("14:30")
    await desk.press("Розставити 2 дописи по 15 хв")
    await desk.tap("⚡ Зараз", shown=await desk.card(second))

    await desk.press("↩️ Повернути паузу")

    channel = await channels.get(desk.house.db.screens, desk.easel.channel.id)
    assert channel is not None
    assert channel.paused_at == desk.house.now
    assert await desk.state(first) == ("queued", "14:20")
    assert (await desk.state(second))[0] == "publishing"  # an editor sent it: it is no longer the pause's


async def test_an_edition_whose_time_fell_into_the_pause_is_not_served_before_its_end(desk: Paused) -> None:
    await desk.say("/pause")

    await desk.ring("18:01")

    assert desk.channel == []
    assert "Затримано 1 випуск" in desk.shown.text


async def test_two_editors_end_a_pause_and_the_second_hears_who_was_first(desk: Paused) -> None:
    await desk.say("/pause")
    await desk.press("▶️ Відновити графік")

    said = await desk.press("x:resume:1:1", desk.second, stale=True)

    assert said == "Паузу вже знято: о 14:06 (Оля)"


async def test_whoever_may_not_publish_does_not_pause(desk: Paused) -> None:
    texts = await desk.say("/pause", desk.house.reader)

    assert "Оля" in texts[-1]
    assert await pauses.every(desk.house.db.screens) == []


async def test_a_second_pause_command_brings_the_message_to_the_end(desk: Paused) -> None:
    await desk.say("/pause")
    await desk.say("говоримо про інше")

    await desk.say("/pause")

    texts = desk.house.telegram.texts(desk.house.desk)
    assert texts[-1].startswith("⏸ Пауза")
    assert sum(text.startswith("⏸ Пауза") for text in texts) == 1


async def test_of_several_channels_one_is_chosen(desk: Paused) -> None:
    async with desk.house.db.transaction() as tx:
        other = await channels.seed(tx, "@nd_ru", "ru", NOON)
    desk.house.telegram.channel("Новости", username="nd_ru", admins=[desk.house.account])

    await desk.say("/pause")
    asked = desk.house.telegram.messages(desk.house.desk)[-1]
    said = await desk.press("⏸ @nd", shown=asked)

    assert labels(asked) == [["▶️ @nd"], ["⏸ @nd_ru"], ["⏸ Усі канали"]]
    assert said == "Пауза: у канал іде лише термінове"
    assert [each.channel_id for each in await pauses.every(desk.house.db.screens)] == [desk.easel.channel.id]
    assert other.paused_at is None
