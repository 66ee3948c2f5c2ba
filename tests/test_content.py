"""Content encoders: real WakeHuBERT on real speech, ContentVec's handling of batches and long recordings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from rvc import assets
from rvc.analysis import content, hubert
from rvc.errors import InputError

SMALL = hubert.HubertConfig(conv_dim=32, hidden=48, heads=4, ffn=64, layers=3, pos_kernel=16, pos_groups=4)


@pytest.fixture
def wakehubert(wakehubert_file: Path, monkeypatch: pytest.MonkeyPatch) -> content.WakeHubertTiny:
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(wakehubert_file.parent))
    encoder = content.load("wakehubert-tiny")
    assert isinstance(encoder, content.WakeHubertTiny)
    return encoder


@pytest.fixture
def contentvec() -> content.ContentVec:
    """A small HuBERT with seeded weights in the place of the real one."""
    torch.manual_seed(0)
    return content.ContentVec(hubert.Hubert(SMALL))


def babble(samples: int, seed: int = 0) -> Tensor:
    """Noise bursts of changing colour."""
    noise = torch.randn(samples + 9, generator=torch.Generator().manual_seed(seed))
    rough = noise.unfold(0, 9, 1).mean(-1)[:samples]
    rate = torch.sin(torch.arange(samples) / 1500.0)
    return 0.1 * (rate * rough + (1 - rate) * noise[:samples]).clamp(-1, 1)


@pytest.fixture(params=["wakehubert", "contentvec"])
def encoder(request: pytest.FixtureRequest) -> content.ContentEncoder:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("samples", [0, 1, 319, 320, 321, 639, 16000, 16123])
def test_frames(encoder: content.ContentEncoder, samples: int) -> None:
    features = encoder.encode(babble(samples)[None])
    assert features.shape == (1, samples // 320, encoder.dim)
    assert features.dtype == torch.float32
    assert features.isfinite().all()


def test_batch_equals_clips(encoder: content.ContentEncoder) -> None:
    lengths = [32000, 20001, 8000, 400, 100]
    waves = [babble(samples, seed) for seed, samples in enumerate(lengths)]
    padded = torch.nn.utils.rnn.pad_sequence(waves, batch_first=True, padding_value=0.7)
    batch = encoder.encode(padded, torch.tensor(lengths))
    for features, wave in zip(batch, waves, strict=True):
        frames = len(wave) // 320
        assert torch.allclose(features[:frames], encoder.encode(wave[None])[0], atol=2e-5)
        assert not features[frames:].any()


def test_wakehubert_pieces_leave_no_trace(wakehubert: content.WakeHubertTiny) -> None:
    wave = babble(20 * 16000)[None]
    whole = wakehubert.encode(wave)
    wakehubert._pieces = replace(wakehubert._pieces, length=70)
    assert torch.allclose(wakehubert.encode(wave), whole, atol=1e-5)


def test_contentvec_pieces_hear_their_surroundings(contentvec: content.ContentVec) -> None:
    """Only attention may tell pieces from the whole: the norm over time and the convolutions must not."""
    for block in contentvec._model.encoder.layers:
        torch.nn.init.zeros_(block.attention.out_proj.weight)
    wave = babble(20 * 16000)[None] * torch.linspace(0.05, 2, 20 * 16000)
    whole = contentvec.encode(wave)
    contentvec._pieces = replace(contentvec._pieces, length=100, context=20)
    assert torch.allclose(contentvec.encode(wave), whole, atol=2e-5)


def test_contentvec_is_the_reference_with_reflected_ends(contentvec: content.ContentVec) -> None:
    wave = babble(16123)[None]
    reflected = torch.nn.functional.pad(wave[None], (40, 40), mode="reflect")[0]
    with torch.inference_mode():
        expected = contentvec._model(reflected)
    assert torch.allclose(contentvec.encode(wave), expected, atol=1e-5)


def predictability(features: np.ndarray, target: np.ndarray) -> float:
    """Return the R2 of `target` (T, D) predicted linearly from `features` (T, d), on the last third."""
    cut = 2 * len(features) // 3
    x = np.concatenate([features, np.ones((len(features), 1))], axis=1)
    y = target - target[:cut].mean(0)
    weights = np.linalg.solve(x[:cut].T @ x[:cut] + np.eye(x.shape[1]), x[:cut].T @ y[:cut])
    return float(1 - np.square(y[cut:] - x[cut:] @ weights).sum() / np.square(y[cut:]).sum())


def test_wakehubert_frames_lie_where_contentvecs_do(wakehubert: content.WakeHubertTiny, shared: Path) -> None:
    folder = shared / "reference" / "contentvec"
    wave, _ = soundfile.read(folder / "clip.flac", dtype="float32")
    real = np.load(folder / "clip_feats.npy").astype(np.float32)[10:-10]
    features = wakehubert.encode(torch.from_numpy(wave)[None])[0].numpy()
    assert len(features) == len(real) + 20
    shifted = {shift: features[10 + shift : len(features) - 10 + shift] for shift in range(-4, 5)}
    fit = {shift: predictability(moved, real) for shift, moved in shifted.items()}
    assert max(fit, key=lambda shift: fit[shift]) == 0, fit
    assert fit[0] > 0.25


def test_default_depends_on_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "find", lambda _name: None)
    assert content.default_name() == content.STARTER
    monkeypatch.setattr(assets, "find", lambda name: Path(name))
    assert content.default_name() == "contentvec"


def test_unknown_and_missing_encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RVC_STUDIO_ASSETS", raising=False)
    with pytest.raises(InputError, match="no content encoder called whisper"):
        content.load("whisper")
    with pytest.raises(InputError) as caught:
        content.load("contentvec")
    assert caught.value.code == "missing_asset"


@pytest.mark.slow
def test_contentvec_loads_from_a_file_of_the_hubs_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    model = hubert.Hubert()
    path = tmp_path / "contentvec.bin"
    extra = {"final_proj.weight": torch.zeros(256, 768), "final_proj.bias": torch.zeros(256)}
    torch.save({**model.state_dict(), **extra}, path)
    entry = assets.entry("contentvec")
    changes = {"size": path.stat().st_size, "sha256": assets.sha256(path)}
    monkeypatch.setattr(assets, "manifest", lambda: {"contentvec": entry.model_copy(update=changes)})
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    wave = babble(8000)[None]
    encoder = content.load()
    assert (encoder.name, encoder.dim) == ("contentvec", 768)
    assert torch.equal(encoder.encode(wave), content.ContentVec(model).encode(wave))


def test_features_are_repeated_to_the_synthesizer_s_frames() -> None:
    features = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).half()
    repeated = content.at_frame_rate(features)
    assert repeated.dtype == torch.float32
    assert repeated.tolist() == [[1, 2], [1, 2], [3, 4], [3, 4]]


def test_contentvec_in_bf16(contentvec: content.ContentVec) -> None:
    """Other numbers, near the same features, float32 again, of any batch."""
    torch.manual_seed(0)
    lower = content.ContentVec(hubert.Hubert(SMALL), dtype=torch.bfloat16)
    waves, lengths = babble(64000).view(2, 32000), torch.tensor([32000, 20001])
    exact, found = contentvec.encode(waves, lengths), lower.encode(waves, lengths)
    assert found.dtype == torch.float32
    assert not torch.equal(found, exact)
    assert torch.nn.functional.cosine_similarity(found[0], exact[0], dim=-1).min() > 0.999
    assert torch.allclose(found[1, :62], lower.encode(waves[1:, :20001])[0], atol=0.05)
    assert not found[1, 62:].any()


@pytest.mark.parametrize("frames", [1, 16, 17, 100])
def test_the_positional_convolution_by_its_spectrum(frames: int) -> None:
    torch.manual_seed(0)
    layer, x = hubert.PositionalConv(SMALL), torch.randn(2, frames, SMALL.hidden)
    with torch.no_grad():
        layer.weight_v.normal_()
        direct = layer(x)
        layer.fold(torch.bfloat16)
        assert torch.allclose(layer(x), direct, atol=1e-5)
