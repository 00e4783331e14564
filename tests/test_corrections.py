"""A correction follows the story: the post, the digests and roundups that told it, the readers who had an alert."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import afterlife, content, correct_page, errata, paint
from bot.desk.hear import Desk
from bot.desk.release import ended, release_due
from bot.editions import programs, relines
from bot.editions.compose import candidates
from bot.editions.drafting import drafted, followed, reworded
from bot.editions.packing import visible
from bot.editions.publish import publish_due
from bot.editions.relines import Change
from bot.editions.righted import righted
from bot.judgement.amends import differences, holds, patched, telling
from bot.playground import Message, User
from bot.wording import LANGUAGES, Wording
from storage import corrections, items, outbox, posts
from storage.database import Transaction
from storage.editorial import Correction, Draft, Version
from storage.model import ALERTS, Content, Item, Parcel, Post
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

UK = Wording("uk", KYIV)
SIX = datetime(2024, 11, 23, 16, 0, tzinfo=UTC)  # 18:00 by the newsroom's clock: a digest
ELEVEN = datetime(2024, 11, 23, 21, 0, tzinfo=UTC)  # 23:00: the roundup
WATER = "У Краматорську повернули воду в три райони"
RIGHT = "У Краматорську повернули воду в чотири райони"
AGAIN = "У Краматорську повернули воду в п’ять районів"
LEFT_DRY = "Без води в Краматорську лишається мікрорайон Лазурний"
OTHERS = (
    "Уряд підняв виплати переселенцям з грудня",
    "У Дружківці відкрили новий хірургічний корпус",
    "Нацбанк залишив облікову ставку без змін",
    "Науковці знайшли рідкісного птаха на Дніпрі",
)
CORRECT, WITHDRAW, SAVE = "✏️ Виправити", "🗑 Прибрати", "✅ Зберегти"
TYPO, DATA, ERROR = "Одрук — виправити тихо", "Нові дані — рядок «Оновлено»", "Помилка — рядок «Виправлено»"


class Newsroom:
    """The house at work, with what becomes of a post written on its card."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.desk: Desk = house.dispatcher.workflow_data["desk"]
        self.easel = self.desk.easel
        house.endings = Endings(house.newsroom, house.wordings.default, self._ended)
        self.reopen()
        house.telegram.set_rights(house.channel, house.editor, can_post_messages=True)
        house.telegram.clock = lambda: house.now.timestamp()

    async def _ended(self, tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await ended(tx, self.easel, what, state, reason, now)

    def reopen(self) -> None:
        """The process died and another one serves the file."""
        self.house.deliverer = Deliverer(self.house.db, self.house.bot, self.house.endings)

    async def publish(self, item: Item, text: str | None = None) -> Post:
        """The item's post, standing in the channel with its card among the editors."""
        house, now = self.house, self.house.now
        said = content.from_report(item.title, item.lead, item.url) if text is None else Content(text)
        async with house.db.transaction() as tx:
            await posts.remember_name(tx, house.editor.id, "Олена", now)
            made = await posts.add(
                tx, channel_id=self.easel.channel.id, state="draft", content=said, editor=house.editor.id, now=now,
                story_id=item.story_id, item_id=item.id,
            )  # fmt: skip
            await posts.change(tx, made, state="queued", due_at=now, editor=house.editor.id, now=now)
            await paint.offer(tx, self.easel, made, now)
        await release_due(house.db, self.easel, now, timedelta(hours=1))
        await house.deliver()
        return await self.post(made.id)

    async def edition(self, at: datetime) -> None:
        """The clock comes to this slot, and its edition goes out."""
        self.house.now = at
        await publish_due(self.house.db, await programs.every(self.house.db.screens, self.easel.house), lambda: at)
        await self.house.deliver()

    async def alert(self, story_id: int | None, reader: User, *, quiet: tuple[str, str] = ("22:00", "07:00")) -> None:
        """The reader had an alert about the story."""
        house, now = self.house, self.house.now
        house.telegram.say(house.telegram.private(reader), reader, "/start")
        await house.work()
        async with house.db.transaction() as tx:
            await tx.run(
                """INSERT INTO reader (id, language, quiet_from, quiet_until, created_at) VALUES (?, 'uk', ?, ?, 0)
                   ON CONFLICT DO NOTHING""",
                (reader.id, *quiet),
            )
            parcel = Parcel(
                f"alert:{story_id}:{reader.id}", str(reader.id), "sendMessage", {"text": WATER}, ALERTS, now
            )
            await outbox.put(tx, replace(parcel, story_id=story_id, reader_id=reader.id), now)
        await house.deliver()

    async def tap(self, button: str, message: Message | None = None, who: User | None = None) -> str:
        """What the toast says."""
        house = self.house
        tapped = house.telegram.tap(house.desk, who or house.editor, message or self.card(), button)
        await house.work()
        assert tapped.answer is not None
        return str(tapped.answer["text"])

    async def reply(self, text: str) -> None:
        house = self.house
        house.telegram.say(house.desk, house.editor, text, reply_to=self.card().message_id)
        await house.work()

    async def correct(self, kind: str, text: str) -> str:
        """Through every page of a correction; what the last toast says."""
        await self.tap(CORRECT)
        await self.tap(kind)
        await self.reply(text)
        return await self.tap(SAVE)

    async def later(self, by: timedelta) -> None:
        """Time passes, and what it brings about happens."""
        self.house.now += by
        await afterlife.follow(self.house.db, self.easel, self.house.now)
        await self.house.deliver()

    async def edit_at_source(self, item: Item, title: str, lead: str = "") -> None:
        self.house.now += MINUTE
        async with self.house.db.transaction() as tx:
            await items.put_version(
                tx, item.id, url=item.url, title=title, lead=lead, language="uk", sections=[], image=None, author=None,
                now=self.house.now,
            )  # fmt: skip

    def card(self) -> Message:
        return [each for each in self.house.telegram.messages(self.house.desk) if each.by_bot and each.buttons][-1]

    def channel(self) -> list[str]:
        return self.house.telegram.texts(self.house.channel)

    def heard(self, reader: User) -> list[str]:
        return [
            each.text or "" for each in self.house.telegram.messages(self.house.telegram.private(reader)) if each.by_bot
        ]

    async def post(self, post_id: int = 1) -> Post:
        found = await posts.get(self.house.db.screens, post_id)
        assert found is not None
        return found


@pytest.fixture
async def room(home: House) -> Newsroom:
    return Newsroom(home)


async def day(room: Newsroom) -> tuple[Item, Post]:
    """The water's post at 14:06, its line in the digest of 18:00 and in the roundup of 23:00."""
    water = await put(room.house.db, WATER, NOON)
    post = await room.publish(water)
    for number, title in enumerate(OTHERS):
        told = await put(room.house.db, title, SIX - (9 - number) * MINUTE)
        await put(room.house.db, f"{title}: подробиці", SIX - MINUTE, story=told.story_id, family="other")
    return water, post


def buttons(message: Message) -> list[str]:
    return [label for row in labels(message) for label in row]


async def test_nothing_changes_before_an_editor_has_seen_what_it_touches_and_the_difference(room: Newsroom) -> None:
    water, post = await day(room)
    await room.alert(water.story_id, room.house.reader)
    await room.edition(ELEVEN)
    before = room.channel()

    assert await room.tap(CORRECT) == "Виберіть, що саме виправляємо"
    text = room.card().text or ""
    assert "Допис вийшов о 14:06" in text and "Головне за день" in text and "І в 1 сповіщенні" in text
    assert buttons(room.card()) == [TYPO, DATA, ERROR, "Відкликати допис", "‹ Назад"]
    await room.tap(ERROR)
    await room.reply("а" * 4090)
    assert "на 77 знаків" in room.house.telegram.texts(room.house.desk)[-1]
    await room.reply(RIGHT)

    text = room.card().text or ""
    assert "Було: повернули воду в три райони" in text
    assert "Стало: повернули воду в чотири райони" in text
    assert f"Угорі допису стане: Виправлено о 23:00. Раніше тут було: «{WATER}»" in text
    assert await room.tap("Відкинути") == "Правку відкинуто, допис не змінено"
    assert room.channel() == before
    assert (await room.post()).content == post.content


async def test_a_typo_is_corrected_quietly_and_every_version_is_kept(room: Newsroom) -> None:
    water = await put(room.house.db, "У Краматорску повернули воду", NOON - MINUTE)
    await room.publish(water)
    await room.alert(water.story_id, room.house.reader)
    heard = len(room.heard(room.house.reader))

    assert await room.correct(TYPO, "У Краматорську повернули воду") == "Виправлено всюди, де це виходило"

    [post] = room.house.telegram.messages(room.house.channel)
    assert post.text == "У Краматорську повернули воду"
    [bold, link] = sorted(post.entities, key=lambda each: str(each["type"]))
    assert (bold["type"], link["type"], link["length"]) == ("bold", "text_link", len(post.text))
    assert (await room.post()).state == "published"
    assert len(room.heard(room.house.reader)) == heard
    await room.tap("Версії: 2")
    assert "У Краматорску" in (room.card().text or "")
    await room.tap("›")
    assert "У Краматорську" in (room.card().text or "")
    assert await room.tap("‹ Назад") == "Нічого не змінено"


async def test_an_error_is_corrected_in_the_roundup_and_the_rest_of_it_stays(room: Newsroom) -> None:
    await day(room)
    await room.edition(ELEVEN)
    before = room.channel()[-1]

    await room.correct(ERROR, RIGHT)

    after = room.channel()[-1]
    assert room.channel()[0] == f"Виправлено о 23:00. Раніше тут було: «{WATER}»\n\n{RIGHT}"
    assert f"{RIGHT}\nВиправлено о 23:00" in after
    lines = [line for line in before.splitlines() if WATER not in line and "Головне" not in line]
    assert [line for line in after.splitlines() if line in lines] == lines
    assert (await room.post()).state == "corrected"
    assert (room.card().text or "").startswith(f"✅ Опубліковано: 14:06\n{RIGHT}\n")

    room.house.now += 5 * MINUTE  # and a second time: the old mark gives way
    await room.correct(ERROR, RIGHT.replace("чотири", "п’ять"))
    assert [text.count("Виправлено") for text in room.channel()] == [1, 1]
    assert room.channel()[0].startswith(f"Виправлено о 23:05. Раніше тут було: «{RIGHT}»")


@pytest.mark.parametrize("kind", [TYPO, DATA, ERROR])
async def test_what_was_corrected_is_not_told_again_by_later_editions_and_lists(room: Newsroom, kind: str) -> None:
    await day(room)
    await room.correct(kind, RIGHT)
    room.house.now += MINUTE
    await room.correct(kind, AGAIN)

    await room.edition(ELEVEN)

    assert AGAIN in room.channel()[-1]
    assert WATER not in room.channel()[-1] and RIGHT not in room.channel()[-1]
    assert AGAIN in (await room.house.say("/today"))[-1]
    await room.correct(ERROR, RIGHT)  # and that line follows the next correction
    assert RIGHT in room.channel()[-1] and AGAIN not in room.channel()[-1]


async def test_a_report_that_changed_after_the_correction_is_told_in_its_own_words(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.correct(ERROR, RIGHT)
    await room.edit_at_source(water, WATER, lead="Воду дали зранку.")
    assert await told(room, water) == RIGHT  # it still says what is not so

    await room.edit_at_source(water, f"{WATER} з дев’яти")

    assert await told(room, water) == f"{WATER} з дев’яти"


async def test_a_story_that_went_on_is_told_as_it_is_now(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.correct(ERROR, RIGHT)
    later = await put(room.house.db, LEFT_DRY, NOON + 60 * MINUTE, story=water.story_id, family="other")

    assert await told(room, later) == LEFT_DRY
    assert await told(room, water) == RIGHT  # wherever the old report is still shown


async def test_an_editors_own_words_in_a_draft_stand_before_those_of_a_correction(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.correct(ERROR, RIGHT)
    [program] = await programs.every(room.house.db.screens, room.easel.house)
    rubric = program.find("roundup")
    assert rubric is not None and water.story_id is not None
    selection = await candidates(room.house.db.screens, program, rubric, NOON - 60 * MINUTE, ELEVEN)

    lines = drafted(selection, "uk")
    draft = Draft(1, 1, "roundup", "2024-11-23", "23:00", ELEVEN, NOON, 1, "drafted", lines, touched_at=NOON)
    own = replace(draft, lines=reworded(lines, water.story_id, LEFT_DRY, 1))

    assert RIGHT in [each.headline for each in followed(draft, selection, rubric, "uk").choices]
    assert LEFT_DRY in [each.headline for each in followed(own, selection, rubric, "uk").choices]


async def test_a_line_that_never_said_what_is_corrected_stays_and_the_editor_is_told(room: Newsroom) -> None:
    water, _ = await day(room)
    await put(room.house.db, LEFT_DRY, NOON + 60 * MINUTE, story=water.story_id, family="other")
    await room.edition(ELEVEN)
    before = room.channel()[-1]
    assert LEFT_DRY in before

    await room.tap(CORRECT)
    await room.tap(ERROR)
    await room.reply(RIGHT)

    assert "Рядки з іншими словами не зміняться: «Головне за день» на 23:00" in (room.card().text or "")
    await room.tap(SAVE)
    assert RIGHT in room.channel()[0]
    assert room.channel()[-1] == before


async def told(room: Newsroom, item: Item) -> str:
    """What an edition says where this report speaks for its story."""
    found = await items.get(room.house.db.screens, item.id)
    assert found is not None
    [right] = await righted(room.house.db.screens, [found])
    return right.title


async def test_new_data_say_what_was_told_before_unless_the_editor_does(room: Newsroom) -> None:
    strike = await put(room.house.db, "Обстріл Краматорська: одна людина загинула", NOON - MINUTE)
    await room.publish(strike)
    room.house.now += 60 * MINUTE

    await room.correct(DATA, "Обстріл Краматорська: двоє людей загинули")

    first = room.channel()[0].splitlines()[0]
    assert first == "Оновлено о 15:06: уже двоє загиблих; о 14:06 повідомляли про одного"
    assert (await room.post()).state == "updated"
    await room.correct(DATA, "Оновлено о 15:30: уже троє загиблих")
    assert room.channel() == ["Оновлено о 15:30: уже троє загиблих"]


async def test_each_reader_hears_once_and_not_at_night(room: Newsroom) -> None:
    water, _ = await day(room)
    awake, asleep = room.house.reader, room.house.telegram.user(2003, "Ніна")
    await room.alert(water.story_id, awake, quiet=("02:00", "03:00"))
    await room.alert(water.story_id, asleep)
    await room.edition(ELEVEN)

    await room.correct(ERROR, RIGHT)
    await room.house.deliver()

    assert room.heard(awake)[-1] == (
        f"✏️ Виправлення\nМи повідомили о 14:06: «{WATER}»\nПравильно: «{RIGHT}»\nПерепрошуємо."
    )
    assert len([text for text in room.heard(awake) if "Виправлення" in text]) == 1
    assert room.heard(asleep)[-1] == WATER
    await room.later(timedelta(hours=8))
    assert "Правильно" in room.heard(asleep)[-1]


async def test_two_editors_save_and_discard_and_one_of_them_is_told(room: Newsroom) -> None:
    await day(room)
    author = room.house.telegram.user(1003, "Ірина")
    room.house.telegram.join(room.house.desk, author)
    assert await room.tap(CORRECT, who=author) == "Це може: Олена"
    await room.tap(CORRECT)
    await room.tap(TYPO)
    await room.reply(RIGHT)
    card, second = room.card(), room.house.telegram.user(1002, "Андрій")
    room.house.telegram.join(room.house.desk, second)
    room.house.telegram.set_rights(room.house.channel, second, can_post_messages=True)
    room.desk.roles.forget()

    save = room.house.telegram.tap(room.house.desk, room.house.editor, card, SAVE)
    discard = room.house.telegram.tap(room.house.desk, second, card, "Відкинути")
    await room.house.work()

    assert save.text == "Виправлено всюди, де це виходило"
    assert (discard.text or "").startswith("Картку змінено о 14:06 (Олена)")
    assert room.channel()[0] == RIGHT
    assert len(await corrections.versions(room.house.db.screens, 1)) == 2


@pytest.mark.parametrize("at", [1, 4])
async def test_a_correction_survives_a_kill_at_any_call(room: Newsroom, at: int) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader, quiet=("02:00", "03:00"))
    await room.edition(ELEVEN)
    await room.tap(CORRECT)
    await room.tap(ERROR)
    await room.reply(RIGHT)
    room.house.telegram.tap(room.house.desk, room.house.editor, room.card(), SAVE)
    deliver, room.house.deliver = room.house.deliver, _nothing  # type: ignore[method-assign]
    await room.house.work()  # everything is wished, nothing is carried out
    assert room.channel()[0] == WATER
    room.house.deliver = deliver  # type: ignore[method-assign]
    calls = 0

    async def die(make_request: Any, bot: Any, method: Any) -> Any:
        """After Telegram did it, before anybody wrote that down."""
        nonlocal calls
        answer = await make_request(bot, method)
        calls += 1
        if calls == at:
            raise asyncio.CancelledError
        return answer

    room.house.bot.session.middleware(die)
    for _ in range(2):
        await room.house.deliver()
        room.reopen()
        await room.house.deliverer.start(room.house.now)

    assert RIGHT in room.channel()[0] and RIGHT in room.channel()[-1]
    assert len([text for text in room.heard(room.house.reader) if "Правильно" in text]) == 1


async def _nothing() -> int:
    return 0


async def test_a_small_edit_at_the_source_is_offered_on_the_card(room: Newsroom) -> None:
    water = await put(room.house.db, WATER, NOON - MINUTE, lead="Воду дали зранку.")
    await room.publish(water)
    card = room.card()
    await room.edit_at_source(water, WATER, lead="Воду подали зранку.")

    await room.later(MINUTE)

    assert room.card() is card
    assert "📝 На сайті виправили: «Воду подали зранку.»" in (card.text or "")
    assert await room.tap("Оновити допис") == "Перевірте зміну на картці"
    await room.tap(SAVE)
    assert room.channel() == [f"{WATER}\n\nВоду подали зранку."]
    assert "На сайті" not in (room.card().text or "")


async def test_other_numbers_at_the_source_bring_the_card_anew(room: Newsroom) -> None:
    water, _ = await day(room)
    card = room.card()
    room.house.telegram.say(room.house.desk, room.house.editor, "гаразд")
    await room.edit_at_source(water, RIGHT)

    await room.later(MINUTE)

    assert card.deleted and room.card().message_id > card.message_id
    assert f"На сайті виправили: «{RIGHT}»" in (room.card().text or "")
    assert await room.tap("Лишити як є") == "Лишаємо допис як є"
    assert "На сайті" not in (room.card().text or "")
    await room.later(MINUTE)
    assert room.channel() == [WATER]


def test_the_headline_that_lost_its_format_gets_it_back() -> None:
    before = content.from_report(WATER, "", "https://nd.ua/1")

    after = errata.headed(errata.reworded(before, f"{RIGHT}\n\nДодано.", ()), "Оновлено о 17:05")

    assert [(each["type"], each["offset"], each["length"]) for each in after.entities] == [
        ("bold", 18, len(RIGHT)),
        ("text_link", 18, len(RIGHT)),
    ]
    assert errata.bare(after, "Оновлено о 17:05").text == f"{RIGHT}\n\nДодано."


def test_the_difference_shows_words_between_words() -> None:
    [found] = differences(WATER, RIGHT)

    assert (found.before, found.was, found.became, found.after) == ("повернули воду в", "три", "чотири", "райони")
    [lower] = differences("Перший рядок\nбуло\nтретій", "Перший рядок\nстало\nтретій")
    assert (lower.before, lower.after) == ("", "")
    assert patched("Вода є: три райони Краматорська", WATER, RIGHT) == "Вода є: чотири райони Краматорська"
    assert patched("Вода є", WATER, RIGHT) is None
    dead = "Обстріл Торецька: 2 загиблих"
    assert patched("Обстріл Торецька: 2 поранених", dead, "Обстріл Торецька: 4 загиблих") is None
    assert patched("Торецьк: усього загинули 2", "У Торецьку загинули 2", "У Торецьку загинули 4") == (
        "Торецьк: усього загинули 4"
    )
    assert holds("Знову три райони без води", "Води нема: три райони", "Води нема:")
    assert not holds("Вода є", WATER, RIGHT) and not holds(WATER, WATER, f"{WATER} з дев’яти")
    assert telling(f"{WATER}. Далі буде.", f"{RIGHT}. Далі буде.") == (f"{WATER}.", f"{RIGHT}.")
    assert telling(f"{WATER}\nЗранку.", f"{RIGHT}\nЗвечора.") == (f"{WATER}. Зранку.", f"{RIGHT}. Звечора.")


def test_what_stands_around_a_change_is_none_of_another_change() -> None:
    was = "Загинула 16-річна Олена Петренко після удару по вулиці Соборній"

    name, street = differences(was, "Загинула 16-річна дівчина після удару")

    assert (name.was, name.after, street.before) == ("Олена Петренко", "після удару", "після удару")


words = st.text(alphabet="абв <&«»\n.", max_size=40)


@given(words, words)
@settings(max_examples=60, deadline=None)
def test_whatever_was_changed_can_be_told(was: str, became: str) -> None:
    assert (differences(was, became) == ()) == (was.split() == became.split())
    telling(was, became)
    patched(was, was, became)


@given(
    st.lists(st.sampled_from(OTHERS), min_size=2, max_size=4, unique=True), st.data(), st.sampled_from(["\n", "\n\n"])
)
@settings(max_examples=60, deadline=None)
def test_kept_lines_stay_byte_for_byte(titles: list[str], drawn: st.DataObject, gap: str) -> None:
    lines = [f'<a href="https://nd.ua/?a=1&amp;b={title}">{title}</a> — ОВА' for title in titles]
    text = gap.join(["<b>Голова</b>", *lines, "Підпис"])
    at = drawn.draw(st.integers(0, len(lines) - 1))

    gone = relines.message(text, lines, [Change(lines[at], None)])
    new = relines.message(text, lines, [Change(lines[at], "інше")])

    assert gone == gap.join(["<b>Голова</b>", *(line for line in lines if line != lines[at]), "Підпис"])
    assert new == text.replace(lines[at], "інше")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_correction_fits_and_can_be_left(language: str) -> None:
    wording = Wording(language, KYIV)
    what = correct_page.Subject("p", 10**11, 10**8)
    reach = correct_page.Reach(
        "<b>" * 200, NOON, [("", "digest", "13:00")], 214, [("RU", "ru", True), ("EN", "en", False)], True
    )
    going: Any = Correction(1, 1, 1, "error", "safety", "shown", "а & б", (), "x", "card:1", NOON, 1, NOON)
    version = Version("<i>", NOON, 1, sealed=False)

    pages = [
        correct_page.opening(what, reach, wording, NOON),
        correct_page.killing(what, reach, wording, NOON),
        correct_page.checking(what, going, "а < б", reach, wording),
        correct_page.asking(what, going, "а < б", wording),
        correct_page.leaving(what, going, "<", wording),
        correct_page.version(what, [version] * 3, 2, ["<"] * 3, wording),
    ]

    for page in pages:
        shown = [button for row in page.keyboard for button in row]
        assert page.keyboard[-1] and all(
            len(button.label) <= 32 and len(row) <= 3 for row in page.keyboard for button in row
        )
        assert all(correct_page.read(button.data) for button in shown if button.data.startswith("c:"))
        assert "<<" not in visible(page.text)
