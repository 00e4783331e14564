"""No secret reaches a log line, whichever way it came."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from pydantic import TypeAdapter, ValidationError

from bot import logs

TOKEN = "4242424242:AAF-abcdefghijklmnopqrstuvwxyz_0123"


@asynccontextmanager
async def logged(words: str) -> AsyncIterator[None]:
    """Ends when such a line was logged, by anyone; it waits for it after its body."""
    loop, found = asyncio.get_running_loop(), asyncio.Event()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if words in record.getMessage():
                loop.call_soon_threadsafe(found.set)

    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        yield
        async with asyncio.timeout(60):
            await found.wait()
    finally:
        logging.getLogger().removeHandler(ear)


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the operator chose; logging is put back afterwards."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers = []
    yield request.param
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "line",
    [
        f"cannot reach https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"cannot reach https://api.telegram.org/bot{TOKEN.replace(':', '%3A')}/sendMessage",
        f"BOT_TOKEN={TOKEN}",
    ],
)
def test_a_token_never_reaches_a_line(form: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(form)

    logging.getLogger("bot.telegram").error("%s", line)

    told = capsys.readouterr().err
    assert "***" in told
    assert "abcdefghij" not in told


def test_a_token_inside_an_error_and_its_cause_is_struck_out(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(form)

    try:
        try:
            raise aiohttp.InvalidURL(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except aiohttp.ClientError as error:
            raise RuntimeError(f"no answer for {TOKEN}") from error
    except RuntimeError:
        logging.getLogger("bot").exception("failed")

    told = capsys.readouterr().err
    assert told.count("***") >= 2
    assert "abcdefghij" not in told


def test_a_json_line_is_one_object_a_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(form)

    logging.getLogger("bot.listen").warning("перший рядок\nдругий «рядок» %d", 7)

    told = capsys.readouterr().err
    if form == "json":
        line = json.loads(told)
        assert (line["level"], line["room"], line["message"]) == (
            "warning",
            "bot.listen",
            "перший рядок\nдругий «рядок» 7",
        )
        assert line["at"].endswith("+00:00")
    else:
        assert "WARNING bot.listen: перший рядок" in told


def test_the_trail_of_an_error_names_places_and_quotes_nobody() -> None:
    try:
        try:
            TypeAdapter(int).validate_python("мій таємний лист")
        except ValidationError as error:
            raise ValueError("не число: мій таємний лист") from error
    except ValueError as error:
        told = logs.trail(error)

    assert told.startswith("ValueError at test_logs.py:")
    assert "← ValidationError at test_logs.py:" in told
    assert "таємний" not in told


def test_an_error_that_was_never_raised_has_a_trail_too() -> None:
    assert logs.trail(ValueError("лист")) == "ValueError at ?"
