"""A ring of samples between an audio callback, which writes, and threads that read."""

import numpy as np


class Ring:
    """The last samples that came, in memory that is allocated once. One writer, any number of readers."""

    def __init__(self, size: int) -> None:
        self._samples = np.zeros(size, np.float32)
        self.written = 0  # of all time

    def write(self, block: np.ndarray) -> None:
        """Add a block (N,), which must not be longer than the ring. Called by the callback only."""
        size, start = len(self._samples), self.written % len(self._samples)
        head = min(len(block), size - start)
        self._samples[start : start + head] = block[:head]
        self._samples[: len(block) - head] = block[head:]
        self.written += len(block)

    def latest(self, count: int) -> np.ndarray:
        """Return a copy of the last samples (N,), fewer where fewer came."""
        return self._copy(max(0, self.written - min(count, len(self._samples))), self.written)

    def _copy(self, start: int, end: int) -> np.ndarray:
        return self._samples.take(np.arange(start, end), mode="wrap")

    def reader(self) -> "Reader":
        """Return a reader of all that comes from now on."""
        return Reader(self)


class Reader:
    """A place in a ring. What is overwritten before it is read counts as lost."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._place = ring.written
        self.lost = 0

    @property
    def waiting(self) -> int:
        """How many samples can be read."""
        return self._ring.written - self._place

    def read(self, count: int | None = None) -> np.ndarray:
        """Return the next samples (N,): all that wait, or at most `count`."""
        ring, end = self._ring, self._ring.written
        oldest = end - len(ring._samples)
        if self._place < oldest:
            self.lost += oldest - self._place
            self._place = oldest
        end = end if count is None else min(end, self._place + count)
        block = ring._copy(self._place, end)
        self._place = end
        return block

    def skip_to(self, waiting: int) -> None:
        """Pass over the oldest samples, so that no more than `waiting` are left."""
        self._place = max(self._place, self._ring.written - waiting)
