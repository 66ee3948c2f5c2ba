"""Networks without first weights."""

import torch
from torch import nn

from rvc.model.undrawn import Undrawn


def network() -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(4, 4, 3), nn.LayerNorm(4), nn.Linear(4, 2), nn.GRU(2, 2), nn.Embedding(3, 2)
    )


def test_nothing_is_drawn() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    with Undrawn():
        network()
    assert torch.equal(torch.get_rng_state(), before)
    network()
    assert not torch.equal(torch.get_rng_state(), before)


def test_the_weights_of_a_file_take_their_places() -> None:
    whole = network()
    with Undrawn():
        empty = network()
    empty.load_state_dict(whole.state_dict())
    x = torch.randn(1, 4, 6)
    assert torch.equal(empty[0](x), whole[0](x))
    assert all(
        torch.equal(one, other) for one, other in zip(empty.parameters(), whole.parameters(), strict=True)
    )
