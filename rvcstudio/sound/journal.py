"""The journal of a take: raw samples on the disk while it is recorded, encoded when it is kept.

A file is a line that names the format, a line of JSON, and then float32 samples, which hold 24 bits exactly.
A crash or a power cut leaves all but the last two seconds; a torn sample at the end is left out.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
import soundfile
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rvc import paths
from rvc.errors import InputError

MAGIC = b"RVC Studio take 1\n"
SUFFIX = ".part"
SYNC_S = 2.0
BLOCK = 1 << 16
SAMPLE = np.dtype("<f4")
BITS = 24


def _own_start() -> float:
    return psutil.Process().create_time()


class Facts(BaseModel):
    """What is known of a take before it is recorded. `file` is where it goes, inside the library."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    voice: str
    file: str
    rate: int
    device: str = ""
    prompt: str = ""
    prompt_id: str = ""
    started: datetime = Field(default_factory=lambda: datetime.now(UTC))
    process: int = Field(default_factory=os.getpid)
    process_start: float = Field(default_factory=_own_start)

    @property
    def is_orphan(self) -> bool:
        """Whether the process that recorded it is gone."""
        try:
            return abs(psutil.Process(self.process).create_time() - self.process_start) > 1
        except psutil.NoSuchProcess:
            return True


class Journal:
    """Writes a take as it comes, and sees that it reaches the disk every two seconds."""

    def __init__(self, path: Path, facts: Facts) -> None:
        """Begin a journal. Raises `Error` disk_full or not_writable."""
        self.path, self.facts = path, facts
        paths.make_dir(path.parent)
        try:
            self._file = path.open("xb", buffering=0)  # a buffer would hold back what a full disk refuses
        except OSError as error:
            raise paths.as_error(error, path) from error
        try:
            self._append(MAGIC + facts.model_dump_json().encode() + b"\n")
            self._sync()
            _sync_folder(path.parent)
        except OSError as error:
            self._file.close()
            raise paths.as_error(error, path) from error

    def write(self, block: np.ndarray) -> None:
        """Append samples (N,) float32. Raises `Error` disk_full; what was written before stays."""
        try:
            self._append(block.astype(SAMPLE, copy=False).tobytes())
            if time.monotonic() - self._synced_at >= SYNC_S:
                self._sync()
        except OSError as error:
            raise paths.as_error(error, self.path) from error

    def _append(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced_at = time.monotonic()

    def close(self) -> None:
        """Bring the rest to the disk. Raises `Error` disk_full."""
        try:
            self._sync()
        except OSError as error:
            raise paths.as_error(error, self.path) from error
        finally:
            self._file.close()


def read_facts(path: Path) -> Facts:
    """Return what a journal is about. Raises `InputError` not_a_journal."""
    return _open(path)[0]


def read_blocks(path: Path) -> Iterator[np.ndarray]:
    """Yield a journal's samples in blocks (N,) float32; raises as `read_facts` does."""
    _, start = _open(path)
    samples = (path.stat().st_size - start) // SAMPLE.itemsize
    with path.open("rb") as file:
        file.seek(start)
        for at in range(0, samples, BLOCK):
            yield np.fromfile(file, SAMPLE, min(BLOCK, samples - at))


def read(path: Path) -> np.ndarray:
    """Return all samples of a journal (N,)."""
    return np.concatenate([np.zeros(0, np.float32), *read_blocks(path)])


def encode(path: Path, to: Path) -> int:
    """Write a journal as 24-bit FLAC at its rate, and return how many samples it has.

    Raises `InputError` not_a_journal, `Error` disk_full or not_writable.
    """
    rate, samples = read_facts(path).rate, 0
    with (
        paths.atomic(to) as temporary,
        soundfile.SoundFile(temporary, "w", rate, 1, f"PCM_{BITS}", format="FLAC") as file,
    ):
        for block in read_blocks(path):
            file.write(_integers(block))
            samples += len(block)
    return samples


def _integers(block: np.ndarray) -> np.ndarray:
    """Return samples as 24-bit integers at the top of 32 bits, which is what libsndfile takes without rounding."""
    full = 1 << (BITS - 1)
    scaled = np.clip(np.rint(block.astype(np.float64) * full), -full, full - 1).astype(np.int32)
    return scaled << (32 - BITS)


def _open(path: Path) -> tuple[Facts, int]:
    """Return a journal's facts and where its samples start."""
    try:
        with path.open("rb") as file:
            if file.readline(len(MAGIC)) == MAGIC:
                return Facts.model_validate_json(file.readline()), file.tell()
    except (OSError, ValidationError) as error:
        raise _not_a_journal(path) from error
    raise _not_a_journal(path)


def _not_a_journal(path: Path) -> InputError:
    return InputError("not_a_journal", f"{path.name} is no recording that was left unfinished.")


def _sync_folder(folder: Path) -> None:
    """Bring a new file's name to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
