"""How loud a recording is: peaks, clipping, loudness as ITU-R BS.1770 has it, and levels of short frames."""

import math
from dataclasses import dataclass

import numpy as np

from rvc.sound import audio
from rvc.sound.spool import Samples

FLOOR_POWER = 1e-14
FRAME_S = 0.02

FLAT = 5e-4  # of the highest sample: what is nearer to it stands at the same level; 16 steps of 16 bits
FLAT_RUN_S = 60e-6  # so long is a flat top at least, 3 samples at 48 kHz ...
FLAT_RUN = 2  # ... and so many samples at low rates
FLAT_TOPS = 3  # a voice reaches its highest level once or twice, a clipped one again and again

OVERSAMPLING = 4  # what BS.1770-5, annex 2, asks for at 48 kHz
TRUE_PEAK_BLOCK = 4096
TRUE_PEAK_REACH = 0.6  # of the sample peak: what lies between samples below is no higher than the peak itself
TRUE_PEAK_MARGIN = 64  # samples for the interpolation to settle

SHELF_HZ, SHELF_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
SHELF_SLOPE = 0.4996667741545416
LOW_CUT_HZ, LOW_CUT_Q = 38.13547087602444, 0.5003270373238773
BLOCK_S, STEP_S = 0.4, 0.1
STRETCH = 600  # steps filtered at a time
ABSOLUTE_GATE_LUFS, RELATIVE_GATE_LU = -70.0, -10.0
LUFS_OFFSET = -0.691


@dataclass(frozen=True, slots=True)
class Peaks:
    """The highest sample and what lies between samples, dBFS; the share of samples in flat tops; the mean."""

    sample_dbfs: float
    true_dbfs: float
    clipped_share: float
    offset: float


def decibels(power: float) -> float:
    """Return a power in dB, of full scale where the power is."""
    return 10 * math.log10(max(power, FLOOR_POWER))


def peaks(wave: np.ndarray, rate: int) -> Peaks:
    """Measure the extremes of a wave (N,)."""
    highest = audio.peak(wave)
    return Peaks(
        sample_dbfs=decibels(highest**2),
        true_dbfs=decibels(_true_peak(wave, highest) ** 2),
        clipped_share=_clipped(wave, rate) + _clipped(-wave, rate),
        offset=float(wave.mean(dtype=np.float64)),
    )


def frame_dbfs(wave: np.ndarray, rate: int) -> np.ndarray:
    """Return the level (T,) of frames of 20 ms, dBFS."""
    size = round(rate * FRAME_S)
    frames = wave[: len(wave) // size * size].reshape(-1, size)
    power = np.einsum("tn,tn->t", frames, frames) / size
    levels: np.ndarray = 10 * np.log10(np.maximum(power, FLOOR_POWER))
    return levels


def loudness_lufs(wave: Samples, rate: int) -> float | None:
    """Return the integrated loudness of a wave (N,) after ITU-R BS.1770-5; None below 0.4 s or the gate."""
    steps_a_block = round(BLOCK_S / STEP_S)
    power = _weighted_power(wave, rate)
    if len(power) < steps_a_block:
        return None
    blocks = np.convolve(power, np.full(steps_a_block, 1 / steps_a_block), "valid")
    heard = blocks[blocks > _power(ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return None
    gate = _power(LUFS_OFFSET + decibels(float(heard.mean())) + RELATIVE_GATE_LU)
    return LUFS_OFFSET + decibels(float(heard[heard > gate].mean()))


def _weighted_power(wave: Samples, rate: int) -> np.ndarray:
    """Return the power (T,) of a K-weighted wave (N,) in steps of 0.1 s, a stretch at a time to save memory."""
    import scipy.signal  # only here and below: a conversion asks for no loudness as a rule

    step, sections = round(STEP_S * rate), k_weighting(rate)
    state = np.zeros((len(sections), 2))
    parts = [np.zeros(0)]
    for start in range(0, len(wave) // step * step, STRETCH * step):
        stretch = wave[start : min(start + STRETCH * step, len(wave) // step * step)]
        weighted, state = scipy.signal.sosfilt(sections, stretch, zi=state)
        steps = weighted.reshape(-1, step)
        parts.append(np.einsum("tn,tn->t", steps, steps) / step)
    return np.concatenate(parts)


def _power(lufs: float) -> float:
    return 10 ** ((lufs - LUFS_OFFSET) / 10)


def k_weighting(rate: int) -> np.ndarray:
    """Return BS.1770's K-weighting as second-order sections (2, 6) at any rate.

    The standard tabulates it at 48 kHz; these are the analogue filters behind that table.
    """
    gain = 10 ** (SHELF_DB / 20)
    k = math.tan(math.pi * SHELF_HZ / rate)
    middle = gain**SHELF_SLOPE
    shelf = [gain + middle * k / SHELF_Q + k * k, 2 * (k * k - gain), gain - middle * k / SHELF_Q + k * k]
    low = math.tan(math.pi * LOW_CUT_HZ / rate)
    return np.array([_section(shelf, k, SHELF_Q), _section([1.0, -2.0, 1.0], low, LOW_CUT_Q, scaled=False)])


def _section(numerator: list[float], k: float, q: float, *, scaled: bool = True) -> list[float]:
    """Return a second-order section; BS.1770 leaves the numerator of its low cut unscaled."""
    a0 = 1 + k / q + k * k
    if scaled:
        numerator = [part / a0 for part in numerator]
    return [*numerator, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]


def _clipped(wave: np.ndarray, rate: int) -> float:
    """Return the share of samples at the wave's highest level, whatever that is, if it has flat tops there."""
    highest = float(wave.max()) if len(wave) else 0.0
    if highest <= 0:
        return 0.0
    at_top = wave >= highest * (1 - FLAT)
    runs = np.diff(np.flatnonzero(np.diff(at_top, prepend=False, append=False)))[::2]
    tops = np.sum(runs >= max(FLAT_RUN, round(FLAT_RUN_S * rate)))
    return float(at_top.mean()) if tops >= FLAT_TOPS else 0.0


def _true_peak(wave: np.ndarray, highest: float) -> float:
    """Return the peak of the wave between its samples, looking only near its loudest ones."""
    if highest == 0:
        return 0.0
    import scipy.signal

    loud = np.abs(wave) >= TRUE_PEAK_REACH * highest
    found = highest
    for start in np.unique(np.flatnonzero(loud) // TRUE_PEAK_BLOCK) * TRUE_PEAK_BLOCK:
        part = wave[max(start - TRUE_PEAK_MARGIN, 0) : start + TRUE_PEAK_BLOCK + TRUE_PEAK_MARGIN]
        between = scipy.signal.resample_poly(part, OVERSAMPLING, 1)
        edge = OVERSAMPLING * TRUE_PEAK_MARGIN // 2
        inside = between[edge : len(between) - edge] if len(between) > 2 * edge else between
        found = max(found, audio.peak(inside))
    return found
