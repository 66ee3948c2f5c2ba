"""The loudness mix: how much of the source's rise and fall the converted voice keeps."""

import numpy as np

from rvc import audio

FRAME_S = 1.0
HOP_S = 0.5
FLOOR = 1e-6
BLOCK = 1 << 18  # samples whose gain is worked out at a time


def mix(source: np.ndarray, source_rate: int, wave: np.ndarray, rate: int, amount: float) -> np.ndarray:
    """Give `wave` the loudness of `source`: wholly at `amount` 0, not at all at 1.

    As the reference does it (`change_rms`): frames of 1 s every 0.5 s, interpolated to samples.
    """
    if amount >= 1:
        return wave
    wanted, present = _levels(source, source_rate), _levels(wave, rate)
    mixed = np.empty_like(wave)
    for start in range(0, len(wave), BLOCK):
        place = (np.arange(start, min(start + BLOCK, len(wave))) + 0.5) / len(wave)
        gain = _at(place, wanted) / np.maximum(_at(place, present), FLOOR)
        mixed[start : start + BLOCK] = wave[start : start + BLOCK] * gain ** (1 - amount)
    return mixed


def _levels(wave: np.ndarray, rate: int) -> np.ndarray:
    return audio.rms(wave, int(rate * FRAME_S) // 2 * 2, int(rate * HOP_S))


def _at(place: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the level at places from 0 to 1, when the levels stand for equal parts of that."""
    return np.interp(place * len(levels) - 0.5, np.arange(len(levels)), levels)
