"""The queue's database: one row a job, with the same content as the job's own `job.json`.

A change is one transaction: rows, events and `job.json` together, by one program at a time. The folders alone are
enough to make the database again, which is what happens when it is damaged or rows are missing.
"""

import contextlib
import errno
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import Clock, Journal, utc_now
from rvc.jobs.locks import Lock
from rvc.jobs.record import Record
from rvc.jobs.wire import ENDED, NEXT, State, StateChange

DATABASE = "queue.sqlite3"
VERSION = 1
BUSY_TIMEOUT_S = 30.0
ALL = -1  # what SQLite calls no limit
SPEED_WEIGHT = 0.5  # of the newest measurement
RESTORED = "The queue's database was damaged and has been made again from the folders of the jobs."
SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    key TEXT,
    state TEXT NOT NULL,
    number INTEGER NOT NULL,
    served INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS jobs_by_key ON jobs (owner, key) WHERE key IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, owner);
CREATE INDEX IF NOT EXISTS jobs_by_owner ON jobs (owner, served);
CREATE TABLE IF NOT EXISTS speeds (key TEXT PRIMARY KEY, seconds_per_unit REAL NOT NULL);
"""


class Store:
    """All jobs of a home. May be used by several threads and programs at once."""

    def __init__(self, home: Path, clock: Clock = utc_now) -> None:
        self.home = home
        self.clock = clock
        self.path = home / DATABASE
        paths.make_dir(home)
        home.chmod(0o700)

    def folder(self, job_id: str) -> JobFolder:
        """Return a job's folder; raises `InputError` unknown_job for what cannot be an id."""
        if not job_id or not all(letter.isalnum() or letter == "-" for letter in job_id):
            raise _unknown(job_id)
        return JobFolder(self.home / job_id)

    def journal(self, job_id: str) -> Journal:
        return Journal(self.home / job_id, self.clock)

    @contextlib.contextmanager
    def read(self) -> Iterator["Rows"]:
        """Look at the jobs."""
        with self._open() as connection:
            yield Rows(self, connection)

    @contextlib.contextmanager
    def change(self) -> Iterator["Rows"]:
        """Change jobs: nobody else does until the block ends, and nothing is changed if it fails."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Rows(self, connection)
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the database; a damaged one is set aside and made again.

        Raises `Error`: queue_restored when the damage shows halfway, disk_full, queue_busy.
        """
        try:
            with contextlib.closing(self._connect_to_sound()) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise _as_error(error, self.path) from error
            self.rebuild()
            raise Error("queue_restored", RESTORED, "Do it again.") from error

    def _connect_to_sound(self) -> sqlite3.Connection:
        try:
            return self.connect()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
        self.rebuild()
        return self.connect()

    def connect(self) -> sqlite3.Connection:
        """Return a connection to a database of this version; raises `Error` newer_database."""
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > VERSION:
                raise Error(
                    "newer_database", f"{self.path} was written by a newer version.", "Update RVC Studio."
                )
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # who consented to what goes with the job
            if version < VERSION:
                self._create(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self, connection: sqlite3.Connection) -> None:
        """Make the tables, with a row for every folder that is there already."""
        with Lock(self.home / "create.lock").held():
            if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return  # another program was faster
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
            Rows(self, connection).adopt_folders()
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")

    def rebuild(self) -> None:
        """Set a damaged database aside and make it again from the folders."""
        with Lock(self.home / "rebuild.lock").held():
            if self.is_sound():  # another program was faster
                return
            number = 1
            while (aside := self.path.with_name(f"{DATABASE}.damaged-{number}")).exists():
                number += 1
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{aside}{suffix}")
            self.connect().close()

    def is_sound(self) -> bool:
        """Check the whole database."""
        try:
            with contextlib.closing(self.connect()) as connection:
                return str(connection.execute("PRAGMA quick_check").fetchone()[0]) == "ok"
        except sqlite3.DatabaseError:
            return False


class Changes:
    """Tells whether any program has changed the jobs, at the cost of a few microseconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: sqlite3.Connection | None = None
        self._file = 0
        self._version = -1

    def seen(self) -> bool:
        """Tell whether something changed since the last question; a damaged database is made again."""
        try:
            return self._look()
        except sqlite3.DatabaseError as error:
            self.close()
            if not _is_damage(error):
                raise
            self._store.rebuild()
            return True

    def _look(self) -> bool:
        if self._connection is None or self._store.path.stat().st_ino != self._file:
            self.close()
            self._connection = self._store.connect()
            self._file = self._store.path.stat().st_ino
            self._version = -1
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        changed = version != self._version
        self._version = version
        return changed

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Rows:
    """The rows of the database, within one look or one change."""

    def __init__(self, store: Store, connection: sqlite3.Connection) -> None:
        self._store = store
        self._connection = connection

    def get(self, job_id: str, owner: str | None = None) -> Record:
        """Return a job; raises `InputError` unknown_job, also when it is another owner's."""
        row = self._connection.execute("SELECT record FROM jobs WHERE id = ?", (job_id,)).fetchone()
        record = Record.model_validate_json(row[0]) if row else None
        if record is None or owner not in (None, record.owner):
            raise _unknown(job_id)
        return record

    def find_key(self, owner: str, key: str) -> Record | None:
        """Return the job that an owner submitted under a key."""
        query = "SELECT record FROM jobs WHERE owner = ? AND key = ?"
        row = self._connection.execute(query, (owner, key)).fetchone()
        return Record.model_validate_json(row[0]) if row else None

    def all(
        self,
        states: Collection[State] = (),
        owner: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Return jobs in the order of their making: the newest so many of those with numbers below `before`."""
        conditions, values = ["1"], list[str | int]()
        if states:
            conditions.append(f"state IN ({','.join('?' * len(states))})")
            values.extend(states)
        if owner is not None:
            conditions.append("owner = ?")
            values.append(owner)
        if before is not None:
            conditions.append("number < ?")
            values.append(before)
        query = (
            f"SELECT record FROM jobs WHERE {' AND '.join(conditions)}"
            # a row removed by hand gives its number away, and its folder comes back with it
            " ORDER BY number DESC, json_extract(record, '$.created') DESC LIMIT ?"
        )
        rows = self._connection.execute(query, (*values, ALL if limit is None else limit)).fetchall()
        return [Record.model_validate_json(row[0]) for row in reversed(rows)]

    def ids(self) -> set[str]:
        return {row[0] for row in self._connection.execute("SELECT id FROM jobs")}

    def last_served(self) -> dict[str, int]:
        """Return the number of each owner's last start."""
        return dict(self._connection.execute("SELECT owner, MAX(served) FROM jobs GROUP BY owner"))

    def next_number(self) -> int:
        return int(self._connection.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM jobs").fetchone()[0])

    def usage(self, owner: str) -> tuple[int, int]:
        """Return how many jobs of an owner have not ended, and how many bytes all of them take."""
        ended = ",".join(f"'{state}'" for state in sorted(ENDED))
        query = f"SELECT SUM(state NOT IN ({ended})), SUM(size_bytes) FROM jobs WHERE owner = ?"
        count, size = self._connection.execute(query, (owner,)).fetchone()
        return int(count or 0), int(size or 0)

    def put(self, record: Record) -> Record:
        """Write a job to its folder and to the database."""
        self._store.folder(record.id).write_record(record)
        return self.add(record)

    def move(self, record: Record, state: State, **facts: Any) -> Record:
        """Bring a job into another state, tell its events, and write it with other facts that changed.

        Raises `InputError` wrong_state where that does not follow on its present one.
        """
        if state not in NEXT[record.state]:
            raise InputError(
                "wrong_state", f"The job {record.name} is {record.state}: it cannot become {state}."
            )
        moved = record.model_copy(update={"state": state, **facts})
        self._store.journal(record.id).append(StateChange(state=state, attempt=moved.attempt), durable=True)
        return self.put(moved)

    def remove(self, job_id: str) -> None:
        self._connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def speeds(self) -> dict[str, float]:
        """Return measured seconds a unit of work, by what was measured."""
        return dict(self._connection.execute("SELECT key, seconds_per_unit FROM speeds"))

    def learn_speed(self, key: str, seconds_per_unit: float) -> None:
        known = self.speeds().get(key, seconds_per_unit)
        mean = known + SPEED_WEIGHT * (seconds_per_unit - known)
        self._connection.execute("INSERT OR REPLACE INTO speeds VALUES (?, ?)", (key, mean))

    def adopt_folders(self) -> list[str]:
        """Take in the jobs of folders that have no row; return their ids."""
        known = self.ids()
        found = [path for path in sorted(self._store.home.iterdir()) if (path / "job.json").is_file()]
        adopted = []
        for path in found:
            if path.name in known or path.name.startswith("."):
                continue
            with contextlib.suppress(InputError):
                record = JobFolder(path).read_record()
                if record.id == path.name:
                    self.add(record)
                    adopted.append(record.id)
        return adopted

    def add(self, record: Record) -> Record:
        """Write a job to the database only: its folder has it already."""
        values = (
            record.id,
            record.owner,
            record.key,
            record.state,
            record.number,
            record.served,
            record.size_bytes,
            record.model_dump_json(),
        )
        self._connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return record


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell damage from a lock that was not had in time and from a full disk."""
    if isinstance(error, sqlite3.OperationalError):
        return "malformed" in str(error) or "no such table" in str(error)
    return not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError)


def _as_error(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """Say in the user's words what the database says about its surroundings."""
    if "full" in str(error):
        return paths.as_error(OSError(errno.ENOSPC, str(error)), path)
    if "locked" in str(error):
        return Error("queue_busy", f"Another program does not let go of {path}.", "Try again.")
    if isinstance(error, sqlite3.OperationalError):
        return InputError("not_writable", f"{path} cannot be used: {error}.", "Look at its folder.")
    return error  # a bug


def _unknown(job_id: str) -> InputError:
    return InputError("unknown_job", f"There is no job {job_id}.", "The list of jobs names them.")
