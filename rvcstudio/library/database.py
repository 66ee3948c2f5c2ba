"""The library's database: one connection, used by one thread at a time, on the disk before a call returns."""

import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from rvc import paths
from rvc.errors import Error
from rvcstudio.library import schema

BUSY_S = 5.0


class Database:
    """SQLite in WAL mode. A change is complete and on the disk, or did not happen."""

    def __init__(self, folder: Path) -> None:
        """Open or make the database in a folder. Raises `Error`: newer_library, broken_library, not_writable."""
        file = paths.make_dir(folder) / schema.FILE
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _as_error(error, file) from error
        try:
            self._prepare(file)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, file: Path) -> None:
        self._connection.row_factory = sqlite3.Row
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            schema.migrate(self._connection, file)
        except sqlite3.Error as error:
            raise _as_error(error, file) from error

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row, or None."""
        with self._lock:
            return self._connection.execute(query, values).fetchone()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Do several changes, or none of them. Raises `Error` disk_full."""
        with self._lock:
            if self._connection.in_transaction:  # one change inside another is a part of it
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                    raise Error("disk_full", "The disk is full.", "Free some space.") from error
                raise

    def insert(self, table: str, **values: Any) -> None:
        """Add a row; the names of table and columns are the program's own."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        with self.change() as connection:
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))

    def update(self, table: str, row_ids: Iterable[str], **values: Any) -> None:
        """Change columns of some rows; the names of table and columns are the program's own."""
        names = ", ".join(f"{name} = ?" for name in values)
        with self.change() as connection:
            connection.executemany(
                f"UPDATE {table} SET {names} WHERE id = ?",
                [[*values.values(), row_id] for row_id in row_ids],
            )

    def copy_to(self, other: sqlite3.Connection) -> None:
        """Copy all tables as they are now."""
        with self._lock:
            self._connection.backup(other)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _as_error(error: sqlite3.Error, file: Path) -> Error:
    if isinstance(error, sqlite3.OperationalError):
        return Error("not_writable", f"{file} cannot be opened: {error}.", "Choose another library folder.")
    return Error(
        "broken_library",
        f"{file} is damaged or no library: {error}.",
        "Choose another library folder, or restore this one from a copy.",
    )


def new_id() -> str:
    return uuid4().hex


def now() -> str:
    return datetime.now(UTC).isoformat()


def words(*texts: str) -> str:
    """Return texts as they are searched: without case, and composed as one does not see them to differ."""
    return unicodedata.normalize("NFC", " ".join(texts)).casefold()


def pattern(search: str) -> str:
    """Return a search as a LIKE pattern with the escape character `!`."""
    text = words(search).strip()
    for special in "!%_":
        text = text.replace(special, "!" + special)
    return f"%{text}%"
