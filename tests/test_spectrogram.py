"""Spectrograms: what a sine shows, and filter banks that are never mixed up."""

import math

import pytest
import torch
from librosa.filters import mel

from rvc.analysis import spectrogram

SETTINGS = [(32000, 1024, 80), (40000, 2048, 125), (48000, 2048, 128)]


@pytest.mark.parametrize(("rate", "n_fft", "_n_mels"), SETTINGS)
def test_a_sine_shows_at_its_frequency(rate: int, n_fft: int, _n_mels: int) -> None:
    hz = 100 * rate / n_fft
    wave = torch.sin(2 * math.pi * hz * torch.arange(rate) / rate)[None]
    spec = spectrogram.linear(wave, n_fft, rate // 100, n_fft)
    assert spec.shape == (1, n_fft // 2 + 1, 100)
    assert (spec[0, :, 5:-5].argmax(0) == 100).all()
    # A unit sine in a Hann window of n_fft samples has a magnitude of n_fft / 4.
    torch.testing.assert_close(spec[0, 100, 5:-5], torch.full((90,), n_fft / 4), rtol=1e-3, atol=0)


def test_silence_is_the_floor() -> None:
    spec = spectrogram.linear(torch.zeros(1, 8000), 1024, 320, 1024)
    torch.testing.assert_close(spec, torch.full_like(spec, 1e-3))


def test_a_rest_shorter_than_a_hop_has_no_frame() -> None:
    assert spectrogram.linear(torch.zeros(1, 8319), 1024, 320, 1024).shape[2] == 25


@pytest.mark.parametrize(("rate", "n_fft", "n_mels"), [*SETTINGS, *SETTINGS[::-1]])
def test_filter_banks_belong_to_their_settings(rate: int, n_fft: int, n_mels: int) -> None:
    basis = spectrogram.mel_basis(rate, n_fft, n_mels)
    torch.testing.assert_close(basis, torch.from_numpy(mel(sr=rate, n_fft=n_fft, n_mels=n_mels)))


def test_mel_is_float32_under_autocast() -> None:
    spec = torch.rand(1, 513, 20)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        bands = spectrogram.log_mel(spec, 32000, 1024, 80)
    torch.testing.assert_close(bands, spectrogram.log_mel(spec, 32000, 1024, 80))


def test_a_filter_bank_made_in_inference_mode_serves_training() -> None:
    with torch.inference_mode():
        spectrogram.mel_basis(32000, 512, 40)
    spec = torch.rand(1, 257, 4, requires_grad=True)
    spectrogram.log_mel(spec, 32000, 512, 40).sum().backward()
    assert spec.grad is not None
