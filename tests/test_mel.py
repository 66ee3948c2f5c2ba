"""The mel filter banks are those of librosa, to the last digit of float32 or nearly."""

import numpy as np
import pytest

from rvc.analysis import mel


@pytest.mark.parametrize(
    ("rate", "n_fft", "n_mels"), [(32000, 1024, 80), (40000, 2048, 125), (48000, 2048, 128)]
)
def test_the_models_filters(rate: int, n_fft: int, n_mels: int) -> None:
    from librosa.filters import mel as expected

    made = mel.filters(rate, n_fft, n_mels)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, expected(sr=rate, n_fft=n_fft, n_mels=n_mels), rtol=1e-6, atol=1e-8)


def test_rmvpes_filters() -> None:
    from librosa.filters import mel as expected

    made = mel.filters(16000, 1024, 128, 30.0, 8000.0, htk=True)
    whole = expected(sr=16000, n_fft=1024, n_mels=128, fmin=30.0, fmax=8000.0, htk=True)
    np.testing.assert_allclose(made, whole, rtol=1e-6, atol=1e-8)
