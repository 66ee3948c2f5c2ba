"""The spectral distances: an exact gradient, zero for equal waves, and larger for worse ones."""

import pytest
import torch

from rvc.learning.stft_loss import (
    FFT_SIZES,
    HOPS_PER_WINDOW,
    MultiResolutionStft,
    PowerSpectrum,
    overlap_add,
    power_spectrum,
)

RATE = 24000


@pytest.fixture(scope="module")
def distance() -> MultiResolutionStft:
    return MultiResolutionStft(RATE)


def noise(seed: int, samples: int = RATE // 2) -> torch.Tensor:
    return 0.1 * torch.randn(2, samples, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("size", "hop"), [(16, 8), (16, 4)])
def test_gradient_of_the_power_spectrum_is_exact(size: int, hop: int) -> None:
    wave = torch.randn(2, 60, dtype=torch.float64, requires_grad=True)
    window = torch.hann_window(size, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda w: PowerSpectrum.apply(w, window, hop), (wave,))


def test_power_spectrum_equals_pytorchs_own() -> None:
    wave, window = noise(0), torch.hann_window(512)
    hop = 512 // HOPS_PER_WINDOW
    expected = torch.stft(wave, 512, hop, window=window, pad_mode="constant", return_complex=True)
    assert torch.allclose(power_spectrum(wave, window), expected.abs().square().mT, atol=1e-4)


def test_overlap_add_places_every_frame_a_hop_later() -> None:
    frames = torch.ones(1, 3, 4)
    assert overlap_add(frames, 2, 9).tolist() == [[1, 1, 2, 2, 2, 2, 1, 1, 0]]


def test_equal_waves_have_no_distance(distance: MultiResolutionStft) -> None:
    assert float(distance(noise(0), noise(0)).total) == 0


def test_distances_grow_with_the_error(distance: MultiResolutionStft) -> None:
    target = noise(0)
    near, far = (distance(target + amount * noise(1), target) for amount in (0.01, 0.5))
    for name in ("log", "linear", "mel"):
        assert float(getattr(near, name)) < float(getattr(far, name))


def test_half_the_level_is_log_two(distance: MultiResolutionStft) -> None:
    target = noise(0)
    distances = distance(target / 2, target)
    assert float(distances.mel) == pytest.approx(0.693, abs=0.02)
    assert float(distances.log) == pytest.approx(0.693, abs=0.02)
    assert float(distances.linear) == pytest.approx(0.5, abs=0.01)


def test_phase_is_not_heard(distance: MultiResolutionStft) -> None:
    time = torch.arange(RATE) / RATE
    sine, cosine = (torch.sin(2 * torch.pi * 1000 * time + phase)[None] for phase in (0.0, 1.5708))
    inside = slice(2 * max(FFT_SIZES), -2 * max(FFT_SIZES))  # the ends are cut at another phase
    assert float(distance(sine[:, inside], cosine[:, inside]).linear) < 0.2


def test_silence_has_a_finite_gradient(distance: MultiResolutionStft) -> None:
    wave = torch.zeros(1, RATE // 2, requires_grad=True)
    distance(wave, noise(0)[:1]).total.backward()
    assert wave.grad is not None
    assert bool(wave.grad.isfinite().all())
