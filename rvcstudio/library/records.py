"""What the library holds, as it is handed out: frozen, and without a connection to anything."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Consent = Literal["", "own", "permission"]


@dataclass(frozen=True, slots=True)
class Voice:
    """A person. `photo` and `statement` are files; `statement` is a recorded agreement."""

    id: str
    name: str
    folder: Path
    colour: str
    language: str
    consent: Consent
    consent_by: str
    note: str
    photo: Path | None
    statement: Path | None
    created: datetime
    changed: datetime
    tags: tuple[str, ...] = ()
    takes: int = 0
    seconds: float = 0.0
    models: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """A recording of a voice; `excluded` ones stay out of datasets. Levels are in dBFS."""

    id: str
    voice: str
    file: Path
    prompt: str
    prompt_id: str
    device: str
    rate: int
    seconds: float
    peak_dbfs: float | None
    rms_dbfs: float | None
    verdict: dict[str, Any]
    excluded: bool
    created: datetime

    @property
    def title(self) -> str:
        """What is said in it, or its file's name."""
        return self.prompt or plain_stem(self.file)


def plain_stem(file: Path) -> str:
    """Return a take's file name without the mark that keeps it apart from others of the same name."""
    stem, dash, mark = file.stem.rpartition("-")
    is_mark = len(mark) == 8 and all(letter in "0123456789abcdef" for letter in mark)
    return stem if dash and is_mark else file.stem


@dataclass(frozen=True, slots=True)
class Model:
    """A trained or imported model in a folder of its own; `summary` is what its card says, in short."""

    id: str
    voice: str | None
    name: str
    folder: Path
    file: Path
    summary: dict[str, Any]
    created: datetime


@dataclass(frozen=True, slots=True)
class Conversion:
    """A recording that was converted, with the settings to do it again."""

    id: str
    model: str | None
    model_name: str
    source: Path
    output: Path
    settings: dict[str, Any]
    seconds: float
    created: datetime


@dataclass(frozen=True, slots=True)
class Amount:
    """How many takes there are, and how long they are together."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named choice of a voice's takes."""

    id: str
    voice: str
    name: str
    takes: tuple[str, ...]
    created: datetime
