"""RMVPE: names, spectrogram and decoding. Parity is in tests/parity."""

import json
from pathlib import Path

import librosa
import numpy as np
import pytest
import torch

from rvc.analysis import rmvpe


def test_names_and_shapes_are_those_of_the_file(keys: Path) -> None:
    expected = json.loads((keys / "rmvpe.json").read_text())
    with torch.device("meta"):
        actual = {name: list(tensor.shape) for name, tensor in rmvpe.Rmvpe().state_dict().items()}
    assert actual == expected


def test_log_mel_is_librosas() -> None:
    wave = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    mel = librosa.feature.melspectrogram(
        y=wave, sr=16000, n_fft=1024, hop_length=160, power=1, n_mels=128, fmin=30, fmax=8000, htk=True,
        pad_mode="reflect",
    )  # fmt: skip
    expected = np.log(np.maximum(mel, 1e-5))
    assert np.allclose(rmvpe.log_mel(torch.from_numpy(wave)[None])[0], expected, atol=1e-4)


@pytest.mark.parametrize("hz", [32.0, 55.0, 110.0, 441.0, 1046.5, 1975.0])
def test_decode_finds_the_peak(hz: float) -> None:
    position = (1200 * np.log2(hz / 10) - rmvpe.FIRST_CENTS) / rmvpe.BIN_CENTS
    salience = torch.exp(-((torch.arange(rmvpe.BINS) - position) ** 2) / 4)
    cents = 1200 * np.log2(float(rmvpe.decode(salience)) / hz)
    # at the ends of the scale the mean is cut off on one side
    assert abs(cents) < (2 if rmvpe.REACH < position < rmvpe.BINS - rmvpe.REACH else 40)


def test_decode_of_any_shape() -> None:
    salience = torch.rand(2, 3, rmvpe.BINS)
    f0 = rmvpe.decode(salience)
    assert f0.shape == (2, 3)
    assert torch.equal(f0[1, 2], rmvpe.decode(salience[1, 2]))


def test_quiet_salience_is_unvoiced() -> None:
    assert rmvpe.decode(torch.full((4, rmvpe.BINS), rmvpe.THRESHOLD)).tolist() == [0] * 4
    assert rmvpe.decode(torch.zeros(4, rmvpe.BINS)).tolist() == [0] * 4


def test_salience_keeps_the_frames() -> None:
    model = rmvpe.Rmvpe().eval()
    with torch.inference_mode():
        for frames in (1, 31, 32, 33):
            assert model.salience(torch.zeros(1, 128, frames)).shape == (1, frames, rmvpe.BINS)
