"""The folder of a job: everything about it, readable without the database.

spec.json       what it shall do, as it was submitted
job.json        its row in the queue's database, from which that can be rebuilt
events.jsonl    numbered events
worker.log      what the worker printed
worker.json     who works on it; worker.lock is held as long as that process lives
outcome.json    how the last attempt ended
control         a request to the worker: "pause", "cancel" or "finish"
inputs/         recordings and models, by role
work/           checkpoints and other things that only going on needs
artifacts/      results; every file in it can be fetched by its name
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from rvc import paths
from rvc.errors import InputError
from rvc.jobs.locks import is_free
from rvc.jobs.record import Outcome, Record, WorkerCard
from rvc.jobs.wire import JobFile
from rvc.names import is_visible

PRIVATE_MODE = 0o700  # recordings of a voice are nobody else's business
LOG_LINES = 20
LOG_TAIL_BYTES = 1 << 14

M = TypeVar("M", bound=BaseModel)
Request = Literal["pause", "cancel", "finish"]


class JobFolder:
    """Paths of a job, and its small files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.inputs = path / "inputs"
        self.work = path / "work"
        self.artifacts = path / "artifacts"
        self.log = path / "worker.log"
        self.worker_lock = path / "worker.lock"
        self._control = path / "control"

    @classmethod
    def create(cls, path: Path) -> "JobFolder":
        """Make an empty folder that only its owner can enter; raises FileExistsError when there is one."""
        paths.make_dir(path.parent)
        path.mkdir(mode=PRIVATE_MODE)
        folder = cls(path)
        for part in (folder.inputs, folder.work, folder.artifacts):
            part.mkdir(mode=PRIVATE_MODE)
        return folder

    def write_spec(self, spec: BaseModel) -> None:
        paths.write_text(self.path / "spec.json", spec.model_dump_json(indent=1))

    def read_spec(self) -> dict[str, Any]:
        """Return the spec as it was submitted; raises `InputError` damaged_job."""
        try:
            data = json.loads((self.path / "spec.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._damaged() from error
        if not isinstance(data, dict):
            raise self._damaged()
        return data

    def write_record(self, record: Record) -> None:
        paths.write_text(self.path / "job.json", record.model_dump_json(exclude={"spec"}))

    def read_record(self) -> Record:
        """Return what the database knew last; raises `InputError` damaged_job."""
        record = _read(self.path / "job.json", Record)
        if record is None:
            raise self._damaged()
        return record.model_copy(update={"spec": self.read_spec()})

    def _damaged(self) -> InputError:
        return InputError("damaged_job", f"The folder {self.path} holds no job that can be read.")

    def request(self, request: Request) -> None:
        """Ask the worker for something, in place of what it was asked for before."""
        paths.write_text(self._control, request)

    def withdraw_request(self) -> None:
        self._control.unlink(missing_ok=True)

    def withdraw_stop(self, *, finishing: bool) -> None:
        """Let the worker go on, to the end that was asked for."""
        if finishing:
            self.request("finish")
        else:
            self.withdraw_request()

    @property
    def requested(self) -> str:
        """What the worker is asked for; empty: to work."""
        try:
            return self._control.read_text(encoding="utf-8")
        except OSError:
            return ""

    def write_worker(self, card: WorkerCard) -> None:
        paths.write_text(self.path / "worker.json", card.model_dump_json())

    def worker(self) -> WorkerCard | None:
        """Return who works on the job now; None when nobody does."""
        return None if is_free(self.worker_lock) else _read(self.path / "worker.json", WorkerCard)

    @property
    def is_worked_on(self) -> bool:
        return not is_free(self.worker_lock)

    def write_outcome(self, outcome: Outcome) -> None:
        paths.write_text(self.path / "outcome.json", outcome.model_dump_json())

    def outcome(self, attempt: int) -> Outcome | None:
        """Return how an attempt ended; None when its worker did not live to say so."""
        found = _read(self.path / "outcome.json", Outcome)
        return found if found and found.attempt == attempt else None

    def log_tail(self) -> list[str]:
        """Return the last lines that the worker printed."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
                return file.read().decode(errors="replace").splitlines()[-LOG_LINES:]
        except OSError:
            return []

    def files(self) -> list[JobFile]:
        """Return everything that can be fetched."""
        found = (path for path in sorted(self.artifacts.rglob("*")) if is_visible(path, self.artifacts))
        return [
            JobFile(name=path.relative_to(self.artifacts).as_posix(), size_bytes=path.stat().st_size)
            for path in found
            if path.is_file() and not path.is_symlink()
        ]

    def file(self, name: str) -> Path:
        """Return the path of a file that can be fetched; a name that is none of them leads nowhere else."""
        if not any(file.name == name for file in self.files()):
            raise InputError("unknown_file", f"The job has no file called {name}.")
        return self.artifacts / name

    def relative(self, text: str) -> str:
        """Name the job's files in a text by their places in the folder: where that is, is nobody's business."""
        return text.replace(f"{self.path}{os.sep}", "")

    def size_bytes(self) -> int:
        """Return how much room the folder takes, links to models aside."""
        return sum(_own_bytes(path) for path in _walk(self.path))

    def work_bytes(self) -> int:
        return sum(_own_bytes(path) for path in _walk(self.work))

    def remove_work(self) -> None:
        """Delete what only going on needs: the job starts anew when it is tried again."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(mode=PRIVATE_MODE, exist_ok=True)

    def remove(self) -> None:
        """Delete everything; what another program holds open on Windows stays behind, under a hidden name."""
        trash = self.path.with_name(f".removed-{self.path.name}")
        with contextlib.suppress(FileNotFoundError):
            self.path.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)


def _read(path: Path, model: type[M]) -> M | None:
    """Read a small JSON file; None when it is missing or damaged."""
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
            else:
                yield entry


def _own_bytes(entry: os.DirEntry[str]) -> int:
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return 0
    return stat.st_size if stat.st_nlink <= 1 else 0
