"""Denoising through the package noisereduce, in pieces."""

import sys

import numpy as np
import pytest

from rvc.errors import InputError
from rvc.synthesis import denoise
from tests import sounds


def spoken(seconds: float) -> np.ndarray:
    """Return syllables of a quarter of a second with pauses: what stays the same for seconds is taken for noise."""
    wave = sounds.voice(seconds)
    return wave * (np.arange(len(wave)) % 6400 < 4000)


def noisy(seconds: float) -> np.ndarray:
    """Return syllables, and silence for as long, in noise 20 dB below them."""
    voice = np.concatenate([spoken(seconds / 2), sounds.silence(seconds / 2)])
    noise = np.random.default_rng(0).standard_normal(len(voice)) * 0.02
    return (voice + noise).astype(np.float32)


def test_without_strength_nothing_is_done_or_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "noisereduce", None)
    assert denoise.cleaner(0.0) is None
    with pytest.raises(InputError, match="needs the extra `denoise`"):
        denoise.cleaner(0.5)


def clean(wave: np.ndarray, strength: float) -> np.ndarray:
    cleaned = denoise.cleaner(strength)
    assert cleaned is not None
    return np.concatenate(list(cleaned(wave)))


def test_noise_is_taken_away_and_the_voice_is_left() -> None:
    pytest.importorskip("noisereduce")
    wave = noisy(8.0)
    half = len(wave) // 2
    weak, strong = (clean(wave, strength) for strength in (0.5, 1.0))
    assert len(weak) == len(strong) == len(wave)
    pause = slice(half + 16000, -16000)
    assert strong[pause].std() < 0.5 * weak[pause].std() < 0.5 * wave[pause].std()
    assert np.corrcoef(strong[:half], spoken(4.0))[0, 1] > 0.9


def test_pieces_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("noisereduce")
    wave = noisy(24.0)
    whole = clean(wave, 1.0)
    monkeypatch.setattr(denoise, "PIECE", 7 * 16000)
    pieces = clean(wave, 1.0)
    assert len(pieces) == len(whole)
    assert np.corrcoef(pieces, whole)[0, 1] > 0.99


def test_pure_silence_stays_silence() -> None:
    pytest.importorskip("noisereduce")
    assert not clean(sounds.silence(1.0), 1.0).any()
