"""What was deleted: listed, measured, put back, and handed to the system's bin when the user says so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QFile, QStandardPaths

from rvc.events import Reporter
from rvcstudio.library.database import Database
from rvcstudio.library.files import size_of

Table = Literal["voices", "takes", "models", "conversions"]

QUERIES: dict[Table, str] = {
    "voices": "SELECT id, folder AS place, name, '' AS whose, deleted, NULL AS version_of FROM voices",
    "takes": """
        SELECT takes.id, file AS place, prompt AS name, voices.name AS whose, takes.deleted, version_of
        FROM takes JOIN voices ON voices.id = voice""",
    "models": """
        SELECT models.id, models.folder AS place, models.name, COALESCE(voices.name, '') AS whose, models.deleted,
            NULL AS version_of
        FROM models LEFT JOIN voices ON voices.id = voice""",
    "conversions": """
        SELECT id, output AS place, '' AS name, model_name AS whose, deleted, NULL AS version_of FROM conversions""",
}
"""In this order things leave: a voice takes its takes and models along."""
WITH_VOICE = ("takes", "models")


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was deleted and can still come back.

    `path` is its file or folder in the library, `whose` the voice or model that it is of. `is_version`: it is what an
    edited take was before, or after an edit that was undone.
    """

    table: Table
    id: str
    path: Path | None
    name: str
    whose: str
    deleted: datetime
    is_version: bool = False


class Bin:
    """The library's own bin, from which everything can come back until it is emptied."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    def all(self) -> list[Deleted]:
        """Return what is in the bin; what lies in a deleted voice's folder goes with the voice."""
        return [item for table in QUERIES for item in self._in(table)]

    def _in(self, table: Table) -> list[Deleted]:
        mine = "AND voices.deleted IS NULL" if table in WITH_VOICE else ""
        rows = self._database.rows(f"{QUERIES[table]} WHERE {table}.deleted IS NOT NULL {mine}")
        return [
            Deleted(
                table=table,
                id=row["id"],
                path=self._inside(row["place"]),
                name=row["name"] or Path(row["place"]).stem,
                whose=row["whose"],
                deleted=datetime.fromisoformat(row["deleted"]),
                is_version=row["version_of"] is not None,
            )
            for row in rows
        ]

    def _inside(self, place: str) -> Path | None:
        """Return a place in the library; a result that the user put elsewhere is not ours to delete."""
        path = self._folder / place
        return path if path.is_relative_to(self._folder) and path != self._folder else None

    def size(self) -> int:
        """Return how many bytes the bin holds."""
        return sum(size_of(item.path) for item in self.all() if item.path is not None)

    def restore(self, items: Iterable[Deleted]) -> None:
        """Put things back to where they were; a version of an edited take becomes a take of its own."""
        self._mark((item, None) for item in items)

    def take_back(self, items: Iterable[Deleted]) -> None:
        """Undo `restore`: things are in the bin again, since when they were."""
        self._mark((item, item.deleted.isoformat()) for item in items)

    def _mark(self, items: Iterable[tuple[Deleted, str | None]]) -> None:
        tables = set()
        with self._database.change() as connection:
            for item, since in items:
                connection.execute(f"UPDATE {item.table} SET deleted = ? WHERE id = ?", [since, item.id])
                tables.add(item.table)
        for table in sorted(tables):
            self._changed(table)

    def empty(self, reporter: Reporter, items: Sequence[Deleted] | None = None) -> int:
        """Move everything, or some things, to the system's bin and forget it; return how many could not be moved."""
        items, kept = self.all() if items is None else items, 0
        with reporter.phase("bin", len(items)) as phase:
            for item in items:
                if _move_to_trash(item.path):
                    self._forget(item)
                else:
                    kept += 1
                phase.advance()
        for table in QUERIES:
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
