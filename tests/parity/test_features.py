"""Coarse pitch, HuBERT and RMVPE against the reference, every array."""

import functools
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from rvc.analysis import hubert, pitch, rmvpe
from tests.parity import oracle


@pytest.fixture(autouse=True)
def no_grad() -> Iterator[None]:
    with torch.inference_mode():
        yield


@functools.cache
def _hubert() -> hubert.Hubert:
    model = hubert.Hubert().eval()
    oracle.fill_weights(model, oracle.seed())
    return model


@functools.cache
def _rmvpe() -> rmvpe.Rmvpe:
    model = rmvpe.Rmvpe().eval()
    oracle.fill_weights(model, oracle.seed())
    return model


def _waves(arrays: oracle.Arrays) -> torch.Tensor:
    """Return the test signals as (B, N)."""
    return torch.atleast_2d(arrays.tensor("wave"))


def _like(actual: torch.Tensor, expected: oracle.Expected) -> torch.Tensor:
    """Drop the batch axis where the set stores a single clip without one."""
    single = expected is not None and len(expected.shape) == actual.ndim - 1
    return actual[0] if single else actual


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("f0", "coarse"),
        ("f0_up7", "coarse_up7"),
        ("interp_f0_out", "interp_coarse_out"),
        ("keepzero_f0_out", "keepzero_coarse_out"),
    ],
)
def test_coarse_pitch(given: str, expected: str) -> None:
    arrays = oracle.load("coarse_pitch")
    oracle.check(f"coarse_pitch/{expected}", pitch.coarse(arrays.tensor(given)), arrays.get(expected))


def test_pitch_shift_keeps_zeros() -> None:
    arrays = oracle.load("coarse_pitch")
    raised = arrays.tensor("f0") * 2 ** (7 / 12)
    oracle.check("coarse_pitch/f0_up7", raised, arrays.get("f0_up7"), rel=1e-6)


def test_unvoiced_frames() -> None:
    """Zeros are kept, or filled in the newest WebUI's way."""
    arrays = oracle.load("coarse_pitch")
    given = np.array(arrays["interp_f0_in"])
    filled = pitch.fill_unvoiced(given)
    oracle.check("coarse_pitch/keepzero_f0_out", given, arrays.get("keepzero_f0_out"))
    oracle.check("coarse_pitch/interp_f0_out", filled, arrays.get("interp_f0_out"), rel=1e-6)


def test_hubert() -> None:
    arrays = oracle.load("hubert")
    model, wave = _hubert(), _waves(arrays)
    features = model.feature_extractor(wave, model.norms(list(wave)))
    for name, actual, limit in (
        ("conv_features", features, 2e-6),
        ("hidden_9", model(wave, layer=9), 1e-4),
        ("last_hidden_state", model(wave), 1e-4),
    ):
        expected = arrays.get(name)
        oracle.check(f"hubert/{name}", _like(actual, expected), expected, abs=limit)


def test_hubert_padded_in_a_batch() -> None:
    arrays = oracle.load("hubert")
    wave = _waves(arrays)[:1]
    count = wave.shape[1]
    padded = torch.zeros(2, count + 7000)
    padded[0, :count] = wave
    padded[1] = torch.linspace(0, 800, count + 7000).sin() * 0.3
    output = _hubert()(padded, [count, count + 7000])[:1, : hubert.frame_count(count)]
    expected = arrays.get("last_hidden_state")
    oracle.check("hubert/last_hidden_state padded", _like(output, expected), expected, abs=1e-4)


def test_rmvpe_mel() -> None:
    arrays = oracle.load("rmvpe")
    mel = rmvpe.log_mel(_waves(arrays))
    oracle.check("rmvpe/mel", _like(mel, arrays.get("mel")), arrays.get("mel"), abs=1e-4)


@pytest.mark.parametrize("padding", ["zero", "reflect", "none"])
def test_rmvpe_salience(padding: str) -> None:
    arrays = oracle.load("rmvpe")
    mel = rmvpe.log_mel(_waves(arrays))
    suffix = {"zero": "zeropad", "reflect": "reflectpad", "none": "first32"}[padding]
    if padding == "none":
        mel = mel[..., : mel.shape[-1] // rmvpe.GRID * rmvpe.GRID]
    salience = _rmvpe().salience(mel, "reflect" if padding == "reflect" else "zero")
    expected = arrays.get(f"salience_{suffix}")
    oracle.check(f"rmvpe/salience_{suffix}", _like(salience, expected), expected, abs=1e-5)
    expected = arrays.get(f"f0_{suffix}")
    oracle.check(f"rmvpe/f0_{suffix}", _like(rmvpe.decode(salience), expected), expected, rel=1e-3)


def test_rmvpe_estimator() -> None:
    """The estimator gives the reference's f0 less its last frame, which belongs to no full hop."""
    arrays = oracle.load("rmvpe")
    wave = _waves(arrays)
    f0 = pitch.RmvpeEstimator(_rmvpe()).estimate(wave)
    expected = arrays.get("f0_zeropad")
    expected = expected[..., : f0.shape[1]] if isinstance(expected, np.ndarray) else None
    oracle.check("rmvpe/f0_zeropad estimator", _like(f0, expected), expected, rel=1e-3)


def test_rmvpe_decode() -> None:
    arrays = oracle.load("rmvpe")
    salience = arrays.tensor("decode_salience")
    oracle.check("rmvpe/decode_cents", rmvpe.decode_cents(salience), arrays.get("decode_cents"), abs=1e-2)
    oracle.check("rmvpe/decode_f0", rmvpe.decode(salience), arrays.get("decode_f0"), rel=1e-5)
