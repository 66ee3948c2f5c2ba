"""Mel filter banks, the numbers of `librosa.filters.mel`, whose import takes a second."""

import numpy as np

HTK_HZ, HTK_STEP = 700.0, 2595.0
LINEAR_HZ, LINEAR_STEP = 1000.0, 200.0 / 3  # Slaney's scale is linear up to here, and logarithmic above
LOG_STEP = np.log(6.4) / 27


def filters(
    rate: int,
    n_fft: int,
    n_mels: int,
    low_hz: float = 0.0,
    high_hz: float | None = None,
    *,
    htk: bool = False,
) -> np.ndarray:
    """Return triangles (n_mels, n_fft // 2 + 1), float32, of equal area, evenly spaced in mel by Slaney or by HTK."""
    to_mel, to_hz = (_htk_mel, _htk_hz) if htk else (_slaney_mel, _slaney_hz)
    ends = to_mel(np.array([low_hz, rate / 2 if high_hz is None else high_hz]))
    corners = to_hz(np.linspace(ends[0], ends[1], n_mels + 2))
    frequencies = np.fft.rfftfreq(n_fft, 1 / rate)
    widths = np.diff(corners)[:, None]
    rising = (frequencies - corners[:-2, None]) / widths[:-1]
    falling = (corners[2:, None] - frequencies) / widths[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * (2 / (corners[2:] - corners[:-2]))[:, None]).astype(np.float32)


def _htk_mel(hz: np.ndarray) -> np.ndarray:
    return HTK_STEP * np.log10(1 + hz / HTK_HZ)


def _htk_hz(mel: np.ndarray) -> np.ndarray:
    return HTK_HZ * (10 ** (mel / HTK_STEP) - 1)


def _slaney_mel(hz: np.ndarray) -> np.ndarray:
    logarithmic = LINEAR_HZ / LINEAR_STEP + np.log(np.maximum(hz, LINEAR_HZ) / LINEAR_HZ) / LOG_STEP
    return np.where(hz < LINEAR_HZ, hz / LINEAR_STEP, logarithmic)


def _slaney_hz(mel: np.ndarray) -> np.ndarray:
    above = np.maximum(mel - LINEAR_HZ / LINEAR_STEP, 0)
    return np.where(above > 0, LINEAR_HZ * np.exp(LOG_STEP * above), mel * LINEAR_STEP)
