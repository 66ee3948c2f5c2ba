"""Weight-normed convolutions: the community's names, PyTorch's numbers."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from rvc.model import layers, packed

Case = tuple[nn.Module, nn.Module, tuple[int, ...]]


@pytest.fixture(params=["plain", "grouped", "transposed", "two axes"])
def case(request: pytest.FixtureRequest) -> Case:
    """Return a layer, PyTorch's with the same weights, and the shape of an input."""
    layer, reference, shape = {
        "plain": (layers.Conv1d(6, 8, 5, dilation=2), nn.Conv1d(6, 8, 5, padding=4, dilation=2), (2, 6, 20)),
        "grouped": (
            layers.Conv1d(8, 8, 41, stride=4, groups=4),
            nn.Conv1d(8, 8, 41, 4, 20, groups=4),
            (2, 8, 64),
        ),
        "transposed": (
            layers.ConvTranspose1d(6, 4, 16, 10),
            nn.ConvTranspose1d(6, 4, 16, 10, 3),
            (2, 6, 20),
        ),
        "two axes": (
            layers.Conv2d(3, 4, 5, stride=3),
            nn.Conv2d(3, 4, (5, 1), (3, 1), (2, 0)),
            (2, 3, 20, 7),
        ),
    }[request.param]
    return layer, filled(layer, reference), shape


def filled(layer: nn.Module, reference: nn.Module) -> nn.Module:
    """Give both the same random weights; return the reference with PyTorch's weight norm."""
    normed = weight_norm(reference)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    state = layer.state_dict()
    normed.load_state_dict(
        {
            "bias": state["bias"],
            "parametrizations.weight.original0": state["weight_g"],
            "parametrizations.weight.original1": state["weight_v"],
        }
    )
    return normed


def run(layer: nn.Module, x: Tensor) -> Tensor:
    return layer(x[:, :, None])[:, :, 0] if isinstance(layer, layers.ConvTranspose1d) else layer(x)


def test_agrees_with_weight_norm_of_pytorch(case: Case) -> None:
    layer, normed, shape = case
    x = torch.randn(shape)
    torch.testing.assert_close(run(layer, x), normed(x), rtol=1e-4, atol=1e-5)
    assert list(layer.state_dict()) == ["bias", "weight_g", "weight_v"]


def test_gradients_reach_g_and_v(case: Case) -> None:
    layer, normed, shape = case
    x = torch.randn(shape)
    for module in (layer, normed):
        run(module, x).square().mean().backward()
    expected = dict(normed.named_parameters())
    for name, original in (("weight_g", "original0"), ("weight_v", "original1")):
        gradient = expected[f"parametrizations.weight.{original}"].grad
        torch.testing.assert_close(layer.get_parameter(name).grad, gradient, rtol=1e-3, atol=1e-5)


def test_folding_keeps_the_output_and_the_names() -> None:
    layer, x = layers.Conv1d(4, 4, 3), torch.randn(1, 4, 9)
    nn.init.normal_(layer.get_parameter("weight_g"))
    before, names = layer(x), list(layer.state_dict())
    layers.fold_weight_norm(layer)
    torch.testing.assert_close(layer(x), before)
    assert [name for name, _ in layer.named_parameters()] == ["bias", "weight"]
    assert list(layer.state_dict()) == names


def test_a_folded_layer_saves_and_loads() -> None:
    source, target, x = layers.Conv1d(4, 4, 3), layers.Conv1d(4, 4, 3), torch.randn(1, 4, 9)
    for layer in (source, target):
        layers.fold_weight_norm(layer)
    target.load_state_dict(source.state_dict())
    torch.testing.assert_close(target(x), source(x))
    plain = layers.Conv1d(4, 4, 3)
    plain.load_state_dict(source.state_dict())
    torch.testing.assert_close(plain(x), source(x))


def test_convolutions_take_an_axis_of_height() -> None:
    x = torch.randn(2, 4, 9)
    for layer in (layers.Conv1d(4, 6, 3, dilation=2), packed.Conv1d(4, 6, 4, 2, 1)):
        torch.testing.assert_close(layer(layers.channels_last(x))[:, :, 0], layer(x))


def test_frame_mask_marks_the_frames_of_each_row() -> None:
    mask = layers.frame_mask(torch.tensor([3, 0, 5]), 4)
    assert mask.int().tolist() == [[[1, 1, 1, 0]], [[0, 0, 0, 0]], [[1, 1, 1, 1]]]


def test_gaussian_noise_follows_its_generator() -> None:
    like = torch.zeros(3, 4)
    draws = [layers.gaussian(torch.Generator().manual_seed(seed))(like) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_layer_norm_is_over_channels() -> None:
    norm = layers.LayerNorm(16)
    y = norm(3 + 5 * torch.randn(2, 16, 7))
    torch.testing.assert_close(y.mean(1), torch.zeros(2, 7), atol=1e-5, rtol=0)
    torch.testing.assert_close(y.std(1, correction=0), torch.ones(2, 7), atol=1e-4, rtol=0)
