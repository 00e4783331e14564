"""Every knob of the bot, from the environment or `.env`, prefix BOT_. Read once, by __main__ alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.pictures.colours import READABLE, colour, contrast

PREFIX = "BOT_"
NONE = "none"  # in BOT_DIGEST_TIMES, BOT_ROUNDUP_TIME: this edition is not wanted
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{2,100}")
_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-100\d{5,15}")
_WALL = re.compile(r"(\d{1,2}):(\d{2})")


class BadSettings(Exception):
    """Settings that cannot be used: each name with the key of the catalogue's sentence on what to write."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(dict(faults))
        self.faults = faults


def _fault(key: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{key}", {"key": key})


def _token(value: Any) -> Any:
    if not _TOKEN.fullmatch(str(value)):
        raise _fault("token")
    return value


def _channel(value: Any) -> Any:
    if not _CHANNEL.fullmatch(str(value)):
        raise _fault("channel")
    return value


def _chat(value: Any) -> Any:
    if not re.fullmatch(r"-?\d{1,16}", str(value)):
        raise _fault("chat")
    return value


def _wall(text: str) -> time:
    found = _WALL.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise _fault("times")
    return time(int(found[1]), int(found[2]))


def _walls(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.strip().lower() == NONE:
        return ()
    walls = [_wall(part) for part in value.split(",") if part.strip()]
    if len(set(walls)) != len(walls):
        raise _fault("times_twice")
    return tuple(sorted(walls))


def _one_wall(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() == NONE:
        return None
    return _wall(value) if isinstance(value, str) else value


def _address(value: Any) -> Any:
    if not _is_address(str(value)):
        raise _fault("address")
    return value


def _public(value: Any) -> Any:
    parts = urlsplit(str(value)) if _is_address(str(value)) else None
    if parts is None or parts.scheme != "https" or "@" in parts.netloc or parts.query or parts.fragment:
        raise _fault("public_url")
    return str(value).rstrip("/")


def _addresses(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(_is_address(each) for each in found):
        raise _fault("sources")
    return tuple(dict.fromkeys(found))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False


def _colours(value: Any) -> Any:
    """The background, the letters and the accent; the last two can be read on the first."""
    named = value.split(",") if isinstance(value, str) else value
    try:
        background, *others = [colour(str(each)) for each in named]
    except ValueError:
        raise _fault("colours") from None
    if len(others) != 2:
        raise _fault("colours")
    if any(contrast(background, each) < READABLE for each in others):
        raise _fault("colours.faint")
    return tuple(str(each).strip().removeprefix("#").lower() for each in named)


def _zone(value: Any) -> Any:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _fault("timezone") from None


Address = Annotated[str, BeforeValidator(_address)]
Walls = Annotated[tuple[time, ...], NoDecode, BeforeValidator(_walls)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Colours = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_colours)]


class Settings(BaseSettings):
    """What the operator decides. What editors change in the chat is kept in the database and wins."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # `BOT_PROXY=` in .env means: none
        extra="ignore",
        frozen=True,
        arbitrary_types_allowed=True,
    )

    token: Annotated[SecretStr, BeforeValidator(_token)] | None = None
    channel: Annotated[str, BeforeValidator(_channel)] | None = None
    admin_chat: Annotated[int, BeforeValidator(_chat)] | None = None
    probe_chat: Annotated[int, BeforeValidator(_chat)] | None = None
    name: Annotated[str, Field(max_length=64)] = ""
    database: Path = Path("newsroom.db")
    weights: Path | None = None
    people: Path | None = None
    strike_delay_minutes: Annotated[int, Field(ge=0, le=2880)] = 0
    templates: Path | None = None
    card_colours: Colours = ("102440", "ffffff", "ffc83d")
    card_logo: Path | None = None
    timezone: Zone = ZoneInfo("Europe/Kyiv")
    language: Literal["uk", "ru", "en"] = "uk"
    sources: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)] = ()
    digest_times: Walls = (time(9), time(13), time(18))
    digest_size: Annotated[int, Field(ge=1, le=30)] = 5
    roundup_time: Annotated[time | None, BeforeValidator(_one_wall)] = time(23)
    roundup_size: Annotated[int, Field(ge=1, le=30)] = 7
    draft_minutes: Annotated[int, Field(ge=0, le=720)] = 30
    approval: Literal["auto", "required"] = "auto"
    post_patience_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    breaking_from: Annotated[float | None, Field(ge=1, le=10)] = None  # None: only editors break news
    breaking_patience_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    undo_seconds: Annotated[int, Field(ge=0, le=600)] = 20
    edition_patience_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    poll_seconds: Annotated[int, Field(ge=30, le=86_400)] = 300
    api_url: Address | None = None
    proxy: Address | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    push_token: SecretStr | None = None
    public_url: Annotated[str, BeforeValidator(_public)] | None = None
    log_format: Literal["text", "json"] = "text"
    allow_private_addresses: bool = False


class _Tongue(BaseSettings):
    model_config = Settings.model_config

    language: str = ""


def load(**given: Any) -> Settings:
    """The settings of the environment and `.env`; `given` win. Raises BadSettings, which names every fault."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSettings({_name(fault["loc"]): _key(fault) for fault in error.errors()}) from None
    except UnicodeDecodeError:
        raise BadSettings({".env": "encoding"}) from None


def tongue() -> str:
    """BOT_LANGUAGE as it is written, before anything else is read: faults are told in it."""
    try:
        return _Tongue().language
    except UnicodeDecodeError:
        return ""


def _name(place: tuple[int | str, ...]) -> str:
    return f"{PREFIX}{place[0]}".upper()


def _key(fault: Any) -> str:
    """The catalogue's key: our own validators name theirs, the rest follows the setting's type."""
    if fault["type"] == "setting":
        return str(fault["ctx"]["key"])
    return {
        "literal_error": "language" if fault["loc"][0] == "language" else "log_format",
        "bool_parsing": "yes_or_no",
        "string_too_long": "too_long",
    }.get(fault["type"], "number")


def missing(settings: Settings, *needed: str) -> dict[str, str]:
    """Those of the needed settings that are not set, each with the key of what to write."""
    keys = {"token": "token", "channel": "channel", "admin_chat": "chat"}
    return {f"{PREFIX}{name}".upper(): keys[name] for name in needed if getattr(settings, name) is None}
