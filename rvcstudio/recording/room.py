"""The room before anybody speaks: how loud it is, whether it hums, and what the gain should be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rvcstudio.sound.levels import FLOOR_DBFS, dbfs, frame_dbfs

MEASURE_S = 3.0
MUTED_DBFS = -100.0
QUIET_DBFS, NOISY_DBFS = -60.0, -50.0
DISTURBED_DB = 15.0  # by so much the loudest frame is above the usual one when something made a sound
HUM_HZ = (50.0, 60.0)
HUM_WIDTH_HZ = 1.5
HUM_HARMONICS = 4
HUM_SHARE = 0.5  # of the noise

PEAK_WANTED_DBFS = -9.0  # the middle of -12 to -6, which editors call a good level to aim for
PEAK_HIGH_DBFS, PEAK_LOW_DBFS = -3.0, -20.0

Advice = Literal["muted", "disturbed", "noisy", "hum", "fair", "quiet"]


@dataclass(frozen=True, slots=True)
class Room:
    """The noise between words, dBFS, and what to do about it."""

    noise_dbfs: float
    hum_hz: int | None
    advice: Advice

    @property
    def speech_dbfs(self) -> float:
        """What is louder than this is taken for speech."""
        return min(-30.0, max(-55.0, self.noise_dbfs + 10.0))


UNKNOWN = Room(FLOOR_DBFS, None, "quiet")


def measure(wave: np.ndarray, rate: int) -> Room:
    """Measure a wave (N,) of some seconds in which nobody spoke."""
    levels = frame_dbfs(wave, rate)
    if not len(levels):
        return UNKNOWN
    usual = float(np.median(levels))
    hum = _hum(wave, rate)
    return Room(usual, hum, _advice(usual, float(np.quantile(levels, 0.98)), hum))


def _advice(usual: float, loudest: float, hum: int | None) -> Advice:
    if loudest < MUTED_DBFS:
        return "muted"
    if loudest > max(usual + DISTURBED_DB, QUIET_DBFS):
        return "disturbed"
    if usual > QUIET_DBFS and hum:
        return "hum"
    if usual > NOISY_DBFS:
        return "noisy"
    return "fair" if usual > QUIET_DBFS else "quiet"


def _hum(wave: np.ndarray, rate: int) -> int | None:
    """Return the mains' frequency where it makes up most of the noise, else None."""
    power = np.abs(np.fft.rfft((wave - wave.mean()) * np.hanning(len(wave)))) ** 2
    places = np.fft.rfftfreq(len(wave), 1 / rate)
    total = float(power.sum())
    for mains in HUM_HZ:
        near = np.zeros(len(places), bool)
        for harmonic in range(1, HUM_HARMONICS + 1):
            near |= np.abs(places - harmonic * mains) < HUM_WIDTH_HZ
        if total > 0 and float(power[near].sum()) > HUM_SHARE * total:
            return round(mains)
    return None


def gain_change_db(peak: float) -> float:
    """Return by how many dB the gain should change for takes with this peak (full scale is 1); 0 where it is good."""
    level = dbfs(peak)
    return PEAK_WANTED_DBFS - level if not PEAK_LOW_DBFS <= level <= PEAK_HIGH_DBFS else 0.0
