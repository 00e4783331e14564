"""A withdrawal takes a story back everywhere it went: deleted while Telegram allows it, replaced by words after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import afterlife
from bot.desk.release import release_due
from bot.editions import programs
from bot.editions.compose import candidates
from bot.intake.take import Intake
from bot.playground import Message
from storage import channels, corrections, editions, items, outbox, posts, search, sources, traces
from storage.model import NEWS, Content, Parcel, Report
from tests.conftest import MINUTE, NOON, House, put
from tests.test_corrections import DATA, ELEVEN, OTHERS, WATER, WITHDRAW, Newsroom, buttons, day

LIE, SAFETY, REQUEST, DOUBLE = "Недостовірно", "Безпека людей", "Прохання людини чи рідних", "Дубль — лише цей допис"
GONE, SAFE = "Допис прибрано: інформація не підтвердилася.", "Допис прибрано заради безпеки людей."
UNDO = "↩️ Скасувати"
GRACE = timedelta(seconds=21)
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
async def room(home: House) -> Newsroom:
    return Newsroom(home)


async def withdraw(room: Newsroom, reason: str = LIE, message: Message | None = None) -> str:
    """To the tap that confirms; what its toast says."""
    await room.tap(WITHDRAW, message)
    return await room.tap(reason, message)


async def test_a_withdrawal_shows_its_consequences_and_can_be_taken_back(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)
    await room.tap(WITHDRAW)
    text = room.card().text or ""
    assert "видалить допис із каналу (вийшов о 14:06; видаляти можна 48 годин)" in text
    assert "напише про це 1 читачеві" in text
    assert buttons(room.card()) == [LIE, SAFETY, REQUEST, DOUBLE, "Не відкликати"]
    assert await room.tap("Не відкликати") == "Нічого не змінено"

    assert await withdraw(room) == "Прибираємо. Скасувати можна кнопкою нижче"
    assert "Прибираємо о 14:06:20 · недостовірно" in (room.card().text or "")
    await room.later(timedelta(seconds=10))
    assert room.channel() == [WATER]
    assert await room.tap(UNDO) == "Не відкликаємо: усе лишилося як було"
    await room.later(GRACE)
    assert room.channel() == [WATER]

    await withdraw(room)
    card = room.card()
    await room.later(GRACE)
    assert room.channel() == []
    assert (card.text or "").startswith("🗑 Відкликано: недостовірно · Олена")
    assert buttons(card) == []


async def test_the_line_leaves_the_roundup_and_its_title(room: Newsroom) -> None:
    water, _ = await day(room)
    for family in ("one", "two", "three"):
        await put(room.house.db, f"{WATER} — {family}", NOON + MINUTE, story=water.story_id, family=family)
    await room.edition(ELEVEN)
    before = room.channel()[-1]
    assert WATER in before and "Краматорськ" in before.splitlines()[0]

    await withdraw(room)
    await room.later(GRACE)

    [after] = room.channel()
    assert "Краматорськ" not in after
    kept = [line for line in before.splitlines()[1:] if WATER not in line]
    assert after.splitlines()[1:] == kept
    assert after.startswith("Головне за день: ")
    db = room.house.db.screens
    assert await search.find(db, "краматорськ", limit=5) == []
    [program] = await programs.every(db, room.easel.house)
    rubric = program.find("digest")
    assert rubric is not None
    selection = await candidates(db, program, rubric, NOON - MINUTE, ELEVEN + MINUTE)
    assert water.story_id not in {each.ranked.story.id for each in selection.candidates}


async def test_a_digest_without_lines_says_that_it_was_removed(room: Newsroom) -> None:
    water, _ = await day(room)
    async with room.house.db.transaction() as tx:
        edition_id = await editions.add(
            tx, channel_id=1, rubric="digest", local_date="2024-11-23", wall_time="13:00", slot_at=NOON, from_at=NOON,
            until_at=NOON, state="out", now=NOON,
            lines=[editions.Line(water.story_id or 0, 1, 1, WATER, WATER)],
        )  # fmt: skip
        parcel = Parcel(
            f"edition:{edition_id}:1", "@nd", "sendMessage", {"text": WATER}, NEWS, NOON, edition_id=edition_id
        )
        await outbox.put(tx, parcel, NOON)
    await room.house.deliver()

    await withdraw(room)
    await room.later(GRACE)

    assert room.channel() == [GONE]


@pytest.mark.parametrize(("age", "left"), [(TWO_DAYS - MINUTE, []), (TWO_DAYS + MINUTE, [GONE])])
async def test_a_post_is_deleted_before_48_hours_and_replaced_after(
    room: Newsroom, age: timedelta, left: list[str]
) -> None:
    await day(room)
    room.house.now += age - GRACE
    await withdraw(room)

    await room.later(GRACE)

    assert room.channel() == left


async def test_a_deletion_that_comes_too_late_falls_back_to_words(room: Newsroom) -> None:
    await day(room)
    room.house.now += TWO_DAYS - 2 * MINUTE
    await withdraw(room)
    room.house.now += GRACE
    await afterlife.follow(room.house.db, room.easel, room.house.now)

    room.house.now += 2 * MINUTE
    await room.house.deliver()

    assert room.channel() == [GONE]
    before = len(room.house.telegram.calls)
    await room.house.deliver()
    assert len(room.house.telegram.calls) == before


async def test_for_peoples_safety_all_is_hidden_at_once_and_nobody_is_told(room: Newsroom) -> None:
    water, post = await day(room)
    await room.alert(water.story_id, room.house.reader)
    await room.edition(ELEVEN)
    heard = [text for text in room.heard(room.house.reader) if text != WATER]
    card = room.card()

    assert await withdraw(room, SAFETY) == "Приховано заради безпеки людей"

    assert room.channel() and all("Краматорськ" not in text for text in room.channel())
    assert room.heard(room.house.reader) == heard
    assert card.text == "🗑 Відкликано: безпека людей · Олена"
    db = room.house.db.screens
    assert all(version.sealed for version in await corrections.versions(db, post.id))
    rows = await db.all("SELECT payload_json, wanted_json, instead_json FROM outbox")
    assert not [row for row in rows for words in row if "повернули воду" in (words or "")]
    assert (await posts.get(db, post.id) or post).state == "withdrawn"


async def test_whoever_tells_a_sealed_story_again_tells_nobody(room: Newsroom) -> None:
    water, _ = await day(room)
    await withdraw(room, SAFETY)
    intake = Intake(room.house.newsroom, room.house.wordings.default)

    async with room.house.db.transaction() as tx:
        source = await sources.put(
            tx, url="https://other.ua/rss", name="other", kind="feed", family="other", own=False, now=NOON
        )
        report = Report(f"{WATER}: подробиці", url="https://other.ua/9", published_at=NOON, language="uk")
        [arrival] = await intake.take(tx, source, [report], NOON + MINUTE, history=False)
        await items.into_story(tx, arrival.item.id, water.story_id or 0)

    again = await items.get(room.house.db.screens, arrival.item.id)
    assert again is not None and again.withdrawn


async def test_at_a_familys_request_the_alerts_go_without_a_word(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)

    await withdraw(room, REQUEST)
    await room.later(GRACE)

    assert all("Краматорськ" not in text and "Виправлення" not in text for text in room.heard(room.house.reader))


async def test_an_alert_older_than_two_days_says_why_it_is_empty(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)
    room.house.now += TWO_DAYS + MINUTE

    await withdraw(room, SAFETY)

    assert SAFE in room.heard(room.house.reader)
    assert room.channel() == [SAFE]


async def test_a_withdrawn_post_is_called_by_its_headline_after_a_correction_too(room: Newsroom) -> None:
    await day(room)
    await room.correct(DATA, f"{WATER} — ОВА")

    await withdraw(room)
    card = room.card()
    await room.later(GRACE)

    assert (card.text or "").splitlines()[1:2] == [f"{WATER} — ОВА"]


async def test_a_double_goes_alone(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)
    await room.edition(ELEVEN)
    heard = room.heard(room.house.reader)

    await withdraw(room, DOUBLE)
    await room.later(GRACE)

    [left] = room.channel()
    assert WATER in left
    assert room.heard(room.house.reader) == heard
    assert len(await traces.reports(room.house.db.screens, water.story_id or 0)) == 1


async def test_the_other_languages_channel_loses_it_too(room: Newsroom) -> None:
    water, _ = await day(room)
    house = room.house
    russian = house.telegram.channel("Новости", username="nd_ru", admins=[house.account])
    async with house.db.transaction() as tx:
        other = await channels.seed(tx, "@nd_ru", "ru", NOON)
        words = Content("В Краматорск вернули воду")
        made = await posts.add(
            tx, channel_id=other.id, state="published", content=words, editor=1, now=NOON, story_id=water.story_id
        )
        parcel = Parcel(
            f"post:{made.id}:1", "@nd_ru", "sendMessage", {"text": made.content.text}, NEWS, NOON, post_id=made.id
        )
        await outbox.put(tx, parcel, NOON)
    await house.deliver()
    room.house.now += TWO_DAYS + MINUTE

    await withdraw(room)
    await room.later(GRACE)

    assert house.telegram.texts(russian) == ["Пост убран: информация не подтвердилась."]


async def test_posts_about_it_that_have_not_left_stay(room: Newsroom) -> None:
    water, _ = await day(room)
    async with room.house.db.transaction() as tx:
        made = await posts.add(
            tx, channel_id=1, state="draft", content=Content("Ще про воду"), editor=1, now=NOON, story_id=water.story_id
        )
        await posts.change(tx, made, state="publishing", due_at=NOON + GRACE, editor=1, now=NOON)
        queued = await posts.add(
            tx, channel_id=1, state="queued", content=Content("І знову"), editor=1, now=NOON, story_id=water.story_id
        )

    await withdraw(room, SAFETY)
    await release_due(room.house.db, room.easel, NOON + GRACE, timedelta(hours=1))
    await room.house.deliver()

    assert room.channel() == []
    assert (await room.post(queued.id)).state == "withdrawn"


async def test_a_post_on_its_way_goes_again_when_it_arrives(room: Newsroom) -> None:
    water, _ = await day(room)
    async with room.house.db.transaction() as tx:
        made = await posts.add(
            tx, channel_id=1, state="publishing", content=Content("Ще про воду"), editor=1, now=NOON,
            story_id=water.story_id,
        )  # fmt: skip
        await outbox.put(tx, Parcel("post:2:1", "@nd", "sendMessage", {"text": "…"}, NEWS, NOON, post_id=made.id), NOON)
        await tx.run("UPDATE outbox SET state = 'claimed' WHERE intent = 'post:2:1'")
    await withdraw(room)
    room.house.now += GRACE
    await afterlife.follow(room.house.db, room.easel, room.house.now)
    async with room.house.db.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'waiting' WHERE intent = 'post:2:1'")  # looked for, and not there yet

    await room.house.deliver()

    assert room.channel() == []
    assert (await room.post(2)).state == "withdrawn"


async def test_a_reader_who_blocked_the_bot_holds_nobody_up(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)
    room.house.now += TWO_DAYS + MINUTE
    room.house.telegram.block(room.house.reader.id)

    await withdraw(room, SAFETY)
    before = len(room.house.telegram.calls)
    room.reopen()
    await room.house.deliver()

    assert [call.method for call in room.house.telegram.calls[before:]] == []


async def test_a_kill_between_wish_and_deletion_loses_nothing(room: Newsroom) -> None:
    water, _ = await day(room)
    await room.alert(water.story_id, room.house.reader)
    await withdraw(room)
    room.house.now += GRACE

    for _ in range(2):  # the process dies after the wishes are written, and after they are carried out
        await afterlife.follow(room.house.db, room.easel, room.house.now)
        room.reopen()
        await room.house.deliverer.start(room.house.now)
        await room.house.deliver()

    assert room.channel() == []
    assert [text for text in room.heard(room.house.reader) if "не підтвердилася" in text] == [
        f"✏️ Виправлення\nМи повідомили о 14:06: «{WATER}»\n"
        "Ця інформація не підтвердилася, допис прибрано. Перепрошуємо."
    ]
    assert len(room.house.telegram.called("deleteMessage")) == 1


async def test_a_report_taken_back_at_its_source_brings_the_card_with_a_way_to_recall(room: Newsroom) -> None:
    water, _ = await day(room)
    async with room.house.db.transaction() as tx:
        await items.withdraw(tx, water.id, "page", NOON)

    await room.later(MINUTE)

    card = room.card()
    assert "⚠️ Джерело прибрало цю новину." in (card.text or "")
    await room.tap("Відкликати")
    await room.tap(LIE)
    await room.later(GRACE)
    assert room.channel() == []


async def test_a_story_that_only_editions_told_is_recalled_from_the_note(room: Newsroom) -> None:
    for number, title in enumerate(OTHERS):
        told = await put(room.house.db, title, NOON + number * MINUTE)
        await put(room.house.db, f"{title}: подробиці", NOON + MINUTE, story=told.story_id, family="other")
    fifth = await put(room.house.db, WATER, NOON)
    await room.edition(ELEVEN)
    before = room.channel()[-1]
    async with room.house.db.transaction() as tx:
        intake = Intake(room.house.newsroom, room.house.wordings.default)
        await intake.withdraw(tx, fifth, "push", room.house.now)
    await room.house.deliver()
    note = room.card()
    assert buttons(note) == ["Відкликати"]

    await room.tap("Відкликати")
    assert DOUBLE not in buttons(note)
    await room.tap("Не відкликати")
    assert buttons(note) == ["Відкликати"]
    await withdraw_story(room, note)

    assert room.channel()[-1] != before and WATER not in room.channel()[-1]
    assert (note.text or "").startswith("🗑 Відкликано: недостовірно")


async def withdraw_story(room: Newsroom, note: Message) -> None:
    await room.tap("Відкликати", note)
    await room.tap(LIE, note)
    await room.later(GRACE)
