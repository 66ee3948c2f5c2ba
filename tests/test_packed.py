"""Weights kept as oneDNN computes with them: the same convolutions, sooner."""

import copy

import pytest
import torch

from rvc.model import packed
from rvc.model.layers import Conv1d


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
    with torch.no_grad():
        ours(x)
        ours.load_state_dict(theirs.state_dict())
        assert torch.allclose(ours(x), theirs(x), atol=1e-5)
