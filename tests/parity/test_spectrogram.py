"""Spectrograms and filter banks: every array of `spec`."""

import pytest
import torch

from rvc.analysis import spectrogram
from rvc.model.config import SynthesizerConfig
from tests.parity import oracle

WEBUI_EPS = 2e-7
WEBUI_FLOOR = 2e-6


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
def test_spectrogram(rate: int) -> None:
    arrays, config, tag = oracle.load("spec"), SynthesizerConfig.v2(rate), f"{rate // 1000}k"
    wave = arrays.tensor(f"wave_{tag}")[None]
    spec = spectrogram.linear(wave, config.n_fft, config.hop, config.win_length)
    oracle.check(f"spec/spec_{tag}", spec[0], arrays.get(f"spec_{tag}"), abs=1e-4)
    mel = spectrogram.log_mel(spec, rate, config.n_fft, config.n_mels)
    oracle.check(f"spec/mel_{tag}", mel[0], arrays.get(f"mel_{tag}"), abs=1e-4)
    basis = spectrogram.mel_basis(rate, config.n_fft, config.n_mels)
    oracle.check(f"spec/melbasis_{tag}", basis, arrays.get(f"melbasis_{tag}"), abs=1e-7)


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
def test_constants_of_the_newest_webui(rate: int) -> None:
    arrays, config, tag = oracle.load("spec"), SynthesizerConfig.v2(rate), f"{rate // 1000}k"
    wave = arrays.tensor(f"wave_{tag}")[None]
    spec = spectrogram.linear(wave, config.n_fft, config.hop, config.win_length, eps=WEBUI_EPS)
    mel = spectrogram.log_mel(spec, rate, config.n_fft, config.n_mels, floor=WEBUI_FLOOR)
    oracle.check(f"spec/mel_webui_{tag}", mel[0], arrays.get(f"mel_webui_{tag}"), abs=1e-4)
    assert torch.isfinite(mel).all()
