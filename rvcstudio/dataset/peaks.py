"""What a waveform is drawn from: lowest and highest samples of short stretches, kept in the cache."""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rvc import paths
from rvc.errors import Error
from rvcstudio.dataset import waves
from rvcstudio.dataset.waves import Facts
from rvcstudio.paths import peaks_dir

log = logging.getLogger(__name__)

STRETCH = 256  # samples at the finest level
FACTOR = 8  # from one level to the next
FULL_SCALE = 32767
KEY_LENGTH = 32


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Extremes (2, n) int16 of a take, the lows and the highs, at finer and coarser levels."""

    file: Path
    facts: Facts
    levels: tuple[np.ndarray, ...]

    def between(self, start: float, stop: float, columns: int) -> np.ndarray:
        """Return the extremes (2, columns) float of equal parts of the samples from `start` to `stop`.

        Where they are fewer than a stretch to a column, the samples themselves are read.
        """
        edges = np.linspace(start, stop, columns + 1)
        step = (stop - start) / columns
        if step < STRETCH:
            first = max(0, int(start))
            wave = waves.read(self.file, first, int(np.ceil(stop)) + 1)
            return _extremes(np.stack([wave, wave]), np.floor(edges).astype(int) - first)
        fitting = [place for place in range(len(self.levels)) if STRETCH * FACTOR**place <= step]
        level = fitting[-1]
        places = np.floor(edges / (STRETCH * FACTOR**level)).astype(int)
        return _extremes(self.levels[level], places) / FULL_SCALE

    @property
    def peak(self) -> float:
        """The highest amplitude, where full scale is 1."""
        return float(np.abs(self.levels[-1].astype(int)).max(initial=0)) / FULL_SCALE


def load(file: Path) -> Peaks:
    """Return the peaks of a take, from the cache or from its samples. Raises `InputError` damaged_audio."""
    facts = waves.facts(file)
    kept = _place(file)
    finest = _read(kept, facts)
    if finest is None:
        finest = _measure(file)
        _keep(kept, finest)
    return Peaks(file, facts, _levels(finest))


def _measure(file: Path) -> np.ndarray:
    """Return the extremes (2, n) int16 of every stretch; blocks hold a whole number of them."""
    parts = [_reduced(np.stack([block, block]), STRETCH) for block in waves.blocks(file)]
    found = np.concatenate([*parts, np.zeros((2, 0), np.float32)], axis=1)
    return np.clip(np.rint(found * FULL_SCALE), -FULL_SCALE, FULL_SCALE).astype(np.int16)


def _reduced(extremes: np.ndarray, factor: int) -> np.ndarray:
    """Return extremes (2, n) of `factor` neighbours each, the last of fewer."""
    starts = np.arange(0, extremes.shape[1], factor)
    lows = np.minimum.reduceat(extremes[0], starts)
    return np.stack([lows, np.maximum.reduceat(extremes[1], starts)])


def _levels(finest: np.ndarray) -> tuple[np.ndarray, ...]:
    levels = [finest]
    while levels[-1].shape[1] > FACTOR:
        levels.append(_reduced(levels[-1], FACTOR))
    return tuple(levels)


def _extremes(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the extremes (2, n) of values (2, m) between neighbouring edges (n + 1,); nothing lies beyond the ends."""
    count = values.shape[1]
    starts, stops = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
    found = np.zeros((2, len(starts)), np.float32)
    inside = (starts < count) & (stops > 0)
    if not count or not inside.any():
        return found
    starts, stops = np.clip(starts[inside], 0, count - 1), np.clip(stops[inside], 1, count)
    ends = np.minimum(
        stops, count - 1
    )  # reduceat takes no end beyond the last value: that one is added below
    pairs = np.stack([starts, np.maximum(ends, starts)], axis=1).ravel()
    lows = np.minimum.reduceat(values[0], pairs)[::2]
    highs = np.maximum.reduceat(values[1], pairs)[::2]
    last = values[:, stops - 1]
    found[:, inside] = np.stack([np.minimum(lows, last[0]), np.maximum(highs, last[1])])
    return found


def _place(file: Path) -> Path:
    """Return where a take's peaks are kept; edited takes are other files, so the name, size and time tell."""
    about = file.stat()
    key = hashlib.sha256(
        f"{file.name}\0{about.st_size}\0{about.st_mtime_ns}".encode(errors="replace")
    ).hexdigest()
    return peaks_dir() / key[:2] / f"{key[:KEY_LENGTH]}.npy"


def _read(kept: Path, facts: Facts) -> np.ndarray | None:
    """Return the finest level from the cache, None where it is not there or damaged."""
    try:
        finest: np.ndarray = np.load(kept, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    is_whole = finest.dtype == np.int16 and finest.shape == (2, -(-facts.frames // STRETCH))
    return finest if is_whole else None


def _keep(kept: Path, finest: np.ndarray) -> None:
    try:
        with paths.atomic(kept) as temporary, temporary.open("wb") as file:
            np.save(file, finest)
    except Error as error:  # a cache that cannot be written costs time later, and nothing now
        log.warning("peaks were not kept: %s", error)
