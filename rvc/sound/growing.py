"""A wave that can be heard while it is still being made: a file that grows, and that says when it is whole.

It is a WAV file of 16 bits whose header calls it endless until it ends. Nothing is read from it but by who waits for
it: it may end anywhere when its writer is killed.
"""

import struct
from pathlib import Path
from typing import Self

import numpy as np

from rvc.paths import as_error, make_dir

ENDLESS = 0xFFFFFFFF
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, fmt and data
SAMPLE = np.dtype("<i2")
FULL_SCALE = 32767


def has_begun(path: Path) -> bool:
    """Tell whether there is a growing wave with something to hear in it."""
    try:
        return path.stat().st_size > HEADER.size
    except OSError:
        return False


class GrowingWave:
    """Writes a wave as it comes, mono; there is no file before its first block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rate = 0

    def hear(self, block: np.ndarray, rate: int) -> None:
        """Add a block (N,), with full scale at 1. Raises `Error` disk_full or not_writable."""
        if not len(block):
            return
        try:
            if not self._rate:
                make_dir(self._path.parent)
                self._rate = rate
                self._path.write_bytes(_header(rate, ENDLESS))
            with self._path.open("ab") as file:
                file.write(np.rint(np.clip(block, -1, 1) * FULL_SCALE).astype(SAMPLE).tobytes())
        except OSError as error:
            raise as_error(error, self._path) from error

    def close(self) -> None:
        """Say that it is whole. Raises as `hear` does."""
        if not self._rate:
            return
        try:
            with self._path.open("r+b") as file:
                file.write(_header(self._rate, self._path.stat().st_size - HEADER.size))
        except OSError as error:
            raise as_error(error, self._path) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Follower:
    """Reads such a file while it grows."""

    def __init__(self, path: Path) -> None:
        """Raises `OSError` where there is none, `ValueError` where it is something else."""
        self._file = path.open("rb", buffering=0)  # a buffer would go on saying what was there
        try:
            self.rate, _ = self._facts()
        except BaseException:
            self._file.close()
            raise

    @property
    def is_whole(self) -> bool:
        """Whether nothing will be added."""
        return self._facts()[1] != ENDLESS

    def read(self, count: int) -> np.ndarray:
        """Return the next samples, at most `count` and none where there are none yet, (N,) float32."""
        content = self._file.read(count * SAMPLE.itemsize)
        torn = len(content) % SAMPLE.itemsize
        self._file.seek(-torn, 1)
        whole = np.frombuffer(content[: len(content) - torn], SAMPLE)
        return whole.astype(np.float32) / FULL_SCALE

    def close(self) -> None:
        self._file.close()

    def _facts(self) -> tuple[int, int]:
        """Return rate and size as the header has them now."""
        place = max(self._file.tell(), HEADER.size)
        self._file.seek(0)
        header = self._file.read(HEADER.size)
        self._file.seek(place)
        if len(header) < HEADER.size or header[:4] != b"RIFF":
            raise ValueError("no growing wave")
        facts = HEADER.unpack(header)
        return facts[7], facts[12]


def _header(rate: int, size: int) -> bytes:
    """Return the header of a mono wave of 16 bits with so many bytes of samples."""
    riff = ENDLESS if size == ENDLESS else size + HEADER.size - 8
    width = SAMPLE.itemsize
    fmt = (b"fmt ", 16, 1, 1, rate, rate * width, width, 8 * width)
    return HEADER.pack(b"RIFF", riff, b"WAVE", *fmt, b"data", size)
