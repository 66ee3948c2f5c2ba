"""HuBERT: names, batches of different lengths, statistics of long recordings. Parity is in tests/parity."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from rvc.analysis import hubert
from rvc.analysis.hubert import Hubert, HubertConfig

SMALL = HubertConfig(conv_dim=32, hidden=48, heads=4, ffn=64, layers=3, pos_kernel=16, pos_groups=4)


@pytest.fixture(autouse=True)
def no_grad() -> Iterator[None]:
    with torch.inference_mode():
        yield


@pytest.fixture
def model() -> Hubert:
    torch.manual_seed(0)
    return Hubert(SMALL).eval()


def wave(samples: int, seed: int = 0) -> torch.Tensor:
    """Noise whose loudness changes, with a constant offset."""
    noise = torch.randn(samples, generator=torch.Generator().manual_seed(seed))
    return noise * torch.linspace(0.01, 0.3, samples) + 0.05


def test_names_and_shapes_are_those_of_the_files(shared: Path) -> None:
    fingerprint = shared / "reference" / "golden" / "open" / "weights_fingerprint.json"
    families = json.loads(fingerprint.read_text())["families"]
    expected = next(keys for keys in families.values() if "masked_spec_embed" in keys)
    with torch.device("meta"):
        actual = {name: list(tensor.shape) for name, tensor in Hubert().state_dict().items()}
    assert actual == {name: shape for name, (shape, _) in expected.items()}
    assert len(actual) == 211


@pytest.mark.parametrize("lengths", [[16000, 16000], [16000, 9123, 400], [700, 401, 5000]])
def test_batch_equals_single_clips(model: Hubert, lengths: list[int]) -> None:
    waves = [wave(samples, seed) for seed, samples in enumerate(lengths)]
    batch = model(torch.nn.utils.rnn.pad_sequence(waves, batch_first=True), lengths)
    for row, clip in zip(batch, waves, strict=True):
        single = model(clip[None])[0]
        assert torch.allclose(row[: len(single)], single, atol=1e-5)


def test_norm_is_the_group_norm_of_the_layer(model: Hubert) -> None:
    first = model.feature_extractor.conv_layers[0]
    first.layer_norm.weight.uniform_(0.5, 2)
    first.layer_norm.bias.uniform_(-1, 1)
    clip = wave(3 * hubert.MOMENTS_CHUNK * 5 + 1234)
    expected = torch.nn.functional.gelu(first.layer_norm(first.conv(clip[None, None])))
    actual = first(clip[None, None], model.norms([clip]))
    assert torch.allclose(actual, expected, atol=2e-5)


def test_silence_has_finite_features(model: Hubert) -> None:
    assert model(torch.zeros(1, 16000)).isfinite().all()
    assert model(torch.full((1, 16000), 0.5)).isfinite().all()


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (719, 1), (720, 2), (16000, 49)])
def test_frame_count(model: Hubert, samples: int, frames: int) -> None:
    assert hubert.frame_count(samples) == frames
    if frames:
        assert model(wave(samples)[None]).shape == (1, frames, 48)


def test_layer_stops_early(model: Hubert) -> None:
    clip = wave(4000)[None]
    assert torch.equal(model(clip, layer=3), model(clip))
    assert not torch.equal(model(clip, layer=2), model(clip))


def test_files_of_other_writers_load(model: Hubert) -> None:
    def foreign(name: str) -> str:
        name = name.replace("weight_g", "parametrizations.weight.original0")
        return "hubert." + name.replace("weight_v", "parametrizations.weight.original1")

    tensors = {foreign(name): tensor for name, tensor in model.state_dict().items()}
    tensors["final_proj.weight"] = torch.zeros(256, 48)
    assert hubert.canonical(tensors).keys() == model.state_dict().keys()
