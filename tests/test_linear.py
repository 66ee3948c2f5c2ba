"""Linear layers by oneDNN say what torch's say."""

import pytest
import torch
from torch import nn

from rvc.model import linear
from rvc.model.linear import Linear


@pytest.mark.parametrize("shape", [(2, 7, 24), (9, 24), (24,), (1, 1, 24)])
def test_it_is_the_same_layer(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    plain, x = nn.Linear(24, 10), torch.randn(shape)
    quick = Linear(24, 10)
    quick.load_state_dict(plain.state_dict())
    with torch.inference_mode():
        assert torch.allclose(quick(x), plain(x), atol=1e-6)


def test_it_learns_as_ever() -> None:
    layer, x = Linear(4, 3), torch.randn(5, 4)
    layer(x).sum().backward()
    assert layer.weight.grad is not None
    assert not linear._is_quicker(x)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        assert layer(x).dtype == torch.bfloat16
