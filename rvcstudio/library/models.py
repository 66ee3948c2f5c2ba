"""The models of a library."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from rvc import paths
from rvc.errors import InputError
from rvc.names import file_stem
from rvcstudio.library.database import Database, new_id, now, pattern, words
from rvcstudio.library.records import Model


class Models:
    """Adds, finds and changes models. Deleting is soft: `restore` takes it back."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    def new_folder(self, name: str, voice_id: str | None = None) -> Path:
        """Make a folder for a model's files: inside its voice's, or beside the voices."""
        parent = self._folder / "models"
        if voice_id is not None:
            row = self._database.row("SELECT folder FROM voices WHERE id = ?", voice_id)
            if row is None:
                raise InputError("unknown_voice", "This voice is not in the library.")
            parent = self._folder / row["folder"] / "models"
        return paths.make_dir(parent / f"{file_stem(name, max_bytes=60, otherwise='model')}-{new_id()[:8]}")

    def add(
        self,
        name: str,
        file: Path,
        *,
        voice_id: str | None = None,
        summary: dict[str, Any] | None = None,
    ) -> Model:
        """Add a model whose `file`, with what belongs to it, lies in a folder of `new_folder`."""
        model_id = new_id()
        self._database.insert(
            "models",
            id=model_id,
            voice=voice_id,
            name=name,
            folder=file.parent.relative_to(self._folder).as_posix(),
            file=file.name,
            summary=json.dumps(summary or {}, ensure_ascii=False),
            created=now(),
            words=words(name),
        )
        self._changed("models")
        return self.find(model_id)

    def find(self, model_id: str) -> Model:
        """Return a model, also a deleted one. Raises `InputError` unknown_model."""
        row = self._database.row("SELECT * FROM models WHERE id = ?", model_id)
        if row is None:
            raise InputError("unknown_model", "This model is not in the library.")
        return self._model(row)

    def all(self, search: str = "", *, voice_id: str = "") -> list[Model]:
        """Return models, the newest first; with `voice_id` only that voice's."""
        rows = self._database.rows(
            """SELECT models.* FROM models LEFT JOIN voices ON voices.id = models.voice
            WHERE models.deleted IS NULL AND voices.deleted IS NULL
            AND (?1 = '' OR models.voice = ?1) AND models.words LIKE ?2 ESCAPE '!'
            ORDER BY models.created DESC, models.rowid DESC""",
            voice_id,
            pattern(search),
        )
        return [self._model(row) for row in rows]

    def change(self, model_id: str, **values: Any) -> Model:
        """Change name, voice, file or summary of a model."""
        if "summary" in values:
            values["summary"] = json.dumps(values["summary"], ensure_ascii=False)
        if "name" in values:
            values["words"] = words(values["name"])
        self._database.update("models", [model_id], **values)
        self._changed("models")
        return self.find(model_id)

    def delete(self, model_ids: Iterable[str]) -> None:
        """Take models out of sight; their files stay until the bin is emptied."""
        self._database.update("models", model_ids, deleted=now())
        self._changed("models")

    def restore(self, model_ids: Iterable[str]) -> None:
        """Take a deletion back."""
        self._database.update("models", model_ids, deleted=None)
        self._changed("models")

    def _model(self, row: sqlite3.Row) -> Model:
        folder = self._folder / row["folder"]
        return Model(
            id=row["id"],
            voice=row["voice"],
            name=row["name"],
            folder=folder,
            file=folder / row["file"],
            summary=json.loads(row["summary"]),
            created=datetime.fromisoformat(row["created"]),
        )
