"""How loud a stream is: when it is let through, and how the voice follows the speaker's loudness."""

import numpy as np
import torch

from rvc.config import CONTENT_RATE_HZ, FRAME_RATE
from rvc.live.history import History

HOP = CONTENT_RATE_HZ // FRAME_RATE
HOLD = 25  # frames for which a gate stays open
EARLY = 5  # frames by which it opens before what is loud enough
RAMP = 3  # frames over which it opens and closes
WINDOW = 50  # frames over which loudness is compared
KEPT = 512  # frames
SILENT_DB = -120.0
FLOOR = 1e-3  # of full scale: a voice that is silent is not made louder
MOST_GAIN = 4.0
KNEE = 0.8  # of full scale; above it peaks are rounded off


def decibels(level: float) -> float:
    """Return a level in dBFS, -120 for silence."""
    return max(20 * float(np.log10(max(level, 1e-12))), SILENT_DB)


def gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))


class Levels:
    """The rms of a stream's frames of 10 ms, and whether somebody was meant to be heard then."""

    def __init__(self) -> None:
        self._levels = History(KEPT)
        self._talking = History(KEPT)
        self._rest = np.zeros(0, np.float32)

    def feed(self, wave: np.ndarray, *, talking: bool) -> None:
        """Take in a part of the stream at 16 kHz, (N,)."""
        wave = np.concatenate([self._rest, wave])
        frames = wave[: len(wave) // HOP * HOP].reshape(-1, HOP)
        self._rest = wave[frames.size :]
        levels = np.sqrt(np.square(frames, dtype=np.float64).mean(axis=1)).astype(np.float32)
        self._levels.append(torch.from_numpy(levels))
        self._talking.append(torch.full((len(levels),), float(talking)))

    def open(self, start: int, stop: int, gate_dbfs: float | None) -> np.ndarray:
        """Return how open the gate is at the edges of the frames, 0 to 1, (stop - start + 1,)."""
        around = HOLD + RAMP
        talking = self._frames(self._talking, start - around, stop + RAMP)
        heard = talking
        if gate_dbfs is not None:
            loud = self._frames(self._levels, start - around, stop + RAMP + EARLY) >= gain(gate_dbfs)
            held = np.lib.stride_tricks.sliding_window_view(loud, HOLD + EARLY + 1).any(axis=1)
            heard = talking[HOLD:] * held
        else:
            heard = talking[HOLD:]
        smooth = np.convolve(heard, np.full(2 * RAMP, 1 / (2 * RAMP)), "valid")
        return smooth[: stop - start + 1]

    def before(self, start: int, stop: int) -> np.ndarray:
        """Return the mean level over the half second up to each of the frames, (stop - start,)."""
        squares = np.square(self._frames(self._levels, start - WINDOW + 1, stop))
        return np.sqrt(np.convolve(squares, np.full(WINDOW, 1 / WINDOW), "valid"))

    @staticmethod
    def _frames(history: History, start: int, stop: int) -> np.ndarray:
        """Return frames as an array; before the stream there was silence, and what is to come goes on as it is."""
        low, high = min(max(start, history.start), history.stop), min(max(stop, 0), history.stop)
        inside = history[low:high].numpy()
        before = max(min(low, stop) - start, 0)
        after = stop - start - before - len(inside)
        return np.pad(
            np.pad(inside, (before, 0)), (0, after), mode="edge" if before + len(inside) else "constant"
        )


class Loudness:
    """Makes a voice follow the loudness of who speaks, as `synthesis.loudness` does for a recording."""

    def __init__(self, hop: int) -> None:
        self._hop = hop
        self._squares = np.zeros(WINDOW - 1)
        self._gain = 1.0

    def follow(self, wave: np.ndarray, wanted: np.ndarray, amount: float) -> np.ndarray:
        """Return the wave (T * hop,) with the levels (T,) that are wanted: wholly at `amount` 0, not at all at 1."""
        frames = wave.reshape(-1, self._hop)
        squares = np.concatenate([self._squares, np.square(frames, dtype=np.float64).mean(axis=1)])
        self._squares = squares[-(WINDOW - 1) :]
        present = np.sqrt(np.convolve(squares, np.full(WINDOW, 1 / WINDOW), "valid"))
        gains = ((wanted + FLOOR) / (present + FLOOR)) ** (1 - amount)
        gains = np.concatenate([[self._gain], np.clip(gains, 1 / MOST_GAIN, MOST_GAIN)])
        self._gain = float(gains[-1])
        return wave * at_samples(gains, self._hop)


def at_samples(edges: np.ndarray, hop: int) -> np.ndarray:
    """Return values at the edges of frames (T + 1,) as straight lines over their samples, (T * hop,) float32."""
    frames = len(edges) - 1
    place = np.arange(frames * hop) / hop
    return np.interp(place, np.arange(frames + 1), edges).astype(np.float32)


def rounded_off(wave: np.ndarray) -> np.ndarray:
    """Keep a wave within full scale without the crackle of clipping."""
    over = np.abs(wave) - KNEE
    if not (over > 0).any():
        return wave
    room = 1 - KNEE
    return np.where(over > 0, np.sign(wave) * (KNEE + room * np.tanh(over / room)), wave).astype(np.float32)
