"""A prepared dataset: a folder with the card `prepared.json` and a file of tensors per take. Movable."""

import hashlib
import json
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from rvc.config import FRAME_RATE, Precision, PrepareConfig
from rvc.datasets import takes as take_files
from rvc.errors import InputError
from rvc.paths import write_text
from rvc.voices.card import MAX_SPEAKERS, EncoderCard

CARD = "prepared.json"
TAKES = "takes"
VERSION = 1
DEFAULT_SPEAKER = "voice"  # whose name nobody has said

Split = Literal["train", "test"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class TakeCard(_Part):
    """A recording that was used. `file` is its path below the folder that held all recordings."""

    name: str
    file: str
    sha256: str
    rate: int
    seconds: float
    unused_s: float
    clips: int


class ClipCard(_Part):
    """A clip: `start` and `seconds` in its take; `offset` and `frames` (100 per s) in `file`'s tensors.

    `speaker` is its place in the dataset's list of speakers.
    """

    name: str
    take: str
    file: str
    split: Split
    speaker: int
    start: float
    seconds: float
    offset: int
    frames: int
    scale: float
    voiced: float
    bandwidth_hz: float | None = None
    """Up to where the recording holds anything; None where that is all that the dataset's rate can hold."""


class Skipped(_Part):
    """A file that was not used, and why."""

    file: str
    code: str
    reason: str


class Summary(_Part):
    """What was used and what was not. Clips overlap, so their seconds add up to more than the takes'."""

    files: int
    takes: int
    clips: int
    train_clips: int
    test_clips: int
    recorded_s: float
    train_s: float
    test_s: float
    unused_s: float
    guard_s: float
    voiced: float
    skipped: int


class Prepared(BaseModel):
    """The card of a prepared dataset."""

    format: Literal["rvc-prepared"] = "rvc-prepared"
    version: int = VERSION
    rate: int
    encoder: EncoderCard
    pitch: str
    precision: Precision = "fp32"
    """In which the networks computed."""
    config: PrepareConfig
    summary: Summary
    speakers: list[str] = Field([DEFAULT_SPEAKER], min_length=1, max_length=MAX_SPEAKERS)
    takes: list[TakeCard]
    clips: list[ClipCard]
    skipped: list[Skipped] = Field(default_factory=list)

    _folder: Path = PrivateAttr(default=Path())

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the card of a prepared folder.

        Raises `InputError`: missing_path, not_prepared, newer_dataset, damaged_dataset.
        """
        if not path.exists():
            raise InputError("missing_path", f"{path} does not exist.", "Check the path for spelling.")
        folder = path.parent if path.name == CARD else path
        card = cls._parse(folder)
        card._folder = folder
        missing = sorted({clip.file for clip in card.clips if not (folder / clip.file).is_file()})
        if missing:
            raise InputError(
                "damaged_dataset",
                f"{folder} is incomplete: {missing[0]} is missing.",
                "Run `rvc prepare` again.",
            )
        return card

    @classmethod
    def is_at(cls, path: Path) -> bool:
        """Say whether a path is a prepared folder, or at least claims to be one."""
        return (path / CARD).is_file() or (path.name == CARD and path.is_file())

    @classmethod
    def _parse(cls, folder: Path) -> Self:
        try:
            fields = json.loads((folder / CARD).read_text(encoding="utf-8"))
            ours = fields["format"] == "rvc-prepared"
            version = int(fields["version"])
        except (OSError, ValueError, KeyError, TypeError):
            ours, version = False, 0
        if not ours:
            raise InputError(
                "not_prepared",
                f"{folder} is not a prepared dataset.",
                "Make one with: rvc prepare RECORDINGS --out FOLDER",
            )
        if version > VERSION:
            raise InputError(
                "newer_dataset",
                f"{folder} was prepared by a newer version.",
                "Update RVC Studio, or prepare again.",
            )
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise InputError(
                "damaged_dataset", f"{folder / CARD} is damaged.", "Run `rvc prepare` again."
            ) from error

    def save(self, folder: Path) -> Self:
        """Write the card into the folder that holds the takes, and make that folder this dataset's."""
        write_text(folder / CARD, self.model_dump_json(indent=1) + "\n")
        self._folder = folder
        return self

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return self.rate // FRAME_RATE

    @property
    def fingerprint(self) -> str:
        """A short hash of what there is to train on: a take's file is named by its content and all settings."""
        spans = sorted(map(_described, self.clips))
        return hashlib.sha256("\n".join(spans).encode()).hexdigest()[:8]

    def clips_of(self, split: Split) -> list[ClipCard]:
        return [clip for clip in self.clips if clip.split == split]

    def takes_of(self, split: Split) -> list[TakeCard]:
        """Return the takes of which any clip is on a side; a take that is cut in two is on both."""
        names = {clip.take for clip in self.clips_of(split)}
        return [take for take in self.takes if take.name in names]

    def read(self, file: str) -> take_files.Take:
        """Read the tensors of a take, named as in `ClipCard.file`. Raises `InputError` damaged_take."""
        return take_files.read(self._folder / file)


def _described(clip: ClipCard) -> str:
    span = f"{clip.file}:{clip.offset}:{clip.frames}:{clip.split}"
    return f"{span}:{clip.speaker}" if clip.speaker else span  # a dataset of one voice keeps its old name
