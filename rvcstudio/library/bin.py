"""What was deleted: listed, measured, and handed to the system's bin when the user empties ours."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile, QStandardPaths

from rvc.events import Reporter
from rvcstudio.library.database import Database
from rvcstudio.library.files import size_of

TABLES = ("voices", "takes", "models", "conversions")  # in this order: a voice takes its takes along


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was deleted and can still come back; `path` is its file or folder in the library."""

    table: str
    id: str
    path: Path | None


class Bin:
    """The library's own bin, from which everything can come back until it is emptied."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    def all(self) -> list[Deleted]:
        """Return what is in the bin; what lies in a deleted voice's folder goes with the voice."""
        return [item for table in TABLES for item in self._in(table)]

    def _in(self, table: str) -> list[Deleted]:
        column = {"voices": "folder", "takes": "file", "models": "folder", "conversions": "output"}[table]
        mine = (
            ""
            if table in ("voices", "conversions")
            else ("AND COALESCE(voice, '') NOT IN (SELECT id FROM voices WHERE deleted IS NOT NULL)")
        )
        rows = self._database.rows(
            f"SELECT id, {column} AS place FROM {table} WHERE deleted IS NOT NULL {mine}"
        )
        return [Deleted(table, row["id"], self._inside(row["place"])) for row in rows]

    def _inside(self, place: str) -> Path | None:
        """Return a place in the library; a result that the user put elsewhere is not ours to delete."""
        path = self._folder / place
        return path if path.is_relative_to(self._folder) and path != self._folder else None

    def size(self) -> int:
        """Return how many bytes the bin holds."""
        return sum(size_of(item.path) for item in self.all() if item.path is not None)

    def empty(self, reporter: Reporter) -> int:
        """Move everything to the system's bin and forget it; return how much could not be moved and stays."""
        items, kept = self.all(), 0
        with reporter.phase("bin", len(items)) as phase:
            for item in items:
                if _move_to_trash(item.path):
                    self._forget(item)
                else:
                    kept += 1
                phase.advance()
        for table in TABLES:
            self._changed(table)
        return kept

    def _forget(self, item: Deleted) -> None:
        with self._database.change() as connection:
            if item.table == "voices":
                connection.execute("DELETE FROM models WHERE voice = ?", [item.id])
            connection.execute(f"DELETE FROM {item.table} WHERE id = ?", [item.id])


def _move_to_trash(path: Path | None) -> bool:
    """Move a file or folder to the system's bin; what is gone already counts as moved."""
    if path is None or not path.exists():
        return True
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    Path(data).mkdir(parents=True, exist_ok=True)  # Qt makes the bin, but not the folder that it lies in
    done = QFile.moveToTrash(str(path))
    return done[0] if isinstance(done, tuple) else bool(done)
