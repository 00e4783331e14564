"""How fast messages leave: never faster than Telegram allows, and everybody waits who has to."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import CHAT, EVERYWHERE, GROUP, OVERALL, Pace

CHATS = ("7", "8", "-100", "@nd")


def test_a_second_message_to_a_chat_waits_for_a_second() -> None:
    pace = Pace()
    pace.take("7", 10.0)

    assert pace.wait("7", 10.0) > 0.9
    assert pace.wait("8", 10.0) == 0
    assert pace.wait("7", 11.1) == 0


def test_the_twenty_first_message_to_a_group_waits_for_the_minute() -> None:
    pace = Pace()
    for number in range(20):
        pace.take("-100", 1.1 * number)

    assert pace.wait("-100", 30.0) > 29.9
    assert pace.wait("-100", 60.1) == 0


def test_a_channels_name_and_number_are_one_chat() -> None:
    pace = Pace()
    pace.alias("ND", -100)
    pace.take("@nd", 0.0)

    assert pace.wait("-100", 0.5) > 0
    assert set(pace.closed(0.5)) == {"-100", "@nd"}


def test_a_flood_wait_holds_the_chat_and_nobody_else_when_the_chat_was_too_much() -> None:
    pace = Pace()
    pace.take("-100", 0.0)
    pace.flooded("-100", 0.0, 30.0)

    assert pace.wait("-100", 29.0) > 0
    assert pace.wait("7", 29.0) == 0
    assert pace.wait("-100", 30.1) == 0


def test_a_flood_wait_for_a_reader_who_was_left_in_peace_is_meant_for_all() -> None:
    pace = Pace()
    pace.take("7", 5.0)
    pace.flooded("7", 5.0, 3.0)

    assert pace.wait("8", 7.9) > 0
    assert pace.wait_anywhere(8.1) == 0


def test_a_hold_that_is_over_closes_nothing() -> None:
    pace = Pace()
    pace.hold("-100", 0.0, 2.0)

    assert pace.closed(1.9) == ["-100"]
    assert pace.opens_in(1.9) is not None
    assert pace.closed(2.0) == []


def test_a_shorter_hold_does_not_shorten_a_longer_one() -> None:
    pace = Pace()
    pace.hold("7", 0.0, 60.0)
    pace.hold("7", 0.0, 5.0)

    assert pace.wait("7", 30.0) > 0
    pace.release("7")
    assert pace.wait("7", 30.0) == 0


def test_a_look_that_found_nothing_gives_its_place_back() -> None:
    pace = Pace()
    pace.take("-100", 0.0)
    pace.give_back("-100")

    assert pace.wait("-100", 0.0) == 0
    assert pace.opens_in(0.0) is None


def test_ten_thousand_readers_are_forgotten_when_they_make_nobody_wait() -> None:
    pace = Pace()
    for number in range(10_000):
        pace.take(str(number), number / 29)

    pace.opens_in(400.0)

    assert len(pace._sent) <= 1


@given(st.lists(st.tuples(st.sampled_from(CHATS), st.floats(0, 3)), max_size=400))
def test_whoever_waits_as_told_never_breaks_a_limit(wishes: list[tuple[str, float]]) -> None:
    pace, moment = Pace(), 0.0
    left: dict[str, list[float]] = defaultdict(list)
    for chat, pause in wishes:
        moment += pause + pace.wait(chat, moment + pause)
        pace.take(chat, moment)
        left[chat].append(moment)
        left[EVERYWHERE].append(moment)

    for chat, moments in left.items():
        many = chat.startswith(("-", "@"))
        limits = [OVERALL] if chat == EVERYWHERE else [CHAT, GROUP] if many else [CHAT]
        for limit in limits:
            for first, last in zip(moments, moments[limit.count :], strict=False):
                assert last - first >= limit.seconds
