"""The loudness mix: how much of the source's rise and fall the converted voice keeps."""

from collections.abc import Iterator

import numpy as np

from rvc.sound import audio
from rvc.sound.spool import BLOCK, Samples, blocks

FRAME_S = 1.0
HOP_S = 0.5
FLOOR = 1e-6


def mix(source: np.ndarray, source_rate: int, wave: np.ndarray, rate: int, amount: float) -> np.ndarray:
    """Give `wave` the loudness of `source`: wholly at `amount` 0, not at all at 1.

    As the reference does it (`change_rms`): frames of 1 s every 0.5 s, interpolated to samples.
    """
    if amount >= 1:
        return wave
    return np.concatenate([wave[:0], *mixed(source, source_rate, wave, rate, amount)])


def mixed(source: Samples, source_rate: int, wave: Samples, rate: int, amount: float) -> Iterator[np.ndarray]:
    """Yield what `mix` returns in blocks."""
    if amount >= 1:
        yield from blocks(wave)
        return
    wanted, present = _levels(source, source_rate), _levels(wave, rate)
    for start in range(0, len(wave), BLOCK):
        place = (np.arange(start, min(start + BLOCK, len(wave))) + 0.5) / len(wave)
        gain = _at(place, wanted) / np.maximum(_at(place, present), FLOOR)
        yield (wave[start : start + BLOCK] * gain ** (1 - amount)).astype(np.float32)


def _levels(wave: Samples, rate: int) -> np.ndarray:
    return audio.rms(wave, int(rate * FRAME_S) // 2 * 2, int(rate * HOP_S))


def _at(place: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the level at places from 0 to 1, when the levels stand for equal parts of that."""
    return np.interp(place * len(levels) - 0.5, np.arange(len(levels)), levels)
