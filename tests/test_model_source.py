"""The harmonic source, held against the closed form of its phase."""

import numpy as np
import pytest
import torch

from rvc.model.source import SINE_AMPLITUDE, UNVOICED_NOISE, VOICED_NOISE, HarmonicSource, phases

HOUR_FRAMES = 360_000


def closed_form(f0: torch.Tensor, hop: int, rate: int) -> np.ndarray:
    """Return the running sum over samples of f0 / rate, in cycles, float64."""
    return np.cumsum(np.repeat(f0.double().numpy(), hop, axis=1) / rate, axis=1)


def distance(cycles: torch.Tensor, expected: np.ndarray) -> float:
    """Return the largest difference of two phases, in cycles, around the clock."""
    difference = cycles.flatten(1).double().numpy() - expected
    return float(np.abs(difference - np.round(difference)).max())


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
def test_phase_is_the_running_sum(rate: int) -> None:
    f0 = 50 + 1050 * torch.rand(2, 3000, generator=torch.Generator().manual_seed(0))
    f0[:, 100:120] = 0
    assert distance(phases(f0, rate // 100, rate), closed_form(f0, rate // 100, rate)) < 1e-7


@pytest.mark.parametrize("hz", [50.1, 110.0, 123.456, 1099.9])
def test_phase_does_not_drift_in_an_hour(hz: float) -> None:
    hop, rate = 4, 400  # 100 frames/s like every model, at few samples
    f0 = torch.full((1, HOUR_FRAMES), hz)
    samples = np.arange(1, HOUR_FRAMES * hop + 1)
    expected = samples * float(f0[0, 0]) / rate  # in float64 off by 1e-10 cycles after an hour
    assert distance(phases(f0, hop, rate), expected[None]) < 1e-7


def test_unvoiced_frames_are_noise_only() -> None:
    source = HarmonicSource(40000, 400)
    f0 = torch.tensor([[200.0] * 50 + [0.0] * 50])
    silent = source._excite(f0, torch.zeros_like)[0]
    assert silent[:20000].abs().max() == pytest.approx(SINE_AMPLITUDE, abs=1e-4)
    assert silent[20000:].abs().max() == 0
    noise = source._excite(f0, torch.ones_like)[0] - silent
    torch.testing.assert_close(noise[:20000], torch.full((20000,), VOICED_NOISE))
    torch.testing.assert_close(noise[20000:], torch.full((20000,), UNVOICED_NOISE))


def test_source_is_computed_in_float32() -> None:
    source, f0 = HarmonicSource(40000, 400), torch.full((1, 200), 777.0)
    wave = source(f0, torch.zeros_like)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(source(f0, torch.zeros_like), wave)
    halved = source.half()(f0, torch.zeros_like)
    assert halved.dtype == torch.float32
    torch.testing.assert_close(halved, wave, atol=1e-3, rtol=1e-3)
