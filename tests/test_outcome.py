"""What every answer of Telegram means for the parcel that was sent."""

from __future__ import annotations

import pytest

from bot.delivery.outcome import Doubt, Failure, Later, Never, meaning

POST, EDIT = "need administrator rights in the channel chat", "not enough rights to send text messages to the chat"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, f"Bad Request: {POST}"),
        (400, f"Bad Request: {EDIT}"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED"),
        (400, "Bad Request: have no rights to send a message"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat"),
        (403, "Forbidden: bot is not a member of the channel chat"),
        (403, "Forbidden: bot was kicked from the channel chat"),
        (403, "Forbidden: the group chat was deleted"),
    ],
)
def test_a_lost_right_waits_for_the_person_who_gives_it_back(code: int, words: str) -> None:
    found = meaning(Failure(words, code), to_reader=False)

    assert isinstance(found, Later)
    assert (found.trouble, found.reason, found.everywhere) == ("rights", words, False)


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
    assert isinstance(meaning(Failure("Conflict", 409), to_reader=False), Later)
