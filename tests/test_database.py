"""The newsroom's file: whole transactions, one owner, refusal of what it cannot read."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from pathlib import Path

import pytest

from storage.database import AlreadyRunning, CannotOpen, Database
from storage.migrate import FileFromTheFuture, steps


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newsroom.db"


async def _journal(database: Database) -> int:
    return int(await database.screens.value("SELECT count(*) FROM journal"))


async def _write_pair(database: Database) -> None:
    """Two rows that belong together, with an await between any two statements."""
    async with database.transaction() as tx:
        for half in ("first", "second"):
            await tx.add("INSERT INTO journal (at, actor, act, subject) VALUES (0, 0, ?, 'pair')", (half,))
            await asyncio.sleep(0)


async def test_a_thousand_cancelled_writers_leave_whole_pairs_and_a_free_writer(path: Path) -> None:
    chance = random.Random(20241120)
    async with await Database.open(path) as database:
        for _ in range(1000):
            writer = asyncio.ensure_future(_write_pair(database))
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            if chance.random() < 0.3:  # sometimes the thread gets real time to reach its COMMIT
                await asyncio.sleep(chance.random() * 0.002)
            writer.cancel()
            if chance.random() < 0.5:  # a second cancellation meets the rollback
                await asyncio.sleep(0)
                writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            assert writer.done()

        await asyncio.wait_for(_write_pair(database), 60)
        firsts = await database.screens.value("SELECT count(*) FROM journal WHERE act = 'first'")
        assert firsts >= 1
        assert await _journal(database) == 2 * firsts


async def test_a_failed_transaction_leaves_nothing(path: Path) -> None:
    async with await Database.open(path) as database:
        with pytest.raises(sqlite3.IntegrityError):
            async with database.transaction() as tx:
                await tx.add("INSERT INTO journal (at, actor, act, subject) VALUES (0, 0, 'a', 'b')")
                await tx.run("INSERT INTO post (id) VALUES (1)")

        assert await _journal(database) == 0


async def test_readers_cannot_write(path: Path) -> None:
    async with await Database.open(path) as database:
        for reading in (database.screens, database.slow):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await reading.all("DELETE FROM journal")


async def test_readers_see_what_was_committed_while_a_writer_is_at_work(path: Path) -> None:
    async with await Database.open(path) as database:
        await _write_pair(database)
        async with database.transaction() as tx:
            await tx.run("DELETE FROM journal")

            assert await _journal(database) == 2
        assert await _journal(database) == 0


async def test_a_second_owner_is_told_who_the_first_is(path: Path) -> None:
    async with await Database.open(path):
        with pytest.raises(AlreadyRunning) as refused:
            await Database.open(path)

    assert refused.value.owner.isdigit()
    async with await Database.open(path):  # the first is gone, so the lock is free
        pass


async def test_a_second_owner_waits_for_the_first_to_say_farewell(path: Path) -> None:
    first = await Database.open(path)
    opening = asyncio.create_task(Database.open(path, 10.0))
    await asyncio.wait([opening], timeout=0.05)
    assert not opening.done()

    await first.close()

    async with await opening as second:
        assert await _journal(second) == 0


async def test_another_process_is_refused_too(path: Path) -> None:
    code = f"""
import asyncio, pathlib
from storage.database import AlreadyRunning, Database
try:
    asyncio.run(Database.open(pathlib.Path({str(path)!r})))
except AlreadyRunning as refused:
    print("refused", refused.owner)
"""
    async with await Database.open(path):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()

    assert said.startswith(b"refused ")


async def test_looking_needs_no_lock(path: Path) -> None:
    async with await Database.open(path) as database:
        await _write_pair(database)
        async with await Database.look(path) as looking:
            assert await _journal(looking) == 2


async def test_looking_at_nothing_says_so(path: Path) -> None:
    with pytest.raises(CannotOpen, match="unable to open"):
        await Database.look(path)


async def test_a_file_from_a_newer_program_is_refused_untouched(path: Path) -> None:
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()

    with pytest.raises(FileFromTheFuture) as refused:
        await Database.open(path)

    assert (refused.value.found, refused.value.known) == (999, len(steps()))
    with sqlite3.connect(path) as untouched:
        assert untouched.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    untouched.close()


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database at all, just some words" * 100)

    with pytest.raises(CannotOpen, match="not a database"):
        await Database.open(path)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="missing"):
        await Database.open(tmp_path / "missing" / "newsroom.db")


async def test_a_broken_migration_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [*steps(), (len(steps()) + 1, "CREATE TABLE extra (id INTEGER) STRICT; SELECT nonsense;")]
    monkeypatch.setattr("storage.migrate.steps", lambda: broken)

    with pytest.raises(CannotOpen, match="nonsense"):
        await Database.open(path)

    with sqlite3.connect(path) as left:
        assert left.execute("PRAGMA user_version").fetchone() == (len(broken) - 1,)
        assert left.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").fetchone() == (0,)
    left.close()


async def test_every_table_is_strict(path: Path) -> None:
    async with await Database.open(path) as database:
        tables = await database.screens.all(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )

    loose = {row["name"] for row in tables if not row["strict"]}
    assert {name for name in loose if not name.startswith(("sqlite_", "item_search"))} == set()


async def test_the_log_is_moved_into_the_file_in_the_background(path: Path) -> None:
    async with await Database.open(path) as database:
        before = path.stat().st_size
        for _ in range(50):
            await _write_pair(database)
        assert path.stat().st_size == before

        await database.checkpoint()

        assert path.stat().st_size >= before
        log, moved = (await database.slow.all("PRAGMA wal_checkpoint(PASSIVE)"))[0][1:]
        assert log == moved
