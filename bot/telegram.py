"""How the bot speaks to Telegram: a session that sends JSON, and calls that fail in our own words."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import aiohttp
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.delivery.outcome import Failure

Result = TypeVar("Result")
CALL_SECONDS = 30.0  # Telegram answers a send within a second or two; ten times that is a lost answer

_CODES = {
    "TelegramBadRequest": 400,
    "TelegramUnauthorizedError": 401,
    "TelegramForbiddenError": 403,
    "TelegramNotFound": 404,
    "TelegramConflictError": 409,
    "TelegramMigrateToChat": 400,
    "RestartingTelegram": 500,
    "TelegramServerError": 500,
}


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as it came. aiogram's own method validates the whole batch, and one update with a field it does
    not know how to read would be asked for again for ever."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    limit: int = 100
    timeout: int
    allowed_updates: list[str]


class JsonSession(AiohttpSession):
    """aiogram's session, but a call without files travels as JSON: half the CPU of form-encoding Cyrillic."""

    def __init__(self, api: TelegramAPIServer, proxy: str | None) -> None:
        super().__init__(api=api, timeout=CALL_SECONDS)
        self._http_proxy = proxy

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own signature
    ) -> TelegramType:
        """Telegram's answer. Raises what aiogram's own session raises."""
        files: dict[str, Any] = {}
        body = {
            name: ready
            for name, value in method.model_dump(warnings=False).items()
            if (ready := self.prepare_value(value, bot=bot, files=files, _dumps_json=False)) is not None
        }
        if files:
            return await super().make_request(bot, method, timeout)
        session = await self.create_session()
        try:
            async with session.post(
                self.api.api_url(token=bot.token, method=method.__api_method__),
                json=body,
                timeout=aiohttp.ClientTimeout(total=self.timeout if timeout is None else timeout),
                proxy=self._http_proxy,
            ) as answer:
                raw = await answer.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except aiohttp.ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        response = self.check_response(bot=bot, method=method, status_code=answer.status, content=raw)
        return cast("TelegramType", response.result)


def telegram(token: str, api_url: str | None, proxy: str | None) -> Bot:
    """A Bot that speaks to api.telegram.org or to the server at `api_url`, through an HTTP proxy when given."""
    api = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    return Bot(token, session=JsonSession(api, proxy), default=DefaultBotProperties())


def failure(error: TelegramAPIError | ClientDecodeError) -> Failure:
    """What went wrong, as a value. An error that is not Telegram's word leaves `code` None: the answer was lost."""
    if isinstance(error, TelegramRetryAfter):
        return Failure(error.message, 429, retry_after=float(error.retry_after))
    if isinstance(error, TelegramEntityTooLarge):  # aiogram calls it a network error, but it is Telegram's word
        return Failure(error.message, 413)
    if isinstance(error, TelegramNetworkError):
        never_there = isinstance(error.__cause__, aiohttp.ClientConnectorError)
        return Failure(error.message, connected=not never_there)
    if isinstance(error, ClientDecodeError):
        return Failure("the answer could not be read")
    return Failure(error.message, _CODES.get(type(error).__name__, 400))
