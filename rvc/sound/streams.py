"""Signals handled block by block, so that hours need no more memory than minutes, with the results of the whole."""

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from rvc.sound.spool import BLOCK


def resampled(
    blocks: Iterable[np.ndarray], source: float, target: float, channels: int = 1
) -> Iterator[np.ndarray]:
    """Yield blocks (N,), or (N, channels), at another rate: to the bit what `audio.resample` makes of the whole."""
    if source == target:
        yield from blocks
        return
    stream = soxr.ResampleStream(source, target, channels, dtype="float32", quality="VHQ")
    for block in blocks:
        yield stream.resample_chunk(block.astype(np.float32, copy=False))
    shape = (0,) if channels == 1 else (0, channels)
    yield stream.resample_chunk(np.zeros(shape, np.float32), last=True)


def exactly(blocks: Iterable[np.ndarray], samples: int) -> Iterator[np.ndarray]:
    """Yield so many samples: what is more is left out, and silence is put where there are less."""
    left = samples
    for block in blocks:
        part = block[:left]
        left -= len(part)
        yield part
    yield from silence(left)


def silence(samples: int) -> Iterator[np.ndarray]:
    """Yield so many zeros."""
    for start in range(0, samples, BLOCK):
        yield np.zeros(min(BLOCK, samples - start), np.float32)


def scaled(blocks: Iterable[np.ndarray], gain: float) -> Iterator[np.ndarray]:
    """Yield blocks made louder or quieter."""
    return (block if gain == 1 else block * np.float32(gain) for block in blocks)
