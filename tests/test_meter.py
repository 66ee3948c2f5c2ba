"""Loudness after BS.1770 in blocks, true peaks, and the gain that follows."""

import numpy as np
import pytest

from rvc.quality import levels
from rvc.sound import meter
from rvc.sound.meter import CEILING_DBTP, Gain, gain_for
from rvc.sound.spool import Spool
from tests import sounds


def sine(hz: float, seconds: float, rate: int, level: float, phase: float = 0.0) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hz * time + phase)).astype(np.float32)


@pytest.mark.parametrize("rate", [24000, 40000, 48000])
def test_a_tone_of_full_scale_has_the_loudness_of_the_standard(rate: int) -> None:
    assert levels.loudness_lufs(sine(997, 5, rate, 1.0), rate) == pytest.approx(-3.01, abs=0.05)
    assert levels.loudness_lufs(sine(997, 5, rate, 0.1), rate) == pytest.approx(-23.01, abs=0.05)


def test_a_spool_is_measured_like_an_array() -> None:
    wave = sounds.sentences(30, 24000)
    with Spool.of([wave], 24000) as spool:
        assert levels.loudness_lufs(spool, 24000) == levels.loudness_lufs(wave, 24000)


def test_peaks_between_samples_are_found() -> None:
    wave = sine(12000, 1, 48000, 1.0, phase=np.pi / 4)  # all samples at 0.707
    assert np.abs(wave).max() < 0.71
    with Spool.of([wave], 48000) as spool:
        assert meter.true_peak(spool) == pytest.approx(1.0, rel=0.02)


def gained(wave: np.ndarray, rate: int, target: float | None) -> tuple[Gain, np.ndarray]:
    with Spool.of([wave], rate) as spool:
        gain = gain_for(spool, target)
    return gain, wave * np.float32(gain.factor)


def test_the_gain_brings_a_wave_to_a_loudness() -> None:
    gain, louder = gained(sounds.sentences(3, 24000), 24000, -23.0)
    assert gain.lufs == pytest.approx(-23.0)
    assert levels.loudness_lufs(louder, 24000) == pytest.approx(-23.0, abs=0.01)


def test_true_peaks_limit_the_gain() -> None:
    wave = sine(997, 2, 24000, 0.1)
    wave[5000] = 0.5
    gain, louder = gained(wave, 24000, -10.0)
    with Spool.of([louder], 24000) as spool:
        assert 20 * np.log10(meter.true_peak(spool)) == pytest.approx(CEILING_DBTP, abs=0.01)
    assert gain.lufs is not None
    assert gain.lufs < -15
    assert levels.loudness_lufs(louder, 24000) == pytest.approx(gain.lufs, abs=0.01)


def test_without_a_target_only_what_would_clip_is_turned_down() -> None:
    assert gained(sine(100, 1, 16000, 0.5), 16000, None)[0].factor == 1
    assert np.abs(gained(sine(100, 1, 16000, 2.0), 16000, None)[1]).max() == pytest.approx(0.99)
    assert gained(sounds.silence(1.0), 16000, -16.0)[0] == Gain(1.0)
