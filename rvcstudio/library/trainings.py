"""Which jobs were asked for whose voice, so that their models find their way home."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rvcstudio.library.database import Database, now


@dataclass(frozen=True, slots=True)
class Training:
    """A training that was asked of a computer; `model` is what came of it. Either may be deleted by now."""

    computer: str
    job: str
    voice: str | None
    model: str | None


class Trainings:
    """Remembers trainings until their models are in the library, and after that which model is whose."""

    def __init__(self, database: Database, _folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._changed = database, changed

    def add(self, computer: str, job: str, voice_id: str | None) -> None:
        """Remember that a job trains a voice."""
        self._database.insert("trainings", computer=computer, job=job, voice=voice_id, created=now())
        self._changed("trainings")

    def find(self, computer: str, job: str) -> Training | None:
        """Return what is known of a job, None where it is not this library's."""
        row = self._database.row("SELECT * FROM trainings WHERE computer = ? AND job = ?", computer, job)
        return Training(row["computer"], row["job"], row["voice"], row["model"]) if row else None

    def waiting(self) -> set[tuple[str, str]]:
        """Return the computers and jobs whose models are not here yet."""
        rows = self._database.rows("SELECT computer, job FROM trainings WHERE model IS NULL AND came IS NULL")
        return {(row["computer"], row["job"]) for row in rows}

    def complete(self, computer: str, job: str, model_id: str) -> None:
        """Remember which model came of a job."""
        with self._database.change() as connection:
            connection.execute(
                "UPDATE trainings SET model = ?, came = ? WHERE computer = ? AND job = ?",
                [model_id, now(), computer, job],
            )
        self._changed("trainings")
