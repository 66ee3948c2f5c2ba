"""Pitch: real estimators on real and synthetic voices. RMVPE's and the classes' parity is in tests/parity."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from rvc import assets
from rvc.analysis import pitch, rmvpe
from rvc.errors import InputError

OFFLINE = ["fcpe", "swift"]


@pytest.fixture(scope="module", params=OFFLINE)
def estimator(request: pytest.FixtureRequest) -> pitch.PitchEstimator:
    return pitch.load(request.param)


@pytest.fixture(scope="module")
def random_rmvpe() -> pitch.RmvpeEstimator:
    """RMVPE with weights that make an f0 of any kind."""
    torch.manual_seed(0)
    return pitch.RmvpeEstimator(rmvpe.Rmvpe())


def voice(hz: Tensor) -> Tensor:
    """A buzz whose pitch in Hz at each 16 kHz sample is `hz` (N)."""
    phase = 2 * math.pi * torch.cumsum(hz.double() / 16000, 0)
    return sum(torch.sin(k * phase) / k for k in range(1, 8)).float() * 0.1


def glide(low: float, high: float, samples: int) -> Tensor:
    return low * (high / low) ** torch.linspace(0, 1, samples)


def cents(a: Tensor, b: Tensor) -> Tensor:
    both = (a > 0) & (b > 0)
    return 1200 * torch.log2(a[both] / b[both])


@pytest.mark.parametrize(("low", "high"), [(80, 160), (200, 400), (700, 350)])
def test_glide_is_followed_without_delay(estimator: pitch.PitchEstimator, low: float, high: float) -> None:
    hz = glide(low, high, 32000)
    found = estimator.estimate(voice(hz)[None])[0]
    assert found.shape == (200,)
    error = cents(found, hz[::160])[10:-10]
    assert len(error) > 170
    # a delay of one frame would be 6 cents at this speed
    assert abs(float(error.median())) < 5
    assert float(error.abs().quantile(0.9)) < 25


def test_voicing_begins_and_ends_with_the_voice(estimator: pitch.PitchEstimator) -> None:
    noise = 1e-3 * torch.randn(48000, generator=torch.Generator().manual_seed(0))
    wave = noise.clone()
    wave[16000:32000] += voice(torch.full((16000,), 180.0))
    voiced = estimator.estimate(wave[None])[0] > 0
    assert voiced[106:194].all()
    assert not voiced[:92].any()
    assert not voiced[208:].any()


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 161, 4799])
def test_short_clips(estimator: pitch.PitchEstimator, samples: int) -> None:
    f0 = estimator.estimate(voice(torch.full((samples,), 180.0))[None])
    assert f0.shape == (1, samples // 160)
    assert f0.isfinite().all()


@pytest.mark.parametrize("level", [0.0, 30.0])
def test_silence_and_clipping(
    estimator: pitch.PitchEstimator, level: float, capfd: pytest.CaptureFixture[str]
) -> None:
    f0 = estimator.estimate(level * voice(torch.full((16000,), 180.0))[None])
    assert f0.isfinite().all()
    assert bool((f0 > 0).any()) == (level > 0)
    assert capfd.readouterr() == ("", "")


LENGTHS = [16000, 12345, 9000, 100]


def ragged() -> tuple[Tensor, Tensor]:
    waves = torch.zeros(len(LENGTHS), 16000)
    for row, samples in enumerate(LENGTHS):
        waves[row, :samples] = voice(glide(100, 300 - 20 * row, samples))
    return waves, torch.tensor(LENGTHS)


def check_batch_equals_clips(estimator: pitch.PitchEstimator) -> None:
    waves, lengths = ragged()
    batch = estimator.estimate(waves, lengths)
    for f0, wave, samples in zip(batch, waves, LENGTHS, strict=True):
        frames = samples // 160
        assert torch.allclose(f0[:frames], estimator.estimate(wave[None, :samples])[0], rtol=1e-4)
        assert not f0[frames:].any()


def test_batch_equals_clips(estimator: pitch.PitchEstimator) -> None:
    check_batch_equals_clips(estimator)


def test_rmvpe_batch_equals_clips(random_rmvpe: pitch.RmvpeEstimator) -> None:
    check_batch_equals_clips(random_rmvpe)


@pytest.mark.parametrize(("name", "close", "agree"), [("fcpe", 6, 0.96), ("swift", 9, 0.94)])
def test_agrees_with_real_rmvpe(shared: Path, name: str, close: float, agree: float) -> None:
    folder = shared / "reference" / "contentvec"
    wave, _ = soundfile.read(folder / "clip.flac", dtype="float32")
    expected = torch.from_numpy(np.load(folder / "clip_pitch.npz")["f0"])
    found = pitch.load(name).estimate(torch.from_numpy(wave)[None])[0]
    expected = expected[: len(found)]
    assert float(cents(found, expected).abs().median()) < close
    assert float(((found > 0) == (expected > 0)).float().mean()) > agree


def test_fcpe_in_pieces() -> None:
    whole, cut = pitch.FcpeEstimator(), pitch.FcpeEstimator()
    cut._pieces = replace(cut._pieces, length=300)
    wave = voice(150 + 50 * torch.sin(torch.arange(160000) / 8000))[None]
    a, b = whole.estimate(wave), cut.estimate(wave)
    assert float(((a > 0) == (b > 0)).float().mean()) > 0.99
    assert float(cents(a, b).abs().quantile(0.99)) < 5


@pytest.mark.parametrize(
    ("hz", "expected"),
    [(0, 1), (49, 1), (50, 1), (51, 1), (220, 60), (1099, 255), (1100, 255), (5000, 255)],
)
def test_coarse(hz: float, expected: int) -> None:
    assert pitch.coarse(torch.tensor([hz])).tolist() == [expected]


def test_fill_unvoiced() -> None:
    f0 = np.array([0, 100, 0, 0, 130, 0], dtype=np.float32)
    assert pitch.fill_unvoiced(f0).tolist() == [100, 100, 110, 120, 130, 130]
    assert pitch.fill_unvoiced(np.zeros(3)).tolist() == [0, 0, 0]


def test_default_depends_on_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "find", lambda _name: None)
    assert pitch.default_name("cpu") == "swift"
    assert pitch.default_name("cuda:1") == "fcpe"
    monkeypatch.setattr(assets, "find", lambda name: Path(name))
    assert pitch.default_name("cpu") == "rmvpe"


def test_unknown_and_missing_estimators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RVC_STUDIO_ASSETS", raising=False)
    with pytest.raises(InputError, match="no pitch estimator called yin"):
        pitch.load("yin")
    with pytest.raises(InputError) as caught:
        pitch.load("rmvpe")
    assert caught.value.code == "missing_asset"


def test_loading_fcpe_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    pitch.load("fcpe")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("usual_hz", "heard_hz", "semitones"),
    [
        (200.0, 100.0, 12),
        (150.0, 200.0, -5),
        (1000.0, 60.0, 36),
        (60.0, 1000.0, -36),
        (None, 100.0, 0),
        (200.0, 0.0, 0),
    ],
)
def test_the_shift_to_a_usual_pitch(usual_hz: float | None, heard_hz: float, semitones: int) -> None:
    assert pitch.shift_to(usual_hz, torch.tensor([0.0, heard_hz, heard_hz])) == semitones
    assert pitch.shift_to(usual_hz, torch.zeros(0)) == 0


def test_rmvpe_in_bf16(random_rmvpe: pitch.RmvpeEstimator) -> None:
    torch.manual_seed(0)
    lower = pitch.RmvpeEstimator(rmvpe.Rmvpe(), dtype=torch.bfloat16)
    mel = rmvpe.log_mel(voice(glide(100, 300, 4800))[None])
    with torch.inference_mode():
        exact, found = random_rmvpe.network.salience(mel), lower.network.salience(mel)
    assert found.dtype == torch.float32
    assert not torch.equal(found, exact)
    assert float((found - exact).abs().max()) < 5e-3
    assert lower.estimate(voice(glide(100, 300, 4800))[None]).dtype == torch.float32
