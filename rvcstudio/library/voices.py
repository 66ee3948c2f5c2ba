"""The voices of a library."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from rvc import paths
from rvc.errors import InputError
from rvc.names import file_stem
from rvcstudio.library.database import Database, new_id, now, pattern, words
from rvcstudio.library.records import Consent, Voice

Attached = Literal["photo", "statement"]
Order = Literal["name", "created", "changed", "minutes"]
ORDERS: dict[Order, str] = {
    "name": "voices.words, voices.name",
    "created": "voices.created DESC",
    "changed": "voices.changed DESC",
    "minutes": "seconds DESC, voices.words",
}
MAX_NAME = 200

SELECT = """
    SELECT voices.*, COALESCE(spoken.takes, 0) AS takes, COALESCE(spoken.seconds, 0) AS seconds,
        COALESCE(learnt.models, 0) AS models,
        (SELECT group_concat(tag, char(31)) FROM (SELECT tag FROM tags WHERE voice = voices.id ORDER BY tag)) AS tags
    FROM voices
    LEFT JOIN (SELECT voice, COUNT(*) AS takes, SUM(CASE WHEN excluded THEN 0 ELSE seconds END) AS seconds
        FROM takes WHERE deleted IS NULL GROUP BY voice) AS spoken ON spoken.voice = voices.id
    LEFT JOIN (SELECT voice, COUNT(*) AS models FROM models WHERE deleted IS NULL GROUP BY voice) AS learnt
        ON learnt.voice = voices.id
"""


class Voices:
    """Makes, finds and changes voices. Deleting is soft: `restore` takes it back."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    def add(
        self,
        name: str,
        *,
        colour: str,
        language: str = "",
        consent: Consent = "",
        consent_by: str = "",
        note: str = "",
    ) -> Voice:
        """Make a voice with a folder of its own."""
        name, voice_id, time = _checked(name), new_id(), now()
        folder = f"voices/{self._free_folder(name)}"
        paths.make_dir(self._folder / folder / "takes")
        self._database.insert(
            "voices",
            id=voice_id,
            name=name,
            folder=folder,
            colour=colour,
            language=language,
            consent=consent,
            consent_by=consent_by,
            note=note,
            created=time,
            changed=time,
            words=words(name, note),
        )
        self._changed("voices")
        return self.find(voice_id)

    def _free_folder(self, name: str) -> str:
        """Return the name of a folder that is not there yet."""
        stem = file_stem(name, max_bytes=100)
        number = 1
        while (self._folder / "voices" / (folder := stem if number == 1 else f"{stem}-{number}")).exists():
            number += 1
        return folder

    def find(self, voice_id: str) -> Voice:
        """Return a voice, also a deleted one. Raises `InputError` unknown_voice."""
        row = self._database.row(f"{SELECT} WHERE voices.id = ?", voice_id)
        if row is None:
            raise InputError("unknown_voice", "This voice is not in the library.")
        return self._voice(row)

    def all(self, search: str = "", *, tag: str = "", order: Order = "changed") -> list[Voice]:
        """Return voices whose name, note or tag contains `search`; with `tag` only those that have it."""
        rows = self._database.rows(
            f"""{SELECT} WHERE voices.deleted IS NULL
            AND (voices.words LIKE ?1 ESCAPE '!'
                OR EXISTS (SELECT 1 FROM tags WHERE voice = voices.id AND tag LIKE ?1 ESCAPE '!'))
            AND (?2 = '' OR EXISTS (SELECT 1 FROM tags WHERE voice = voices.id AND tag = ?2))
            ORDER BY {ORDERS[order]}""",
            pattern(search),
            tag,
        )
        return [self._voice(row) for row in rows]

    def change(self, voice_id: str, **values: Any) -> Voice:
        """Change name, colour, language, consent, consent_by or note of a voice."""
        if "name" in values:
            values["name"] = _checked(values["name"])
        old = self.find(voice_id)
        text = words(values.get("name", old.name), values.get("note", old.note))
        self._database.update("voices", [voice_id], **values, words=text, changed=now())
        self._changed("voices")
        return self.find(voice_id)

    def attach(self, voice_id: str, what: Attached, file: Path | None) -> Voice:
        """Copy a photo or a recorded agreement into a voice's folder, or forget the one that is there."""
        voice = self.find(voice_id)
        kept = None
        if file is not None:
            kept = voice.folder / f"{what}-{new_id()[:8]}{file.suffix.lower()}"
            with paths.atomic(kept) as temporary:
                shutil.copyfile(file, temporary)
        self.point(voice_id, what, kept)
        old = voice.photo if what == "photo" else voice.statement
        if old is not None:
            old.unlink(missing_ok=True)
        return self.find(voice_id)

    def point(self, voice_id: str, what: Attached, file: Path | None) -> None:
        """Say which file in a voice's folder is its photo or its recorded agreement."""
        place = None if file is None else file.relative_to(self._folder).as_posix()
        self._database.update("voices", [voice_id], **{what: place}, changed=now())
        self._changed("voices")

    def tag(self, voice_id: str, tags: Iterable[str]) -> Voice:
        """Give a voice these tags and no others."""
        wanted = {words(tag).strip() for tag in tags} - {""}
        with self._database.change() as connection:
            connection.execute("DELETE FROM tags WHERE voice = ?", [voice_id])
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [(voice_id, tag) for tag in wanted])
        self._changed("voices")
        return self.find(voice_id)

    def tags(self) -> list[str]:
        """Return all tags in use."""
        rows = self._database.rows(
            "SELECT DISTINCT tag FROM tags JOIN voices ON voices.id = voice WHERE deleted IS NULL ORDER BY tag"
        )
        return [row["tag"] for row in rows]

    def delete(self, voice_id: str) -> None:
        """Take a voice out of sight; its files stay until the bin is emptied."""
        self._database.update("voices", [voice_id], deleted=now())
        self._changed("voices")

    def restore(self, voice_id: str) -> None:
        """Take a deletion back."""
        self._database.update("voices", [voice_id], deleted=None)
        self._changed("voices")

    def _voice(self, row: sqlite3.Row) -> Voice:
        return Voice(
            id=row["id"],
            name=row["name"],
            folder=self._folder / row["folder"],
            colour=row["colour"],
            language=row["language"],
            consent=row["consent"],
            consent_by=row["consent_by"],
            note=row["note"],
            photo=self._folder / row["photo"] if row["photo"] else None,
            statement=self._folder / row["statement"] if row["statement"] else None,
            created=datetime.fromisoformat(row["created"]),
            changed=datetime.fromisoformat(row["changed"]),
            tags=tuple(row["tags"].split("\x1f")) if row["tags"] else (),
            takes=row["takes"],
            seconds=row["seconds"],
            models=row["models"],
        )


def _checked(name: str) -> str:
    name = " ".join(name.split())[:MAX_NAME]
    if not name:
        raise InputError("no_name", "The voice has no name.", "Give it one.")
    return name
