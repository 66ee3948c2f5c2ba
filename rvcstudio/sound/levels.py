"""Levels of sound in dBFS: peak, RMS and clipping of what passes by, and how a meter's needles move."""

import math
from dataclasses import dataclass, field

import numpy as np

FLOOR_DBFS = -120.0
FULL_SCALE = 1 - 2**-15  # the highest value of 16 bits; with 24 bits it is a hair below full scale
FRAME_S = 0.02


def dbfs(value: float) -> float:
    """Return an amplitude in dB of full scale, -120 at the least."""
    return max(FLOOR_DBFS, 20 * math.log10(value)) if value > 0 else FLOOR_DBFS


def frame_dbfs(wave: np.ndarray, rate: int) -> np.ndarray:
    """Return the RMS level (T,) of frames of 20 ms of a wave (N,), dBFS."""
    size = round(rate * FRAME_S)
    frames = wave[: len(wave) // size * size].reshape(-1, size).astype(np.float64)
    power = np.einsum("tn,tn->t", frames, frames) / size
    levels: np.ndarray = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DBFS / 10)))
    return levels


@dataclass(slots=True)
class Window:
    """What passed since the meter was read last."""

    peak: float = 0.0
    energy: float = 0.0
    frames: int = 0

    @property
    def rms(self) -> float:
        return math.sqrt(self.energy / self.frames) if self.frames else 0.0


@dataclass(slots=True)
class Levels:
    """Counts what passes by, block after block; cheap enough for an audio callback."""

    peak: float = 0.0
    energy: float = 0.0
    frames: int = 0
    clips: int = 0
    """How often full scale was reached: runs of samples, not samples."""
    _hot: bool = False  # whether the last block ended at full scale
    _window: Window = field(default_factory=Window)

    def add(self, block: np.ndarray) -> None:
        """Take a block (N,) into account."""
        if not len(block):
            return
        peak = max(float(block.max()), -float(block.min()))
        energy = float(np.dot(block, block))
        self.peak = max(self.peak, peak)
        self.energy += energy
        self.frames += len(block)
        window = self._window
        window.peak = max(window.peak, peak)
        window.energy += energy
        window.frames += len(block)
        self._count_clips(block, peak)

    def _count_clips(self, block: np.ndarray, peak: float) -> None:
        if peak < FULL_SCALE:
            self._hot = False
            return
        hot = np.abs(block) >= FULL_SCALE
        self.clips += int(hot[0] and not self._hot) + int(np.count_nonzero(hot[1:] & ~hot[:-1]))
        self._hot = bool(hot[-1])

    def take_window(self) -> Window:
        """Return what passed since the last call. A block that comes this instant may be missed by the meter."""
        window, self._window = self._window, Window()
        return window

    @property
    def rms(self) -> float:
        return math.sqrt(self.energy / self.frames) if self.frames else 0.0


DECAY_DB_S = 20 / 1.7  # as OBS and IEC 60268-10's type I have it
HOLD_S = 3.0
RMS_S = 0.3  # over which the RMS needle averages, as VU meters do
METER_FLOOR_DBFS = -60.0


@dataclass(slots=True)
class Needles:
    """A meter's peak, RMS and held peak in dBFS, as they move with time."""

    peak: float = METER_FLOOR_DBFS
    rms: float = METER_FLOOR_DBFS
    held: float = METER_FLOOR_DBFS
    _held_for_s: float = 0.0
    _power: float = 0.0

    def move(self, window: Window, seconds: float) -> None:
        """Let `seconds` pass, in which `window` was heard: up at once, down slowly."""
        heard = max(METER_FLOOR_DBFS, dbfs(window.peak))
        self.peak = max(heard, self.peak - DECAY_DB_S * seconds, METER_FLOOR_DBFS)
        if window.frames:
            self._power += (window.rms**2 - self._power) * (1 - math.exp(-seconds / RMS_S))
            self.rms = max(METER_FLOOR_DBFS, dbfs(math.sqrt(self._power)))
        self._held_for_s += seconds
        if heard >= self.held or self._held_for_s > HOLD_S:
            self.held, self._held_for_s = self.peak, 0.0
