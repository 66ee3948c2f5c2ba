"""What was converted, and with what settings."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from rvc.errors import InputError
from rvcstudio.library.database import Database, new_id, now, pattern, words
from rvcstudio.library.records import Conversion


class Conversions:
    """Remembers conversions. Files inside the library are kept by relative paths, others where they are."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    @property
    def folder(self) -> Path:
        """Where results go unless the user wants them elsewhere."""
        return self._folder / "conversions"

    def add(
        self,
        source: Path,
        output: Path,
        *,
        model_name: str,
        model_id: str | None = None,
        settings: dict[str, Any] | None = None,
        seconds: float = 0.0,
    ) -> Conversion:
        """Remember a conversion."""
        conversion_id = new_id()
        self._database.insert(
            "conversions",
            id=conversion_id,
            model=model_id,
            model_name=model_name,
            source=self._kept(source),
            output=self._kept(output),
            settings=json.dumps(settings or {}, ensure_ascii=False),
            seconds=seconds,
            created=now(),
            words=words(source.name, output.name, model_name),
        )
        self._changed("conversions")
        return self.find(conversion_id)

    def find(self, conversion_id: str) -> Conversion:
        """Return a conversion, also a deleted one. Raises `InputError` unknown_conversion."""
        row = self._database.row("SELECT * FROM conversions WHERE id = ?", conversion_id)
        if row is None:
            raise InputError("unknown_conversion", "This conversion is not in the library.")
        return self._conversion(row)

    def all(self, search: str = "", *, limit: int = -1) -> list[Conversion]:
        """Return conversions, the newest first."""
        rows = self._database.rows(
            """SELECT * FROM conversions WHERE deleted IS NULL AND words LIKE ? ESCAPE '!'
            ORDER BY created DESC, rowid DESC LIMIT ?""",
            pattern(search),
            limit,
        )
        return [self._conversion(row) for row in rows]

    def delete(self, conversion_ids: Iterable[str]) -> None:
        """Take conversions out of sight; results inside the library stay until the bin is emptied."""
        self._database.update("conversions", conversion_ids, deleted=now())
        self._changed("conversions")

    def restore(self, conversion_ids: Iterable[str]) -> None:
        """Take a deletion back."""
        self._database.update("conversions", conversion_ids, deleted=None)
        self._changed("conversions")

    def _kept(self, path: Path) -> str:
        inside = path.is_relative_to(self._folder)
        return path.relative_to(self._folder).as_posix() if inside else str(path.absolute())

    def _conversion(self, row: sqlite3.Row) -> Conversion:
        return Conversion(
            id=row["id"],
            model=row["model"],
            model_name=row["model_name"],
            source=self._folder / row["source"],
            output=self._folder / row["output"],
            settings=json.loads(row["settings"]),
            seconds=row["seconds"],
            created=datetime.fromisoformat(row["created"]),
        )
