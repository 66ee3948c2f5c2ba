"""A wave played at a pace that may change at any moment, and the pace that keeps two clocks together."""

import math

import numpy as np

TAPS = 96  # at the lower of both rates; half of them are the delay
PHASES = 256
BETA = 8.0  # of the Kaiser window: what mirrors about a rate lies 80 dB below
ROLL_OFF = 0.96  # of the lower of both bandwidths
SMOOTH = 0.1  # weight of the newest buffer level
PROPORTIONAL = 0.02  # of the pace, for a second too much in the buffer
INTEGRAL = 0.002  # of it for a second too much that lasts for a second
MOST = 0.003  # five hundredths of a semitone; crystals differ by a tenth of it


class Player:
    """Brings a wave to another rate, at a pace near 1 (windowed sinc; Smith 1984).

    Sample n of the result is heard when sample n of the source is. soxr is better still, but keeps back up to 40 ms.
    """

    def __init__(self, source: int, target: int) -> None:
        self._step = source / target
        self._half = math.ceil(TAPS / 2 * max(1.0, self._step))
        self._table = _sinc_table(min(1.0, 1 / self._step) * ROLL_OFF, self._half)
        self._wave = np.zeros(self._half, np.float32)
        self._place = float(self._half)

    def play(self, wave: np.ndarray, pace: float = 1.0) -> np.ndarray:
        """Return what is certain so far at the target's rate, (N,) float32."""
        self._wave = np.concatenate([self._wave, wave])
        step = self._step * pace
        count = max(math.ceil((len(self._wave) - self._half - self._place) / step), 0)
        places = self._place + step * np.arange(count)
        whole = places.astype(np.int64)
        played = self._interpolate(whole, places - whole)
        self._place += step * count
        done = int(self._place) - self._half + 1
        self._wave, self._place = self._wave[done:], self._place - done
        return played

    def _interpolate(self, whole: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Return the wave's values at places whole + share."""
        if not len(whole):
            return np.zeros(0, np.float32)
        taps = 2 * self._half
        windows = np.lib.stride_tricks.sliding_window_view(self._wave, taps)[whole - self._half + 1]
        phase = share * PHASES
        row = phase.astype(np.int64)
        between = (phase - row).astype(np.float32)
        lower = np.einsum("nt,nt->n", windows, self._table[row])
        upper = np.einsum("nt,nt->n", windows, self._table[row + 1])
        return lower + between * (upper - lower)


def _sinc_table(cutoff: float, half: int) -> np.ndarray:
    """Return low-pass filters (PHASES + 1, 2 * half) for places between two samples, each with a sum of 1."""
    distance = np.arange(2 * half)[None] - (half - 1) - np.arange(PHASES + 1)[:, None] / PHASES
    window = np.i0(BETA * np.sqrt(np.maximum(1 - (distance / half) ** 2, 0))) / np.i0(BETA)
    table = np.sinc(cutoff * distance) * window
    return (table / table.sum(axis=1, keepdims=True)).astype(np.float32)


class Pace:
    """How fast to play so that a buffer stays as full as it should be.

    Two devices have two clocks, and over an hour the faster one would run dry or fall behind by a second. The wave is
    played a little faster or slower instead of leaving out or doubling parts: that is not heard in a held note either.
    """

    def __init__(self, target_s: float) -> None:
        self._target_s = target_s
        self._excess_s: float | None = None
        self._drift = 0.0

    def follow(self, filled_s: float, seconds: float) -> float:
        """Return the pace for the next `seconds`; the buffer holds `filled_s` now."""
        excess = filled_s - self._target_s
        self._excess_s = (
            excess if self._excess_s is None else self._excess_s + SMOOTH * (excess - self._excess_s)
        )
        self._drift = _limited(self._drift + INTEGRAL * self._excess_s * seconds)
        return 1 + _limited(self._drift + PROPORTIONAL * self._excess_s)

    def forget(self) -> None:
        """Start anew after a gap; what is known of the clocks stays."""
        self._excess_s = None

    @property
    def drift_ppm(self) -> float:
        """By how much the input's clock is faster than the output's, as far as is known."""
        return self._drift * 1e6


def _limited(value: float) -> float:
    return min(max(value, -MOST), MOST)
