"""The outbox as a table: what may go next, and what never goes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import channels, editions, outbox
from storage.database import Database
from storage.model import Parcel
from tests.conftest import MINUTE, NOON


def parcel(intent: str, **more: Any) -> Parcel:
    known: dict[str, Any] = {"chat": "@nd", "method": "sendMessage", "payload": {"text": intent}, "due_at": NOON}
    return Parcel(intent=intent, **({"priority": 1} | known | more))


async def put(db: Database, *parcels: Parcel) -> list[bool]:
    async with db.transaction() as tx:
        return [await outbox.put(tx, each, NOON) for each in parcels]


async def claimed(db: Database, *held: str) -> str | None:
    """The intent that goes next; it stays claimed."""
    async with db.transaction() as tx:
        found = await outbox.claim(tx, NOON, held)
    return found.intent if found else None


async def edition(db: Database, wall_time: str, parts: int) -> int:
    """An approved edition with so many parts in the outbox: «13:00 part 1» and so on."""
    async with db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        edition_id = await editions.add(
            tx, channel_id=channel.id, rubric="digest", local_date="2024-11-23", wall_time=wall_time,
            slot_at=NOON, from_at=NOON - 60 * MINUTE, until_at=NOON, state="approved", now=NOON,
        )  # fmt: skip
        for part in range(1, parts + 1):
            await outbox.put(tx, parcel(f"{wall_time} part {part}", edition_id=edition_id, part=part), NOON)
    return edition_id


async def found(db: Database, intent: str) -> Parcel:
    there = await outbox.find(db.screens, intent)
    assert there is not None
    return there


async def end(db: Database, intent: str, how: str) -> None:
    """Ends the parcel as the deliverer would."""
    parcel_id = (await found(db, intent)).id
    async with db.transaction() as tx:
        match how:
            case "sent":
                await outbox.sent(tx, parcel_id, NOON)
            case "refused":
                await outbox.refused(tx, parcel_id, "Bad Request", NOON)
            case "doubt":
                await outbox.doubted(tx, parcel_id, "the connection was cut")
            case _:
                await outbox.postponed(tx, parcel_id, "Too Many Requests")


@pytest.mark.parametrize("became", [None, "sent", "refused", "doubt", "postponed"])
async def test_an_intent_cannot_be_put_twice_whatever_became_of_it(db: Database, became: str | None) -> None:
    await put(db, parcel("post:1"))
    if became:
        await claimed(db)
        await end(db, "post:1", became)

    again = await put(db, parcel("post:1", payload={"text": "Інший текст"}))

    assert again == [False]
    assert (await found(db, "post:1")).payload == {"text": "post:1"}


async def test_breaking_news_overtakes_editions_and_editions_overtake_notes(db: Database) -> None:
    await put(
        db,
        parcel("note", priority=2, due_at=NOON - 60 * MINUTE),
        parcel("late edition", priority=1),
        parcel("early edition", priority=1, due_at=NOON - MINUTE),
        parcel("breaking", priority=0),
        parcel("alert", priority=3, due_at=NOON - 60 * MINUTE),
    )

    order = [await claimed(db) for _ in range(6)]

    assert order == ["breaking", "early edition", "late edition", "note", "alert", None]


async def test_nothing_goes_before_its_time(db: Database) -> None:
    await put(db, parcel("soon", due_at=NOON + timedelta(seconds=1)))

    assert await claimed(db) is None


async def test_parts_of_an_edition_wait_for_each_other(db: Database) -> None:
    await edition(db, "13:00", parts=2)

    assert await claimed(db) == "13:00 part 1"
    assert await claimed(db) is None  # part 1 is not answered yet
    await end(db, "13:00 part 1", "postponed")
    assert await claimed(db) == "13:00 part 1"
    await end(db, "13:00 part 1", "sent")
    assert await claimed(db) == "13:00 part 2"


async def test_a_refused_part_drops_the_later_ones_and_no_other_edition(db: Database) -> None:
    edition_id = await edition(db, "13:00", parts=3)
    await edition(db, "18:00", parts=1)
    await claimed(db)

    await end(db, "13:00 part 1", "refused")
    async with db.transaction() as tx:
        await editions.hold(tx, edition_id)

    assert await claimed(db) == "18:00 part 1"
    assert await claimed(db) is None
    dropped = await found(db, "13:00 part 3")
    assert (dropped.state, dropped.reason) == ("dropped", "Bad Request")
    assert await db.screens.value("SELECT state FROM edition WHERE id = ?", (edition_id,)) == "held"


async def test_a_refused_post_drops_nothing_that_is_of_no_edition(db: Database) -> None:
    await put(db, parcel("post:1"), parcel("post:2"))
    await claimed(db)

    await end(db, "post:1", "refused")

    assert await claimed(db) == "post:2"


async def test_doubt_holds_its_edition_and_what_follows_in_the_channel_while_breaking_news_passes(db: Database) -> None:
    await edition(db, "13:00", parts=2)
    await edition(db, "18:00", parts=2)
    await claimed(db)
    await put(db, parcel("breaking", priority=0), parcel("card", chat="-100", priority=2))

    await end(db, "13:00 part 1", "doubt")

    assert await claimed(db) == "breaking"
    assert await claimed(db) == "card"
    assert await claimed(db) is None


async def test_a_doubt_that_an_editor_was_asked_about_holds_only_its_own_edition(db: Database) -> None:
    await edition(db, "13:00", parts=2)
    await edition(db, "18:00", parts=1)
    await claimed(db)
    await end(db, "13:00 part 1", "doubt")

    async with db.transaction() as tx:
        await outbox.asked(tx, (await found(db, "13:00 part 1")).id, NOON)

    assert await claimed(db) == "18:00 part 1"
    assert await claimed(db) is None


async def test_what_was_on_its_way_when_the_process_died_is_found_at_the_next_start(db: Database) -> None:
    await put(db, parcel("post:1"), parcel("post:2"), parcel("post:3"))
    await claimed(db)
    await end(db, "post:1", "sent")
    await claimed(db)

    left = await outbox.claimed(db.screens)

    assert [each.intent for each in left] == ["post:2"]


async def test_held_chats_are_passed_over(db: Database) -> None:
    await put(db, parcel("channel"), parcel("desk", chat="-100", priority=2))

    assert await claimed(db, "@nd") == "desk"
    assert await claimed(db) == "channel"


async def test_an_alert_is_not_claimed_while_only_the_urgent_may_go(db: Database) -> None:
    await put(db, parcel("alert", chat="7", priority=3))

    async with db.transaction() as tx:
        assert await outbox.claim(tx, NOON, (), (0, 2)) is None
        assert await outbox.claim(tx, NOON, (), (3, 9)) is not None


async def test_what_is_later_than_its_patience_is_not_claimed_until_an_editor_says_so(db: Database) -> None:
    await put(db, parcel("post:1", stale_at=NOON - MINUTE))

    assert await claimed(db) is None
    [late] = await outbox.stale(db.screens, NOON)
    async with db.transaction() as tx:
        await outbox.asked(tx, late.id, NOON)
    assert await outbox.stale(db.screens, NOON) == []
    async with db.transaction() as tx:
        await outbox.answered(tx, late.id)

    assert await claimed(db) == "post:1"


async def test_what_was_dropped_may_be_put_again(db: Database) -> None:
    await put(db, parcel("post:1"))
    async with db.transaction() as tx:
        found_one = await outbox.find(tx, "post:1")
        assert found_one is not None
        await outbox.dropped(tx, found_one.id, "too late", NOON)
    assert await claimed(db) is None

    await put(db, parcel("post:1"))

    assert await claimed(db) == "post:1"


async def test_the_words_of_an_alert_are_forgotten_when_it_was_sent(db: Database) -> None:
    await put(db, parcel("alert", chat="7", reader_id=7))
    await claimed(db)

    await end(db, "alert", "sent")

    assert (await found(db, "alert")).payload == {}


@pytest.mark.parametrize("chat", ["@nd", "@ND", "-100777"])
async def test_a_claim_remembers_the_last_message_known_in_the_chat(db: Database, chat: str) -> None:
    async with db.transaction() as tx:
        await channels.heard(tx, -100777, "nd", 41, NOON)
        await channels.heard(tx, -100777, "nd", 40, NOON)  # an older one is no news
    await put(db, parcel("post:1", chat=chat))

    await claimed(db)

    assert (await found(db, "post:1")).after_message_id == 41


async def test_a_name_that_moved_to_another_chat_means_the_newer_one(db: Database) -> None:
    async with db.transaction() as tx:
        await channels.heard(tx, -100111, "nd", 9000, NOON - 60 * MINUTE)
        await channels.heard(tx, -100777, "nd", 3, NOON)
    await put(db, parcel("post:1"))

    await claimed(db)

    assert (await found(db, "post:1")).after_message_id == 3


async def test_in_a_chat_never_written_to_nothing_is_known(db: Database) -> None:
    await put(db, parcel("post:1"))

    await claimed(db)

    assert (await found(db, "post:1")).after_message_id == 0


async def test_what_waits_for_a_person_rings_no_clock(db: Database) -> None:
    await put(db, parcel("due"), parcel("next", due_at=NOON + MINUTE), parcel("last", due_at=NOON + 2 * MINUTE))

    assert await outbox.next_due_at(db.screens, NOON) == NOON + MINUTE
    assert await outbox.next_due_at(db.screens, NOON + 2 * MINUTE) is None


async def test_a_parcel_comes_back_as_it_was_put(db: Database) -> None:
    wanted = parcel("alert", payload={"text": "«Їжак»", "entities": []}, reader_id=7)
    await put(db, wanted)

    there = await found(db, "alert")

    assert replace(there, id=0) == wanted


async def test_what_was_put_by_a_clock_that_was_ahead_does_not_wait_for_its_hour(db: Database) -> None:
    ahead = NOON + timedelta(hours=1)
    async with db.transaction() as tx:
        await outbox.put(tx, parcel("post:1", due_at=ahead, stale_at=ahead + 10 * MINUTE), ahead)
        await outbox.put(tx, parcel("later", due_at=NOON + timedelta(hours=2)), NOON)

        await outbox.clock_went_back(tx, NOON)

    assert await claimed(db) == "post:1"
    assert (await found(db, "post:1")).stale_at == NOON + 10 * MINUTE
    assert (await found(db, "later")).due_at == NOON + timedelta(hours=2)
