"""Weights kept as oneDNN computes with them: the same convolutions, sooner."""

import copy

import pytest
import torch

from rvc.model import packed
from rvc.model.config import SynthesizerConfig
from rvc.model.layers import Conv1d
from rvc.model.synthesizer import Synthesizer
from tests.voices import SMALL, SMALL_DIM


def layer(seed: int = 0) -> Conv1d:
    torch.manual_seed(seed)
    return Conv1d(16, 16, 7, dilation=3)


def sound(dtype: torch.dtype = torch.float32, frames: int = 50) -> torch.Tensor:
    return torch.randn(1, 16, 1, frames).to(dtype).to(memory_format=torch.channels_last)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_folded_convolution_says_the_same(dtype: torch.dtype) -> None:
    plain, folded = layer(), layer()
    folded.fold()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
        for frames in (50, 80):
            x = sound(dtype, frames)
            assert torch.allclose(
                folded(x).float(), plain(x).float(), atol=1e-2 if dtype != torch.float32 else 1e-5
            )
            assert folded(x).dtype == dtype


def test_other_weights_are_packed_anew() -> None:
    one, other, x = layer(), layer(1), sound()
    one.fold()
    with torch.no_grad():
        one(x)
        one.load_state_dict(other.state_dict())
        assert torch.allclose(one(x), other(x), atol=1e-5)
        assert torch.allclose(one.to(torch.float64)(x.double()), other.to(torch.float64)(x.double()))


def test_copies_pack_for_themselves() -> None:
    one, x = layer(), sound()
    one.fold()
    with torch.no_grad():
        said = one(x)
        assert torch.equal(copy.deepcopy(one)(x), said)


def test_what_learns_is_not_packed() -> None:
    assert not packed.is_possible(sound())
    with torch.no_grad():
        assert packed.is_possible(sound()) == torch.backends.mkldnn.is_available()
        assert not packed.is_possible(sound().half())


@pytest.mark.parametrize("channels", [1, 16])
def test_plane_convolutions_say_the_same(channels: int) -> None:
    torch.manual_seed(0)
    ours, theirs = packed.Conv2d(channels, 16, 3, padding=1), torch.nn.Conv2d(channels, 16, 3, padding=1)
    x = torch.randn(1, channels, 32, 12)
    packed.settle(ours)
    with torch.no_grad():
        ours(x)
        ours.load_state_dict(theirs.state_dict())
        assert torch.allclose(ours(x), theirs(x), atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_norms_and_activations_are_parts_of_convolutions(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    layers = [torch.nn.Conv2d(3, 8, 3, padding=1, bias=False), torch.nn.BatchNorm2d(8), torch.nn.ReLU()]
    layers += [torch.nn.Conv2d(8, 8, 3, padding=1, bias=False), torch.nn.BatchNorm2d(8), torch.nn.ReLU()]
    for norm in layers[1::3]:
        assert isinstance(norm, torch.nn.BatchNorm2d)
        norm.load_state_dict(
            {name: torch.rand_like(x.float()) + 0.5 for name, x in norm.state_dict().items()}
        )
    ours, theirs = packed.NormedConv2d(*layers), torch.nn.Sequential(*layers)
    x = torch.randn(2, 3, 12, 7)
    assert torch.equal(ours(x), theirs(x))  # they learn: the norm is that of the batch
    packed.settle(ours.eval())
    whole = theirs(x)
    for layer in layers[::3]:
        layer.to(dtype)
    with torch.no_grad():
        assert torch.allclose(ours(x.to(dtype)).float(), whole, atol=1e-5 if dtype == torch.float32 else 0.05)
        ours.plain = True
        assert torch.allclose(ours(x.to(dtype)).float(), whole, atol=1e-5 if dtype == torch.float32 else 0.05)


@pytest.mark.parametrize("activation", [packed.NOTHING, packed.RELU, packed.GELU, packed.leaky_relu(0.1)])
@pytest.mark.parametrize("shape", [(2, 6, 40), (2, 6, 1, 40)])
def test_convolutions_over_time_say_the_same(shape: tuple[int, ...], activation: packed.Activation) -> None:
    torch.manual_seed(0)
    layer, x = packed.Conv1d(6, 10, 3, stride=2, padding=1), torch.randn(shape)
    learnt = layer(x, activation)
    packed.settle(layer)
    with torch.no_grad():
        assert torch.allclose(layer(x, activation), learnt, atol=1e-5)
        with torch.autocast("cpu", torch.bfloat16):
            made = layer(x, activation)
    assert made.dtype == torch.bfloat16
    assert torch.allclose(made.float(), learnt, atol=0.05)


@pytest.mark.parametrize(("channels", "forms"), [(12, packed.SHAPES), (packed.STEADY, 1)])
def test_few_forms_of_a_weight_are_kept(channels: int, forms: int) -> None:
    layer = packed.Conv1d(channels, channels, 3, padding=1)
    packed.settle(layer)
    with torch.no_grad():
        for frames in range(10, 20):
            layer(torch.randn(1, channels, frames))
    assert len(layer._packed._packed) == forms


def test_what_still_learns_is_heard_as_it_is_now() -> None:
    torch.manual_seed(0)
    config = SynthesizerConfig.model_validate(SynthesizerConfig.v2(32000).model_dump() | SMALL)
    learning, fresh = Synthesizer(config).eval(), Synthesizer(config).eval()
    inputs = torch.randn(1, 20, SMALL_DIM), torch.full((1, 20), 200.0), torch.tensor([20]), torch.tensor([0])

    def said(synthesizer: Synthesizer) -> torch.Tensor:
        with torch.no_grad():
            return synthesizer.infer(*inputs, noise=torch.zeros_like)

    before = said(learning)
    with torch.no_grad():
        for parameter in learning.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    fresh.load_state_dict(learning.state_dict())
    assert torch.allclose(said(learning), said(fresh), atol=1e-5)
    assert not torch.allclose(said(learning), before, atol=1e-3)
    folded = said(learning.fold_weight_norm())
    assert torch.allclose(folded, said(fresh), atol=1e-4)
    learning.load_state_dict(Synthesizer(config).state_dict())
    assert not torch.allclose(said(learning), folded, atol=1e-3)
