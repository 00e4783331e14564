"""The newsroom's SQLite file: one locked writer, two query-only readers.

Everything is written through `transaction()`; a function that writes takes a Transaction, one that only
reads takes a Reading. `screens` serves people, `slow` serves search, statistics and checkpoints, so that
a long search never makes an editor wait (facts: 495 ms on a shared connection, 4 ms on its own).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import aiosqlite

from storage.migrate import migrate, refuse_unknown

Values = Sequence[Any] | Mapping[str, Any]
LOOK_SECONDS = 0.25  # between two looks whether the other process has ended
BUSY_SECONDS = 5.0  # only backup tools ever hold the file against us, and not for longer


class AlreadyRunning(Exception):
    """Another process owns this database."""

    def __init__(self, path: Path, owner: str) -> None:
        super().__init__(f"{path} is in use by process {owner}")
        self.path = path
        self.owner = owner


class CannotOpen(Exception):
    """The file cannot be opened or written; `reason` is SQLite's or the system's word."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def no_room(error: BaseException) -> bool:
    """Whether nothing could be written just now (a full disk, a file held by a backup), so that trying again helps."""
    codes = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in codes


class Reading:
    """A connection that answers questions."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, values: Values = ()) -> list[sqlite3.Row]:
        """Every row of the answer."""
        return list(await self._connection.execute_fetchall(sql, values))  # one hop to the thread, not three

    async def one(self, sql: str, values: Values = ()) -> sqlite3.Row | None:
        """The first row, None when there is none."""
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    async def value(self, sql: str, values: Values = ()) -> Any:
        """The first column of the first row, None when there is no row."""
        row = await self.one(sql, values)
        return row[0] if row else None


class Transaction(Reading):
    """The right to write; ends with the `async with` that gave it."""

    async def run(self, sql: str, values: Values = ()) -> int:
        """How many rows the statement touched."""
        async with self._connection.execute(sql, values) as cursor:
            return cursor.rowcount

    async def add(self, sql: str, values: Values = ()) -> int:
        """The id of the row that was added."""
        async with self._connection.execute(sql, values) as cursor:
            assert cursor.lastrowid is not None  # an INSERT always sets it
            return cursor.lastrowid

    async def run_each(self, sql: str, rows: Iterable[Values]) -> None:
        """Runs the statement once for each row."""
        await self._connection.executemany(sql, rows)


class Database:
    """An open newsroom. Made by `Database.open`, which takes the lock, or `Database.look`, which only reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.screens: Reading
        self.slow: Reading
        self._writer: aiosqlite.Connection
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()

    @classmethod
    async def open(cls, path: Path, patience_seconds: float = 0.0) -> Database:
        """The database, migrated and locked; another process that holds it is waited for so long.

        Raises AlreadyRunning, FileFromTheFuture, CannotOpen.
        """
        database = cls(path)
        try:
            lock = database._stack.enter_context(await _locked(path, patience_seconds))
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            await asyncio.to_thread(_prepare, path)
            database._writer = await database._connect(query_only=False)
            await database._connect_readers()
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(OSError):  # on a full disk the lock file cannot even be closed well
                await database.close()
            raise CannotOpen(path, str(error)) from error
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    async def look(cls, path: Path) -> Database:
        """The database for reading only: no lock, no migration, no writer. Raises CannotOpen, FileFromTheFuture."""
        database = cls(path)
        try:
            await asyncio.to_thread(_examine, database._uri())
            await database._connect_readers()
        except sqlite3.Error as error:
            await database.close()
            raise CannotOpen(path, str(error)) from error
        return database

    async def close(self) -> None:
        """Closes every connection, then gives the lock back."""
        await self._stack.aclose()

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All of it or nothing, one at a time. Cancelled at any await, it leaves the writer free.

        A cancellation that meets the COMMIT leaves either all or nothing, and does not say which.
        """
        async with self._turn:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield Transaction(self._writer)
                await self._writer.execute("COMMIT")
            except BaseException:
                await self._roll_back()
                raise

    async def checkpoint(self) -> None:
        """Moves what was committed into the main file, beside the writer, without making it wait."""
        await self.slow.all("PRAGMA wal_checkpoint(PASSIVE)")

    def _uri(self) -> str:
        # Even a reader needs "rw" to join a WAL that nobody has open; query_only keeps it from writing.
        mode = "rw" if os.access(self.path, os.W_OK) else "ro"
        return f"{self.path.absolute().as_uri()}?mode={mode}"

    async def _roll_back(self) -> None:
        # The thread may still be at the cancelled statement; its queue puts the rollback behind it. A second
        # cancellation must not leave the transaction open, so it waits until the rollback is done.
        undone = asyncio.ensure_future(self._writer.rollback())
        while not undone.done():
            try:
                await asyncio.shield(undone)
            except asyncio.CancelledError:
                continue
        undone.result()

    async def _connect_readers(self) -> None:
        self.screens = Reading(await self._connect(query_only=True))
        self.slow = Reading(await self._connect(query_only=True))

    async def _connect(self, *, query_only: bool) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self._uri(), uri=True, isolation_level=None, timeout=BUSY_SECONDS)
        self._stack.push_async_callback(connection.close)
        connection.row_factory = sqlite3.Row
        await connection.execute(f"PRAGMA query_only = {int(query_only)}")
        await connection.execute("PRAGMA foreign_keys = ON")
        # NORMAL in WAL never corrupts, but a power cut may undo the last commits: a sent post would be
        # claimed as never tried. FULL costs one fsync a commit, and we commit a few times a minute.
        await connection.execute("PRAGMA synchronous = FULL")
        # What people wrote is erased when it was answered: from the pages at once, from the log at a checkpoint.
        await connection.execute("PRAGMA secure_delete = ON")
        await connection.execute("PRAGMA journal_size_limit = 0")
        await connection.execute("PRAGMA wal_autocheckpoint = 0")  # p99 of a commit 0.7 ms against 20
        return connection


def _prepare(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection)
    finally:
        connection.close()


def _examine(uri: str) -> None:
    # aiosqlite's thread outlives a connection that failed to open, so what can fail is tried here first.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        refuse_unknown(connection)
    finally:
        connection.close()


def owner(path: Path) -> str | None:
    """The number of the process that holds the database, None when it is free."""
    if not _beside(path).exists():
        return None
    try:
        _lock(path).close()
    except AlreadyRunning as error:
        return error.owner
    return None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


async def _locked(path: Path, patience_seconds: float) -> TextIO:
    """The lock file, held, when its owner ends in time. Raises AlreadyRunning."""
    for _ in range(int(patience_seconds / LOOK_SECONDS)):
        try:
            return _lock(path)
        except AlreadyRunning:
            await asyncio.sleep(LOOK_SECONDS)
    return _lock(path)


def _lock(path: Path) -> TextIO:
    """The lock file, held. SQLite's own exclusive mode would lock out our readers too."""
    lock = _beside(path).open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        owner = lock.read().strip() or "?"
        lock.close()
        raise AlreadyRunning(path, owner) from None
    return lock
