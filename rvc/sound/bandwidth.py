"""Up to which frequency a recording holds anything: its file's rate says only what it could hold.

Speech that went through a telephone, an MP3 or a resampler stops below half its rate. What is left above is silence,
a steady noise, or faint images. A voice fades slowly, so where it ends at once it was cut off.
"""

from collections.abc import Sequence

import numpy as np

WINDOW_S = 0.04
BAND_HZ = 250
MAX_FRAMES = 2000  # spread over a long recording
LOUD, QUIET = 0.95, 0.1  # shares of the frames that are softer in a band
STEADY_DB = 9.0  # a band whose loud and quiet frames differ by less holds noise and no speech
CLIFF_HZ = 2000  # speech that ends by so much within so little was cut off
SPEECH_CLIFF_DB = 30.0
SOUND_CLIFF_DB = 20.0  # noise included: speech that only sinks into noise was not cut off
LEAST_HZ = 3000  # not even a telephone holds less; below, hum and vowels are far louder than all else
FULL_SHARE = 0.92  # of half the rate: above that nothing is missing but a resampler's own slope
COMMON_SHARE = 0.9
FLOOR = 1e-14


def bandwidth_hz(wave: np.ndarray, rate: int) -> float:
    """Return up to which frequency a wave (N,) holds speech, Hz: half its rate where nothing is missing."""
    sound, speech = _levels(wave, rate)
    reach = CLIFF_HZ // BAND_HZ
    for band in range(LEAST_HZ // BAND_HZ, int(FULL_SHARE * rate / 2 / BAND_HZ)):
        below, above = slice(band - reach, band), slice(band, None)
        cliff = speech[below].max() - speech[above].max()
        if cliff >= SPEECH_CLIFF_DB and sound[below].max() - sound[above].max() >= SOUND_CLIFF_DB:
            return float(band * BAND_HZ)
    return rate / 2


def common_hz(bandwidths: Sequence[float], seconds: Sequence[float]) -> float:
    """Return one bandwidth for takes of so many seconds: what nine tenths of the speech do not exceed.

    A take without a sharp s shows no edge, and a soft one may show one that is not there: one answer for a speaker's
    takes is moved by neither, and errs towards the full band.
    """
    order = np.argsort(bandwidths)
    share = np.cumsum(np.asarray(seconds)[order]) / np.sum(seconds)
    return float(bandwidths[order[np.searchsorted(share, COMMON_SHARE)]])


def is_full(hz: float, rate: int) -> bool:
    """Tell whether a recording with this bandwidth, Hz, fills a wave of `rate`."""
    return hz >= FULL_SHARE * rate / 2


def _levels(wave: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the levels (bands,) in dB of loud frames, and of what they have above the steady noise."""
    size = round(WINDOW_S * rate)
    wave = np.pad(wave, (0, max(0, size - len(wave))))
    starts = np.arange(0, len(wave) - size + 1, size // 2)
    starts = starts[:: -(-len(starts) // MAX_FRAMES)]
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[starts]
    power = np.abs(np.fft.rfft(frames * np.blackman(size))) ** 2 / size
    band = np.fft.rfftfreq(size, 1 / rate) // BAND_HZ
    first = np.flatnonzero(np.diff(band, prepend=-1))
    width = np.diff(first, append=len(band))
    loud, quiet = np.quantile(np.add.reduceat(power, first, axis=1) / width, (LOUD, QUIET), axis=0)
    moving = loud - 10 ** (STEADY_DB / 10) * quiet
    return _decibels(loud), _decibels(moving)


def _decibels(power: np.ndarray) -> np.ndarray:
    levels: np.ndarray = 10 * np.log10(np.maximum(power, FLOOR))
    return levels
