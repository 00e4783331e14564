"""A setting that cannot be used is named, with what to write instead; nothing starts on a guess."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import BadSettings, Settings, load, missing


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BOT_{name}".upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_newsroom_of_kyiv_needs_three_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "42:abcDEF_-1")
    monkeypatch.setenv("BOT_CHANNEL", "@novosti_dn")
    monkeypatch.setenv("BOT_ADMIN_CHAT", "-1001234567890")

    settings = load()

    assert missing(settings, "token", "channel", "admin_chat") == {}
    assert settings.timezone == ZoneInfo("Europe/Kyiv")
    assert settings.digest_times == (time(9), time(13), time(18))
    assert settings.admin_chat == -1001234567890


def test_what_is_not_set_is_named() -> None:
    assert missing(load(), "token", "channel") == {"BOT_TOKEN": "token", "BOT_CHANNEL": "channel"}


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("BOT_TOKEN", "my token", "token"),
        ("BOT_CHANNEL", "novosti_dn", "channel"),
        ("BOT_CHANNEL", "https://t.me/novosti_dn", "channel"),
        ("BOT_ADMIN_CHAT", "@editors", "chat"),
        ("BOT_TIMEZONE", "Kiev", "timezone"),
        ("BOT_TIMEZONE", "../../etc/passwd", "timezone"),
        ("BOT_LANGUAGE", "be", "language"),
        ("BOT_SOURCES", "https://example.org/rss, file:///etc/passwd", "sources"),
        ("BOT_DIGEST_TIMES", "9:00;13:00", "times"),
        ("BOT_DIGEST_TIMES", "09:00,24:00", "times"),
        ("BOT_DIGEST_TIMES", "09:00,9:00", "times_twice"),
        ("BOT_ROUNDUP_TIME", "11 pm", "times"),
        ("BOT_DIGEST_SIZE", "many", "number"),
        ("BOT_DIGEST_SIZE", "0", "number"),
        ("BOT_POLL_SECONDS", "1", "number"),
        ("BOT_HTTP_PORT", "99999", "number"),
        ("BOT_API_URL", "localhost:8081", "address"),
        ("BOT_PUBLIC_URL", "http://bot.example.org", "public_url"),
        ("BOT_PUBLIC_URL", "https://bot.example.org/?a=1", "public_url"),
        ("BOT_LOG_FORMAT", "xml", "log_format"),
        ("BOT_ALLOW_PRIVATE_ADDRESSES", "perhaps", "yes_or_no"),
        ("BOT_NAME", "н" * 65, "too_long"),
    ],
)
def test_a_bad_setting_is_named_with_its_remedy(
    name: str, value: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings) as refused:
        load()

    assert refused.value.faults == {name: key}


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_CHANNEL", "channel")
    monkeypatch.setenv("BOT_ROUNDUP_TIME", "midnight")

    with pytest.raises(BadSettings) as refused:
        load()

    assert set(refused.value.faults) == {"BOT_CHANNEL", "BOT_ROUNDUP_TIME"}


def test_an_empty_line_in_env_means_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TOKEN=\nBOT_PROXY=\nBOT_HTTP_PORT=\nBOT_SOURCES=\n", "utf-8")

    settings = load()

    assert (settings.token, settings.proxy, settings.http_port, settings.sources) == (None, None, None, ())


def test_the_token_is_not_shown_when_settings_are_printed() -> None:
    settings = load(token="42:very-secret", push_token="also-secret")

    assert "secret" not in repr(settings) + str(settings)


def test_a_newsroom_may_want_no_digests_or_no_roundup() -> None:
    settings = load(digest_times="none", roundup_time="none")

    assert (settings.digest_times, settings.roundup_time) == ((), None)
