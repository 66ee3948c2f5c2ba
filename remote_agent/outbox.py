"""What is to be told to whom, and what was: a row a message in SQLite, so that a restart neither loses nor repeats one.

How far each job's events were read is written in the same transaction as the messages that follow from them. There is
one row for a job, an event and a target, whatever happens. A message is counted as tried before it is sent: only when
the machine dies between sending and writing that down is it sent again.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from remote_agent.notifications.messages import News
from remote_agent.notifications.settings import Preferences
from rvc import paths
from rvc.errors import Error

DATABASE = "outbox.sqlite3"
VERSION = 1
PRIVATE_MODE = 0o600  # it holds the users' secrets
BUSY_TIMEOUT_S = 30.0
ERROR_MAX = 300
SHOWN_MAX = 200
SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS preferences (user TEXT PRIMARY KEY, settings TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS positions (job TEXT PRIMARY KEY, position TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    event TEXT NOT NULL,
    target TEXT NOT NULL,
    user TEXT NOT NULL,
    news TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,
    created REAL NOT NULL,
    ended REAL,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (job, event, target)
);
CREATE INDEX IF NOT EXISTS messages_by_turn ON messages (state, due);
CREATE INDEX IF NOT EXISTS messages_by_user ON messages (user, id);
"""

Fate = Literal["pending", "sent", "failed"]


class Position(BaseModel):
    """How far a job's events were read, and what of them the rest is understood by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int = 0
    attempt: int = 0
    percent: int = 0
    ended: bool = False
    scores: dict[str, float] = {}
    code: str = ""
    text: str = ""
    hint: str = ""


class Delivery(BaseModel):
    """A message and what became of it. Times are seconds since 1970."""

    id: int
    job: str
    event: str
    target: str
    state: Fate
    tries: int
    created: float
    due: float
    ended: float | None
    error: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message whose turn it is."""

    id: int
    user: str
    target: str
    news: News
    tries: int


class Outbox:
    """The database. May be used by several threads; only one process sends from it."""

    def __init__(self, path: Path) -> None:
        """Open it or make it; what is damaged is set aside, and with it who wanted to hear what."""
        self.path = path
        self._threads = threading.RLock()
        paths.make_dir(path.parent)
        path.touch(PRIVATE_MODE)
        path.chmod(PRIVATE_MODE)
        try:
            self._database = _connect(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _set_aside(path)
            path.touch(PRIVATE_MODE)
            self._database = _connect(path)

    def close(self) -> None:
        with self._threads:
            self._database.close()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._threads:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def preferences(self, user: str) -> Preferences:
        """Return what a user wants to hear; nothing, where that was never said."""
        with self._threads:
            row = self._database.execute(
                "SELECT settings FROM preferences WHERE user = ?", (user,)
            ).fetchone()
        return Preferences.model_validate_json(row[0]) if row else Preferences()

    def prefer(self, user: str, preferences: Preferences) -> None:
        """Keep what a user wants to hear from now on."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO preferences VALUES (?, ?)", (user, preferences.model_dump_json())
            )

    def forget(self, user: str) -> int:
        """Delete all that is kept of a user; return how many wishes and messages that were."""
        with self._change() as database:
            deletions = [f"DELETE FROM {table} WHERE user = ?" for table in ("preferences", "messages")]
            count = sum(database.execute(deletion, (user,)).rowcount for deletion in deletions)
        with self._threads:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log has it, too
        return count

    def positions(self) -> dict[str, Position]:
        """Return how far the events of every job were read."""
        with self._threads:
            rows = self._database.execute("SELECT job, position FROM positions").fetchall()
        return {job: Position.model_validate_json(position) for job, position in rows}

    def advance(
        self, job: str, position: Position, user: str, found: Iterable[tuple[str, News]], now: float
    ) -> None:
        """Write how far a job was read, with a message for every (target, news) that was found there."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO positions VALUES (?, ?)", (job, position.model_dump_json())
            )
            rows = [
                (job, news.event, target, user, news.model_dump_json(), "pending", now, now)
                for target, news in found
            ]
            database.executemany(
                "INSERT OR IGNORE INTO messages (job, event, target, user, news, state, due, created)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def claim(
        self,
        now: float,
        wait_s: float,
        longest_wait_s: float,
        sending: Iterable[int] = (),
        busy_users: Iterable[str] = (),
    ) -> Letter | None:
        """Take the message whose turn it is, if any, and count the try; it is due again after `wait_s`.

        A job's messages go to a target in their order. Those that are being sent just now, and those of users who
        are busy, are passed over. A turn further off than the longest wait was set by a clock that was wrong then.
        """
        taken, busy = list(sending), list(busy_users)
        with self._change() as database:
            row = database.execute(
                "SELECT id, user, target, news, tries FROM messages AS one WHERE state = 'pending'"
                " AND (due <= ? OR due > ?)"
                f" AND id NOT IN ({','.join('?' * len(taken))}) AND user NOT IN ({','.join('?' * len(busy))})"
                " AND NOT EXISTS (SELECT 1 FROM messages AS earlier WHERE earlier.state = 'pending'"
                "  AND earlier.job = one.job AND earlier.target = one.target AND earlier.id < one.id)"
                " ORDER BY due, id LIMIT 1",
                (now, now + 2 * longest_wait_s, *taken, *busy),
            ).fetchone()
            if row is None:
                return None
            database.execute(
                "UPDATE messages SET tries = tries + 1, due = ? WHERE id = ?", (now + wait_s, row[0])
            )
        return Letter(row[0], row[1], row[2], News.model_validate_json(row[3]), row[4] + 1)

    def mark_sent(self, letter: Letter, now: float) -> None:
        with self._change() as database:
            database.execute(
                "UPDATE messages SET state = 'sent', ended = ?, error = '' WHERE id = ?", (now, letter.id)
            )

    def mark_failed(self, letter: Letter, error: str, now: float) -> None:
        """Give a message up."""
        with self._change() as database:
            database.execute(
                "UPDATE messages SET state = 'failed', ended = ?, error = ? WHERE id = ?",
                (now, error[:ERROR_MAX], letter.id),
            )

    def postpone(self, letter: Letter, error: str, due: float) -> None:
        """Try a message again later."""
        with self._change() as database:
            database.execute(
                "UPDATE messages SET due = ?, error = ? WHERE id = ?", (due, error[:ERROR_MAX], letter.id)
            )

    def deliveries(self, user: str) -> list[Delivery]:
        """Return a user's messages, the newest first."""
        query = (
            f"SELECT {', '.join(Delivery.model_fields)} FROM messages WHERE user = ? ORDER BY id DESC LIMIT ?"
        )
        with self._threads:
            rows = self._database.execute(query, (user, SHOWN_MAX)).fetchall()
        return [Delivery(**dict(zip(Delivery.model_fields, row, strict=True))) for row in rows]

    def drop_old(self, jobs: Iterable[str], before: float) -> None:
        """Forget positions of jobs that are gone, and what was sent for them before a time."""
        known = set(jobs)
        with self._change() as database:
            gone = [(row[0],) for row in database.execute("SELECT job FROM positions") if row[0] not in known]
            database.executemany("DELETE FROM positions WHERE job = ?", gone)
            database.execute(
                "DELETE FROM messages WHERE ended < ? AND job NOT IN (SELECT job FROM positions)", (before,)
            )


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise Error("newer_database", f"{path} was written by a newer version.", "Update RVC Studio.")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves nothing in the file
        if version < VERSION:
            database.executescript(f"{SCHEMA}PRAGMA user_version = {VERSION};\nCOMMIT;")
    except BaseException:
        database.close()
        raise
    return database


def _set_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
