"""Edits of takes in the library: what a take was before stays in the bin, and every change is one transaction.

A take keeps its id through all edits, so that datasets keep it. The recording before an edit becomes a deleted take
of its own; undoing exchanges the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from rvc.errors import InputError
from rvcstudio.dataset.cutting import Written
from rvcstudio.library import Library
from rvcstudio.library.database import new_id, now, words

CONTENT = ("file", "rate", "seconds", "peak_dbfs", "rms_dbfs", "verdict", "words")
"""The columns of a take that an edit changes."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to takes, and can be undone and done again."""

    swaps: tuple[tuple[str, str], ...] = ()
    """Takes and the versions that they were before."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    let_in: tuple[str, ...] = ()

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes that are seen to change."""
        return tuple(take for take, _ in self.swaps) + self.added + self.removed + self.left_out + self.let_in


class Versions:
    """Changes takes of a library so that it can be undone."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._database = library.database

    def replace(self, edits: Iterable[tuple[str, Written]]) -> Step:
        """Let takes have other recordings, all of them or none."""
        with self._database.change() as connection:
            swaps = tuple(
                (take_id, self._replace(connection, take_id, written)) for take_id, written in edits
            )
        self._tell()
        return Step(swaps=swaps)

    def split(self, take_id: str, first: Written, second: Written) -> Step:
        """Make a take two; both are in the datasets that it was in."""
        other = new_id()
        with self._database.change() as connection:
            version = self._replace(connection, take_id, first)
            old = dict(_row(connection, take_id))
            _insert(connection, {**old, **self._content(old, second), "id": other})
            connection.execute(
                "INSERT INTO dataset_takes SELECT dataset, ? FROM dataset_takes WHERE take = ?",
                [other, take_id],
            )
        self._tell()
        return Step(swaps=((take_id, version),), added=(other,))

    def remove(self, take_ids: Iterable[str]) -> Step:
        """Delete takes."""
        return self.redo(Step(removed=tuple(take_ids)))

    def leave_out(self, take_ids: Iterable[str], *, out: bool = True) -> Step:
        """Leave takes out of the dataset, or let them in again; those that are so already are not part of the step."""
        changed = tuple(one for one in take_ids if self._library.takes.find(one).excluded != out)
        return self.redo(Step(left_out=changed) if out else Step(let_in=changed))

    def undo(self, step: Step) -> None:
        """Take a step back, all of it or nothing."""
        self._apply(step, deleted=step.added, restored=step.removed, out=step.let_in, back=step.left_out)

    def redo(self, step: Step) -> Step:
        """Do a step again."""
        self._apply(step, deleted=step.removed, restored=step.added, out=step.left_out, back=step.let_in)
        return step

    def _apply(
        self,
        step: Step,
        *,
        deleted: Iterable[str],
        restored: Iterable[str],
        out: Iterable[str],
        back: Iterable[str],
    ) -> None:
        with self._database.change() as connection:
            for take_id, version in step.swaps:
                _swap(connection, take_id, version)
            for column, value, takes in (
                ("deleted", now(), deleted),
                ("deleted", None, restored),
                ("excluded", 1, out),
                ("excluded", 0, back),
            ):
                connection.executemany(
                    f"UPDATE takes SET {column} = ? WHERE id = ?", [(value, one) for one in takes]
                )
        self._tell()

    def _replace(self, connection: Connection, take_id: str, written: Written) -> str:
        """Give a take another recording, and return the deleted take that has the one before."""
        old, version = dict(_row(connection, take_id)), new_id()
        _update(connection, take_id, self._content(old, written))
        _insert(connection, {**old, "id": version, "deleted": now(), "version_of": take_id})
        return version

    def _content(self, row: dict[str, Any], written: Written) -> dict[str, Any]:
        """Return the columns for another recording; what was judged of the one before is not true of it."""
        return {
            "file": written.file.relative_to(self._library.folder).as_posix(),
            "rate": written.rate,
            "seconds": written.seconds,
            "peak_dbfs": written.peak_dbfs,
            "rms_dbfs": written.rms_dbfs,
            "verdict": "{}",
            "words": words(row["prompt"], written.file.stem, row["device"]),
        }

    def _tell(self) -> None:
        self._library.changed.emit("takes")


def _row(connection: Connection, take_id: str) -> Any:
    row = connection.execute("SELECT * FROM takes WHERE id = ?", [take_id]).fetchone()
    if row is None:
        raise InputError("unknown_take", "This take is not in the library.")
    return row


def _swap(connection: Connection, take_id: str, version: str) -> None:
    """Exchange the recordings of two takes."""
    one, other = dict(_row(connection, take_id)), dict(_row(connection, version))
    _update(connection, version, {"file": version})  # no two rows may name one file, not for a moment
    _update(connection, take_id, {column: other[column] for column in CONTENT})
    _update(connection, version, {column: one[column] for column in CONTENT})


def _update(connection: Connection, take_id: str, values: dict[str, Any]) -> None:
    names = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE takes SET {names} WHERE id = ?", [*values.values(), take_id])


def _insert(connection: Connection, values: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO takes ({', '.join(values)}) VALUES ({marks})", list(values.values()))
