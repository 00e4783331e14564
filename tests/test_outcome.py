"""What every answer of Telegram means for the parcel that was sent."""

from __future__ import annotations

import pytest

from bot.delivery.outcome import Doubt, Failure, Later, Moved, Never, Trouble, meaning

POST, EDIT = "need administrator rights in the channel chat", "not enough rights to send text messages to the chat"


@pytest.mark.parametrize(
    ("code", "words", "trouble"),
    [
        (400, f"Bad Request: {POST}", "right"),
        (400, f"Bad Request: {EDIT}", "right"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "right"),
        (403, "Forbidden: CHAT_WRITE_FORBIDDEN", "right"),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", "right"),
        (400, "Bad Request: have no rights to send a message", "right"),
        (403, "Forbidden: bot is not a member of the channel chat", "removed"),
        (403, "Forbidden: bot was kicked from the channel chat", "removed"),
        (403, "Forbidden: something new", "removed"),
        (403, "Forbidden: the group chat was deleted", "absent"),
        (400, "Bad Request: chat not found", "absent"),
        (400, "Bad Request: group chat was deactivated", "absent"),
        (400, "Bad Request: CHANNEL_PRIVATE", "absent"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", "moved"),
    ],
)
def test_a_chat_that_does_not_take_it_waits_for_the_person_who_mends_it(
    code: int, words: str, trouble: Trouble
) -> None:
    found = meaning(Failure(words, code), to_reader=False)

    assert isinstance(found, Later)
    assert (found.trouble, found.reason, found.everywhere) == (trouble, words, False)


@pytest.mark.parametrize("to_reader", [False, True])
def test_a_group_that_became_a_supergroup_says_where_it_went(to_reader: bool) -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"

    assert meaning(Failure(words, 400, moved_to=-1003), to_reader=to_reader) == Moved(-1003)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_a_reader_who_does_not_want_us_is_never_asked_again(code: int, words: str) -> None:
    assert meaning(Failure(words, code), to_reader=True) == Never(words)


@pytest.mark.parametrize("to_reader", [False, True])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "Bad Request: message is too long"),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "q" at byte offset 0'),
        (413, "Request Entity Too Large"),
    ],
)
def test_what_telegram_will_not_take_is_never_sent_again(code: int, words: str, to_reader: bool) -> None:
    assert meaning(Failure(words, code), to_reader=to_reader) == Never(words)


@pytest.mark.parametrize(
    "failure",
    [
        Failure("Request timeout error"),
        Failure("ServerDisconnectedError: Server disconnected"),
        Failure("the answer could not be read"),
        Failure("Internal Server Error", 500),
        Failure("Bad Gateway", 502),
    ],
)
def test_an_answer_that_says_nothing_is_doubt(failure: Failure) -> None:
    assert meaning(failure, to_reader=False) == Doubt(failure.description)
    assert meaning(failure, to_reader=True) == Doubt(failure.description)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 3600.0])
def test_a_flood_wait_lasts_as_long_as_telegram_says_and_holds_one_chat(seconds: float) -> None:
    found = meaning(Failure("Too Many Requests", 429, retry_after=seconds), to_reader=False)

    assert found == Later(seconds, "Too Many Requests")


def test_a_flood_without_a_number_waits_too() -> None:
    found = meaning(Failure("Too Many Requests", 429), to_reader=False)

    assert isinstance(found, Later)
    assert found.seconds > 0


def test_a_connection_that_was_never_made_holds_every_chat() -> None:
    found = meaning(Failure("Cannot connect to host", connected=False), to_reader=True)

    assert isinstance(found, Later)
    assert (found.everywhere, found.trouble) == (True, "network")


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_dead_token_holds_every_chat(code: int, words: str) -> None:
    found = meaning(Failure(words, code), to_reader=False)

    assert isinstance(found, Later)
    assert (found.everywhere, found.trouble) == (True, "token")


def test_a_conflict_is_tried_again() -> None:
    found = meaning(Failure("Conflict", 409), to_reader=False)

    assert isinstance(found, Later)
    assert (found.everywhere, found.trouble) == (False, "copy")
