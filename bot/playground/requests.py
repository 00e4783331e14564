"""Reading a request: parameters from the query, a form, JSON or multipart, files beside them."""

import json
from collections.abc import AsyncIterable
from typing import Any

from aiohttp import BodyPartReader, web

from bot.playground.params import Params, Upload
from bot.playground.refusals import RefusedError, bad

BODY_LIMIT = 55 * 1024 * 1024  # 50 MB of file and the form around it


async def params_of(request: web.Request) -> Params:
    """The request's parameters. Raises RefusedError for a body that cannot be read or is too big."""
    values: dict[str, Any] = dict(request.query)
    if request.method == "GET":
        return Params(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await multipart(await request.multipart(), values)
    body = await _body(request)
    if kind == "application/json" and body:
        try:
            decoded = json.loads(body)
        except ValueError:
            raise bad("can't parse request JSON object") from None
        if not isinstance(decoded, dict):
            raise bad("object expected as the request body")
        return Params(values | decoded)
    if kind == "application/x-www-form-urlencoded":
        form = await request.post()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return Params(values)


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "Request Entity Too Large") from None


async def multipart(parts: AsyncIterable[object], values: dict[str, Any]) -> Params:
    """The parameters and files of a multipart body."""
    uploads: dict[str, Upload] = {}
    size = 0
    async for part in parts:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        content = b""
        while chunk := await part.read_chunk(65536):
            size += len(chunk)
            if size > BODY_LIMIT:
                raise RefusedError(413, "Request Entity Too Large")
            content += chunk
        if part.filename is not None:
            uploads[part.name] = Upload(part.filename, content, part.headers.get("Content-Type", ""))
        else:
            values[part.name] = content.decode()
    return Params(values, uploads)
