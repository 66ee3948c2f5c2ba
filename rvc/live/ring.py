"""Samples between two threads: one writes, the other reads, neither waits for the other."""

import threading
import time

import numpy as np


class Ring:
    """A queue (N,) of bounded length; samples that do not fit are not taken."""

    def __init__(self, capacity: int) -> None:
        self._samples = np.zeros(capacity, np.float32)
        self._written = self._read = 0
        self._news = threading.Event()
        self.gaps = 0
        """How often the writer says that samples are missing."""

    def __len__(self) -> int:
        """Return how many samples can be read."""
        return self._written - self._read

    def write(self, samples: np.ndarray) -> int:
        """Add samples; return how many did not fit."""
        fitting = min(len(samples), len(self._samples) - len(self))
        places = (self._written + np.arange(fitting)) % len(self._samples)
        self._samples[places] = samples[:fitting]
        self._written += fitting
        self._news.set()
        return len(samples) - fitting

    def read(self, count: int) -> np.ndarray:
        """Take at most so many samples."""
        taken = min(count, len(self))
        places = (self._read + np.arange(taken)) % len(self._samples)
        samples = self._samples[places]
        self._read += taken
        return samples

    def wait(self, count: int, seconds: float) -> bool:
        """Wait until so many samples can be read, but not for longer; tell whether they can."""
        deadline = time.monotonic() + seconds
        while len(self) < count:
            self._news.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if len(self) < count:
                self._news.wait(left)
        return True
