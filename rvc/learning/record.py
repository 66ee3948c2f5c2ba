"""The record of a training, `training.json` beside the model: what was trained how, on what and where."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError

from rvc import paths
from rvc.events import Checkpoint, Event, Log
from rvc.learning import history
from rvc.learning.checkpoint import Standing
from rvc.learning.history import Row
from rvc.learning.overtraining import Overtraining
from rvc.machine import Machine

FILE_NAME = "training.json"
CURVE_POINTS = 200  # of every curve; all of them are in the history

_POINT = re.compile(r"\[\s+([-+.\de]+),\s+([-+.\de]+)\s+\]")  # of a curve: on a line of its own, not on four

End = Literal["finished", "finished early", "paused", "broken off", "failed"]


class Take(BaseModel):
    """A recording that was trained on, or kept for validation."""

    name: str
    sha256: str
    seconds: float


class Dataset(BaseModel):
    """What was trained on; `fingerprint` is of all clips and how they were prepared."""

    fingerprint: str
    speakers: list[str]
    train_s: float
    held_out_s: float
    clips: int
    takes: list[Take]


class Session(BaseModel):
    """A run of the program that was part of the training. Times are UTC."""

    started: datetime
    end: End = "broken off"
    """So it stays where nobody came to say how it ended."""
    error: str | None = None
    from_step: int
    to_step: int
    processes: int = 1
    micro_batch: int | None = None


class Saved(BaseModel):
    """A checkpoint, which may have been deleted since."""

    step: int
    file: str


class Warned(BaseModel):
    """Something that the user was warned of."""

    step: int
    code: str
    text: str


class Record(BaseModel):
    """All of `training.json`."""

    format: Literal["rvc-training"] = "rvc-training"
    version: int = 1
    settings: dict[str, Any]
    decided: dict[str, Any] = Field(description="what the settings came to for this dataset on this machine")
    dataset: Dataset
    machine: Machine
    device: str
    sessions: list[Session] = []
    standing: Standing = Standing()
    seconds: dict[str, float] = Field({}, description="over all sessions; training is all of it")
    curves: dict[str, list[tuple[int, float]]] = {}
    checkpoints: list[Saved] = []
    warnings: list[Warned] = []
    overtraining: Overtraining | None = None
    model: str | None = None
    model_sha256: str | None = None

    def continuing(self, folder: Path) -> Self:
        """Return this record with what an earlier session of the same training left in `folder`."""
        try:
            before = type(self).model_validate_json((folder / FILE_NAME).read_bytes())
        except (OSError, ValidationError):
            return self
        if before.dataset.fingerprint != self.dataset.fingerprint:
            return self
        kept = ("sessions", "seconds", "checkpoints", "warnings", "overtraining", "model", "model_sha256")
        return self.model_copy(update={name: getattr(before, name) for name in kept})


class Logbook:
    """Listens to a training and keeps its record."""

    def __init__(self, folder: Path, record: Record, standing: Standing, session: Session) -> None:
        self._folder = folder
        self._standing = standing
        self.record = record.continuing(folder) if standing.step else record
        self.record.checkpoints = [saved for saved in self.record.checkpoints if saved.step <= standing.step]
        self.record.sessions.append(session)

    def __call__(self, event: Event) -> None:
        match event:
            case Log(level="warning"):
                warned = Warned(step=self._standing.step, code=event.code, text=event.text)
                self.record.warnings.append(warned)
            case Checkpoint():
                self.record.checkpoints.append(Saved(step=event.step, file=Path(event.file).name))
                self.write()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add what the block takes to the time that went into `name`."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = self.record.seconds.get(name, 0.0)
            self.record.seconds[name] = round(spent + time.monotonic() - started, 3)

    def close(self, end: End, error: str | None = None) -> None:
        """Say how the session ended."""
        self.record.sessions[-1].end = end
        self.record.sessions[-1].error = error
        self.write()

    def write(self) -> None:
        self.record.standing = self._standing.model_copy()
        self.record.sessions[-1].to_step = self._standing.step
        self.record.curves = curves(history.read(self._folder))
        text = self.record.model_dump_json(indent=1)
        paths.write_text(self._folder / FILE_NAME, _POINT.sub(r"[\1, \2]", text) + "\n")


def curves(rows: Sequence[Row]) -> dict[str, list[tuple[int, float]]]:
    """Return the points (step, value) of every named value, evenly thinned out."""
    found: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        for name, value in row.values.items():
            found.setdefault(name, []).append((row.step, round(value, 6)))
    return {name: _thin(points) for name, points in found.items()}


def _thin(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return at most `CURVE_POINTS` points, the last among them."""
    every = -(-len(points) // CURVE_POINTS)
    return points[::-1][::every][::-1]


def session(standing: Standing, processes: int, micro_batch: int | None) -> Session:
    """Return a session that begins now."""
    return Session(
        started=datetime.now(UTC),
        from_step=standing.step,
        to_step=standing.step,
        processes=processes,
        micro_batch=micro_batch,
    )
