"""Compressed bodies opened step by step, so that a bomb is put out before it fills the memory."""

from __future__ import annotations

import zlib

import brotli


class TooBig(Exception):
    """The body is longer than its limit, compressed or not."""


class Broken(Exception):
    """The bytes are not what Content-Encoding says, or end too early."""


class Inflater:
    """Takes a body's chunks as they come; `finish` gives the whole of it.

    gzip (of several members too), zlib and raw deflate, which some servers send under the same name, and br.
    """

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._body = bytearray()
        self._begun = False
        self._encoding = encoding
        self._brotli = brotli.Decompressor() if encoding == "br" else None
        packed = encoding in {"gzip", "deflate"}
        self._engine = zlib.decompressobj(wbits=47) if packed else None  # 32 + 15: gzip or zlib, by its head

    def take(self, chunk: bytes) -> None:
        """Add a chunk. Raises TooBig as soon as the limit is passed, Broken when it is no such encoding."""
        self._begun = self._begun or bool(chunk)
        if self._brotli is not None:
            self._unfold(self._brotli, chunk)
            return
        if self._engine is None:
            self._add(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            if self._body or self._encoding != "deflate":
                raise Broken from error
            self._engine = zlib.decompressobj(wbits=-15)
            try:
                self._inflate(chunk)
            except zlib.error as raw_error:
                raise Broken from raw_error

    def finish(self) -> bytes:
        """The whole body. Raises Broken when the compressed stream has no end."""
        ended = self._engine.eof if self._engine else self._brotli.is_finished() if self._brotli else True
        if self._begun and not ended:
            raise Broken
        return bytes(self._body)

    def _inflate(self, chunk: bytes) -> None:
        while chunk and self._engine is not None:
            if self._engine.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._engine = zlib.decompressobj(wbits=47)
            self._add(self._engine.decompress(chunk, self._limit - len(self._body) + 1))
            chunk = self._engine.unconsumed_tail or self._engine.unused_data

    def _unfold(self, engine: brotli.Decompressor, chunk: bytes) -> None:
        """What brotli makes of a chunk, by the megabyte: a few hundred bytes may be two hundred of them."""
        while not engine.is_finished():  # what follows the end is padding
            try:
                self._add(engine.process(chunk, output_buffer_limit=self._limit - len(self._body) + 1))
            except brotli.error as error:
                raise Broken from error
            if engine.can_accept_more_data():
                return
            chunk = b""

    def _add(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > self._limit:
            raise TooBig
