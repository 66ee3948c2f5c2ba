"""The takes of a library, and the choices of them that make datasets."""

import json
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
from rvcstudio.library.records import Amount, Dataset, Take

Order = Literal["created", "oldest", "seconds", "prompt"]
ORDERS: dict[Order, str] = {
    "created": "created DESC, rowid DESC",
    "oldest": "created, rowid",
    "seconds": "seconds DESC",
    "prompt": "words, created",
}


class Takes:
    """Adds, finds and changes takes. Deleting is soft: `restore` takes it back."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed
        self._known: dict[str, tuple[sqlite3.Row, Take]] = {}

    def new_file(self, voice_id: str, stem: str = "take", suffix: str = ".flac") -> Path:
        """Return the path for a new take of a voice, which nothing has yet."""
        row = self._database.row("SELECT folder FROM voices WHERE id = ?", voice_id)
        if row is None:
            raise InputError("unknown_voice", "This voice is not in the library.")
        folder = paths.make_dir(self._folder / row["folder"] / "takes")
        return folder / f"{file_stem(stem, max_bytes=60, otherwise='take')}-{new_id()[:8]}{suffix}"

    def add(
        self,
        voice_id: str,
        file: Path,
        *,
        rate: int,
        seconds: float,
        prompt: str = "",
        prompt_id: str = "",
        device: str = "",
        peak_dbfs: float | None = None,
        rms_dbfs: float | None = None,
        verdict: dict[str, Any] | None = None,
        excluded: bool = False,
    ) -> Take:
        """Add a recording; a file from elsewhere is copied into the voice's folder first."""
        if not file.is_relative_to(self._folder):
            file = self._copy(voice_id, file)
        take_id = new_id()
        self._database.insert(
            "takes",
            id=take_id,
            voice=voice_id,
            file=file.relative_to(self._folder).as_posix(),
            prompt=prompt,
            prompt_id=prompt_id,
            device=device,
            rate=rate,
            seconds=seconds,
            peak_dbfs=peak_dbfs,
            rms_dbfs=rms_dbfs,
            verdict=json.dumps(verdict or {}, ensure_ascii=False),
            excluded=excluded,
            created=now(),
            words=words(prompt, file.stem, device),
        )
        self._changed("takes")
        return self.find(take_id)

    def _copy(self, voice_id: str, file: Path) -> Path:
        to = self.new_file(voice_id, file.stem, file.suffix.lower())
        with paths.atomic(to) as temporary:
            shutil.copyfile(file, temporary)
        return to

    def find(self, take_id: str) -> Take:
        """Return a take, also a deleted one. Raises `InputError` unknown_take."""
        row = self._database.row("SELECT * FROM takes WHERE id = ?", take_id)
        if row is None:
            raise InputError("unknown_take", "This take is not in the library.")
        return self._take(row)

    def all(
        self,
        voice_id: str = "",
        search: str = "",
        *,
        dataset: str = "",
        included_only: bool = False,
        order: Order = "created",
        limit: int = -1,
    ) -> list[Take]:
        """Return the takes of a voice, or of all, whose prompt, file or device contains `search`."""
        rows = self._database.rows(
            f"""SELECT * FROM takes WHERE deleted IS NULL AND (?1 = '' OR voice = ?1)
            AND (?2 = '%%' OR words LIKE ?2 ESCAPE '!') AND (NOT ?3 OR NOT excluded)
            AND (?4 = '' OR id IN (SELECT take FROM dataset_takes WHERE dataset = ?4))
            ORDER BY {ORDERS[order]} LIMIT ?5""",
            voice_id,
            pattern(search),
            included_only,
            dataset,
            limit,
        )
        return [self._take(row) for row in rows]

    def amount(self, voice_id: str, dataset: str = "") -> Amount:
        """Return how much a voice's takes, or those chosen for a dataset, are that are not left out; quick."""
        row = self._database.row(
            """SELECT COUNT(*) AS count, TOTAL(seconds) AS seconds FROM takes
            WHERE deleted IS NULL AND voice = ?1 AND NOT excluded
            AND (?2 = '' OR id IN (SELECT take FROM dataset_takes WHERE dataset = ?2))""",
            voice_id,
            dataset,
        )
        return Amount(row["count"], row["seconds"]) if row else Amount(0, 0.0)

    def change(self, take_id: str, **values: Any) -> Take:
        """Change prompt, seconds, rate, peak_dbfs, rms_dbfs, verdict or excluded of a take."""
        if "verdict" in values:
            values["verdict"] = json.dumps(values["verdict"], ensure_ascii=False)
        if "prompt" in values:
            old = self.find(take_id)
            values["words"] = words(values["prompt"], old.file.stem, old.device)
        self._database.update("takes", [take_id], **values)
        self._changed("takes")
        return self.find(take_id)

    def exclude(self, take_ids: Iterable[str], excluded: bool = True) -> None:
        """Keep takes out of datasets, or let them in again."""
        self._database.update("takes", take_ids, excluded=excluded)
        self._changed("takes")

    def delete(self, take_ids: Iterable[str]) -> None:
        """Take takes out of sight; their files stay until the bin is emptied."""
        self._database.update("takes", take_ids, deleted=now())
        self._changed("takes")

    def restore(self, take_ids: Iterable[str]) -> None:
        """Take a deletion back."""
        self._database.update("takes", take_ids, deleted=None)
        self._changed("takes")

    def choose(self, voice_id: str, name: str, take_ids: Iterable[str]) -> Dataset:
        """Keep a choice of a voice's takes under a name."""
        dataset_id = new_id()
        with self._database.change() as connection:
            connection.execute(
                "INSERT INTO datasets VALUES (?, ?, ?, ?)", [dataset_id, voice_id, name, now()]
            )
            connection.executemany(
                "INSERT INTO dataset_takes VALUES (?, ?)", [(dataset_id, take) for take in take_ids]
            )
        self._changed("datasets")
        return next(dataset for dataset in self.datasets(voice_id) if dataset.id == dataset_id)

    def datasets(self, voice_id: str) -> list[Dataset]:
        """Return the choices that were kept, the newest first; deleted takes are left out."""
        rows = self._database.rows(
            "SELECT * FROM datasets WHERE voice = ? ORDER BY created DESC, rowid DESC", voice_id
        )
        return [
            Dataset(
                row["id"],
                voice_id,
                row["name"],
                self._chosen(row["id"]),
                datetime.fromisoformat(row["created"]),
            )
            for row in rows
        ]

    def _chosen(self, dataset_id: str) -> tuple[str, ...]:
        rows = self._database.rows(
            """SELECT take FROM dataset_takes JOIN takes ON takes.id = take
            WHERE dataset = ? AND deleted IS NULL ORDER BY created""",
            dataset_id,
        )
        return tuple(row["take"] for row in rows)

    def forget_dataset(self, dataset_id: str) -> None:
        """Forget a choice; its takes stay."""
        with self._database.change() as connection:
            connection.execute("DELETE FROM datasets WHERE id = ?", [dataset_id])
        self._changed("datasets")

    def _take(self, row: sqlite3.Row) -> Take:
        """Return the take of a row: the one that was made of it before, since thousands are read again and again."""
        known = self._known.get(row["id"])
        if known is None or known[0] != row:
            known = self._known[row["id"]] = (row, self._made(row))
        return known[1]

    def _made(self, row: sqlite3.Row) -> Take:
        return Take(
            id=row["id"],
            voice=row["voice"],
            file=self._folder / row["file"],
            prompt=row["prompt"],
            prompt_id=row["prompt_id"],
            device=row["device"],
            rate=row["rate"],
            seconds=row["seconds"],
            peak_dbfs=row["peak_dbfs"],
            rms_dbfs=row["rms_dbfs"],
            verdict=json.loads(row["verdict"]),
            excluded=bool(row["excluded"]),
            created=datetime.fromisoformat(row["created"]),
        )
