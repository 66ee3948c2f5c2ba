"""Attention with relative positions, held against its definition, pair by pair."""

import math

import pytest
import torch
from torch import Tensor

from rvc.model import attention
from rvc.model.attention import REACH, RelativeAttention


def by_definition(layer: RelativeAttention, x: Tensor, length: int) -> Tensor:
    """Attend from the first `length` frames of x (C, T), one head, one query and one key at a time."""
    q, k, v = (conv(x[None])[0, :, :length] for conv in (layer.conv_q, layer.conv_k, layer.conv_v))
    width = x.shape[0] // layer.heads
    out = torch.zeros(x.shape[0], length)
    for head in range(layer.heads):
        rows = slice(head * width, (head + 1) * width)
        for i in range(length):
            keys, values = k[rows].clone(), v[rows].clone()
            for j in range(length):
                if abs(j - i) <= REACH:
                    keys[:, j] += layer.emb_rel_k[0, j - i + REACH]
                    values[:, j] += layer.emb_rel_v[0, j - i + REACH]
            scores = q[rows, i] @ keys / math.sqrt(width)
            out[rows, i] = values @ scores.softmax(-1)
    return layer.conv_o(out[None])[0]


@pytest.mark.parametrize("block", [5, 13, 512])
@pytest.mark.parametrize("lengths", [[1, 4], [30, 23], [11, 10]])
def test_attention_follows_its_definition(
    monkeypatch: pytest.MonkeyPatch, block: int, lengths: list[int]
) -> None:
    monkeypatch.setattr(attention, "QUERY_BLOCK", block)
    torch.manual_seed(0)
    layer = RelativeAttention(8, 2)
    x = torch.randn(2, 8, max(lengths))
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None])[:, None]
    with torch.no_grad():
        y = layer(x, mask)
        for row, length in enumerate(lengths):
            torch.testing.assert_close(y[row, :, :length], by_definition(layer, x[row], length))


def test_blocks_have_the_gradients_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    layer, x = RelativeAttention(8, 2), torch.randn(1, 8, 40)
    mask = torch.ones(1, 1, 40, dtype=torch.bool)
    whole = torch.autograd.grad(layer(x, mask).square().sum(), list(layer.parameters()))
    monkeypatch.setattr(attention, "QUERY_BLOCK", 16)
    blocks = torch.autograd.grad(layer(x, mask).square().sum(), list(layer.parameters()))
    torch.testing.assert_close(blocks, whole, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_stays_finite(dtype: torch.dtype) -> None:
    layer = RelativeAttention(8, 2).to(dtype)
    mask = torch.tensor([[[True] * 3 + [False] * 9]])
    assert layer(4 * torch.randn(1, 8, 12).to(dtype), mask).isfinite().all()
