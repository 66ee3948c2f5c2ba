"""Where a take is cut: at silences into slices, and slices into the windows that become clips.

The rule is that of openvpi's audio-slicer, which RVC uses; times are those of RVC's preprocessing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rvc.config import FRAME_RATE, PrepareConfig
from rvc.sound import audio

HOP_S = 0.015
WINDOW_HOPS = 4  # length of a level window
MIN_SLICE_S = 1.5
MIN_SILENCE_S = 0.4
KEPT_SILENCE_S = 0.5  # of a longer silence, each neighbour keeps at most this much
FRAMES_PER_FEATURE = 2  # clips are cut to whole content frames

EVEN_PEAK = 0.9  # the reference's normalisation: three quarters towards this peak, a quarter as it was
EVEN_SHARE = 0.75

Span = tuple[int, int]
"""Start and end in samples."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What is used of a take: clips as spans of whole frames, and how many seconds no clip covers."""

    clips: list[Span]
    unused_s: float


def cut(wave: np.ndarray, rate: int, config: PrepareConfig) -> Cuts:
    """Cut a high-passed take into clips; silent ones and ones shorter than `min_clip_s` are left out."""
    hop = rate // FRAME_RATE
    clips = []
    for span in slices(wave, rate, config.silence_dbfs):
        for start, end in windows(span, rate, config.window_s, config.overlap_s):
            whole = start + (end - start) // (FRAMES_PER_FEATURE * hop) * (FRAMES_PER_FEATURE * hop)
            long_enough = whole - start >= config.min_clip_s * rate
            if long_enough and not _silent(wave[start:whole], rate, config.silence_dbfs):
                clips.append((start, whole))
    return Cuts(clips, (len(wave) - _covered(clips)) / rate)


def slices(wave: np.ndarray, rate: int, silence_dbfs: float) -> list[Span]:
    """Return the stretches of a wave between its silences."""
    hop = round(rate * HOP_S)
    level = _level(wave, rate)
    edges = [0]
    for left, right in _silences(level, _frames(MIN_SLICE_S, rate, hop), rate, silence_dbfs):
        edges += [left * hop, right * hop]
    edges.append(len(wave))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, min(end, len(wave))) for start, end in pairs if start < min(end, len(wave))]


def windows(span: Span, rate: int, window_s: float, overlap_s: float) -> Iterator[Span]:
    """Cut a slice into windows of `window_s`; the last one may be longer by `overlap_s`, or short."""
    start, end = span
    longest = (window_s + overlap_s) * rate
    number = 0
    while end - start > longest:
        yield start, start + int(window_s * rate)
        number += 1
        start = span[0] + int(rate * (window_s - overlap_s) * number)
    yield start, end


def gain(peak: float) -> float:
    """Return the factor that brings a clip of this peak to an even level, never above full scale.

    The reference's rule up to a peak of 1.3; above, it lets clips overshoot, and it rejects those above 2.5.
    """
    even = EVEN_PEAK * EVEN_SHARE / peak + (1 - EVEN_SHARE)
    return min(even, 1 / peak)


def _level(wave: np.ndarray, rate: int) -> np.ndarray:
    hop = round(rate * HOP_S)
    return audio.rms(wave, min(round(rate * MIN_SILENCE_S), WINDOW_HOPS * hop), hop)


def _silent(wave: np.ndarray, rate: int, silence_dbfs: float) -> bool:
    return bool((_level(wave, rate) < 10 ** (silence_dbfs / 20)).all())


def _silences(level: np.ndarray, min_slice: int, rate: int, silence_dbfs: float) -> Iterator[Span]:
    """Yield what is cut out, in level frames: nothing (left = right) in the middle of a short silence."""
    hop = round(rate * HOP_S)
    min_silence, kept = _frames(MIN_SILENCE_S, rate, hop), _frames(KEPT_SILENCE_S, rate, hop)
    slice_start = 0
    for start, end in _runs(level < 10 ** (silence_dbfs / 20)):
        left, right = _quietest(level, start, end, kept)
        if end == len(level):
            if end - start >= min_silence:
                yield left, end
        elif start == 0:
            if end > kept:
                yield 0, right
                slice_start = right
        elif end - start >= min_silence and end - slice_start >= min_slice:
            yield left, right
            slice_start = right


def _quietest(level: np.ndarray, start: int, end: int, kept: int) -> Span:
    """Return the quietest frames within `kept` of a silence's start and of its end: one if it is short."""
    head = level[start : min(start + kept, end) + 1]
    tail_start = max(end - kept, start)
    return start + int(head.argmin()), tail_start + int(level[tail_start : end + 1].argmin())


def _runs(mask: np.ndarray) -> list[Span]:
    """Return start and end of every run of true values."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _frames(seconds: float, rate: int, hop: int) -> int:
    return round(rate * seconds / hop)


def _covered(clips: list[Span]) -> int:
    """Return how many samples lie in at least one clip; clips are ordered, neighbours may overlap."""
    samples, reached = 0, 0
    for start, end in clips:
        samples += max(0, end - max(start, reached))
        reached = max(reached, end)
    return samples
