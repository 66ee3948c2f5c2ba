"""Waves of any length: in memory while they are short, in a temporary file where they are not."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Protocol, Self

import numpy as np

from rvc.paths import as_error, cache_dir, make_dir

MEMORY_BYTES = 32 << 20  # nine minutes at 16 kHz; longer waves go to the disk
BLOCK = 1 << 18  # samples handled at a time
SAMPLE = np.dtype(np.float32)


class Samples(Protocol):
    """What an array (N,) and a `Spool` have in common: a length, and slices that are arrays."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> np.ndarray: ...


class Spool:
    """A mono float32 wave that is written once, from its beginning, and read anywhere."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.peak = 0.0
        self._samples = 0
        self._file = tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=str(cache_dir()))  # noqa: SIM115 - closed with it

    @classmethod
    def of(cls, blocks: Iterable[np.ndarray], rate: int) -> Self:
        """Write blocks (N,) one after another; raises `Error` disk_full or not_writable."""
        spool = cls(rate)
        try:
            for block in blocks:
                spool.append(block)
        except BaseException:
            spool.close()
            raise
        return spool

    def append(self, block: np.ndarray) -> None:
        if not len(block):
            return
        content = block.astype(SAMPLE, copy=False)
        self.peak = max(self.peak, float(content.max()), -float(content.min()))
        try:
            if (self._samples + len(content)) * SAMPLE.itemsize > MEMORY_BYTES:
                make_dir(cache_dir())
            self._file.seek(self._samples * SAMPLE.itemsize)
            self._file.write(content.tobytes())
        except OSError as error:
            raise as_error(error, cache_dir()) from error
        self._samples += len(content)

    def __len__(self) -> int:
        return self._samples

    def __getitem__(self, part: slice) -> np.ndarray:
        """Return a copy of consecutive samples; like an array's, a slice may reach beyond both ends."""
        start, stop, step = part.indices(self._samples)
        if step != 1:
            raise ValueError("a spool is read in steps of one sample")
        self._file.seek(start * SAMPLE.itemsize)
        return np.frombuffer(bytearray(self._file.read(max(stop - start, 0) * SAMPLE.itemsize)), SAMPLE)

    def close(self) -> None:
        """Give up the wave and its memory or file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def blocks(wave: Samples, size: int = BLOCK) -> Iterator[np.ndarray]:
    """Go through a wave in blocks of at most `size` samples."""
    for start in range(0, len(wave), size):
        yield wave[start : start + size]


def reflected(wave: Samples, start: int, stop: int) -> np.ndarray:
    """Return the samples `start` to `stop` of a wave that goes on by reflection beyond its ends."""
    if start >= 0 and stop <= len(wave):
        return wave[start:stop]
    period = max(2 * (len(wave) - 1), 1)
    index = np.arange(start, stop) % period
    index = np.minimum(np.minimum(index, period - index), len(wave) - 1)
    low, high = int(index.min()), int(index.max()) + 1
    return wave[low:high][index - low]
