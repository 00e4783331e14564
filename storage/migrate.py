"""Brings a database to the shape this program knows: numbered files, each applied whole or not at all."""

from __future__ import annotations

import sqlite3
from importlib import resources


class FileFromTheFuture(Exception):
    """The database was written by a newer program; this one could only harm it."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"database version {found}, this program knows {known}")
        self.found = found
        self.known = known


def steps() -> list[tuple[int, str]]:
    """Each migration's number and SQL, in order, from 1 without holes."""
    folder = resources.files("storage").joinpath("migrations")
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    found = [(int(name[:4]), folder.joinpath(name).read_text("utf-8")) for name in files]
    numbers = [number for number, _ in found]
    if numbers != list(range(1, len(found) + 1)):
        raise RuntimeError(f"migrations must be numbered from 1 without holes, not {numbers}")
    return found


def refuse_unknown(connection: sqlite3.Connection) -> int:
    """The version the database stands at. Raises FileFromTheFuture."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(steps()):
        raise FileFromTheFuture(version, len(steps()))
    return version


def migrate(connection: sqlite3.Connection) -> int:
    """Applies what is missing; the version that stands then. Raises FileFromTheFuture."""
    version = refuse_unknown(connection)
    for number, sql in steps()[version:]:
        # executescript commits whatever is open before it starts, so BEGIN stands inside the script.
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        version = number
    return version
