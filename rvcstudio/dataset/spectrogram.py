"""A take's spectrum over time, as levels to paint."""

from pathlib import Path

import numpy as np
import soundfile

from rvcstudio.dataset import waves

WINDOW_S = 0.03
WHOLE_S = 60.0
FLOOR_DB, CEILING_DB = -95.0, -22.0
BREAK_HZ = 700.0  # of the mel scale: linear below, logarithmic above


def place(hertz: np.ndarray | float, highest: float) -> np.ndarray | float:
    """Return where a frequency lies on the mel scale, 0 at the bottom and 1 at `highest`."""
    found: np.ndarray | float = np.log1p(np.asarray(hertz) / BREAK_HZ) / np.log1p(highest / BREAK_HZ)
    return found


def window_size(rate: int) -> int:
    """Return how many samples are transformed at a time, a power of two."""
    return 1 << max(6, round(np.log2(rate * WINDOW_S)))


def picture(wave: np.ndarray, rate: int, columns: int, rows: int) -> np.ndarray:
    """Return levels (rows, columns) uint8 of a wave (N,), the highest frequency on top."""
    size = window_size(rate)
    starts = np.linspace(0, max(len(wave) - 1, 0), columns).astype(int)
    padded = np.pad(wave, (size // 2, size))
    return _shades(np.lib.stride_tricks.sliding_window_view(padded, size)[starts], rate, rows)


def _shades(frames: np.ndarray, rate: int, rows: int) -> np.ndarray:
    """Return the levels (rows, T) uint8 of windows (T, N)."""
    hann = np.hanning(frames.shape[1]).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * hann, axis=1))) * (2 / hann.sum()) ** 2
    levels = 10 * np.log10(np.maximum(_bands(power, rate, rows), 1e-14))
    shades = np.clip((levels - FLOOR_DB) / (CEILING_DB - FLOOR_DB) * 255, 0, 255)
    return np.ascontiguousarray(shades.astype(np.uint8).T[::-1])


def _bands(power: np.ndarray, rate: int, rows: int) -> np.ndarray:
    """Return the strongest power (T, rows) of the bins in bands of equal width on the mel scale."""
    highest = rate / 2
    edges = BREAK_HZ * np.expm1(np.linspace(0, 1, rows + 1) * np.log1p(highest / BREAK_HZ))
    bins = np.clip(np.floor(edges[:-1] / highest * (power.shape[1] - 1)).astype(int), 0, power.shape[1] - 1)
    return np.maximum.reduceat(power, bins, axis=1)


def load(file: Path, start: float, stop: float, columns: int, rows: int) -> np.ndarray:
    """Return levels (rows, columns) uint8 of the samples from `start` to `stop` of a take.

    Of more than a minute only the window at every column is read.
    """
    rate = waves.facts(file).rate
    if stop - start <= WHOLE_S * rate:
        return picture(waves.read(file, int(start), int(stop)), rate, columns, rows)
    size = window_size(rate)
    centres = np.linspace(start, stop - 1, columns).astype(int)
    with waves.opened(file) as sound:
        frames = np.stack([_window(sound, int(centre) - size // 2, size) for centre in centres])
    return _shades(frames, rate, rows)


def _window(sound: soundfile.SoundFile, start: int, size: int) -> np.ndarray:
    sound.seek(min(max(start, 0), sound.frames))
    wave = waves.mono(sound.read(size, dtype="float32", always_2d=True))
    return np.pad(wave, (0, size - len(wave)))
