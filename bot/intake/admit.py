"""The gate between the newsroom and the network: it sees every address before a connection is made to it."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from bot.intake import addresses
from bot.intake.answers import Refused

_turned_away: ContextVar[list[str]] = ContextVar("turned_away")  # addresses refused during one request


class Gate:
    """Lets connections out to public addresses, to `trusted` (address, port) pairs, or to all of them."""

    def __init__(self, allow_private: bool, *, proxied: bool, trusted: frozenset[tuple[str, int]]) -> None:
        self._allow_private, self._proxied, self._trusted = allow_private, proxied, trusted

    async def expect(self, host: str, url: str) -> list[str]:
        """Prepare for one request: the list that will hold the addresses refused to it.

        Behind a proxy the only connection is the proxy's, so what the name means here is checked now; raises
        Refused("private_address"). A name that is unknown here is left to the proxy.
        """
        refused: list[str] = []
        _turned_away.set(refused)
        if not self._proxied or self._allow_private:
            return refused
        port = urlsplit(url).port or (443 if url.lower().startswith("https:") else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return refused
        for *_, place in found:
            if not self._open(str(place[0]), port):
                raise Refused("private_address", host=host, address=str(place[0]))
        return refused

    def socket(self, place: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that aiohttp is about to connect to, also a literal, which no resolver sees.

        Raises OSError for an address that is not let out, and notes it for the request.
        """
        family, kind, protocol, _, address = place
        if not self._proxied and not self._open(str(address[0]), int(address[1])):
            _turned_away.get([]).append(str(address[0]))
            raise OSError(errno.EACCES, "not a public address")
        return socket.socket(family, kind, protocol)

    def _open(self, address: str, port: int) -> bool:
        return self._allow_private or addresses.public(address) or (address, port) in self._trusted
