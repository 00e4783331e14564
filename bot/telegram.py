"""How the bot speaks to Telegram: a session that sends JSON, and calls that fail in our own words."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

import aiohttp
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.delivery.outcome import Failure

Result = TypeVar("Result")
CALL_SECONDS = 30.0  # Telegram answers a send within a second or two; ten times that is a lost answer
CONNECT_SECONDS = 10.0  # shorter than a call, so that a network that swallows everything is no lost answer

_CODES: dict[type[TelegramAPIError], int] = {
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramServerError: 500,
    RestartingTelegram: 500,
}
# Nothing can have reached Telegram: no connection, no answer to the first packet, a proxy that opened no way.
_NEVER_THERE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


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
        # aiogram's own call would send files past the proxy.
        content: dict[str, Any] = {"data": self.build_form_data(bot, method)} if files else {"json": body}
        total = self.timeout if timeout is None else timeout
        session = await self.create_session()
        try:
            async with session.post(
                self.api.api_url(token=bot.token, method=method.__api_method__),
                timeout=aiohttp.ClientTimeout(total=total, connect=CONNECT_SECONDS),
                proxy=self._http_proxy,
                **content,
            ) as answer:
                raw = await answer.text(errors="replace")  # a gateway's page may be in any encoding
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except aiohttp.ClientError as error:
            words = str(error).replace(bot.token, "***")  # some name the URL; the editors are told these words
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {words}") from error
        response = self.check_response(bot=bot, method=method, status_code=answer.status, content=raw)
        return cast("TelegramType", response.result)

    async def close(self) -> None:
        """Closes the connections; aiohttp waits for TLS itself, so aiogram's quarter of a second is not needed."""
        if self._session is not None:
            await self._session.close()

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """The answer, with its result. Raises what aiogram's own raises."""
        _answer_of(method.__returning__)
        try:
            response = super().check_response(bot=bot, method=method, status_code=status_code, content=content)
        except TypeError as error:  # aiogram looks for a word in a refusal that has none
            raise ClientDecodeError("A refusal without words", error, content) from error
        if response.result is None:
            raise ClientDecodeError("An answer without a result", ValueError(), content)
        return response


@cache
def _answer_of(returning: Any) -> type[Response[Any]]:
    """The type of the answer. pydantic forgets one that nobody holds, and to build it anew stops the loop for 10 ms."""
    return Response[returning]


def telegram(token: str, api_url: str | None, proxy: str | None) -> Bot:
    """A Bot that speaks to api.telegram.org or to the server at `api_url`, through an HTTP proxy when given."""
    api = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    return Bot(token, session=JsonSession(api, proxy), default=DefaultBotProperties())


def failure(error: TelegramAPIError | ClientDecodeError) -> Failure:
    """What went wrong, as a value. An error that is not Telegram's word leaves `code` None: the answer was lost."""
    if isinstance(error, ClientDecodeError):
        return Failure("the answer could not be read")
    if isinstance(error, TelegramRetryAfter):
        return Failure(error.message, 429, retry_after=float(error.retry_after))
    if isinstance(error, TelegramMigrateToChat):
        return Failure(error.message, 400, moved_to=error.migrate_to_chat_id)
    if isinstance(error, TelegramEntityTooLarge):  # aiogram calls it a network error, but it is Telegram's word
        return Failure(error.message, 413)
    if isinstance(error, TelegramNetworkError):
        return Failure(error.message, connected=not isinstance(error.__cause__, _NEVER_THERE))
    words = error.message or type(error).__name__  # aiogram lets a refusal without words through
    if type(error) is TelegramAPIError and "too many requests" in words.lower():
        return Failure(words, 429)  # a flood whose length nobody told has no exception of its own
    return Failure(words, _CODES.get(type(error), 400))
