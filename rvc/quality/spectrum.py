"""What a recording's spectrum tells: the average of its speech, holes that a codec left, hum, and missing lows."""

from dataclasses import dataclass

import numpy as np

from rvc.config import CONTENT_RATE_HZ
from rvc.quality.levels import FLOOR_POWER, decibels
from rvc.sound import audio

BAND_HZ = 250
HIGHEST_HZ = 24000
FRAME_S = 0.02
MAX_FRAMES = 30000  # ten minutes; spread over longer recordings
SPEECH_RANGE_DB = 30.0

HOLE_BAND_HZ = 500
HOLES_FROM_HZ = 2000
HOLE_DB = 40.0  # below a band's usual level while somebody speaks: a codec has left it out
INSIDE = 0.95  # of the bandwidth: its edge is no hole

HUM_RATE_HZ = 800
HUM_WINDOW_S = 2.0  # long, because a line of hum is narrow and a voice's harmonics glide
HUM_FINER = 4  # times the window's own resolution
HUM_LINES = {50: 5, 60: 4}  # mains frequencies, and how many multiples of them lie below 250 Hz
HUM_DRIFT_HZ = 1.0
HUM_NEAREST_HZ, HUM_FARTHEST_HZ = 4.0, 15.0  # where a line's neighbours lie
MAIN_LOBE = 3.0  # half a Blackman window's, in bins
HUM_CONTRAST_DB = 8.0
HUM_LEAST_LINES = 2  # where the mains frequency itself is missing: one multiple alone may be a voice's


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains hum: its frequency, and its level in dBFS."""

    hertz: int
    dbfs: float


def speech_powers(wave: np.ndarray, rate: int) -> np.ndarray:
    """Return the power (T, bins) of a wave's frames of 20 ms that hold speech; bins are 50 Hz apart."""
    size = round(FRAME_S * rate)
    wave = np.pad(wave, (0, max(0, size - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[:: size // 2]
    frames = frames[:: -(-len(frames) // MAX_FRAMES)]
    window = np.hanning(size).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window)) ** 2 * (2 / (size * np.square(window).sum()))
    total = power.sum(axis=1)
    return power[total > np.quantile(total, 0.95) / 10 ** (SPEECH_RANGE_DB / 10)]


def average(powers: np.ndarray) -> np.ndarray:
    """Return the mean power (96,) of speech frames (T, bins) in bands of 250 Hz up to 24 kHz."""
    bands = np.zeros(HIGHEST_HZ // BAND_HZ)
    if len(powers):
        per_band = _in_bands(powers.mean(axis=0)[None], BAND_HZ)[0][: len(bands)]
        bands[: len(per_band)] = per_band
    return bands


def holes_share(powers: np.ndarray, bandwidth_hz: float) -> float:
    """Return the share of empty places in time and frequency where frames (T, bins) hold speech.

    MP3 and its like spend no bits on what they take for inaudible: at low rates that leaves holes, which a
    microphone never does.
    """
    bands = _in_bands(powers, HOLE_BAND_HZ)
    inside = bands[:, HOLES_FROM_HZ // HOLE_BAND_HZ : int(INSIDE * bandwidth_hz / HOLE_BAND_HZ)]
    if not inside.size:
        return 0.0
    levels = 10 * np.log10(np.maximum(inside, FLOOR_POWER))
    return float(np.mean(levels < np.median(levels, axis=0) - HOLE_DB))


def hum(wave: np.ndarray) -> Hum | None:
    """Find mains hum in a 16 kHz wave (N,): narrow lines at multiples of 50 or 60 Hz."""
    slow = audio.resample(wave, CONTENT_RATE_HZ, HUM_RATE_HZ)
    size = min(len(slow), round(HUM_WINDOW_S * HUM_RATE_HZ))
    if size < HUM_RATE_HZ / 2:
        return None
    window = np.blackman(size)
    frames = np.lib.stride_tricks.sliding_window_view(slow, size)[:: size // 2][:MAX_FRAMES]
    power = np.square(np.abs(np.fft.rfft(frames * window, HUM_FINER * size))).mean(axis=0)
    lines = {base: _lines(power * (2 / window.sum() ** 2), base, size) for base in HUM_LINES}
    found = [Hum(base, decibels(sum(heights))) for base, heights in lines.items() if heights]
    return max(found, key=lambda one: one.dbfs, default=None)


def _lines(power: np.ndarray, base: int, size: int) -> list[float]:
    """Return the power of the lines at multiples of `base` that stand out; none when they may be a voice's."""
    step = HUM_RATE_HZ / (HUM_FINER * size)
    drift, far = round(HUM_DRIFT_HZ / step), round(HUM_FARTHEST_HZ / step)
    near = round(max(HUM_NEAREST_HZ, MAIN_LOBE * HUM_RATE_HZ / size) / step)
    found = {}
    for multiple in range(1, HUM_LINES[base] + 1):
        at = round(multiple * base / step)
        line = float(power[at - drift : at + drift + 1].max())
        around = max(power[at - far : at - near].max(), power[at + near + 1 : at + far + 1].max())
        if line > around * 10 ** (HUM_CONTRAST_DB / 10):
            found[multiple] = line
    return list(found.values()) if 1 in found or len(found) >= HUM_LEAST_LINES else []


def _in_bands(powers: np.ndarray, band_hz: int) -> np.ndarray:
    """Return powers (T, bins) summed in bands (T, rate / 2 / band_hz)."""
    width = band_hz * FRAME_S
    count = int((powers.shape[1] - 1) / width)
    starts = np.round(np.arange(count + 1) * width).astype(int)
    return np.add.reduceat(powers, starts, axis=1)[:, :count]
