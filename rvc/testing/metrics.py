"""Scores that compare a recording with what a model made of it. Pure numpy; undefined scores are None.

All waves are compared at 24 kHz, whatever rate they have, so that models of different rates can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, rfft

from rvc.config import FRAME_RATE

Array = NDArray[np.floating[Any]]

COMPARE_RATE_HZ = 24000
HOP = COMPARE_RATE_HZ // FRAME_RATE
N_FFT = 1024
N_MELS = 80
CEPSTRAL_ORDER = 24
DYNAMIC_RANGE_DB = 60.0  # quieter than this below the recording's loudest band is not heard
SILENCE_DB = -100.0  # power floor of digital silence
GROSS_CENTS = 1200 * np.log2(1.2)  # the usual bound of a gross pitch error: 20 %
MIN_VOICED_FRAMES = 10  # fewer do not say anything about a melody
MAX_SLACK_FRAMES = 3  # rounding at the ends; more is a difference in timing and is warped away


@dataclass(frozen=True, slots=True)
class SpectralScores:
    """Distances between two recordings, in dB; 0 is identical."""

    log_mel_db: float | None
    mcd_db: float | None


@dataclass(frozen=True, slots=True)
class PitchScores:
    """How well one pitch track follows another, on frames that both call voiced."""

    pitch_correlation: float | None
    pitch_rmse_cents: float | None
    pitch_median_cents: float | None
    pitch_gross_share: float | None
    voicing_error: float | None


def compare(reference: Array, other: Array, rate: int, bandwidth_hz: float | None = None) -> SpectralScores:
    """Score a wave (N,) against a reference wave at the same rate; warped in time only if lengths differ.

    Above `bandwidth_hz` the reference holds nothing, and what the other one has there does not count.
    """
    bands = slice(bands_below(bandwidth_hz))
    mel, mel_other = mel_db(reference, rate)[:, bands], mel_db(other, rate)[:, bands]
    if not len(mel) or not len(mel_other):
        return SpectralScores(None, None)
    mel, mel_other = align(mel, mel_other)
    floor = max(float(mel.max()) - DYNAMIC_RANGE_DB, SILENCE_DB)
    mel, mel_other = np.maximum(mel, floor), np.maximum(mel_other, floor)
    return SpectralScores(log_mel_distance(mel, mel_other), mel_cepstral_distortion(mel, mel_other))


def log_mel_distance(mel: Array, other: Array) -> float:
    """Root mean square over bands, then the mean over frames, of two log-mel spectrograms (T, bands), dB."""
    return float(np.sqrt(np.square(mel - other).mean(axis=1)).mean())


def mel_cepstral_distortion(mel: Array, other: Array) -> float:
    """Mel-cepstral distortion of two log-mel spectrograms (T, bands) in dB, without level (c0).

    10/ln 10 · sqrt(2 Σ Δc²) over coefficients 1 to 24 (Kubichek 1993), where c is the mel cepstrum in the
    convention ln|H| = Σ c cos. With the orthonormal DCT of levels in dB that is sqrt(Σ ΔC² / bands).
    """
    cepstrum = dct(mel - other, axis=1, norm="ortho")[:, 1 : CEPSTRAL_ORDER + 1]
    return float(np.sqrt(np.square(cepstrum).sum(axis=1) / mel.shape[1]).mean())


def compare_pitch(reference: Array, other: Array) -> PitchScores:
    """Score a pitch track (T,) in Hz against a reference track; unvoiced frames are 0."""
    frames = min(len(reference), len(other))
    if not frames:
        return PitchScores(None, None, None, None, None)
    reference, other = reference[:frames], other[:frames]
    both = (reference > 0) & (other > 0)
    voicing_error = float(((reference > 0) != (other > 0)).mean())
    if both.sum() < MIN_VOICED_FRAMES:
        return PitchScores(None, None, None, None, voicing_error)
    octaves, octaves_other = (np.log2(f0[both], dtype=np.float64) for f0 in (reference, other))
    cents = np.abs(1200 * (octaves_other - octaves))
    return PitchScores(
        pitch_correlation=_correlation(octaves, octaves_other),
        pitch_rmse_cents=float(np.sqrt(np.square(cents).mean())),
        pitch_median_cents=float(np.median(cents)),
        pitch_gross_share=float((cents > GROSS_CENTS).mean()),
        voicing_error=voicing_error,
    )


def median_pitch(f0: Array) -> float | None:
    """Return the median of the voiced frames in Hz, None when nothing is voiced."""
    voiced = f0[f0 > 0]
    return float(np.median(voiced)) if len(voiced) else None


def content_similarity(content: Array, other: Array) -> float | None:
    """Mean cosine of two sequences of content features (T, dim), each around its own mean; 1 is identical.

    Without their means, which say more about voice and room than about words, unrelated speech is near 0.
    """
    frames = min(len(content), len(other))
    if not frames:
        return None
    content, other = (part[:frames] - part[:frames].mean(axis=0) for part in (content, other))
    norm = np.linalg.norm(content, axis=1) * np.linalg.norm(other, axis=1)
    cosine = (content * other).sum(axis=1)[norm > 0] / norm[norm > 0]
    return float(cosine.mean()) if len(cosine) else None


def mean(values: Iterable[float | None]) -> float | None:
    """Average the defined ones of some scores, None when there is none."""
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None


def mel_db(wave: Array, rate: int) -> Array:
    """Return the log-mel power spectrogram of a wave (N,) as (T, 80) in dB, T = N · 100 / rate."""
    frames = _frames(_at_compare_rate(wave, rate))
    if not len(frames):
        return np.zeros((0, N_MELS), np.float32)
    window = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(rfft(frames * window, axis=1))) / np.square(window.sum() / 2)
    return (10 * np.log10(power @ _mel_basis().T + 10 ** (SILENCE_DB / 10))).astype(np.float32)


def bands_below(hz: float | None) -> int:
    """Return how many bands of a log-mel spectrogram end below a frequency; all where it is None."""
    if hz is None:
        return N_MELS
    first_beyond = int(hz * N_FFT / COMPARE_RATE_HZ) + 1
    return int((_mel_basis()[:, first_beyond:].sum(axis=1) == 0).sum())


def align(mel: Array, other: Array) -> tuple[Array, Array]:
    """Bring two spectrograms (T, bands) to one length: cut off rounding, warp true differences in time."""
    if abs(len(mel) - len(other)) <= MAX_SLACK_FRAMES:
        frames = min(len(mel), len(other))
        return mel[:frames], other[:frames]
    from librosa.sequence import dtw

    _, path = dtw(mel.T, other.T, metric="euclidean")
    return mel[path[::-1, 0]], other[path[::-1, 1]]


def _at_compare_rate(wave: Array, rate: int) -> Array:
    from rvc.sound import audio

    return audio.resample(wave, rate, COMPARE_RATE_HZ)


def _frames(wave: Array) -> Array:
    """Cut a wave into overlapping frames (T, N_FFT), centred at multiples of the hop."""
    count = len(wave) // HOP
    if not count:
        return np.zeros((0, N_FFT), np.float32)
    padded = np.pad(wave, N_FFT // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:count]


@lru_cache(maxsize=1)
def _mel_basis() -> Array:
    from librosa.filters import mel

    return mel(sr=COMPARE_RATE_HZ, n_fft=N_FFT, n_mels=N_MELS, norm=None)


def _correlation(octaves: Array, other: Array) -> float | None:
    """Return Pearson's correlation, None where one of the two does not move."""
    if min(octaves.std(), other.std()) < 1e-6:
        return None
    return float(np.corrcoef(octaves, other)[0, 1])
