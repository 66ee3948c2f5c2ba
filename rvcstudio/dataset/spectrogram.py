"""A take's spectrum over time, as levels to paint."""

import numpy as np

WINDOW_S = 0.03
FLOOR_DB, CEILING_DB = -110.0, -25.0
BREAK_HZ = 700.0  # of the mel scale: linear below, logarithmic above


def place(hertz: np.ndarray | float, highest: float) -> np.ndarray | float:
    """Return where a frequency lies on the mel scale, 0 at the bottom and 1 at `highest`."""
    found: np.ndarray | float = np.log1p(np.asarray(hertz) / BREAK_HZ) / np.log1p(highest / BREAK_HZ)
    return found


def picture(wave: np.ndarray, rate: int, columns: int, rows: int) -> np.ndarray:
    """Return levels (rows, columns) uint8 of a wave (N,), the highest frequency on top."""
    window = 1 << max(6, round(np.log2(rate * WINDOW_S)))
    padded = np.pad(wave, window // 2)
    starts = np.linspace(0, max(len(wave) - 1, 0), columns).astype(int)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(padded, (0, window)), window)[starts]
    hann = np.hanning(window).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * hann, axis=1))) * (2 / hann.sum()) ** 2
    bands = _bands(power, rate, rows)
    levels = 10 * np.log10(np.maximum(bands, 1e-14))
    shades = (levels - FLOOR_DB) / (CEILING_DB - FLOOR_DB) * 255
    return np.ascontiguousarray(np.clip(shades, 0, 255).astype(np.uint8).T[::-1])


def _bands(power: np.ndarray, rate: int, rows: int) -> np.ndarray:
    """Return the strongest power (T, rows) of the bins in bands of equal width on the mel scale."""
    highest = rate / 2
    edges = BREAK_HZ * np.expm1(np.linspace(0, 1, rows + 1) * np.log1p(highest / BREAK_HZ))
    bins = np.clip(np.floor(edges[:-1] / highest * (power.shape[1] - 1)).astype(int), 0, power.shape[1] - 1)
    return np.maximum.reduceat(power, bins, axis=1)
