"""The high-pass filter, against SciPy's sections, which are the exact form of it."""

import numpy as np
import pytest
import scipy.signal

from rvc.sound import butterworth

ORDER, HZ = 5, 48.0
RATES = [8000, 16000, 48000]


def noise(samples: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(0).standard_normal(samples) + 0.05


def sections(rate: int) -> np.ndarray:
    return scipy.signal.butter(ORDER, HZ, btype="high", fs=rate, output="sos")


@pytest.mark.parametrize("rate", RATES)
def test_coefficients_are_those_of_scipy(rate: int) -> None:
    for ours, theirs in zip(
        butterworth.coefficients(ORDER, HZ, rate),
        scipy.signal.butter(ORDER, HZ, btype="high", fs=rate),
        strict=True,
    ):
        assert np.allclose(ours, theirs, rtol=1e-12, atol=0)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("samples", [1, 2, 19, 5000, 300_000])
def test_waves_are_filtered_as_scipy_does(rate: int, samples: int) -> None:
    wave, exact = noise(samples), sections(rate)
    causal = butterworth.highpass(wave, ORDER, HZ, rate)
    assert np.abs(causal - scipy.signal.sosfilt(exact, wave)).max() < 1e-12
    both = butterworth.highpass_both_ways(wave, ORDER, HZ, rate)
    padding = min(3 * (ORDER + 1), samples - 1)
    assert len(both) == samples
    assert np.abs(both - scipy.signal.sosfiltfilt(exact, wave, padlen=padding)).max() < 1e-9


def test_nothing_is_made_of_nothing() -> None:
    assert not len(butterworth.highpass(np.zeros(0), ORDER, HZ, 16000))
