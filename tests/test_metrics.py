"""Scores with known answers."""

import numpy as np
import pytest

from rvc.testing import metrics
from tests.damage import band_limited

RATE = 24000


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)


def tone(f0: float, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    """A buzz of ten harmonics."""
    time = np.arange(int(seconds * rate)) / rate
    return sum(np.sin(2 * np.pi * k * f0 * time) / k for k in range(1, 11)).astype(np.float32) * 0.1


def track(frames: int = 300) -> np.ndarray:
    """A gliding pitch with unvoiced stretches."""
    time = np.arange(frames)
    return np.where(time % 60 < 45, 200 * 2 ** (0.4 * np.sin(time / 25)), 0).astype(np.float32)


def test_identical_recordings_score_zero(noise: np.ndarray) -> None:
    assert metrics.compare(noise, noise, RATE) == metrics.SpectralScores(0.0, 0.0)


@pytest.mark.parametrize("gain_db", [-6.0, 3.0])
def test_gain_is_the_log_mel_distance_and_no_distortion(noise: np.ndarray, gain_db: float) -> None:
    scores = metrics.compare(noise, noise * np.float32(10 ** (gain_db / 20)), RATE)
    assert scores.log_mel_db == pytest.approx(abs(gain_db), abs=0.01)
    assert scores.mcd_db == pytest.approx(0.0, abs=0.01)


def test_distortion_of_a_cosine_shaped_difference_is_its_rms() -> None:
    mel = np.zeros((50, metrics.N_MELS), np.float32)
    bands = (np.arange(metrics.N_MELS) + 0.5) / metrics.N_MELS
    ripple = 4 * np.cos(np.pi * 3 * bands)  # the third cepstral coefficient alone, 4 dB high
    fine = 4 * np.cos(np.pi * 60 * bands)  # beyond the 24 that count
    assert metrics.mel_cepstral_distortion(mel, mel + ripple) == pytest.approx(4 / np.sqrt(2), rel=1e-5)
    assert metrics.mel_cepstral_distortion(mel, mel + fine) == pytest.approx(0.0, abs=1e-4)
    assert metrics.log_mel_distance(mel, mel + fine) == pytest.approx(4 / np.sqrt(2), rel=1e-5)


def test_distortion_never_exceeds_the_distance(noise: np.ndarray) -> None:
    scores = metrics.compare(noise, tone(200, 2.0), RATE)
    assert 0 < scores.mcd_db < scores.log_mel_db


def test_inaudible_noise_in_silence_does_not_count(noise: np.ndarray) -> None:
    speech = np.concatenate([noise, np.zeros_like(noise)])
    hiss = speech + np.random.default_rng(1).normal(0, 1e-5, len(speech)).astype(np.float32)
    assert metrics.compare(speech, hiss, RATE).log_mel_db < 0.05
    assert metrics.compare(speech, speech + np.roll(speech, len(noise)), RATE).log_mel_db > 10


def test_other_rates_score_alike() -> None:
    low = metrics.compare(tone(150, rate=24000), tone(190, rate=24000), 24000)
    high = metrics.compare(tone(150, rate=48000), tone(190, rate=48000), 48000)
    assert high.log_mel_db == pytest.approx(low.log_mel_db, rel=0.03)


def test_what_lies_above_the_recordings_own_band_does_not_count(noise: np.ndarray) -> None:
    narrow = band_limited(8000)(noise, 24000)
    quieter = 0.5 * noise
    judged, unaware = (metrics.compare(narrow, quieter, 24000, hz) for hz in (8000, None))
    inside = metrics.compare(noise, quieter, 24000)
    assert judged.log_mel_db == pytest.approx(inside.log_mel_db, abs=0.3)
    assert judged.mcd_db == pytest.approx(0, abs=0.3)
    assert unaware.log_mel_db is not None
    assert unaware.log_mel_db > 2 * 6
    assert [metrics.bands_below(hz) for hz in (12000, None)] == [80, 80]


def test_difference_in_timing_is_warped_away() -> None:
    slow = np.concatenate([tone(150, 0.6), tone(300, 0.6)])
    fast = np.concatenate([tone(150, 0.3), tone(300, 0.5)])
    assert metrics.compare(slow, fast, RATE).log_mel_db < 1.5
    assert metrics.compare(slow, np.resize(fast, len(slow)), RATE).log_mel_db > 3


@pytest.mark.parametrize(
    "wave", [np.zeros(RATE, np.float32), np.zeros(10, np.float32), np.zeros(0, np.float32)]
)
def test_silence_and_nothing_have_answers(wave: np.ndarray, noise: np.ndarray) -> None:
    same = metrics.compare(wave, wave, RATE)
    assert same == (metrics.SpectralScores(0, 0) if len(wave) == RATE else metrics.SpectralScores(None, None))
    other = metrics.compare(wave, noise[: len(wave)], RATE)
    assert other.log_mel_db is None or other.log_mel_db > 20


def test_a_semitone_is_100_cents() -> None:
    scores = metrics.compare_pitch(track(), track() * np.float32(2 ** (1 / 12)))
    assert scores.pitch_rmse_cents == pytest.approx(100, abs=0.01)
    assert scores.pitch_median_cents == pytest.approx(100, abs=0.01)
    assert scores.pitch_correlation == pytest.approx(1.0, abs=1e-5)
    assert scores.pitch_gross_share == 0
    assert scores.voicing_error == 0


def test_octave_jumps_are_gross_errors() -> None:
    wrong = track()
    voiced = np.flatnonzero(wrong)
    wrong[voiced[: len(voiced) // 4]] *= 2
    scores = metrics.compare_pitch(track(), wrong)
    assert scores.pitch_gross_share == pytest.approx(0.25, abs=0.01)
    assert scores.pitch_median_cents == 0
    assert scores.pitch_rmse_cents == pytest.approx(600, rel=0.01)


def test_mirrored_melody_is_anticorrelated() -> None:
    f0 = track()
    mirrored = np.where(f0 > 0, 200**2 / np.maximum(f0, 1), 0)
    assert metrics.compare_pitch(f0, mirrored).pitch_correlation == pytest.approx(-1.0, abs=1e-5)


def test_voicing_error_counts_frames_that_disagree() -> None:
    f0 = track(400)
    other = f0.copy()
    other[np.flatnonzero(f0)[:40]] = 0
    assert metrics.compare_pitch(f0, other).voicing_error == pytest.approx(0.1)


def test_unvoiced_and_flat_and_empty_pitch_have_answers() -> None:
    silent = np.zeros(100, np.float32)
    assert metrics.compare_pitch(silent, silent) == metrics.PitchScores(None, None, None, None, 0.0)
    assert metrics.compare_pitch(track(100), silent).pitch_correlation is None
    flat = metrics.compare_pitch(np.full(100, 200.0, np.float32), np.full(100, 200.0, np.float32))
    assert flat.pitch_correlation is None
    assert flat.pitch_rmse_cents == 0
    assert metrics.compare_pitch(silent[:0], silent).voicing_error is None
    assert metrics.median_pitch(silent) is None
    assert metrics.median_pitch(np.array([0, 100, 200, 400])) == 200


def test_content_similarity() -> None:
    content = np.random.default_rng(0).normal(5, 1, (60, 32)).astype(np.float32)
    assert metrics.content_similarity(content, content) == pytest.approx(1.0, abs=1e-5)
    assert abs(metrics.content_similarity(content, content[::-1])) < 0.15  # the common offset does not count
    assert metrics.content_similarity(content, content + 3) == pytest.approx(1.0, abs=1e-5)
    assert metrics.content_similarity(content[:0], content) is None
    assert metrics.content_similarity(content * 0, content * 0) is None


def test_mean_leaves_out_what_is_not_defined() -> None:
    assert metrics.mean([1.0, None, 2.0]) == 1.5
    assert metrics.mean([None, None]) is None
